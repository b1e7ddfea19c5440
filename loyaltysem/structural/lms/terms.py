"""The product terms of a model text, and the tables with and without them.

``loyalty ~ b1*quality + b2*price + b3*quality:price`` states an interaction; ``quality:quality`` a
quadratic effect. What a product is conditional on, its *moderator*, is one of its two factors:
given the moderator's value the model is linear, with a path that depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from loyaltysem.errors import ModelSpecificationError, did_you_mean, listed
from loyaltysem.syntax import Statements, build_table, parse_model
from loyaltysem.syntax.expressions import names_in, parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.syntax import ParameterTable
    from loyaltysem.syntax.statements import Constraint, Element
    from loyaltysem.syntax.table import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTerm:
    """One product among the predictors of an outcome.

    The path ``outcome ~ focal`` is made to depend on ``moderator``; ``name`` is the product as the
    model text writes it. Both factors are the same in a quadratic term.
    """

    outcome: str
    name: str
    focal: str
    moderator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratedModel:
    """A model text with products.

    ``statements`` is the text, ``linear`` the text without the products (and without what is said
    of their labels), ``terms`` the products, ``conditions`` the variables whose values make the
    model linear.
    """

    statements: Statements
    linear: Statements
    terms: tuple[ProductTerm, ...]
    conditions: tuple[str, ...]


def read_moderated(model: str | Statements) -> ModeratedModel:
    """Return a model with its products taken apart.

    Raises
    ------
    ModelSpecificationError
        There is no product, one is no predictor, a factor has no path of its own to the outcome or
        is no variable of the model, or no choice of moderators makes the model linear.
    """
    statements = parse_model(model) if isinstance(model, str) else model
    products = [element for element in statements.elements if is_product(element)]
    if not products:
        raise ModelSpecificationError(
            "The model has no product of two variables",
            expected="a term such as 'quality:price' among the predictors of an outcome",
        )
    linear = without_products(statements)
    _check(statements, linear, products)
    conditions = _conditions(linear, products)
    terms = tuple(_term(element, conditions) for element in products)
    return ModeratedModel(statements=statements, linear=linear, terms=terms, conditions=conditions)


def is_product(element: Element) -> bool:
    """Tell whether an element speaks of a product of two variables."""
    return ":" in element.rhs or ":" in element.lhs


def without_products(statements: Statements) -> Statements:
    """Return the statements without products and without constraints that use their labels."""
    kept = tuple(element for element in statements.elements if not is_product(element))
    gone = {
        label
        for element in statements.elements
        if is_product(element)
        for label in element.modifiers.label
    }
    constraints: list[Constraint] = []
    for constraint in statements.constraints:
        sides = (constraint.rhs,) if constraint.op == ":=" else (constraint.lhs, constraint.rhs)
        if gone.intersection(*[_names(sides)]):
            gone |= {constraint.lhs} if constraint.op == ":=" else set()
        else:
            constraints.append(constraint)
    source = replace(statements.source, text=f"{statements.source.text}\n# without products")
    return Statements(elements=kept, constraints=tuple(constraints), source=source)


def _names(sides: Iterable[str]) -> set[str]:
    return {name for side in sides for name in names_in(parse_expression(side))}


def moderated_table(
    model: ModeratedModel, columns: Sequence[str], *, std_lv: bool = False
) -> ParameterTable:
    """Return the table of all parameters, the paths of the products among them.

    The products are treated as covariates first, then everything but their paths is taken out.
    """
    names = dict.fromkeys(term.name for term in model.terms)
    whole = build_table(
        model.statements,
        observed_names=[*columns, *names],
        meanstructure=True,
        std_lv=std_lv,
    )

    def stays(row: Parameter) -> bool:
        return row.lhs not in names and (row.op == "~" or row.rhs not in names)

    return replace(
        whole,
        rows=tuple(row for row in whole.rows if stays(row)),
        observed=tuple(name for name in whole.observed if name not in names),
        exogenous=tuple(name for name in whole.exogenous if name not in names),
    )


def _term(element: Element, conditions: Sequence[str]) -> ProductTerm:
    first, second = element.rhs.split(":")
    moderator = second if second in conditions else first
    focal = first if moderator == second else second
    return ProductTerm(outcome=element.lhs, name=element.rhs, focal=focal, moderator=moderator)


# --- which variables make the model linear ---------------------------------------------------


def _conditions(linear: Statements, products: Sequence[Element]) -> tuple[str, ...]:
    """Return the fewest factors, one of each product at least, that no product acts upon.

    Second factors ("predictor:moderator") are preferred among equally few.
    """
    acted_on = consequences(linear, {element.lhs for element in products})
    pairs = [tuple(reversed(element.rhs.split(":"))) for element in products]
    factors = dict.fromkeys(name for pair in pairs for name in pair)
    allowed = [name for name in factors if name not in acted_on]
    for size in range(1, len(allowed) + 1):
        for chosen in combinations(allowed, size):
            if all(set(pair) & set(chosen) for pair in pairs):
                return chosen
    raise ModelSpecificationError(
        "A product needs a factor that no product acts upon, directly or through others",
        found=listed(str(element) for element in products),
        remedy="Write the model so that one factor of each product comes before all products.",
    )


def consequences(linear: Statements, sources: set[str]) -> set[str]:
    """Return the variables that depend on ``sources`` along paths, the sources included."""
    edges = [(e.rhs, e.lhs) for e in linear.elements if e.op == "~"]
    edges += [(e.lhs, e.rhs) for e in linear.elements if e.op == "=~"]
    reached = set(sources)
    while True:
        more = {head for tail, head in edges if tail in reached} - reached
        if not more:
            return reached
        reached |= more


# --- what cannot be ---------------------------------------------------------------------------


def _check(statements: Statements, linear: Statements, products: Sequence[Element]) -> None:
    paths = {(e.rhs, e.lhs) for e in linear.elements if e.op == "~"}
    known = {n for e in linear.elements for n in (e.lhs, e.rhs) if n}
    for element in products:
        if element.op != "~":
            raise _fault(statements, element, f"The product in '{element}' is no predictor", None)
        for factor in element.rhs.split(":"):
            if factor not in known:
                raise _unknown(statements, element, factor, known)
            if (factor, element.lhs) not in paths:
                remedy = f"Add '{element.lhs} ~ {factor}' to the model."
                problem = f"'{element}' lacks the path of '{factor}' alone to '{element.lhs}'"
                raise _fault(statements, element, problem, remedy)


def _fault(
    statements: Statements, element: Element, problem: str, remedy: str | None
) -> ModelSpecificationError:
    return statements.source.error(problem, element.line, element.column, remedy=remedy)


def _unknown(
    statements: Statements, element: Element, name: str, known: Iterable[str]
) -> ModelSpecificationError:
    names = sorted(known)
    return statements.source.error(
        f"'{name}' in the product '{element.rhs}' is not in the model",
        element.line,
        element.column,
        expected=listed(names),
        remedy=did_you_mean(name, names),
    )
