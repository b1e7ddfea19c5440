"""From the parameter table to the matrices of the model (LISREL, all-y form).

Observed variables in model order (p) and latent variables (m); an observed variable that takes
part in a regression, or covaries with a latent variable, gets a latent stand-in with loading 1 and
no residual, as in lavaan.

    Sigma = Lambda (I - B)^-1 Psi (I - B)^-T Lambda' + Theta
    mu    = nu + Lambda (I - B)^-1 alpha
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.syntax.table import Parameter, ParameterTable


def _no_index() -> NDArray[np.intp]:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Cells:
    """One matrix of one group: its fixed values, and where free parameters sit in it.

    ``base`` has the matrix's shape and holds fixed values; ``row``, ``col`` and ``free`` are
    equally long: theta[free[k]] stands at (row[k], col[k]). Symmetric matrices list both halves.
    """

    base: NDArray[np.float64]
    row: NDArray[np.intp]
    col: NDArray[np.intp]
    free: NDArray[np.intp]

    def fill(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the matrix at ``theta`` (..., q) as an array (..., rows, columns)."""
        filled = np.broadcast_to(self.base, (*theta.shape[:-1], *self.base.shape)).copy()
        filled[..., self.row, self.col] = theta[..., self.free]
        return filled


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMatrices:
    """The matrices of one group, named by the textbook's letters.

    Shapes: lambda_ (p, m), beta (m, m), psi (m, m), theta (p, p), nu (p, 1), alpha (m, 1),
    tau (number of thresholds, 1; ordered by variable, then threshold), delta (p, 1; scales of
    ordinal variables in the delta parameterization), gamma (m, number of covariates; only with
    ``conditional_x``). ``tau_variable`` gives for each threshold the index of its observed
    variable, ``ordinal`` the indices of the ordinal variables, ``stand_in`` (p,) for each observed
    variable the index of its latent stand-in or -1.

    What the table fixes at the sample's moments (exogenous covariates) is NaN in ``base`` until
    :func:`with_exogenous_moments` has put them in. The residual variances of ordinal variables
    (delta parameterization) and their scales (theta) are no parameters: estimation computes them,
    in psi where the variable has a stand-in, otherwise in theta.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    lambda_: Cells
    beta: Cells
    psi: Cells
    theta: Cells
    nu: Cells
    alpha: Cells
    tau: Cells
    tau_variable: NDArray[np.intp]
    delta: Cells
    gamma: Cells
    covariates: tuple[str, ...] = ()
    ordinal: NDArray[np.intp] = field(default_factory=_no_index)
    stand_in: NDArray[np.intp] = field(default_factory=_no_index)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrices:
    """All groups of a model; ``n_free`` is the length of theta (before equality constraints)."""

    groups: tuple[GroupMatrices, ...]
    n_free: int


@lru_cache(maxsize=64)
def model_matrices(table: ParameterTable) -> ModelMatrices:
    """Place every parameter of a table in the matrices of its group.

    Returns
    -------
    ModelMatrices
        ``theta[k]`` stands for the row whose ``free`` is k + 1.
    """
    groups = range(1, table.n_groups + 1)
    return ModelMatrices(
        groups=tuple(_group_matrices(table, group) for group in groups), n_free=table.n_free
    )


def with_exogenous_moments(
    table: ParameterTable,
    covariances: Sequence[NDArray[np.float64]],
    means: Sequence[NDArray[np.float64]] | None = None,
) -> ParameterTable:
    """Return the table with the sample's moments in the rows of fixed exogenous covariates.

    Parameters
    ----------
    table
        A table with ``exogenous`` covariates.
    covariances
        For each group the covariance matrix of ``table.exogenous``, in that order.
    means
        For each group their means; needed with a mean structure.
    """
    place = {name: index for index, name in enumerate(table.exogenous)}

    def moment(row: Parameter) -> float | None:
        if row.op == "~~":
            return float(covariances[row.group - 1][place[row.lhs], place[row.rhs]])
        if row.op == "~1" and means is not None:
            return float(means[row.group - 1][place[row.lhs]])
        return row.ustart

    return replace(
        table,
        rows=tuple(
            replace(row, ustart=moment(row)) if row.exo and not row.free else row
            for row in table.rows
        ),
    )


def _group_matrices(table: ParameterTable, group: int) -> GroupMatrices:
    rows = [row for row in table.rows if row.group == group]
    covariates = table.exogenous if table.conditional_x else ()
    observed = tuple(name for name in table.observed if name not in covariates)
    stand_ins = _stand_ins(rows, observed, table.latent, covariates)
    latent = table.latent + stand_ins
    thresholds = [f"{n}|t{k + 1}" for n, count in table.ordered for k in range(count)]
    names = _Names(
        observed=_index(observed),
        latent=_index(latent),
        covariates=_index(covariates),
        thresholds=_index(thresholds),
    )
    cells = _Placement(names)
    for row in rows:
        cells.place(row)
    for name in stand_ins:
        cells.fix("lambda_", names.observed[name], names.latent[name], 1.0)
    ordinal = [names.observed[name] for name, _ in table.ordered]
    counts = [count for _, count in table.ordered]
    return GroupMatrices(
        observed=observed,
        latent=latent,
        covariates=covariates,
        tau_variable=_positions(np.repeat(ordinal, counts)),
        ordinal=_positions(ordinal),
        stand_in=_positions([names.latent.get(name, -1) for name in observed]),
        **cells.finished(),
    )


def _positions(values: ArrayLike) -> NDArray[np.intp]:
    """Return positions as a read-only array."""
    array = np.array(values, dtype=np.intp)
    array.flags.writeable = False
    return array


def _stand_ins(
    rows: Sequence[Parameter],
    observed: Sequence[str],
    latent: Sequence[str],
    covariates: Sequence[str],
) -> tuple[str, ...]:
    """Return the observed variables that need a latent stand-in, in their order.

    Those in regressions, those that covary with a latent variable, and those that covary with a
    variable that has a stand-in.
    """
    regressions = [row for row in rows if row.op == "~"]
    known = {*latent, *(row.lhs for row in regressions), *(row.rhs for row in regressions)}
    pairs = [(row.lhs, row.rhs) for row in rows if row.op == "~~" and row.lhs != row.rhs]
    grown = True
    while grown:
        added = {name for pair in pairs if known.intersection(pair) for name in pair} - known
        known |= added
        grown = bool(added)
    return tuple(n for n in observed if n in known and n not in latent and n not in covariates)


def _index(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Where each name stands in the matrices of a group."""

    observed: dict[str, int]
    latent: dict[str, int]
    covariates: dict[str, int]
    thresholds: dict[str, int]

    def shapes(self) -> dict[str, tuple[int, int]]:
        p, m, k = len(self.observed), len(self.latent), len(self.covariates)
        return {
            "lambda_": (p, m),
            "beta": (m, m),
            "psi": (m, m),
            "theta": (p, p),
            "nu": (p, 1),
            "alpha": (m, 1),
            "tau": (len(self.thresholds), 1),
            "delta": (p, 1),
            "gamma": (m, k),
        }


