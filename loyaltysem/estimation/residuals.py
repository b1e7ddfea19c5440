"""Residuals of the moments: raw, as correlations, normalized, standardized, and their summary.

The asymptotic covariance of the residuals is Q Acov(s) Q' with Q = I - f Delta A0^-1 Delta' A1: the
sample moments' own sampling error less what the fitted parameters take up (Bollen 1989; Maydeu-
Olivares 2017; lavaan's ``lavResiduals``). Q differs from the identity by a matrix of rank q, and
is never formed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.asymptotics import unvech
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.implied_frames import threshold_names
from loyaltysem.estimation.robust import moment_information, weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.residual_indices import MomentPair, ResidualGroup

    Array = NDArray[np.float64]

ResidualKind = Literal["raw", "cor.bollen", "cor.bentler", "normalized", "standardized"]
SummaryKind = Literal["rmr", "srmr", "crmr"]

ZERO = 1e-20
"""Sums of squared residuals below this are those of moments that are fitted exactly."""

NEGLIGIBLE = 1e-5
"""Residuals this small, in units of the variables, are printed as they are (lavaan's rule)."""

ROUNDING = 1e-12
"""Share of a moment's variance below which that of its residual is zero: it is fitted exactly."""


NO_RESIDUAL_ERRORS = (
    "Standardized residuals are not defined when ordinal and numeric variables, or ordinal "
    "variables and covariates, stand in one model"
)


def residual_frames(
    fit: Fit, kind: ResidualKind = "raw"
) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
    """Return the residuals of every group, by group label.

    Parameters
    ----------
    fit
        The fitted model.
    kind
        ``raw`` sample minus implied moments; ``cor.bollen`` (lavaan's ``cor``) differences of
        correlations; ``cor.bentler`` residuals over the sample's standard deviations;
        ``normalized`` over the standard error of the sample moment; ``standardized`` over the
        standard error of the residual itself: a z-value.

    Returns
    -------
    For each group ``cov`` (p, p) and, where modelled, ``mean`` (p,) and ``thresholds``, and the raw
    residuals of the ``slopes`` on covariates that are conditioned on. NaN where a standard error
    cannot be computed.

    Raises
    ------
    EstimationError
        The kind is unknown, or has no definition for the data (ordinal beside numeric variables).

    Notes
    -----
    Sampling errors are those of the group's own rows. lavaan 0.6-14 takes the number of all rows
    with ordinal variables in several groups, and leaves a quotient of rounding errors where a
    moment is fitted exactly; here that is NaN.
    """
    pairs = fit.problem.moment_pairs(fit.point)
    values = [_residuals(pair, kind) for pair in pairs]
    if kind in ("normalized", "standardized"):
        groups = residual_groups(fit)
        spreads = [
            np.diagonal(g.moments.gamma) if kind == "normalized" else _residual_variances(g, a0)
            for g, a0 in zip(groups, _breads(fit, groups), strict=True)
        ]
        values = [
            _over_errors(pair, *value, spread)
            for pair, value, spread in zip(pairs, values, spreads, strict=True)
        ]
    return {
        label: _frames(fit, pair, cov, location, kind)
        for label, pair, (cov, location) in zip(fit.table.group_labels, pairs, values, strict=True)
    }


def _residuals(pair: MomentPair, kind: ResidualKind) -> tuple[Array, Array | None]:
    if kind == "cor.bollen":
        return pair.bollen()
    if kind == "cor.bentler":
        return pair.bentler()
    if kind in ("raw", "normalized", "standardized"):
        return pair.raw()
    raise EstimationError(
        "Unknown kind of residuals",
        found=f"'{kind}'",
        expected="raw, cor.bollen, cor.bentler, normalized, standardized",
    )


def residual_groups(fit: Fit) -> tuple[ResidualGroup, ...]:
    """Return what the sampling error of the residuals is computed from, by group.

    Raises
    ------
    EstimationError
        The residuals of this kind of data have no standard errors.
    """
    found = fit.problem.residual_groups(fit.point)
    if found is None:
        raise EstimationError(
            NO_RESIDUAL_ERRORS,
            remedy="Ask for the kinds raw, cor.bollen or cor.bentler.",
        )
    return found


def _breads(fit: Fit, groups: tuple[ResidualGroup, ...]) -> list[Array]:
    """Return the inverse information that belongs to the weights A1, once for each group."""
    problem = fit.problem
    information = moment_information([group.moments for group in groups])
    bread = inverse_within(problem.constraints, information, fit.theta)
    if bread is None:
        raise EstimationError(
            "Standard errors of the residuals cannot be computed: the model is not identified"
        )
    return [bread] * len(groups)


def _projection(group: ResidualGroup, bread: Array) -> tuple[Array, Array]:
    """Return L (r, q) and R (r, q) with Q = I - L R'."""
    moments = group.moments
    left = moments.share * (moments.jacobian @ bread)
    return left, weighted(moments.weight, moments.jacobian)


def residual_covariance(group: ResidualGroup, bread: Array) -> Array:
    """Return the asymptotic covariance matrix of the raw residual moments (r, r)."""
    left, right = _projection(group, bread)
    gamma = group.moments.gamma
    crossed = left @ (right.T @ gamma)
    inner = right.T @ gamma @ right
    covariance: Array = gamma - crossed - crossed.T + left @ inner @ left.T
    return covariance


def _residual_variances(group: ResidualGroup, bread: Array) -> Array:
    left, right = _projection(group, bread)
    gamma = group.moments.gamma
    pulled = gamma @ right
    crossed = left @ (right.T @ pulled) - 2 * pulled
    sampling = np.diagonal(gamma)
    variances: Array = sampling + (left * crossed).sum(axis=1)
    return np.where(np.abs(variances) <= ROUNDING * sampling, 0.0, variances)


def _over_errors(
    pair: MomentPair, cov: Array, location: Array | None, variances: Array
) -> tuple[Array, Array | None]:
    """Divide residuals by the roots of their variances, given in the order of the moments."""
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(variances)
    place = 0 if location is None else len(location)
    sds = np.ones(len(cov)) if pair.is_ordinal else pair.sds
    among = _square(errors[place:], len(cov), ordinal=pair.is_ordinal)
    z = _divided(cov, among, np.outer(sds, sds))
    if location is None:
        return z, None
    units = np.ones(place) if pair.is_ordinal else sds
    return z, _divided(location, errors[:place], units)


def _divided(values: Array, errors: Array, units: Array) -> Array:
    """Return z-values: NaN where a residual has no error, as it is where it is as good as none."""
    small = np.abs(values) < NEGLIGIBLE * np.minimum(units, 1.0)
    errorless = np.where(small, values, np.nan)
    return np.divide(values, errors, out=errorless, where=~small & ~(errors == 0))


def _square(vector: Array, p: int, *, ordinal: bool) -> Array:
    """Return a symmetric matrix from its lower triangle, without diagonal if ordinal."""
    if not ordinal:
        return unvech(vector)
    first, second = np.triu_indices(p, 1)
    matrix = np.zeros((p, p))
    matrix[first, second] = matrix[second, first] = vector
    return matrix


def _frames(
    fit: Fit, pair: MomentPair, cov: Array, location: Array | None, kind: ResidualKind
) -> dict[str, pd.DataFrame | pd.Series]:
    matrices = fit.problem.structures[0].matrices
    index = list(matrices.observed)
    frames: dict[str, pd.DataFrame | pd.Series] = {
        "cov": pd.DataFrame(cov, index=index, columns=index)
    }
    lean = location
    if pair.is_ordinal:
        frames["thresholds"] = pd.Series(location, index=threshold_names(fit.table), dtype=float)
        lean = pair.mean_residuals(kind)
    if lean is not None:
        frames["mean"] = pd.Series(lean, index=index, dtype=float)
    if pair.slopes is not None and pair.implied_slopes is not None:
        frames |= _covariate_frames(pair.slopes - pair.implied_slopes, index, matrices.covariates)
    return frames


def _covariate_frames(
    slopes: Array, index: list[str], covariates: Sequence[str]
) -> dict[str, pd.DataFrame | pd.Series]:
    """Label the residuals of slopes on covariates; the covariates themselves leave none."""
    names = list(covariates)
    return {
        "slopes": pd.DataFrame(slopes, index=index, columns=names),
        "covariate_cov": pd.DataFrame(0.0, index=names, columns=names),
        "covariate_mean": pd.Series(0.0, index=names),
    }


def residual_summary(fit: Fit, kind: SummaryKind = "srmr") -> dict[str, pd.DataFrame]:
    """Return RMR, SRMR or CRMR with standard error, test of exact fit and unbiased estimate.

    Parameters
    ----------
    fit
        The fitted model.
    kind
        ``rmr`` of raw residuals, ``srmr`` of Bentler's, ``crmr`` of Bollen's.

    Returns
    -------
    For each group a table with the columns ``cov`` (``cor`` with ordinal variables), and with
    means (thresholds) ``mean`` (``thresholds``) and ``total``; the rows are those of lavaan's
    ``lavResiduals``: statistic, ``.se``, ``.exactfit.z``, ``.exactfit.pvalue``, then the unbiased
    statistic ``u…`` with its interval (90 %) and the test of close fit at 0.05.

    Source: Maydeu-Olivares (2017).
    """
    groups = residual_groups(fit)
    tables = {}
    for label, group, bread in zip(
        fit.table.group_labels, groups, _breads(fit, groups), strict=True
    ):
        covariance = residual_covariance(group, bread)
        tables[label] = _summary_table(group.pair, covariance, kind)
    return tables


def _summary_table(pair: MomentPair, covariance: Array, kind: SummaryKind) -> pd.DataFrame:
    p = len(pair.cov)
    cov, location = {"rmr": pair.raw, "srmr": pair.bentler, "crmr": pair.bollen}[kind]()
    covariance = _in_units(pair, covariance, kind, 0 if location is None else len(location))
    first, second = np.triu_indices(p, 1 if pair.is_ordinal else 0)
    among = cov[first, second]
    count = p * (p - 1) // 2 if kind == "crmr" else p * (p + 1) // 2
    name = "cor" if pair.is_ordinal else "cov"
    if location is None:
        return pd.DataFrame({name: _statistics(among, covariance, count, kind)})
    k = len(location)
    columns = {
        name: _statistics(among, covariance[k:, k:], count, kind),
        "thresholds" if pair.is_ordinal else "mean": _statistics(
            location, covariance[:k, :k], k, kind
        ),
        "total": _statistics(_together(pair, location, among), covariance, count + k, kind),
    }
    return pd.DataFrame(columns)


def _together(pair: MomentPair, location: Array, among: Array) -> Array:
    """Return all residuals; of ordinal data in lavaan's order, which is not its covariance's.

    lavaan 0.6 puts the correlations before the thresholds here, but not in the covariance matrix.
    This touches the unbiased statistic of the column ``total`` alone, and is kept for its sake.
    """
    return np.concatenate([among, location] if pair.is_ordinal else [location, among])


def _in_units(pair: MomentPair, covariance: Array, kind: SummaryKind, k: int) -> Array:
    """Return the covariance of residuals in the units of their kind."""
    if kind == "rmr" or pair.is_ordinal:
        return covariance
    sds = pair.sds
    first, second = np.triu_indices(len(sds))
    units = np.concatenate([sds[: k or 0], sds[first] * sds[second]])
    scaled: Array = covariance / np.outer(units, units)
    if kind == "srmr":
        return scaled
    step = _correlation_step(pair, k)
    turned: Array = step @ scaled @ step.T
    return turned


def _correlation_step(pair: MomentPair, k: int) -> Array:
    """Return the derivative of correlations by covariances, both in units of the sample's sds.

    dr_ij = ds_ij - r_ij (ds_ii + ds_jj) / 2 with s_ii = 1; means keep their places.
    """
    p = len(pair.cov)
    first, second = np.triu_indices(p)
    correlations = pair.cov / np.outer(pair.sds, pair.sds)
    place = np.flatnonzero(first == second) + k
    step = np.eye(k + len(first))
    rows = np.arange(len(first)) + k
    halves = 0.5 * correlations[first, second]
    np.subtract.at(step, (rows, place[first]), halves)
    np.subtract.at(step, (rows, place[second]), halves)
    return step


def _statistics(values: Array, covariance: Array, count: int, kind: SummaryKind) -> pd.Series:
    """Return the column of one set of residuals; NaN where a formula has nothing to work on."""
    trace = float(np.trace(covariance))
    trace_squared = float(np.sum(covariance * covariance.T))
    squares = float(values @ values)
    rms = math.sqrt(squares / count)
    error = _root(_ratio(trace_squared, 2 * count * trace))
    shrink = 1 - _ratio(trace_squared, 4 * trace**2)
    exact_z = _ratio(max(rms - math.sqrt(max(trace, 0.0) / count) * shrink, 0.0), error)
    form = trace_squared + 2 * float(values @ covariance @ values)
    bias = 1 - _ratio(form, 4 * squares**2)
    unbiased = (
        _ratio(math.sqrt((squares - trace) / count), bias) if squares > max(trace, ZERO) else 0.0
    )
    unbiased_error = _root(_ratio(form, 2 * count * squares * bias**2))
    half_width = float(ndtri(0.95)) * unbiased_error
    close_z = _ratio(unbiased - 0.05, unbiased_error)
    return pd.Series(
        {
            kind: rms,
            f"{kind}.se": error,
            f"{kind}.exactfit.z": exact_z,
            f"{kind}.exactfit.pvalue": float(ndtr(-exact_z)),
            f"u{kind}": unbiased,
            f"u{kind}.se": unbiased_error,
            f"u{kind}.ci.lower": unbiased - half_width,
            f"u{kind}.ci.upper": unbiased + half_width,
            f"u{kind}.closefit.h0.value": 0.05,
            f"u{kind}.closefit.z": close_z,
            f"u{kind}.closefit.pvalue": float(ndtr(-close_z)),
        }
    )


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else math.nan


def _root(value: float) -> float:
    """Return the root, NaN for what is zero up to rounding: nothing varies there."""
    return math.sqrt(value) if value >= np.finfo(float).eps else math.nan
