"""Discrepancies between sample and implied moments: value, gradient, information, Hessian.

An `Objective` is what the optimiser sees: a function of theta that returns a `Point`, which answers
for its value, gradient, expected information and Hessian only when asked. Values are lavaan's: half
the discrepancy, averaged over groups with their shares of the rows, so that the Hessian estimates
the unit information and n times twice the minimum is the chi-square.

    ML    (1/2) [log|Sigma| + tr(S Sigma^-1) + (m - mu)' Sigma^-1 (m - mu) - log|S| - p]
    GLS   (1/2) (n-1)/n [(1/2) tr{(S^-1 (S - Sigma))^2} + (m - mu)' S^-1 (m - mu)]
    WLS   (1/2) (n-1)/n (s - sigma)' V (s - sigma),   s = (m, vech S)

V is the inverse of the asymptotic covariance of s (WLS), its diagonal (DWLS) or the identity (ULS).
S has divisor n under ML with normal likelihood and n - 1 otherwise. Jöreskog (1967), Browne (1974,
1984); scaling as in lavaan's lav_model_objective.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri

from loyaltysem.estimation.implied import (
    Implied,
    adjoint,
    bending,
    compress,
    curvature,
    implied_moments,
    jacobian,
    mean_cov_products,
    mean_products,
    pulled_back,
    scatter_square,
    trace_products,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.structure import Structure


class Point(Protocol):
    """An objective at one theta; ``value`` is inf where the moments cannot be."""

    @property
    def value(self) -> float:
        """The objective's value."""
        ...

    def gradient(self) -> NDArray[np.float64]:
        """Return the gradient (q,)."""
        ...

    def information(self) -> NDArray[np.float64]:
        """Return the expected unit information (q, q), positive semidefinite everywhere."""
        ...

    def hessian(self) -> NDArray[np.float64]:
        """Return the matrix of second derivatives (q, q)."""
        ...


class Objective(Protocol):
    """A discrepancy as a function of theta (q,)."""

    def at(self, theta: NDArray[np.float64]) -> Point:
        """Return the objective at ``theta``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a discrepancy needs of one group's moments.

    ``weight`` is the group's share of all rows, ``shrink`` the factor (n-1)/n of least squares (1
    under ML), ``means`` whether means are modelled, ``log_det`` log|S|, ``weights`` the weight
    matrix V (t, t) of WLS or its diagonal (t,), or S^-1 for GLS.
    """

    cov: NDArray[np.float64]
    mean: NDArray[np.float64]
    weight: float
    means: bool
    log_det: float = 0.0
    shrink: float = 1.0
    weights: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class GroupPoint:
    """A group's share of a point: implied moments and derivatives by them.

    ``d_sigma`` and ``d_mu`` as in `implied.adjoint`; ``inner`` is the matrix X whose traces give
    the information (Sigma^-1 under ML, S^-1 under GLS).
    """

    implied: Implied
    value: float
    inner: NDArray[np.float64]
    d_sigma: NDArray[np.float64]
    d_mu: NDArray[np.float64] | None
    is_likelihood: bool = False

    @cached_property
    def slope_table(self) -> NDArray[np.float64]:
        """Traces with dF/dSigma, see `implied.compress`."""
        return compress(self.implied, self.d_sigma)

    @cached_property
    def inner_table(self) -> NDArray[np.float64]:
        """Traces with ``inner``."""
        return compress(self.implied, self.inner)


IMPOSSIBLE = float("inf")


