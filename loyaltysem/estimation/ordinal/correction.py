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

from dataclasses import dataclass
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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.adjoints import OrdinalTarget
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
    if any(len(part.numeric) or part.slopes.size for part in parts) or df < 0:
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
    groups = [
        _correlations(target, implied.cov, full)
        for target, implied, full in zip(point.targets, point.groups, point.deltas, strict=True)
    ]
    n_pairs = sum(len(group.gamma) for group in groups)
    if _rank(np.vstack([group.delta for group in groups]), free) != n_pairs - df:
        return None
    null = sum(float(np.trace(group.gamma)) / group.share for group in groups)
    return _expectation(groups, bread) / df if df else 1.0, null / n_pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationGroup:
    """One group's correlations: Delta (P, q), own weights W Delta, V and Gamma (P, P)."""

    share: float
    delta: Array
    pulled: Array
    weight: Array
    gamma: Array


def _correlations(target: OrdinalTarget, cov: Array, full: Array) -> CorrelationGroup:
    if target.gamma is None:
        raise TypeError("the asymptotic covariance of the correlations was not computed")
    pairs = len(cov) * (len(cov) - 1) // 2
    delta, own = full[-pairs:], target.weight
    pulled = own[-pairs:, None] * delta if own.ndim == 1 else own[-pairs:, -pairs:] @ delta
    first, second = np.triu_indices(len(cov))
    off = first != second
    return CorrelationGroup(
        share=target.share,
        delta=delta,
        pulled=pulled,
        weight=normal_theory_weight(inverse_of(cov))[np.ix_(off, off)],
        gamma=target.gamma[-pairs:, -pairs:],
    )


def _expectation(groups: Sequence[CorrelationGroup], bread: Array) -> float:
    """Return df c by the formula at the top; thresholds and the like do not take part."""
    moved = np.flatnonzero(np.any([group.delta.any(axis=0) for group in groups], axis=0))
    inner = bread[np.ix_(moved, moved)]
    straight = 0.0
    crossed, curved, meat = (np.zeros(inner.shape) for _ in range(3))
    for group in groups:
        delta, pulled = group.delta[:, moved], group.pulled[:, moved]
        weighted, spread = group.weight @ delta, group.gamma @ pulled
        straight += float((group.weight * group.gamma).sum())
        crossed += group.share * (weighted.T @ spread)
        curved += group.share * (delta.T @ weighted)
        meat += group.share * (pulled.T @ spread)
    total = straight - 2.0 * float((inner * crossed).sum())
    return total + float(((inner @ curved @ inner) * meat).sum())


def _rank(deltas: Array, free: Reparameterisation) -> int:
    along = deltas if free.basis is None else deltas @ free.basis
    return int(np.linalg.matrix_rank(along[:, along.any(axis=0)]))
