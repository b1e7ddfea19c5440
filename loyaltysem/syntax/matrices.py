"""From the parameter table to the matrices of the model (LISREL, all-y form).

Observed variables in model order (p) and latent variables (m); an observed variable that takes part
in a regression, or covaries with a latent variable, gets a latent stand-in with loading 1 and no residual, as in lavaan.

    Sigma = Lambda (I - B)^-1 Psi (I - B)^-T Lambda' + Theta
    mu    = nu + Lambda (I - B)^-1 alpha
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Cells:
    """One matrix of one group: its fixed values, and where free parameters sit in it.

    ``base`` has the matrix's shape and holds fixed values; ``row``, ``col`` and ``free`` are equally
    long: theta[free[k]] stands at (row[k], col[k]). Symmetric matrices list both halves.
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
    ``conditional_x``). ``tau_variable`` gives for each threshold the index of its observed variable.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrices:
    """All groups of a model; ``n_free`` is the length of theta (before equality constraints)."""

    groups: tuple[GroupMatrices, ...]
    n_free: int
