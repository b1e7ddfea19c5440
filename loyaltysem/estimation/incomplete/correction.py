"""Robust fit indices of incomplete data: what the fit would be, had nothing been missing.

The chi-square of incomplete data grows with the information that is there, not with the misfit
alone, so that indices made from it flatter a model. The correction evaluates the complete-data
discrepancy at the full-information estimates, against the saturated moments, and divides by its
expectation under the model,

    df c = tr(W_c W_m^-1) - tr(E^-1 C)                                    (normal data)
    df c = tr(W_c G) - 2 tr(E^-1 X) + tr(C E^-1 B E^-1)                   (any distribution)

with the complete-data information W_c and the observed information W_m of the saturated moments,
the cross-products J of their scores, G = W_m^-1 J W_m^-1, and, summed over groups by their shares,
E = Delta'W_m Delta, C = Delta'W_c Delta, B = Delta'J Delta, X = Delta'W_c W_m^-1 J Delta.

Source: Zhang & Savalei (2023), versions 6 and 3 of their correction; ``lav_fit_fiml_corrected`` of
lavaan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import normal_theory_weight
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.discrepancy import likelihood_point
from loyaltysem.estimation.fit_measures import RobustBasis
from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.incomplete.robust import moment_information
from loyaltysem.estimation.incomplete.sample import complete_samples, incomplete_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.incomplete.objective import FimlPoint
    from loyaltysem.estimation.incomplete.problem import IncompleteProblem
    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.options import Information

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturatedGroup:
    """What the correction needs of one group's saturated model; r' moments are estimated.

    Attributes
    ----------
    share
        n_g / n.
    moments
        (r',) positions of those moments among the r of (mu, vech Sigma).
    inner
        (r', r') information that stands in the model's own information E.
    complete
        (r', r') W_c.
    crossed
        (r', r') W_c W_m^-1.
    meat
        (r', r') J, None under normality.
    trace
        tr(W_c W_m^-1), or tr(W_c G).
    """

    share: float
    moments: NDArray[np.intp]
    inner: Array
    complete: Array
    crossed: Array
    meat: Array | None
    trace: float


def fiml_basis(problem: IncompleteProblem, point: FimlPoint, standard: ChiSquare) -> RobustBasis:
    """Return the chi-squares and scaling factors of robust CFI, TLI and RMSEA.

    Parameters
    ----------
    problem, point
        The model with its data, and the objective at the estimates.
    standard
        The model's chi-square test, of which the degrees of freedom are used.

    Returns
    -------
    RobustBasis
        With NaN for a factor that does not exist: no degrees of freedom, a singular information
        matrix, or saturated moments that did not settle.
    """
    if not all(incomplete_data(group).saturated.converged for group in problem.moments.groups):
        nan = float("nan")
        return RobustBasis(
            chisq=nan,
            c_hat=nan,
            scaled_chisq=nan,
            interval_c_hat=nan,
            null_chisq=nan,
            null_c_hat=nan,
        )
    null, null_point = problem.baseline()
    groups = [_saturated_group(problem, group) for group in problem.moments.groups]
    chisq, factor = _chisq_and_factor(problem, point, groups, standard.df)
    null_df = problem.n_moments - null.table.n_free
    null_chisq, null_factor = _chisq_and_factor(null, null_point, groups, null_df)
    return RobustBasis(
        chisq=chisq,
        c_hat=factor,
        scaled_chisq=chisq / factor,
        interval_c_hat=factor,
        null_chisq=null_chisq,
        null_c_hat=null_factor,
    )


def _saturated_group(problem: IncompleteProblem, group: GroupMoments) -> SaturatedGroup:
    """Compute the information matrices of a group's saturated moments."""
    fixed, options = problem.fixed, problem.options

    def information(kind: Information) -> Array:
        return moment_information(group, kind, mean=group.mean, cov=group.cov, fixed=fixed)

    observed = information("observed")
    moments = np.flatnonzero(np.diagonal(observed))
    block = np.ix_(moments, moments)
    weight = _complete_weight(group.cov, problem.covariates)[block]
    inverse = np.linalg.inv(observed[block])
    crossed = weight @ inverse
    kind, robust = options.information[0], options.scaled_test is not None
    inner = observed[block] if kind == "observed" else information(kind)[block]
    meat = information("first.order")[block] if robust else None
    trace = float(np.trace(crossed) if meat is None else ((inverse @ crossed) * meat).sum())
    return SaturatedGroup(
        share=group.n / problem.moments.n,
        moments=moments,
        inner=inner,
        complete=weight,
        crossed=crossed,
        meat=meat,
        trace=trace,
    )


def _complete_weight(cov: Array, covariates: Sequence[int]) -> Array:
    """Return W_c; as in lavaan without the covariates' own moments, even where they are free."""
    inverse = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    return normal_theory_weight(inverse, meanstructure=True, fixed=covariates)


def _chisq_and_factor(
    problem: IncompleteProblem, point: FimlPoint, groups: Sequence[SaturatedGroup], df: float
) -> tuple[float, float]:
    """Return the complete-data chi-square of one model at its estimates, and its scaling factor."""
    chisq = 0.0
    for sample, at in zip(complete_samples(problem.moments), point.groups, strict=True):
        fitted = likelihood_point(sample, at.implied)
        chisq += (
            np.nan if fitted is None else 2.0 * problem.moments.n * sample.weight * fitted.value
        )
    deltas = [
        jacobian(places, at.implied, means=True)[group.moments]
        for places, at, group in zip(problem.structures, point.groups, groups, strict=True)
    ]
    information = _summed(groups, deltas, [group.inner for group in groups])
    bread = inverse_within(problem.constraints, information, point.theta)
    if df <= 0 or bread is None:
        return chisq, float("nan")
    return chisq, _expectation(groups, deltas, bread) / df


def _expectation(groups: Sequence[SaturatedGroup], deltas: Sequence[Array], bread: Array) -> float:
    """Return df c, by the formulas at the top."""
    total = sum(group.trace for group in groups)
    complete = _summed(groups, deltas, [group.complete for group in groups])
    meats = [group.meat for group in groups if group.meat is not None]
    if not meats:
        return total - float((bread * complete).sum())
    crossed = [group.crossed @ meat for group, meat in zip(groups, meats, strict=True)]
    total -= 2.0 * float((bread * _summed(groups, deltas, crossed)).sum())
    inner = bread @ _summed(groups, deltas, meats) @ bread
    return total + float((complete * inner).sum())


def _summed(
    groups: Sequence[SaturatedGroup], deltas: Sequence[Array], weights: Sequence[Array]
) -> Array:
    """Return the sum over groups of share Delta' W Delta (q, q)."""
    parts = zip(groups, deltas, weights, strict=True)
    return sum(  # type: ignore[return-value]
        group.share * (delta.T @ (weight @ delta)) for group, delta, weight in parts
    )
