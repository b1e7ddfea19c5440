"""Is what a model says possible? Each fault is shown in the user's own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import did_you_mean
from loyaltysem.syntax.constraints import unknown_label
from loyaltysem.syntax.expressions import names_in, parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.syntax.defaults import Draft
    from loyaltysem.syntax.options import BuildOptions
    from loyaltysem.syntax.roles import Roles
    from loyaltysem.syntax.statements import Element, Statements


def check_elements(
    statements: Statements, roles: Roles, observed_names: Iterable[str] | None
) -> None:
    """Refuse formative constructs, thresholds of latent variables, and names of nothing."""
    columns = None if observed_names is None else {str(name) for name in observed_names}
    for element in statements.elements:
        problem = _problem(element, roles, columns)
        if problem is not None:
            message, found, remedy = problem
            raise statements.source.error(
                message, element.line, element.column, found=found, remedy=remedy
            )


def _problem(
    element: Element, roles: Roles, columns: set[str] | None
) -> tuple[str, str, str | None] | None:
    """Return what is wrong with an element: problem, what was found, remedy."""
    if element.op == "<~":
        return (
            f"'{element.lhs}' is formative (<~), which covariance-based estimators cannot fit",
            f"'{element}'",
            "Measure it reflectively with '=~', or use its items as observed causes with '~'.",
        )
    if element.op in ("|", "~*~") and element.lhs in roles.latent:
        return f"'{element.lhs}' is latent and has no thresholds", f"'{element}'", None
    if element.op == "~*~" and element.lhs != element.rhs:
        return "A scale belongs to one variable", f"'{element}'", "Write 'x ~*~ x'."
    for name in (element.lhs, element.rhs):
        problem = _name_problem(name, roles, columns) if name and element.op != "|" else None
        if problem is not None:
            return problem
    return None


def _name_problem(
    name: str, roles: Roles, columns: set[str] | None
) -> tuple[str, str, str | None] | None:
    if name in roles.latent:
        if columns is not None and name in columns:
            return (
                f"'{name}' is a latent variable of the model and a column of the data",
                f"'{name}'",
                "Rename one of the two.",
            )
        return None
    if columns is None and ":" not in name:
        return None
    if columns is not None and name in columns:
        return None
    if ":" in name:
        return (
            f"The product '{name}' is not a variable of the data",
            f"'{name}'",
            "Compute the product and add it to the data as a column of its own.",
        )
    known = [*(columns or ()), *roles.latent]
    hint = did_you_mean(name, known)
    return (
        f"'{name}' is neither a column of the data nor a latent variable",
        f"'{name}'",
        hint or "A latent variable needs indicators: write 'name =~ item1 + item2 + item3'.",
    )


def check_labels(statements: Statements, rows: Sequence[Draft]) -> None:
    """Refuse a constraint that uses a label which no parameter bears and no line above defines."""
    known = {row.label for row in rows if row.label}
    known |= {f".p{number}." for number in range(1, len(rows) + 1)}
    below = {one.lhs: one.line for one in statements.constraints if one.op == ":="}
    for constraint in statements.constraints:
        sides = (constraint.rhs,) if constraint.op == ":=" else (constraint.lhs, constraint.rhs)
        for name in (name for side in sides for name in names_in(parse_expression(side))):
            if name not in known:
                text = f"{constraint.lhs} {constraint.op} {constraint.rhs}"
                facts = unknown_label(name, text, sorted(known))
                if name in below:
                    facts["problem"] = f"'{text}' uses '{name}' before it is defined"
                    facts["remedy"] = (
                        f"Line {below[name]} defines it: move that line up. Two definitions cannot"
                        " use each other."
                    )
                problem = facts.pop("problem")
                raise statements.source.error(problem, constraint.line, constraint.column, **facts)
        if constraint.op == ":=":
            known.add(constraint.lhs)


def check_widths(element: Element, statements: Statements, options: BuildOptions) -> None:
    """Refuse a modifier that has neither one entry nor one for each group."""
    wrong = element.modifiers.widths - {1, options.n_groups}
    if wrong:
        raise statements.source.error(
            f"A modifier of '{element}' has the wrong number of entries",
            element.line,
            element.column,
            found=min(wrong),
            expected=f"1, or one per group ({options.n_groups})",
        )
