"""Robust fit indices of ordinal data.

The chi-square of least squares on polychoric correlations says little about the size of misfit.
The correction evaluates the normal-theory discrepancy between polychoric and implied correlations
at the least-squares estimates and divides it by its expectation under the model,

    df c = tr[(I - Delta E^-1 Delta' W)' V (I - Delta E^-1 Delta' W) Gamma]

where W are the weights of the estimator, V the normal-theory weights of the correlations at the
implied ones, E the information, and Delta and Gamma belong to the correlations alone.

Source: Savalei (2021), "Improving fit indices in structural equation modeling with categorical
data"; lavaan's ``lav_fit_catml_dwls``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import inverse_of, normal_theory_weight
from loyaltysem.estimation.constrained import active_jacobian
from loyaltysem.estimation.discrepancy import cholesky_or_none
from loyaltysem.estimation.fit_measures import RobustBasis
from loyaltysem.estimation.information import constrained_inverse
from loyaltysem.estimation.optimise import Reparameterisation
from loyaltysem.estimation.ordinal.reading import ordinal_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.objective import OrdinalPoint
    from loyaltysem.estimation.ordinal.problem import OrdinalProblem

    Array = NDArray[np.float64]

# Smallest eigenvalue of a matrix of polychoric correlations that can be inverted (as in lavaan).
_SMALLEST = float(np.sqrt(np.finfo(float).eps))


def catml_basis(problem: OrdinalProblem, point: OrdinalPoint, df: float) -> RobustBasis | None:
    """Return the chi-squares and scaling factors of robust CFI, TLI and RMSEA.

    None where they are not defined: with numeric variables or covariates, with correlations that
    are no positive definite matrix, and where thresholds or means are restricted, so that the
    correlations have other degrees of freedom than the model.
    """
    parts = [ordinal_part(group) for group in problem.moments.groups]
    if any(len(part.numeric) or part.slopes.size for part in parts) or df <= 0:
        return None
    chisq = null_chisq = 0.0
    for part, implied in zip(parts, point.groups, strict=True):
        values = np.linalg.eigvalsh(part.cov)
        factor = cholesky_or_none(implied.cov)
        if values[0] < _SMALLEST or factor is None:
            return None
        log_det = float(np.log(values).sum())
        ratio = float(np.trace(np.linalg.solve(implied.cov, part.cov)))
        implied_log_det = 2.0 * float(np.log(np.diagonal(factor)).sum())
        chisq += part.n * (implied_log_det + ratio - log_det - len(values))
        null_chisq -= part.n * log_det
    found = _expectations(problem, point, df)
    if found is None:
        return None
    factor_model, factor_null = found
    return RobustBasis(
        chisq=chisq,
        c_hat=factor_model,
        scaled_chisq=chisq / factor_model,
        interval_c_hat=factor_model,
        null_chisq=null_chisq,
        null_c_hat=factor_null,
    )


def _expectations(
    problem: OrdinalProblem, point: OrdinalPoint, df: float
) -> tuple[float, float] | None:
    """Return c of the model and of the independence model, None where df or E do not allow it."""
    constraints = problem.constraints
    free = Reparameterisation(
        basis=constraints.K if constraints.is_reduced else None, offset=constraints.c
    )
    active = active_jacobian(constraints, point.theta)
    bread = constrained_inverse(point.information(), free, active)
    if bread is None:
        return None
    q = len(bread)
    straight = null = 0.0
    crossed, inner, meat = np.zeros((q, q)), np.zeros((q, q)), np.zeros((q, q))
    deltas = []
    n_pairs = 0
    for target, implied, full in zip(point.targets, point.groups, point.deltas, strict=True):
        pairs = len(implied.cov) * (len(implied.cov) - 1) // 2
        delta, gamma = full[-pairs:], _gamma(target.gamma, pairs)
        weight = _correlation_weight(implied.cov)
        pulled = _own_weighted(target.weight, pairs, delta)
        spread = gamma @ pulled
        straight += float((weight * gamma).sum())
        crossed += target.share * (delta.T @ weight @ spread)
        inner += target.share * (delta.T @ weight @ delta)
        meat += target.share * (pulled.T @ spread)
        null += float(np.trace(gamma)) / target.share
        n_pairs += pairs
        deltas.append(delta)
    if _rank(np.vstack(deltas), free) != n_pairs - df:
        return None
    total = straight - 2.0 * float((bread * crossed).sum())
    total += float(((bread @ inner @ bread) * meat).sum())
    return total / df, null / n_pairs


def _gamma(gamma: Array | None, pairs: int) -> Array:
    if gamma is None:
        raise TypeError("the asymptotic covariance of the correlations was not computed")
    return gamma[-pairs:, -pairs:]


def _own_weighted(weight: Array, pairs: int, delta: Array) -> Array:
    """Return W Delta for the correlations alone."""
    if weight.ndim == 1:
        return weight[-pairs:, None] * delta
    return weight[-pairs:, -pairs:] @ delta


def _correlation_weight(cov: Array) -> Array:
    """Return normal-theory weights of the correlations (pairs, pairs)."""
    first, second = np.triu_indices(len(cov))
    off = first != second
    return normal_theory_weight(inverse_of(cov))[np.ix_(off, off)]


def _rank(deltas: Array, free: Reparameterisation) -> int:
    along = deltas if free.basis is None else deltas @ free.basis
    return int(np.linalg.matrix_rank(along))
