"""The two models that groups are compared by: the measurement model, and the whole one.

One label before a term makes the parameter equal in all groups, as in lavaan. Labels of regressions
serve definitions such as ``a*b``; before groups are compared each becomes one label per group.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from loyaltysem.syntax.statements import Constraint, Element

_NAME = re.compile(r"[^\W\d][\w.]*")
_MEASURING = ("=~", "~~", "~1", "|", "~*~")


def measurement_model(model: str | Statements) -> Statements:
    """Return the measurement model: what the text says of latent variables and their indicators.

    Regressions are left out, so that latent variables that indicate no other one are all
    correlated; with them go variables that only take part in regressions, defined parameters, and
    constraints that speak of what was left out.

    Raises
    ------
    ModelSpecificationError
        The model measures no latent variable.
    """
    statements = parse_model(model) if isinstance(model, str) else model
    loadings = [element for element in statements.elements if element.op == "=~"]
    if not loadings:
        raise ModelSpecificationError(
            "Measurement invariance needs latent variables with indicators",
            expected="a model with '=~'",
        )
    measured = {name for element in loadings for name in (element.lhs, element.rhs)}
    kept = tuple(
        element
        for element in statements.elements
        if element.op in _MEASURING and {element.lhs, element.rhs or element.lhs} <= measured
    )
    labels = {label for element in kept for label in element.modifiers.label}
    constraints = tuple(one for one in _equations(statements) if names_of(one) <= labels)
    return Statements(elements=kept, constraints=constraints, source=statements.source)


def comparable_model(model: str | Statements, n_groups: int) -> Statements:
    """Return the whole model with regressions that no label ties across groups.

    A label ``b`` of a regression becomes ``b.g1``, ``b.g2``, …; constraints that use it hold in
    each group; defined parameters are left out.
    """
    statements = parse_model(model) if isinstance(model, str) else model
    shared = {
        element.modifiers.label[0]
        for element in statements.elements
        if element.op == "~" and len(element.modifiers.label) == 1
    } - {""}
    return Statements(
        elements=tuple(_untied(one, shared, n_groups) for one in statements.elements),
        constraints=tuple(
            copy for one in _equations(statements) for copy in _copies(one, shared, n_groups)
        ),
        source=statements.source,
    )


def without_blanks(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of parameters as the parameter table has them: ``f=~x2`` for ``f =~ x2``."""
    return tuple("".join(name.split()) for name in names)


def with_reference(model: Statements, released: Collection[str]) -> Statements:
    """Return the model with each latent variable scaled by an indicator of equal loadings.

    The first loading of a latent variable is 1 by default, in all groups; where it is among the
    ``released`` (``f=~x1``), the next one that is not takes its place.
    """
    moved: dict[str, str] = {}
    if not fixes_loadings(model):
        loadings = [element for element in model.elements if element.op == "=~"]
        for latent in dict.fromkeys(element.lhs for element in loadings):
            own = [element.rhs for element in loadings if element.lhs == latent]
            equal = [name for name in own if f"{latent}=~{name}" not in released]
            if equal and equal[0] != own[0]:
                moved |= {f"{latent}=~{own[0]}": "free", f"{latent}=~{equal[0]}": "fixed"}
    return replace(model, elements=tuple(_rescaled(one, moved) for one in model.elements))


def _rescaled(element: Element, moved: Mapping[str, str]) -> Element:
    status = moved.get(f"{element.lhs}{element.op}{element.rhs}")
    if status is None:
        return element
    change = {"freed": (True,)} if status == "free" else {"fixed": (1.0,)}
    return replace(element, modifiers=replace(element.modifiers, **change))


def fixes_loadings(model: Statements) -> bool:
    """Tell whether the text itself sets the scale of a latent variable, by hand."""
    latent = {element.lhs for element in model.elements if element.op == "=~"}
    return any(
        (element.op == "=~" or (element.op == "~~" and element.lhs == element.rhs in latent))
        and (element.modifiers.fixed or element.modifiers.freed)
        for element in model.elements
    )


def names_of(constraint: Constraint) -> set[str]:
    """Return the names that a constraint uses."""
    return set(_NAME.findall(f"{constraint.lhs} {constraint.rhs}"))


def _equations(statements: Statements) -> Iterator[Constraint]:
    return (one for one in statements.constraints if one.op != ":=")


def _untied(element: Element, shared: set[str], n_groups: int) -> Element:
    label = element.modifiers.label
    if len(label) != 1 or label[0] not in shared:
        return element
    labels = tuple(_in_group(label[0], group) for group in range(1, n_groups + 1))
    return replace(element, modifiers=replace(element.modifiers, label=labels))


def _copies(constraint: Constraint, shared: set[str], n_groups: int) -> Iterator[Constraint]:
    if not names_of(constraint) & shared:
        yield constraint
        return
    for group in range(1, n_groups + 1):
        yield replace(
            constraint,
            lhs=_renamed(constraint.lhs, shared, group),
            rhs=_renamed(constraint.rhs, shared, group),
        )


def _renamed(expression: str, shared: set[str], group: int) -> str:
    """Return an expression with the shared labels as those of one group."""
    return _NAME.sub(
        lambda found: _in_group(found[0], group) if found[0] in shared else found[0], expression
    )


def _in_group(label: str, group: int) -> str:
    return f"{label}.g{group}"
