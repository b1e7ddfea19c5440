"""The incomplete-data likelihood as a function of a model's parameters.

An `Objective` for the optimiser, and the information matrices of theta. They are sums over patterns
of traces with the pattern's inverse covariance P_k. That matrix differs from the inverse P of the
whole covariance by a matrix of rank m_k, the number of variables missing,

    P_k = P - V_k' V_k,   V_k = R' P[M, :],   R R' = (P_MM)^-1,

and every derivative of Sigma has rank two (see :mod:`.implied`). So what P contributes is a lookup
as with complete data, and what V_k takes away a cross-product of "features" with a few rows for
each pattern: no matrix of order p(p+1)/2 is formed, however many patterns there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.discrepancy import IMPOSSIBLE
from loyaltysem.estimation.implied import (
    adjoint,
    compress,
    curvature,
    implied_moments,
    mean_cov_products,
    mean_products,
    scatter_square,
    trace_products,
)
from loyaltysem.estimation.incomplete.likelihood import mean_precision
from loyaltysem.estimation.incomplete.saturated import complete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.incomplete.saturated import Completion
    from loyaltysem.estimation.structure import Structure

    Array = NDArray[np.float64]

CHUNK_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteSample:
    """One group's incomplete data.

    ``weight`` is the group's share of all respondents, ``deviance`` minus twice the saturated
    log-likelihood without its constant, divided by the group's n.
    """

    patterns: MissingPatterns
    weight: float
    deviance: float


@dataclass(frozen=True, slots=True)
class IncompleteGroup:
    """A group's share of a point: implied moments, E-step, and derivatives by the moments."""

    implied: Implied
    state: Completion
    d_sigma: Array
    d_mu: Array


@dataclass(frozen=True, slots=True)
class FimlPoint:
    """Half of -2 log L / n, less its saturated value, at one theta (q,)."""

    theta: Array
    structures: tuple[Structure, ...]
    samples: tuple[IncompleteSample, ...]
    groups: tuple[IncompleteGroup, ...]

    @property
    def value(self) -> float:
        """The objective's value; inf when some implied matrix is not positive definite."""
        if len(self.groups) < len(self.samples):
            return IMPOSSIBLE
        return sum(
            0.5 * sample.weight * (group.state.deviance / sample.patterns.n - sample.deviance)
            for sample, group in zip(self.samples, self.groups, strict=True)
        )

    def gradient(self) -> Array:
        """Return the gradient (q,)."""
        parts = zip(self.structures, self.samples, self.groups, strict=True)
        return sum(  # type: ignore[return-value]
            sample.weight * adjoint(structure, group.implied, group.d_sigma, group.d_mu)
            for structure, sample, group in parts
        )

    def information(self) -> Array:
        """Return the expected unit information that complete data would have (q, q).

        The optimiser's metric away from the optimum: cheap, and never smaller than the true one.
        """
        return self._sum(_complete_information)

    def expected_information(self) -> Array:
        """Return the expected unit information, given which values are missing (q, q)."""
        return self._sum(_information)

    def hessian(self) -> Array:
        """Return the analytic Hessian (q, q)."""
        return self._sum(_hessian)

    def _sum(self, part: Callable[[Structure, MissingPatterns, IncompleteGroup], Array]) -> Array:
        parts = zip(self.structures, self.samples, self.groups, strict=True)
        return sum(  # type: ignore[return-value]
            scatter_square(structure, sample.weight * part(structure, sample.patterns, group))
            for structure, sample, group in parts
        )


@dataclass(frozen=True, slots=True)
class FimlObjective:
    """The incomplete-data likelihood of all groups as a function of theta."""

    structures: tuple[Structure, ...]
    samples: tuple[IncompleteSample, ...]

    def at(self, theta: Array) -> FimlPoint:
        """Return the objective at ``theta``; groups after an impossible one are not computed."""
        groups: list[IncompleteGroup] = []
        for structure, sample in zip(self.structures, self.samples, strict=True):
            try:
                groups.append(group_point(sample.patterns, implied_moments(structure, theta)))
            except np.linalg.LinAlgError:
                break
        return FimlPoint(theta, self.structures, self.samples, tuple(groups))


def group_point(patterns: MissingPatterns, point: Implied) -> IncompleteGroup:
    """Return the E-step of one group at implied moments, with the derivatives by them.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the implied covariance matrix is not positive definite.
    """
    state = complete(patterns, point.mu, point.sigma)
    spread = state.weighted.T @ state.weighted / patterns.n
    return IncompleteGroup(
        implied=point,
        state=state,
        d_sigma=0.5 * (mean_precision(patterns, state) - spread),
        d_mu=-(patterns.root_weight @ state.weighted) / patterns.n,
    )


def _complete_information(
    structure: Structure,
    patterns: MissingPatterns,  # noqa: ARG001
    group: IncompleteGroup,
) -> Array:
    table = compress(group.implied, group.state.precision)
    total: Array = 0.5 * trace_products(structure, table)
    return total + mean_products(structure, group.implied, table)


