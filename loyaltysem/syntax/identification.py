"""Whether a model can have one solution, and if not, which construct or parameter is to blame.

Some models have no unique solution whatever the data; they are refused before anything is fitted
(the rules of Bollen 1989, ch. 7 and 8: t-rule, scale, two and three indicators). What these rules
leave open shows in the rank of the information, which estimation looks at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from loyaltysem.errors import IdentificationError, Notice, listed
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.expressions import free_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import Parameter, ParameterTable


def count_moments(table: ParameterTable) -> int:
    """Return the number of sample moments that the free parameters explain, over all groups.

    Variances and covariances (for ordinal variables correlations and thresholds), means with a mean
    structure; without the moments of fixed covariates; with ``conditional_x`` also the slopes.
    """
    n_x, n_ordinal = len(table.exogenous), len(table.ordered)
    p = len(table.observed) - (n_x if table.conditional_x else 0)
    moments = p * (p + 1) // 2 - n_ordinal + sum(count for _, count in table.ordered)
    if table.meanstructure:
        moments += p - n_ordinal
    if table.conditional_x:
        moments += p * n_x
    elif n_x:
        moments -= n_x * (n_x + 1) // 2 + (n_x if table.meanstructure else 0)
    return int(moments * table.n_groups)


def degrees_of_freedom(table: ParameterTable) -> int:
    """Return moments minus free parameters, each independent equality giving one back."""
    constraints = find_constraints(table)
    n_parameters = int(constraints.K.shape[1]) - len(constraints.nonlinear)
    return count_moments(table) - n_parameters


@lru_cache(maxsize=64)
def check_identification(table: ParameterTable) -> tuple[Notice, ...]:
    """Refuse a model that cannot be identified, by its form alone.

    Returns
    -------
    tuple of Notice
        ``feedback_loop`` when variables explain each other in a circle, which may or may not be
        identified.

    Raises
    ------
    IdentificationError
        When there are fewer moments than parameters, a latent variable has no scale or nothing to
        measure it, or is measured so poorly that its variance cannot be told from error.
    """
    df = degrees_of_freedom(table)
    constraints = find_constraints(table)
    for group in range(1, table.n_groups + 1):
        form = _Form(table, constraints, group)
        for name in table.latent:
            _check_latent(form, name)
    if df < 0:
        raise IdentificationError(
            f"The model has {-df} more free parameters than the data have moments (df = {df})",
            remedy="Fix parameters or set some equal; a factor needs three indicators to stand "
            "alone and two beside other factors.",
        )
    return _feedback(table)


class _Form:
    """One group's rows, and which of them are tied to others by a constraint."""

    def __init__(self, table: ParameterTable, constraints: Constraints, group: int) -> None:
        self.rows = [row for row in table.rows if row.group == group]
        self.observed = frozenset(table.observed)
        self.where = f" in group '{table.group_labels[group - 1]}'" if table.n_groups > 1 else ""
        functions = (*constraints.equalities.nodes, *constraints.inequalities.nodes)
        self._tied = {index + 1 for node in functions for index in free_in(node)}

    def is_plain(self, row: Parameter) -> bool:
        """Tell whether a row is free and under no constraint."""
        return row.free > 0 and row.free not in self._tied

    def consequences(self, name: str) -> list[Parameter]:
        """Return the loadings and paths that leave a variable."""
        return [
            row
            for row in self.rows
            if (row.op == "=~" and row.lhs == name and row.rhs != name)
            or (row.op == "~" and row.rhs == name)
        ]

    def causes(self, name: str) -> list[Parameter]:
        """Return the loadings and paths that lead to a variable."""
        return [
            row
            for row in self.rows
            if (row.op == "=~" and row.rhs == name and row.lhs != name)
            or (row.op == "~" and row.lhs == name)
        ]

    def covariances(self, name: str) -> list[Parameter]:
        """Return the covariances of a variable with others that are not fixed at zero."""
        return [
            row
            for row in self.rows
            if row.op == "~~" and row.lhs != row.rhs and name in (row.lhs, row.rhs)
            if row.free or row.ustart
        ]

    def variance(self, name: str) -> Parameter | None:
        """Return a variable's variance row."""
        return next((r for r in self.rows if r.op == "~~" and r.lhs == r.rhs == name), None)


