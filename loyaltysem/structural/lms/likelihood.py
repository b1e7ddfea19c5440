r"""The log-likelihood of a moderated model, with exact first and second derivatives.

    log p(y_i) = log sum_k w_k p(y_i, z_k),      post_ik = w_k p(y_i, z_k) / p(y_i)

The gradient is the posterior mean of the complete-data gradient (Fisher's identity), which needs of
each node only posterior-weighted counts, means and cross-products. The Hessian is that of the
complete data less what the moderators' uncertainty takes away (Louis 1982):

    -d2 log p(y_i) = E_i[-d2 log p(y_i, z)] - Var_i[d log p(y_i, z)].

Values are the negative log-likelihood per respondent, so that the Hessian is the unit information.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

from loyaltysem.estimation.implied import (
    adjoint,
    bending,
    compress,
    implied_moments,
    mean_cov_products,
    mean_products,
    scatter,
    scatter_square,
    trace_products,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.structural.lms.conditional import ConditionalModel

    Array = NDArray[np.float64]

CHUNK = 4_000_000
"""Numbers that an intermediate array may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Respondents who answered the same variables and share their observed moderators.

    ``rows`` (b,) are their places among all respondents, ``answers`` (b, c) what they answered in
    the ``columns`` (c,) of the model, ``nodes`` (K, r) where they are integrated and
    ``log_weights`` (b, K) what each node counts: -inf for one that does not have the respondent's
    own moderators.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    answers: Array
    nodes: Array
    log_weights: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LmsObjective:
    """The negative log-likelihood per respondent as a function of theta (q,).

    ``n_nodes`` counts the nodes of each respondent's integral; ``reference`` is subtracted from the
    value, a constant that keeps it near zero.
    """

    model: ConditionalModel
    blocks: tuple[Block, ...]
    n: int
    n_nodes: int
    reference: float = 0.0

    def at(self, theta: Array) -> LmsPoint:
        """Return the objective at ``theta``; infinite where a moment matrix is impossible."""
        parts = []
        for block in self.blocks:
            part = block_point(self.model, block, theta)
            if part is None:
                return LmsPoint(self, ())
            parts.append(part)
        return LmsPoint(self, tuple(parts))


