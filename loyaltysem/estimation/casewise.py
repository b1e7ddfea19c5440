"""Casewise derivatives of the normal log-likelihood with respect to the free parameters.

Every derivative of Sigma is w (C_l C_r' + C_r C_l') with columns of the basis C (see
:mod:`.implied`). For a weighted row v = Sigma^-1 (y - mu), the product 1/2 v' dSigma v is therefore
w (v'C_l)(v'C_r): one product with the basis and one gather, without p(p+1)/2 moments per row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import centred_chunks
from loyaltysem.estimation.implied import scatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.structure import Structure

    Array = NDArray[np.float64]


def quadratic_scores(structure: Structure, point: Implied, weighted: Array) -> Array:
    """Return 1/2 v' (dSigma/dtheta) v for rows v: (n, p) to (n, q)."""
    projected = weighted @ point.basis
    entries = projected[:, structure.left]
    entries *= projected[:, structure.right]
    entries *= structure.weight
    return scatter(structure, entries)


def linear_scores(structure: Structure, point: Implied, weighted: Array) -> Array:
    """Return v' (dmu/dtheta) for rows v: (n, p) to (n, q)."""
    return scatter(structure, (weighted @ point.basis[:, structure.left]) * point.slope)


def half_trace(structure: Structure, point: Implied, inverse: Array) -> Array:
    """Return 1/2 tr(W dSigma/dtheta) for a symmetric W (p, p): (q,)."""
    table = point.basis.T @ inverse @ point.basis
    return scatter(structure, structure.weight * table[structure.left, structure.right])


def casewise_scores(
    data: Array,
    mean: Array,
    inverse: Array,
    structure: Structure,
    point: Implied,
    *,
    meanstructure: bool,
) -> Iterator[Array]:
    """Yield the respondents' derivatives of their log-likelihood, in chunks of rows (rows, q).

    Parameters
    ----------
    data
        Complete rows (n, p).
    mean
        Implied means (p,); the sample means without a mean structure.
    inverse
        Inverse of the implied covariance matrix (p, p).
    structure, point
        Structure of the group, and its implied moments at the estimates.
    meanstructure
        Whether the means are modelled.
    """
    constant = half_trace(structure, point, inverse)
    width = 3 * len(structure.free) + structure.n_free
    for centred, _ in centred_chunks(data, mean, width=width):
        weighted = centred @ inverse
        block = quadratic_scores(structure, point, weighted) - constant
        if meanstructure:
            block += linear_scores(structure, point, weighted)
        yield block


def first_order_information(blocks: Iterable[Array], n: int) -> Array:
    """Return the mean cross-product of casewise scores, 1/n sum s s' (q, q)."""
    total: Array = sum((block.T @ block for block in blocks), start=np.zeros(()))
    return total / n


def normal_theory_meat(
    data: Array,
    inverse: Array,
    structure: Structure,
    point: Implied,
    *,
    meanstructure: bool,
    fixed: Sequence[int] = (),
) -> Array:
    """Return Delta' V Gamma V Delta of one group without forming V or Gamma (q, q).

    V is the normal-theory weight at the implied moments, Gamma the distribution-free covariance of
    the sample moments. For a respondent's moments z, z'V Delta_k = 1/2 v'dSigma_k v up to a
    constant, so that the result is the covariance matrix (divisor n) of those numbers.

    Parameters
    ----------
    data
        Complete rows (n, p).
    inverse
        Inverse of the implied covariance matrix (p, p).
    structure, point
        Structure of the group, and its implied moments at the estimates.
    meanstructure
        Whether the means are modelled.
    fixed
        Columns of exogenous covariates held fixed.
    """
    q = structure.n_free
    total, products = np.zeros(q), np.zeros((q, q))
    for centred, fitted in centred_chunks(data, None, fixed, width=3 * len(structure.free) + q):
        block = quadratic_scores(structure, point, centred @ inverse)
        if fitted is not None:
            block -= quadratic_scores(structure, point, fitted @ inverse)
        if meanstructure:
            residual = centred if fitted is None else centred - fitted
            block += linear_scores(structure, point, residual @ inverse)
        total += block.sum(axis=0)
        products += block.T @ block
    meat: Array = products / len(data) - np.outer(total, total) / len(data) ** 2
    return meat
