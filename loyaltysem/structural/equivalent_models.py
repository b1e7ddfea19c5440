"""Other directions of the arrows that no data could tell from the model's own.

The replacing rule of Lee & Hershberger (1990): an arrow may be turned, or become a correlation of
disturbances, without any change of fit when both variables have the same other causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loyaltysem.structural.path_graph import path_graph
from loyaltysem.syntax.edit import add, remove
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.structural.path_graph import PathGraph
    from loyaltysem.syntax import ParameterTable

Change = Literal["reversed", "correlated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A change of one path that leaves the fit as it is.

    ``reversed``: the path may run from outcome to predictor. ``correlated``: it may be a covariance
    of the disturbances, as from a common cause that was not measured. ``exogenous`` are the other
    exogenous variables whose covariances with the predictor become paths to it when it is turned.
    """

    predictor: str
    outcome: str
    change: Change
    exogenous: tuple[str, ...] = ()


def equivalent_models(table: ParameterTable) -> tuple[Equivalent, ...]:
    """Return the single changes of a path that no data can tell from the model.

    Parameters
    ----------
    table
        The parameter table; its first group's paths are looked at.

    Returns
    -------
    tuple
        What is listed leaves every fit as it is; the list need not be complete: paths between
        variables with correlated disturbances, with constraints, or within a feedback loop are
        passed over, and so are changes of several paths at once.

    Notes
    -----
    Lee & Hershberger (1990), Multivariate Behavioral Research 25, 313-334; in terms of graphs a
    turned arrow must be covered (Chickering 1995). ``x -> y`` may be turned when the other causes
    of y are exactly the causes of x; it may become a covariance when they include them and no other
    path leads from x to y. Exogenous variables that all correlate count as causes of each other.
    """
    graph = path_graph(table)
    if graph.in_circle:
        return ()
    place = _Place(table=table, graph=graph)
    return tuple(one for edge in graph.edges for one in place.changes(*edge))


def equivalent_table(table: ParameterTable, change: Equivalent) -> ParameterTable:
    """Return the table with the change made, to fit it and see."""
    x, y = quote(change.predictor), quote(change.outcome)
    table = remove(table, f"{y} ~ {x}")
    if change.change == "correlated":
        return add(table, f"{x} ~~ {y}")
    for other in change.exogenous:
        table = remove(table, f"{x} ~~ {quote(other)}")
        table = add(table, f"{x} ~ {quote(other)}")
    return add(table, f"{x} ~ {y}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The structural part of a table."""

    table: ParameterTable
    graph: PathGraph

    def changes(self, x: str, y: str) -> Iterator[Equivalent]:
        """Yield what may be done to the path from x to y."""
        if not self._plain(x, y):
            return
        exogenous = self._exogenous(x)
        if exogenous is None:
            return
        before, beside = self._causes(x) | set(exogenous), self._causes(y) - {x}
        if beside == before:
            yield Equivalent(predictor=x, outcome=y, change="reversed", exogenous=exogenous)
        if beside >= before and not self._led_otherwise(x, y):
            yield Equivalent(predictor=x, outcome=y, change="correlated")

    def _plain(self, x: str, y: str) -> bool:
        """Tell whether the path is free, latent at both ends, and without side relations."""
        row = self.table.rows[self.graph.edges[x, y]]
        labelled = bool(row.label) and any(one.is_constraint for one in self.table.rows)
        latent = {x, y} <= set(self.table.latent)
        spouses = self._covarying(y) | (self._covarying(x) if self._causes(x) else set())
        return bool(row.free) and latent and not labelled and not spouses

    def _exogenous(self, x: str) -> tuple[str, ...] | None:
        """Return the exogenous variables beside an exogenous x; None unless all covary with x."""
        if self._causes(x):
            return ()
        others = [name for name in self.graph.variables if name != x and not self._causes(name)]
        return tuple(others) if self._covarying(x) == set(others) else None

    def _causes(self, name: str) -> set[str]:
        return {cause for cause, outcome in self.graph.edges if outcome == name}

    def _covarying(self, name: str) -> set[str]:
        """Return the variables whose disturbances, or values, covary with those of one."""
        rows = [
            row
            for row in self.table.rows
            if row.op == "~~" and row.group == 1 and row.lhs != row.rhs and (row.free or row.ustart)
        ]
        return {row.rhs for row in rows if row.lhs == name} | {
            row.lhs for row in rows if row.rhs == name
        }

    def _led_otherwise(self, x: str, y: str) -> bool:
        """Tell whether a path with a mediator leads from x to y."""
        return bool(self.graph.indirect_paths(x, y))