@dataclass(frozen=True)
class BlockPoint:
    """One block at one theta.

    Attributes
    ----------
    model, block
        What it is a point of.
    implied
        Moments of (y, latent moderators) at every node.
    precision
        Inverse covariance matrices (K, P, P) of what the block observes, zero elsewhere.
    offset
        Sigma^-1 (node - mu) of the moderators' part (K, P): what is added to ``precision y``.
    log_joint
        log w_k p(y_i, z_k) (b, K).
    """

    model: ConditionalModel
    block: Block
    implied: Implied
    precision: Array
    offset: Array
    log_joint: Array

    @cached_property
    def loglik(self) -> Array:
        """Log-likelihood of each respondent (b,)."""
        return np.asarray(logsumexp(self.log_joint, axis=1), dtype=np.float64)

    @cached_property
    def posterior(self) -> Array:
        """Probability of each node, given the answers (b, K)."""
        return np.asarray(np.exp(self.log_joint - self.loglik[:, None]), dtype=np.float64)

    @cached_property
    def moments(self) -> tuple[Array, Array, Array]:
        """Posterior count (K,), -dF/dmu (K, P) and dF/dSigma (K, P, P) of the summed loss."""
        counts = self.posterior.sum(axis=0)
        answers, columns = self.block.answers, self.block.columns
        weighted = self.posterior.T[:, :, None] * answers  # (K, b, c)
        first = weighted.sum(axis=1)
        second = weighted.swapaxes(1, 2) @ answers
        seen = self.precision[:, :, columns]
        turned = (seen @ first[..., None])[..., 0]
        mixed = turned[:, :, None] * self.offset[:, None, :]
        outer = seen @ second @ seen.swapaxes(1, 2) + mixed + mixed.swapaxes(1, 2)
        outer += counts[:, None, None] * self.offset[:, :, None] * self.offset[:, None, :]
        pull = turned + counts[:, None] * self.offset
        return counts, pull, 0.5 * (counts[:, None, None] * self.precision - outer)

    def gradient(self) -> Array:
        """Return the gradient of the summed negative log-likelihood (q,)."""
        _, pull, d_sigma = self.moments
        entries = adjoint(self.structure, self.implied, d_sigma, -pull)
        collected = self.model.collected(entries, self.block.nodes)
        return np.asarray(collected.sum(axis=0), dtype=np.float64)

    @property
    def structure(self) -> Structure:
        """Where the extended parameters enter."""
        return self.model.structure

    def complete_information(self) -> Array:
        """Return the expected information (q, q) that known moderators would give, summed."""
        counts, *_ = self.moments
        table = compress(self.implied, self.precision)
        unit = 0.5 * trace_products(self.structure, table)
        unit += mean_products(self.structure, self.implied, table)
        return self._gathered(counts[:, None, None] * unit)

    def complete_hessian(self) -> Array:
        """Return the posterior mean of the complete data's negative second derivatives, summed."""
        counts, pull, d_sigma = self.moments
        structure, point = self.structure, self.implied
        weight = counts[:, None, None]
        table, slope = compress(point, self.precision), compress(point, d_sigma)
        total = trace_products(structure, table, 0.5 * weight * table - 2.0 * slope)
        crossed = mean_cov_products(structure, point, table, pull)
        along = -(pull[:, None, :] @ point.basis)[:, 0][:, structure.left]
        total = total + bending(structure, point, slope, along) + crossed
        total = total + crossed.swapaxes(-1, -2)
        return self._gathered(total + weight * mean_products(structure, point, table))

    def _gathered(self, entries: Array) -> Array:
        full = scatter_square(self.structure, entries)
        return self.model.collected_square(full, self.block.nodes)

    def scores(self) -> Iterator[tuple[Array, Array]]:
        """Yield scores d log p(y_i, z_k) (b', K, q) with posteriors (b', K), in chunks of rows."""
        structure, point = self.structure, self.implied
        basis = point.basis.swapaxes(-1, -2)  # (K, R, P)
        across = basis @ self.precision @ point.basis
        expected = across[:, structure.left, structure.right]
        seen = basis @ self.precision[:, :, self.block.columns]
        constant = (basis @ self.offset[..., None])[..., 0]
        step = max(1, CHUNK // (len(constant) * max(constant.shape[1], self.model.n_free)))
        for start in range(0, len(self.block.rows), step):
            rows = slice(start, start + step)
            along = (seen @ self.block.answers[rows].T).swapaxes(1, 2) + constant[:, None, :]
            left, right = along[..., structure.left], along[..., structure.right]
            entries = structure.weight * (left * right - expected[:, None, :])
            entries += point.slope[:, None, :] * left
            full = scatter(structure, entries.swapaxes(0, 1))
            yield self.model.collected(full, self.block.nodes), self.posterior[rows]


def block_point(model: ConditionalModel, block: Block, theta: Array) -> BlockPoint | None:
    """Return a block's point, or None when a node's covariance matrix is not positive definite."""
    implied = implied_moments(model.structure, model.extended(theta, block.nodes))
    p, n_latent = model.structure.p, len(model.latent)
    columns = np.concatenate([block.columns, np.arange(p - n_latent, p)])
    sigma = implied.sigma[:, columns[:, None], columns]
    if not np.isfinite(sigma).all():
        return None
    try:
        factor = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        return None
    inverse = np.linalg.inv(factor)
    seen = len(block.columns)
    shift = -implied.mu[:, columns]
    shift[:, seen:] += block.nodes[:, model.latent]
    white = inverse[:, :, :seen] @ block.answers.T + (inverse @ shift[..., None])
    squares = np.einsum("kci,kci->ik", white, white, optimize=False)
    log_det = 2.0 * np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(axis=-1)
    constant = len(columns) * np.log(2.0 * np.pi) + log_det
    small = inverse.swapaxes(-1, -2) @ inverse
    precision = np.zeros((len(block.nodes), p, p))
    precision[:, columns[:, None], columns] = small
    offset = np.zeros((len(block.nodes), p))
    offset[:, columns] = (small @ shift[..., None])[..., 0]
    return BlockPoint(
        model=model,
        block=block,
        implied=implied,
        precision=precision,
        offset=offset,
        log_joint=block.log_weights - 0.5 * (constant + squares),
    )


@dataclass(frozen=True, slots=True)
class LmsPoint:
    """The objective at one theta; see :class:`~loyaltysem.estimation.discrepancy.Point`."""

    objective: LmsObjective
    parts: tuple[BlockPoint, ...]

    @property
    def value(self) -> float:
        """Negative log-likelihood per respondent less the reference, inf where impossible."""
        if not self.parts:
            return float("inf")
        return -self.loglik / self.objective.n - self.objective.reference

    @property
    def loglik(self) -> float:
        """Log-likelihood of all respondents."""
        return float(sum(part.loglik.sum() for part in self.parts))

    def gradient(self) -> Array:
        """Return the gradient (q,)."""
        total = np.sum([part.gradient() for part in self.parts], axis=0)
        return np.asarray(total / self.objective.n, dtype=np.float64)

    def information(self) -> Array:
        """Return the unit information (q, q) that known moderators would give."""
        total = np.sum([part.complete_information() for part in self.parts], axis=0)
        return np.asarray(total / self.objective.n, dtype=np.float64)

    def hessian(self) -> Array:
        """Return the matrix of second derivatives (q, q): the observed unit information."""
        total = np.sum([part.complete_hessian() for part in self.parts], axis=0)
        for part in self.parts:
            for scores, posterior in part.scores():
                total = total - _spread(scores, posterior)
        return np.asarray(total / self.objective.n, dtype=np.float64)

    def score_products(self) -> Array:
        """Return the cross-products of respondents' scores, per respondent (q, q)."""
        total = np.zeros((self.objective.model.n_free, self.objective.model.n_free))
        for part in self.parts:
            for scores, posterior in part.scores():
                mean = (posterior[:, None, :] @ scores)[:, 0]
                total += mean.T @ mean
        return total / self.objective.n


def _spread(scores: Array, posterior: Array) -> Array:
    """Return the summed posterior covariance matrix of the complete-data scores (q, q)."""
    mean = (posterior[:, None, :] @ scores)[:, 0]
    rooted = (np.sqrt(posterior)[..., None] * scores).reshape(-1, scores.shape[-1])
    return np.asarray(rooted.T @ rooted - mean.T @ mean, dtype=np.float64)
