"""Where each free parameter of a group enters the implied moments.

The index arrays behind :mod:`.implied`, whose table of columns, weights and slopes they hold; they
depend on the model alone and are made once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.syntax.matrices import Cells, GroupMatrices


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Where each of a group's k free parameters enters the implied moments.

    ``p`` and ``m`` count observed and latent variables (stand-ins included), ``n_free`` all of
    theta. ``free`` (k,) holds positions in theta, in their order; ``left``, ``right`` (k,) columns
    of the basis; ``weight`` (k,); ``slope_of`` (k,) the latent variable whose mean is the
    parameter's effect on mu, m for an effect of one, m + 1 for none. ``rows``, ``cols``
    (p(p+1)/2,) list the lower triangle column by column, as lavaan's vech.
    """

    matrices: GroupMatrices
    p: int
    m: int
    n_free: int
    free: NDArray[np.intp]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    weight: NDArray[np.float64]
    slope_of: NDArray[np.intp]
    rows: NDArray[np.intp]
    cols: NDArray[np.intp]
    pairs: Pairs

    @property
    def owns_all(self) -> bool:
        """Whether theta has the group's parameters only, in the same order."""
        return len(self.free) == self.n_free


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Positions in a flattened (r, r) matrix for all pairs of parameters, each (k * k,).

    ``lr`` points at (left of i, right of j), and so on (what (right of i, left of j) gives is its
    transpose); ``weight`` (k, k) is w_i w_j.
    """

    ll: NDArray[np.intp]
    lr: NDArray[np.intp]
    rr: NDArray[np.intp]
    weight: NDArray[np.float64]


def structure(matrices: GroupMatrices, n_free: int) -> Structure:
    """Return the structure of one group's matrices; ``n_free`` is the length q of theta."""
    p, m = matrices.lambda_.base.shape
    parts = [
        _entries(matrices.lambda_, 0, p + m, symmetric=False, slope="latent"),
        _entries(matrices.beta, p, p + m, symmetric=False, slope="latent"),
        _entries(matrices.psi, p, p, symmetric=True, slope="none"),
        _entries(matrices.theta, 0, 0, symmetric=True, slope="none"),
        _entries(matrices.nu, 0, 0, symmetric=False, slope="one"),
        _entries(matrices.alpha, p, 0, symmetric=False, slope="one"),
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    free, left, right, weight, slope = (column[order] for column in columns)
    slope = np.where(slope >= 0, slope, m - 1 - slope)
    cols, rows = np.triu_indices(p)
    return Structure(
        matrices=matrices,
        p=p,
        m=m,
        n_free=n_free,
        free=free.astype(np.intp),
        left=left.astype(np.intp),
        right=right.astype(np.intp),
        weight=weight.astype(float),
        slope_of=slope.astype(np.intp),
        rows=rows,
        cols=cols,
        pairs=_pairs(left.astype(np.intp), right.astype(np.intp), weight, p + 2 * m),
    )


def _entries(
    cells: Cells, left: int, right: int, *, symmetric: bool, slope: str
) -> tuple[NDArray[np.generic], ...]:
    """Return (free, left, right, weight, slope) of one matrix; slope -1 is "one", -2 is "none"."""
    keep = cells.row >= cells.col if symmetric else np.ones(len(cells.row), dtype=bool)
    row, col, free = cells.row[keep], cells.col[keep], cells.free[keep]
    if slope == "one":
        nothing = np.zeros(len(row))
        return free, left + row, np.zeros_like(row), nothing, np.full(len(row), -1)
    weight = np.where(symmetric & (row == col), 0.5, 1.0)
    return (
        free,
        left + row,
        right + col,
        weight,
        col if slope == "latent" else np.full_like(col, -2),
    )


def _pairs(
    left: NDArray[np.intp], right: NDArray[np.intp], weight: NDArray[np.float64], width: int
) -> Pairs:
    first_left, first_right = left[:, None] * width, right[:, None] * width
    return Pairs(
        ll=(first_left + left).ravel(),
        lr=(first_left + right).ravel(),
        rr=(first_right + right).ravel(),
        weight=np.multiply.outer(weight, weight),
    )
