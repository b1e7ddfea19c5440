"""Fit indices made of residuals: RMR, SRMR and their variants, and GFI."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import vech
from loyaltysem.estimation.robust import weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.robust import MomentGroup

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentPair:
    """Sample and implied moments of one group, for residuals.

    ``cov`` and ``implied_cov`` (p, p) are covariances (or polychoric correlations); ``mean`` and
    ``implied_mean`` (p,) are None without a mean structure; with ordinal variables ``thresholds``
    and ``implied_thresholds`` (t,) take the means' place. Where covariates are conditioned on,
    all these are residual ones, ``slopes`` and ``implied_slopes`` (p, x) the regressions on the
    covariates, ``covariate_mean`` (x,) and ``covariate_cov`` (x, x) their moments. ``share`` is
    n_g / N; ``extra`` counts the modelled moments that are neither thresholds nor covariances of
    two variables.
    """

    share: float
    cov: Array
    implied_cov: Array
    mean: Array | None = None
    implied_mean: Array | None = None
    thresholds: Array | None = None
    implied_thresholds: Array | None = None
    slopes: Array | None = None
    implied_slopes: Array | None = None
    covariate_mean: Array | None = None
    covariate_cov: Array | None = None
    extra: int = 0

    @property
    def is_ordinal(self) -> bool:
        """Whether the group has thresholds."""
        return self.thresholds is not None

    @property
    def n_covariates(self) -> int:
        """Number of covariates that are conditioned on."""
        return 0 if self.slopes is None else self.slopes.shape[1]

    @property
    def n_moments(self) -> int:
        """Number of sample moments of the group (lavaan's length of ``WLS.obs``)."""
        p = len(self.cov)
        if self.thresholds is not None:
            return len(self.thresholds) + p * (p - 1) // 2 + self.extra
        return p * (p + 1) // 2 + (0 if self.mean is None else p) + self.extra

    @property
    def sds(self) -> Array:
        """Sample standard deviations (p,)."""
        deviations: Array = np.sqrt(np.diagonal(self.cov))
        return deviations

    def vector(self, *, means: bool) -> Array:
        """Return the sample moments (r,) of continuous data: means, then vech of the covariance."""
        cov = vech(self.cov)
        return np.concatenate([self.mean, cov]) if means and self.mean is not None else cov

    def implied_vector(self, *, means: bool) -> Array:
        """Return the implied moments (r,) in the same order."""
        cov = vech(self.implied_cov)
        use = means and self.implied_mean is not None
        return np.concatenate([self.implied_mean, cov]) if use else cov

    @property
    def mean_deviation(self) -> Array | None:
        """Sample minus implied means (p,), None without a mean structure."""
        if self.mean is None or self.implied_mean is None:
            return None
        return self.mean - self.implied_mean

    @property
    def moment_deviation(self) -> Array:
        """Mean of (y - mu, vech[(y - mu)(y - mu)' - Sigma]) over the rows (r,)."""
        lean = self.mean_deviation
        if lean is None:
            return vech(self.cov - self.implied_cov)
        return np.concatenate([lean, vech(self.cov + np.outer(lean, lean) - self.implied_cov)])

    def raw(self) -> tuple[Array, Array | None]:
        """Return residual covariances (p, p) and residual means (or thresholds)."""
        return self.cov - self.implied_cov, self._location(np.ones(len(self.cov)))

    def bentler(self) -> tuple[Array, Array | None]:
        """Return residuals in units of the sample's standard deviations (Bentler 1995)."""
        sds = self.sds
        cov: Array = (self.cov - self.implied_cov) / np.outer(sds, sds)
        return cov, self._location(sds)

    def bollen(self) -> tuple[Array, Array | None]:
        """Return differences of correlations, each from its own variances (Bollen 1989)."""
        sds, implied_sds = self.sds, np.sqrt(np.diagonal(self.implied_cov))
        observed = self.cov / np.outer(sds, sds)
        implied = self.implied_cov / np.outer(implied_sds, implied_sds)
        cov: Array = observed - implied
        return cov, self._location(sds)

    def mean_residuals(self, kind: str) -> Array | None:
        """Return residual means: raw, or of the kinds ``cor.*`` over the sample's deviations."""
        lean = self.mean_deviation
        return lean / self.sds if lean is not None and kind.startswith("cor.") else lean

    def _location(self, sds: Array) -> Array | None:
        if self.thresholds is not None and self.implied_thresholds is not None:
            return self.thresholds - self.implied_thresholds
        if self.mean is not None and self.implied_mean is not None:
            return (self.mean - self.implied_mean) / sds
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualGroup:
    """One group's residual moments and what their sampling error is computed from.

    ``pair`` holds the moments; ``moments`` their Jacobian, the weight A1 of the estimator's
    information and, as ``gamma``, the asymptotic covariance of the sample moments, *already
    divided* by the number of rows.
    """

    pair: MomentPair
    moments: MomentGroup


def residual_measures(groups: Sequence[MomentPair]) -> dict[str, float]:
    """Return RMR, SRMR, CRMR and their variants, averaged over groups by size.

    Names and definitions are lavaan's: ``srmr`` follows Bentler (1995) and counts the means when
    there is a mean structure, but not thresholds; ``*_nomean`` leaves the means out; ``crmr``
    (Bollen 1989; Maydeu-Olivares 2017) looks at correlations only; ``srmr_mplus`` is Mplus's.
    """
    ordinal = groups[0].is_ordinal
    measures = {"rmr": 0.0, "rmr_nomean": 0.0, "srmr": 0.0, "srmr_bentler": 0.0}
    measures |= {"srmr_bentler_nomean": 0.0, "crmr": 0.0, "crmr_nomean": 0.0}
    if not ordinal:
        measures |= {"srmr_mplus": 0.0, "srmr_mplus_nomean": 0.0}
    for group in groups:
        for name, value in _group_measures(group).items():
            measures[name] += group.share * value
    measures["srmr"] = measures["srmr_bentler_nomean" if ordinal else "srmr_bentler"]
    return measures


def _group_measures(group: MomentPair) -> dict[str, float]:
    measures = {}
    for name, (cov, location) in (
        ("rmr", group.raw()),
        ("srmr_bentler", group.bentler()),
        ("crmr", group.bollen()),
    ):
        count = _count(group, correlations=name == "crmr")
        together, nomean = _root_mean_squares(cov, location, count, ordinal=group.is_ordinal)
        measures[name], measures[f"{name}_nomean"] = together, nomean
    if not group.is_ordinal:
        measures["srmr_mplus"], measures["srmr_mplus_nomean"] = _mplus(group)
    return measures


def _count(group: MomentPair, *, correlations: bool) -> int:
    """Return the number of residuals to divide by; lavaan counts variances of covariates too."""
    p = len(group.cov)
    return p * (p - 1) // 2 if correlations else p * (p + 1) // 2 + group.n_covariates


def _root_mean_squares(
    cov: Array, location: Array | None, count: int, *, ordinal: bool
) -> tuple[float, float]:
    """Return the root mean square of ``count`` residuals, with and without means."""
    lower = np.tril_indices(len(cov), -1 if ordinal else 0)
    squares = float(np.sum(cov[lower] ** 2))
    nomean = math.sqrt(squares / count) if count else 0.0
    if location is None:
        return nomean, nomean
    squares += float(location @ location)
    return math.sqrt(squares / (count + len(location))), nomean


def _mplus(group: MomentPair) -> tuple[float, float]:
    """Return Mplus's SRMR with and without means: correlations, relative variances, means."""
    p = len(group.cov)
    variances, implied = np.diagonal(group.cov), np.diagonal(group.implied_cov)
    correlations = group.bollen()[0][np.tril_indices(p, -1)]
    squares = float(np.sum(correlations**2) + np.sum(((variances - implied) / variances) ** 2))
    count = p * (p + 1) // 2
    nomean = math.sqrt(squares / count)
    if group.mean is None or group.implied_mean is None:
        return nomean, nomean
    means = group.mean / group.sds - group.implied_mean / np.sqrt(implied)
    return math.sqrt((squares + float(means @ means)) / (count + p)), nomean


def goodness_of_fit(
    shares: Sequence[float],
    observed: Sequence[Array],
    implied: Sequence[Array],
    weights: Sequence[Array],
) -> float:
    """Return GFI = 1 - (s - sigma)'V(s - sigma) / s'Vs, averaged over groups by size.

    Parameters
    ----------
    shares
        n_g / N.
    observed, implied
        Moment vectors (r,) of each group.
    weights
        Weight matrix (r, r), or its diagonal (r,), of each group.

    Source: Jöreskog & Sörbom (1984) in Tanaka & Huba's (1985) general form.
    """
    total = 0.0
    for share, s, sigma, weight in zip(shares, observed, implied, weights, strict=True):
        residual = s - sigma
        misfit = float(residual @ weighted(weight, residual[:, None])[:, 0])
        total += share * (1 - misfit / float(s @ weighted(weight, s[:, None])[:, 0]))
    return total


def normal_theory_gfi(
    groups: Sequence[MomentPair], inverses: Sequence[Array], fixed: Sequence[int] = ()
) -> float:
    """Return GFI with the normal-theory weights at the implied moments, without building them.

    ``inverses`` are Sigma^-1 (p, p) of each group; moments among ``fixed`` columns do not count.
    """
    total = 0.0
    for group, inverse in zip(groups, inverses, strict=True):
        cov, mean = group.raw()
        misfit = _normal_form(inverse, cov, mean, fixed)
        total += group.share * (1 - misfit / _normal_form(inverse, group.cov, group.mean, fixed))
    return total


def _normal_form(inverse: Array, cov: Array, mean: Array | None, fixed: Sequence[int]) -> float:
    """Return z'Vz = 1/2 tr[(W Z)^2] + m'Wm for z = vech(Z) and means m."""
    if len(fixed):
        columns = list(fixed)
        cov = cov.copy()
        cov[np.ix_(columns, columns)] = 0.0
        mean = None if mean is None else np.where(np.isin(np.arange(len(mean)), columns), 0.0, mean)
    product = inverse @ cov
    form = 0.5 * float((product * product.T).sum())
    return form if mean is None else form + float(mean @ inverse @ mean)