class _Placement:
    """Collects the cells of a group's matrices row by row."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self._bases = {name: np.zeros(shape) for name, shape in names.shapes().items()}
        self._bases["delta"][:] = 1.0
        self._free: dict[str, list[tuple[int, int, int]]] = {name: [] for name in self._bases}

    def place(self, row: Parameter) -> None:
        """Put one row of the table where it belongs."""
        names = self._names
        if row.lhs in names.covariates:  # given, not modelled (conditional_x)
            return
        matrix, i, j = _cell(row, names)
        if matrix in ("psi", "theta") and i != j:
            self._put(matrix, j, i, row)
        self._put(matrix, i, j, row)

    def _put(self, matrix: str, i: int, j: int, row: Parameter) -> None:
        if row.free:
            self._free[matrix].append((i, j, row.free - 1))
        else:
            self.fix(matrix, i, j, np.nan if row.ustart is None else row.ustart)

    def fix(self, matrix: str, i: int, j: int, value: float) -> None:
        """Fix one cell."""
        self._bases[matrix][i, j] = value

    def finished(self) -> dict[str, Cells]:
        """Return the matrices, read-only."""
        return {name: _cells(base, self._free[name]) for name, base in self._bases.items()}


def _cells(base: NDArray[np.float64], free: list[tuple[int, int, int]]) -> Cells:
    places = np.array(free, dtype=np.intp).reshape(-1, 3)
    base.flags.writeable = places.flags.writeable = False
    return Cells(base=base, row=places[:, 0], col=places[:, 1], free=places[:, 2])


def _cell(row: Parameter, names: _Names) -> tuple[str, int, int]:
    """Return matrix, row and column of a parameter; stand-ins move it from theta and nu inwards."""
    observed, latent = names.observed, names.latent
    inner = row.lhs in latent
    if row.op == "=~" and row.rhs in latent:
        return "beta", latent[row.rhs], latent[row.lhs]
    if row.op == "=~":
        return "lambda_", observed[row.rhs], latent[row.lhs]
    if row.op == "~" and row.rhs in names.covariates:
        return "gamma", latent[row.lhs], names.covariates[row.rhs]
    if row.op == "~":
        return "beta", latent[row.lhs], latent[row.rhs]
    if row.op == "~~":
        place = latent if inner else observed
        return ("psi" if inner else "theta"), place[row.lhs], place[row.rhs]
    if row.op == "~1":
        return ("alpha", latent[row.lhs], 0) if inner else ("nu", observed[row.lhs], 0)
    if row.op == "|":
        return "tau", names.thresholds[f"{row.lhs}|{row.rhs}"], 0
    return "delta", observed[row.lhs], 0