def _check_latent(form: _Form, name: str) -> None:
    leaving, entering = form.consequences(name), form.causes(name)
    variance = form.variance(name)
    if not leaving:
        if _is_determined(form, name):
            return
        raise IdentificationError(
            f"Nothing measures the latent variable '{name}'{form.where}",
            remedy=f"Give it indicators: '{name} =~ item1 + item2 + item3'.",
        )
    if len(leaving) == 2 and not entering and not form.covariances(name):
        _check_pair(form, name, leaving)
    if variance is None or not form.is_plain(variance):
        return
    own = [*leaving, *entering]
    if all(form.is_plain(row) or row.ustart == 0 for row in own):
        raise IdentificationError(
            f"The latent variable '{name}' has no scale{form.where}: its variance and all its "
            "loadings are free",
            remedy=f"Fix one loading ('{name} =~ 1*{leaving[0].rhs} + …') or its variance "
            f"('{name} ~~ 1*{name}').",
        )
    if len(leaving) == 1:
        _check_single_indicator(form, name, leaving[0])


def _is_determined(form: _Form, name: str) -> bool:
    """Tell whether causes or covariances connect a latent variable that nothing measures."""
    variance = form.variance(name)
    free_variance = variance is not None and variance.free > 0
    return bool(form.causes(name)) and not free_variance


def _check_single_indicator(form: _Form, name: str, loading: Parameter) -> None:
    indicator = _target(loading)
    residual = form.variance(indicator)
    if residual is not None and form.is_plain(residual) and not form.is_plain(loading):
        raise IdentificationError(
            f"The latent variable '{name}' has one indicator, '{indicator}', whose error variance "
            f"is free{form.where}; the two variances cannot be told apart",
            remedy=f"Fix the error variance: '{indicator} ~~ 0*{indicator}', or at "
            "(1 - reliability) times the indicator's variance.",
        )


def _check_pair(form: _Form, name: str, leaving: Sequence[Parameter]) -> None:
    """Refuse a factor of two indicators that nothing connects to the rest of the model."""
    indicators = [_target(row) for row in leaving]
    elsewhere = [
        row
        for indicator in indicators
        for row in (
            *form.causes(indicator),
            *form.consequences(indicator),
            *form.covariances(indicator),
        )
        if row not in leaving
    ]
    own = [row for row in (*leaving, form.variance(name)) if row is not None and row.free]
    errors = [row for indicator in indicators if (row := form.variance(indicator)) is not None]
    if elsewhere or len(own) < 2 or len(errors) < 2:
        return
    if all(form.is_plain(row) for row in (*own, *errors)):
        raise IdentificationError(
            f"The latent variable '{name}' has two indicators and is connected to nothing "
            f"else{form.where}: {listed(indicators)} have one covariance, which cannot give two "
            "loadings and a variance",
            remedy="Add an indicator, set the loadings equal, or let the factor covary with "
            "another.",
        )


def _target(row: Parameter) -> str:
    return row.rhs if row.op == "=~" else row.lhs


def _feedback(table: ParameterTable) -> tuple[Notice, ...]:
    """Return a notice when causes run in a circle."""
    edges: dict[str, set[str]] = {}
    for row in table.rows:
        if row.op == "~" and row.group == 1 and (row.free or row.ustart):
            edges.setdefault(row.rhs, set()).add(row.lhs)
        if row.op == "=~" and row.group == 1 and row.lhs != row.rhs:
            edges.setdefault(row.lhs, set()).add(row.rhs)
    circle = sorted(name for name in edges if name in _reachable(name, edges))
    if not circle:
        return ()
    text = (
        f"{listed(circle)} explain each other in a circle; such a model is identified only when "
        "each has a cause of its own, and its R² is not bounded by 0 and 1."
    )
    return (Notice("feedback_loop", text, {"variables": circle}),)


def _reachable(start: str, edges: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges.get(name, ()))
    return reached