def _information(structure: Structure, patterns: MissingPatterns, group: IncompleteGroup) -> Array:
    average = compress(group.implied, mean_precision(patterns, group.state))
    total: Array = 0.5 * _precision_products(structure, patterns, group)
    return total + mean_products(structure, group.implied, average)


def _hessian(structure: Structure, patterns: MissingPatterns, group: IncompleteGroup) -> Array:
    """Return the second derivatives of one group (k, k).

    With e_i the change of x under parameter i, they are the average e_i' P_k e_j, less half the
    trace of P_k dSigma_i P_k dSigma_j, plus what the second derivatives of the moments add.
    """
    total = curvature(structure, group.implied, group.d_sigma, group.d_mu)
    total += _change_products(structure, patterns, group)
    total -= 0.5 * _precision_products(structure, patterns, group)
    return total


def _precision_products(
    structure: Structure, patterns: MissingPatterns, group: IncompleteGroup
) -> Array:
    """Return the average over respondents of trace(P_k dSigma_i P_k dSigma_j) (k, k)."""
    precision = group.state.precision
    removed = precision @ (group.state.conditional / patterns.n) @ precision
    table = compress(group.implied, precision)
    whole = trace_products(structure, table, compress(group.implied, 0.5 * precision - removed))
    total = whole + whole.T
    for part in feature_parts(structure, patterns, group):
        features = part.of_covariance() / np.sqrt(patterns.n)
        total += features.T @ features
    return total


def _change_products(
    structure: Structure, patterns: MissingPatterns, group: IncompleteGroup
) -> Array:
    """Return the average over respondents of e_i' P_k e_j, e_i = dSigma_i x + dmu_i (k, k)."""
    point, weighted = group.implied, group.state.weighted
    table = compress(point, group.state.precision)
    spread = compress(point, weighted.T @ weighted / patterns.n)
    crossed = mean_cov_products(structure, point, table, -group.d_mu)
    total = trace_products(structure, table, spread) + mean_products(structure, point, table)
    total += crossed + crossed.T
    for part in feature_parts(structure, patterns, group):
        features = part.of_change() / np.sqrt(patterns.n)
        total -= features.T @ features
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePart:
    """Some patterns that lack m variables each: V_k C, and what their rows see of the basis C.

    ``pattern`` (K,) are their positions, ``counts`` (K,) their respondents, ``reach`` (K, m, r)
    holds V_k C; ``seen`` (R, r) holds x' C of the rows, ``root_weight`` (R,), and ``owner`` (R,)
    each row's pattern.
    """

    structure: Structure
    slope: Array
    pattern: NDArray[np.intp]
    counts: Array
    reach: Array
    seen: Array
    root_weight: Array
    owner: NDArray[np.intp]

    def of_covariance(self) -> Array:
        """Return sqrt(n_k) V_k dSigma_i V_k' for every pattern, as rows (K m(m+1)/2, k)."""
        s = self.structure
        first, second = np.triu_indices(self.reach.shape[1])
        size = np.sqrt(np.where(first == second, 1.0, 2.0) * self.counts[:, np.newaxis])
        left, right = self.reach[..., s.left], self.reach[..., s.right] * s.weight
        entries = left[:, first] * right[:, second]
        entries += right[:, first] * left[:, second]
        entries *= size[:, :, np.newaxis]
        return entries.reshape(-1, entries.shape[-1])

    def of_change(self) -> Array:
        """Return V_k e_i for every row of the data, as rows (R m, k)."""
        s = self.structure
        reach = self.reach[self.owner]
        along = self.seen[:, s.right] * s.weight + np.outer(self.root_weight, self.slope)
        entries = reach[..., s.left] * along[:, np.newaxis]
        entries += reach[..., s.right] * (self.seen[:, s.left] * s.weight)[:, np.newaxis]
        return entries.reshape(-1, entries.shape[-1])


def feature_parts(
    structure: Structure, patterns: MissingPatterns, group: IncompleteGroup
) -> Iterator[FeaturePart]:
    """Yield the incomplete patterns in parts whose features fit into little memory."""
    state, basis = group.state, group.implied.basis
    pulled, seen = state.precision @ basis, state.weighted @ basis
    for block, inverse in zip(patterns.blocks, state.inverses, strict=True):
        m = block.missing.shape[1]
        if not m:
            continue
        height = m * max(m + 1, 2 * len(block.rows) // len(block.pattern))
        step = max(1, CHUNK_CELLS // (height * len(structure.free)))
        root = np.linalg.cholesky(inverse).swapaxes(1, 2)
        for start in range(0, len(block.pattern), step):
            chosen = slice(start, start + step)
            first, last = np.searchsorted(block.owner, [start, start + step])
            rows = block.rows[first:last]
            yield FeaturePart(
                structure=structure,
                slope=group.implied.slope,
                pattern=block.pattern[chosen],
                counts=block.counts[chosen],
                reach=root[chosen] @ pulled[block.missing[chosen]],
                seen=seen[rows],
                root_weight=patterns.root_weight[rows],
                owner=block.owner[first:last] - start,
            )