def cholesky_or_none(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the lower Cholesky factor, or None when the matrix is not positive definite."""
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def inverse_and_log_determinant(
    matrix: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float] | None:
    """Return inverse and log determinant, or None when the matrix is not positive definite."""
    factor, failed = dpotrf(matrix.T, lower=1, clean=1)
    if failed:
        return None
    diagonal = factor.diagonal()
    log_det = 2.0 * float(np.log(diagonal).sum())
    lower, _ = dpotri(factor, lower=1, overwrite_c=1)
    inverse = lower + lower.T
    inverse.flat[:: len(inverse) + 1] *= 0.5
    return inverse, log_det


def log_determinant(matrix: NDArray[np.float64]) -> float:
    """Return the log determinant of a positive definite matrix (nan when it is not)."""
    sign, value = np.linalg.slogdet(matrix)
    return float(value) if sign > 0 else float("nan")


def likelihood_point(sample: Sample, implied: Implied) -> GroupPoint | None:
    """Return the ML discrepancy of one group, or None when Sigma is not positive definite."""
    inverted = inverse_and_log_determinant(implied.sigma)
    if inverted is None:
        return None
    precision, log_det = inverted
    observed, d_mu = sample.cov, None
    if sample.means:
        deviation = sample.mean - implied.mu
        observed = observed + np.multiply.outer(deviation, deviation)
        d_mu = -(precision @ deviation)
    value = 0.5 * (log_det + float((precision * observed).sum()) - sample.log_det - len(precision))
    d_sigma = 0.5 * (precision - precision @ observed @ precision)
    return GroupPoint(implied, value, precision, d_sigma, d_mu, is_likelihood=True)


def generalized_point(sample: Sample, implied: Implied) -> GroupPoint | None:
    """Return the GLS discrepancy of one group; ``sample.weights`` is S^-1."""
    precision = sample.weights
    if precision is None:
        return None
    scaled = precision @ (sample.cov - implied.sigma)
    value = 0.25 * sample.shrink * float((scaled * scaled.T).sum())
    d_mu = None
    if sample.means:
        deviation = sample.mean - implied.mu
        d_mu = -sample.shrink * (precision @ deviation)
        value -= 0.5 * float(d_mu @ deviation)
    d_sigma = -0.5 * sample.shrink * (scaled @ precision)
    return GroupPoint(implied, value, precision, d_sigma, d_mu)


@dataclass(frozen=True, slots=True)
class MomentPoint:
    """A point of ML or GLS over all groups."""

    structures: tuple[Structure, ...]
    samples: tuple[Sample, ...]
    groups: tuple[GroupPoint, ...]

    @property
    def value(self) -> float:
        """The objective's value; inf when some implied matrix is not positive definite."""
        if len(self.groups) < len(self.samples):
            return IMPOSSIBLE
        pairs = zip(self.samples, self.groups, strict=True)
        return sum(sample.weight * group.value for sample, group in pairs)

    def gradient(self) -> NDArray[np.float64]:
        """Return the gradient (q,)."""
        parts = zip(self.structures, self.samples, self.groups, strict=True)
        return sum(  # type: ignore[return-value]
            sample.weight * pulled_back(structure, group.implied, group.slope_table, group.d_mu)
            for structure, sample, group in parts
        )

    def information(self) -> NDArray[np.float64]:
        """Return the expected unit information (q, q)."""
        return self._sum(_information)

    def hessian(self) -> NDArray[np.float64]:
        """Return the analytic Hessian (q, q)."""
        return self._sum(_hessian)

    def _sum(
        self, part: Callable[[Structure, Sample, GroupPoint], NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        parts = zip(self.structures, self.samples, self.groups, strict=True)
        return sum(  # type: ignore[return-value]
            scatter_square(structure, sample.weight * part(structure, sample, group))
            for structure, sample, group in parts
        )


def _information(structure: Structure, sample: Sample, group: GroupPoint) -> NDArray[np.float64]:
    table = group.inner_table
    total = 0.5 * trace_products(structure, table)
    if sample.means:
        total += mean_products(structure, group.implied, table)
    return total


def _hessian(structure: Structure, sample: Sample, group: GroupPoint) -> NDArray[np.float64]:
    point = group.implied
    if not group.is_likelihood:
        bent = curvature(structure, point, group.d_sigma, group.d_mu)
        return sample.shrink * _information(structure, sample, group) + bent
    table, slope = group.inner_table, group.slope_table
    total = trace_products(structure, table, 0.5 * table - 2.0 * slope)
    if group.d_mu is None:
        return total + bending(structure, point, slope)
    crossed = mean_cov_products(structure, point, table, -group.d_mu)
    along = (group.d_mu @ point.basis)[structure.left]
    bent = bending(structure, point, slope, along) + mean_products(structure, point, table)
    return total + bent + crossed + crossed.T


@dataclass(frozen=True, slots=True)
class MomentObjective:
    """ML or GLS, by the function that gives one group's point."""

    structures: tuple[Structure, ...]
    samples: tuple[Sample, ...]
    group_point: Callable[[Sample, Implied], GroupPoint | None]

    def at(self, theta: NDArray[np.float64]) -> MomentPoint:
        """Return the objective at ``theta``; groups after an impossible one are not computed."""
        points: list[GroupPoint] = []
        for structure, sample in zip(self.structures, self.samples, strict=True):
            point = self.group_point(sample, implied_moments(structure, theta))
            if point is None:
                break
            points.append(point)
        return MomentPoint(self.structures, self.samples, tuple(points))


@dataclass(frozen=True, slots=True)
class LeastSquaresPoint:
    """A point of ULS, DWLS or WLS on (m, vech S) over all groups."""

    structures: tuple[Structure, ...]
    samples: tuple[Sample, ...]
    groups: tuple[Implied, ...]

    @property
    def value(self) -> float:
        """The objective's value."""
        total = 0.0
        for sample, structure, implied in self._parts():
            residual = _residual(structure, sample, implied)
            total += sample.weight * sample.shrink * float(residual @ _weighted(sample, residual))
        return 0.5 * total

    def gradient(self) -> NDArray[np.float64]:
        """Return the gradient (q,)."""
        total = np.zeros(self.structures[0].n_free)
        for sample, structure, implied in self._parts():
            total += sample.weight * adjoint(
                structure, implied, *_slopes(structure, sample, implied)
            )
        return total

    def information(self) -> NDArray[np.float64]:
        """Return Delta' V Delta (q, q), averaged over groups."""
        total: NDArray[np.float64] = np.zeros(())
        for sample, structure, implied in self._parts():
            delta = jacobian(structure, implied, means=sample.means)
            total = total + sample.weight * (delta.T @ _weighted(sample, delta))
        return total

    def hessian(self) -> NDArray[np.float64]:
        """Return the analytic Hessian (q, q)."""
        total: NDArray[np.float64] = np.zeros(())
        for sample, structure, implied in self._parts():
            delta = jacobian(structure, implied, means=sample.means)
            bent = curvature(structure, implied, *_slopes(structure, sample, implied))
            flat = sample.shrink * (delta.T @ _weighted(sample, delta))
            total = total + sample.weight * (flat + scatter_square(structure, bent))
        return total

    def _parts(self) -> zip[tuple[Sample, Structure, Implied]]:
        return zip(self.samples, self.structures, self.groups, strict=True)


def _residual(structure: Structure, sample: Sample, implied: Implied) -> NDArray[np.float64]:
    """Return s - sigma, means first."""
    cov = (sample.cov - implied.sigma)[structure.rows, structure.cols]
    return np.concatenate([sample.mean - implied.mu, cov]) if sample.means else cov


def _weighted(sample: Sample, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return V times ``values`` (t,) or (t, q)."""
    weights = sample.weights
    if weights is None:
        return values
    if weights.ndim == 1:
        return weights * values if values.ndim == 1 else weights[:, None] * values
    return weights @ values


def _slopes(
    structure: Structure, sample: Sample, implied: Implied
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return (dF/dSigma, dF/dmu) of one group."""
    slope = -sample.shrink * _weighted(sample, _residual(structure, sample, implied))
    d_mu, entries = (slope[: structure.p], slope[structure.p :]) if sample.means else (None, slope)
    d_sigma = np.zeros((structure.p, structure.p))
    d_sigma[structure.rows, structure.cols] = 0.5 * entries
    return d_sigma + d_sigma.T, d_mu


@dataclass(frozen=True, slots=True)
class LeastSquaresObjective:
    """ULS, DWLS or WLS on continuous data."""

    structures: tuple[Structure, ...]
    samples: tuple[Sample, ...]

    def at(self, theta: NDArray[np.float64]) -> LeastSquaresPoint:
        """Return the objective at ``theta``."""
        groups = tuple(implied_moments(structure, theta) for structure in self.structures)
        return LeastSquaresPoint(self.structures, self.samples, groups)


def moment_objective(
    estimator: str, structures: Sequence[Structure], samples: Sequence[Sample]
) -> Objective:
    """Return the objective of an estimator on complete continuous data.

    ``estimator`` is one of ML, GLS, ULS, WLS, DWLS.
    """
    if estimator == "ML":
        return MomentObjective(tuple(structures), tuple(samples), likelihood_point)
    if estimator == "GLS":
        return MomentObjective(tuple(structures), tuple(samples), generalized_point)
    return LeastSquaresObjective(tuple(structures), tuple(samples))
