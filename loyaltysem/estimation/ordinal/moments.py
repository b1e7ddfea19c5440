"""Moments of ordinal (and mixed) data: thresholds, correlations, and their asymptotic covariance.

The vector of moments has lavaan's order: for each variable its thresholds, or minus its mean when
it is numeric; the slopes on the covariates (covariate by covariate); the variances of numeric
variables; the covariances (correlations) below the diagonal, column by column.

Source: Muthén (1984), Psychometrika 49; the definitions are those of lavaan's ``muthen1984``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.moments import read_only
from loyaltysem.estimation.ordinal.gamma import asymptotic_covariance
from loyaltysem.estimation.ordinal.polychoric import item_thresholds
from loyaltysem.estimation.ordinal.sample import estimated_correlations, prepared_sample
from loyaltysem.estimation.ordinal.tables import has_gaps, pair_positions, pair_tables, symmetric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.sample import OrdinalSample
    from loyaltysem.estimation.ordinal.tables import Positions

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalMoments:
    """Moments of one group with ordinal variables.

    Attributes
    ----------
    sizes
        Number of categories of each of the p variables, 0 for numeric ones.
    n
        Respondents.
    threshold_variable
        The variable of each entry of ``thresholds`` (t,).
    thresholds
        (t,) thresholds of ordinal variables, given covariates of zero; means (or intercepts) of
        numeric ones.
    marginal_thresholds
        The same without regard to covariates.
    slopes
        (p, x) regressions on the covariates.
    cov
        (p, p): ones and polychoric correlations for ordinal variables, polyserial covariances,
        variances and covariances (divisor n) for numeric ones; residual ones given covariates.
    vector
        The moments (s,) in the order told at the top of this module.
    gamma
        n times the asymptotic covariance matrix of ``vector`` (s, s), None where not wanted.
    covariate_mean, covariate_cov
        (x,) and (x, x), divisor n - 1 (as lavaan).
    gaps
        Pairs of variables with combinations of categories that nobody chose.
    at_bound
        Pairs whose correlation lies at the bound of what is sought.
    """

    sizes: tuple[int, ...]
    n: int
    threshold_variable: Positions
    thresholds: Array
    marginal_thresholds: Array
    slopes: Array
    cov: Array
    vector: Array
    gamma: Array | None
    covariate_mean: Array
    covariate_cov: Array
    gaps: tuple[tuple[int, int], ...]
    at_bound: tuple[tuple[int, int], ...]

    @property
    def is_mean(self) -> NDArray[np.bool_]:
        """Which entries of ``thresholds`` are means of numeric variables (t,)."""
        means: NDArray[np.bool_] = np.array(self.sizes)[self.threshold_variable] == 0
        return means

    @property
    def numeric(self) -> Positions:
        """Positions of the numeric variables."""
        return np.flatnonzero(np.array(self.sizes) == 0)


def ordinal_moments(
    values: Array,
    sizes: Positions,
    covariates: Array,
    *,
    names: Sequence[str] = (),
    with_gamma: bool = True,
) -> OrdinalMoments:
    """Return the moments of one group.

    Parameters
    ----------
    values
        (n, p): category codes from 0 of ordinal variables, values of numeric ones, NaN where
        missing. Every category must occur.
    sizes
        Number of categories (p,), 0 for numeric variables.
    covariates
        (n, x) fixed covariates without missing values; x may be 0.
    names
        Names of the variables, for messages.
    with_gamma
        Whether to compute the asymptotic covariance matrix, the dear part.

    Raises
    ------
    EstimationError
        A probit regression on the covariates has no finite solution.
    """
    sample = prepared_sample(values, sizes, covariates, names)
    rho, at_bound = estimated_correlations(sample)
    gamma = asymptotic_covariance(sample, rho) if with_gamma else None
    sd = np.sqrt([margin.variance for margin in sample.margins])
    cov = symmetric(rho, len(sizes)) * np.outer(sd, sd)
    thresholds = np.concatenate([margin.location for margin in sample.margins])
    slopes = np.array([margin.slopes for margin in sample.margins])
    variable = np.repeat(np.arange(len(sizes)), [len(m.location) for m in sample.margins])
    first, second = sample.pairs
    return OrdinalMoments(
        sizes=tuple(int(size) for size in sizes),
        n=sample.n,
        threshold_variable=variable,
        thresholds=read_only(thresholds),
        marginal_thresholds=read_only(_marginal(values, sample, thresholds)),
        slopes=read_only(slopes),
        cov=read_only(cov),
        vector=read_only(moment_vector(thresholds, slopes, cov, sizes, variable)),
        gamma=None if gamma is None else read_only(gamma),
        covariate_mean=read_only(covariates.mean(axis=0)),
        covariate_cov=read_only(_covariance(covariates)),
        gaps=_gaps(sample),
        at_bound=tuple(zip(second[at_bound].tolist(), first[at_bound].tolist(), strict=True)),
    )


def moment_vector(
    thresholds: Array, slopes: Array, cov: Array, sizes: Positions, variable: Positions
) -> Array:
    """Return the vector of moments (…, s) from its parts, any of them with leading axes.

    ``thresholds`` (…, t), ``slopes`` (…, p, x), ``cov`` (…, p, p); ``variable`` (t,) tells the
    variable of each threshold.
    """
    first, second = pair_positions(len(sizes))
    numeric = np.flatnonzero(np.asarray(sizes) == 0)
    sign = np.where(np.asarray(sizes)[variable] == 0, -1.0, 1.0)
    by_covariate = slopes.swapaxes(-1, -2).reshape(*slopes.shape[:-2], -1)
    return np.concatenate(
        [thresholds * sign, by_covariate, cov[..., numeric, numeric], cov[..., first, second]],
        axis=-1,
    )


def _marginal(values: Array, sample: OrdinalSample, thresholds: Array) -> Array:
    """Thresholds and means that leave the covariates aside."""
    if sample.covariates.shape[1] == 0:
        return thresholds.copy()
    parts = [
        item_thresholds(sample.codes[:, [i]], sample.sizes[[i]])[0]
        if margin.ordinal
        else np.array([np.nanmean(values[:, i])])
        for i, margin in enumerate(sample.margins)
    ]
    return np.concatenate(parts)


def _covariance(covariates: Array) -> Array:
    centred = covariates - covariates.mean(axis=0)
    covariance: Array = centred.T @ centred / max(len(covariates) - 1, 1)
    return covariance


def _gaps(sample: OrdinalSample) -> tuple[tuple[int, int], ...]:
    which = sample.ordinal_pairs
    if not len(which):
        return ()
    first, second = pairs = sample.variables(which)
    gaps = has_gaps(pair_tables(sample.codes, sample.sizes, pairs), sample.sizes, pairs)
    return tuple(zip(second[gaps].tolist(), first[gaps].tolist(), strict=True))
