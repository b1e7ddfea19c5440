"""Implied moments and variances of ordinal models as the rest of the room wants them.

Covariates that are conditioned on add to the variances of latent and observed variables: with
covariance matrix C and total effects Q of the covariates on the latent variables, Q C Q'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.standardized import Spread, implied_spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.ordinal.derivatives import OrdinalJacobian
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure

    Array = NDArray[np.float64]


def marginal_responses(
    structure: OrdinalStructure, point: OrdinalImplied, covariate_cov: Array
) -> Implied:
    """Return the moments of the responses with the covariates' share in the latent covariances.

    ``cov_lv`` and the columns of ``basis`` that hold Lambda E are those over all covariate values;
    ``sigma`` is left as it is given the covariates.
    """
    responses = point.responses
    if not structure.regressions:
        return responses
    effects = np.stack([one.mean_lv for one in point.regressions], axis=-1)
    cov_lv = responses.cov_lv + effects @ covariate_cov @ effects.T
    basis = np.array(responses.basis)
    reach = basis[:, structure.p : structure.p + structure.responses.m]
    loadings = reach @ np.linalg.inv(responses.inverse)
    basis[:, structure.p + structure.responses.m :] = loadings @ cov_lv
    return replace(responses, cov_lv=cov_lv, basis=basis)


def implied_records(
    structures: Sequence[OrdinalStructure],
    groups: Sequence[OrdinalImplied],
    covariate_covs: Sequence[Array],
) -> tuple[Implied, ...]:
    """Return implied moments by group: ``sigma`` holds correlations, ``cov_lv`` is marginal."""
    return tuple(
        replace(marginal_responses(structure, point, cov), sigma=point.cov)
        for structure, point, cov in zip(structures, groups, covariate_covs, strict=True)
    )


def ordinal_spread(
    structure: OrdinalStructure,
    point: OrdinalImplied,
    by: OrdinalJacobian,
    covariate_cov: Array,
    latent: Sequence[str],
) -> Spread:
    """Return the implied variances of latent variables, responses and covariates of one group.

    Variances are those of the responses, not of what is observed of them, as in lavaan's ``VY``.
    """
    total = marginal_responses(structure, point, covariate_cov)
    plain = implied_spread(structure.responses, total, latent)
    k = len(plain.latent)
    names = structure.matrices.covariates
    shared = point.slopes / point.scale[:, None] @ covariate_cov
    own = np.diagonal(point.responses.sigma)
    variances = own + np.einsum("ik,ik->i", shared, point.slopes / point.scale[:, None])
    slopes = by.vech[structure.diagonal] + 2.0 * np.einsum("ik,ikq->iq", shared, by.slopes)
    latent_slopes = plain.jacobian[:k] + _latent_extra(structure, point, by, covariate_cov, plain)
    return Spread(
        latent=plain.latent,
        observed=plain.observed
        | {name: k + structure.p + place for place, name in enumerate(names)},
        variances=np.concatenate([plain.variances[:k], variances, np.diagonal(covariate_cov)]),
        jacobian=np.vstack([latent_slopes, slopes, np.zeros((len(names), structure.n_free))]),
    )


def _latent_extra(
    structure: OrdinalStructure,
    point: OrdinalImplied,
    by: OrdinalJacobian,
    covariate_cov: Array,
    plain: Spread,
) -> Array:
    """Return the part of the latent variances' derivatives that Gamma and residuals in psi have."""
    names = structure.matrices.latent
    kept = [names.index(name) for name in plain.latent]
    inverse = point.responses.inverse[kept]
    extra = np.zeros((len(kept), structure.n_free))
    stand_ins = structure.matrices.stand_in[structure.inner]
    extra += inverse[:, stand_ins] ** 2 @ by.residual[structure.inner]
    if structure.regressions:
        effects = np.stack([one.mean_lv for one in point.regressions], axis=-1)
        shared = (effects @ covariate_cov)[kept]
        gamma = structure.matrices.gamma
        extra[:, gamma.free] += 2.0 * inverse[:, gamma.row] * shared[:, gamma.col]
    return extra
