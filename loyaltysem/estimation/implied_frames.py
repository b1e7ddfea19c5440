"""Implied and sample moments as labelled tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.residual_indices import MomentPair
    from loyaltysem.syntax.table import ParameterTable


def _frame(matrix: NDArray[np.float64], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(matrix, index=list(names), columns=list(names))


def implied_frames(fit: Fit) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
    """Return the implied moments of every group, by group label.

    ``cov``, ``mean`` with a mean structure, ``thresholds`` of ordinal variables; with covariates
    that are conditioned on these are residual ones, and ``slopes``, ``covariate_cov`` and
    ``covariate_mean`` join them.
    """
    pairs = fit.problem.moment_pairs(fit.point)
    points = fit.problem.implied(fit.point)
    labels = fit.table.group_labels
    frames = {}
    for label, pair, point in zip(labels, pairs, points, strict=True):
        mean = point.mu if fit.table.meanstructure else None
        thresholds, slopes = pair.implied_thresholds, pair.implied_slopes
        frames[label] = _group_frames(fit, pair, point.sigma, mean, thresholds, slopes)
    return frames


def sample_frames(fit: Fit) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
    """Return the sample's moments by group label, under the names of `implied_frames`."""
    pairs = fit.problem.moment_pairs(fit.point)
    return {
        label: _group_frames(fit, pair, pair.cov, pair.mean, pair.thresholds, pair.slopes)
        for label, pair in zip(fit.table.group_labels, pairs, strict=True)
    }


def _group_frames(
    fit: Fit,
    pair: MomentPair,
    cov: NDArray[np.float64],
    mean: NDArray[np.float64] | None,
    thresholds: NDArray[np.float64] | None,
    slopes: NDArray[np.float64] | None,
) -> dict[str, pd.DataFrame | pd.Series]:
    """Label the moments of one group; those of covariates are the sample's."""
    matrices = fit.problem.structures[0].matrices
    names, covariates = list(matrices.observed), list(matrices.covariates)
    frames: dict[str, pd.DataFrame | pd.Series] = {"cov": _frame(cov, matrices.observed)}
    if mean is not None:
        frames["mean"] = pd.Series(mean, index=names)
    if thresholds is not None:
        frames["thresholds"] = pd.Series(thresholds, index=threshold_names(fit.table))
    if slopes is not None:
        frames["slopes"] = pd.DataFrame(slopes, index=names, columns=covariates)
        frames["covariate_cov"] = pd.DataFrame(pair.covariate_cov, covariates, covariates)
        frames["covariate_mean"] = pd.Series(pair.covariate_mean, index=covariates)
    return frames


def threshold_names(table: ParameterTable) -> list[str]:
    """Return the names of all thresholds: ``x1|t1``, ``x1|t2``, …."""
    return [f"{name}|t{k + 1}" for name, count in table.ordered for k in range(count)]


def latent_cov(fit: Fit, group: int) -> pd.DataFrame:
    """Return the implied covariance matrix of the latent variables proper of one group (from 1)."""
    names = fit.table.latent
    m = len(names)
    return _frame(np.array(fit.problem.implied(fit.point)[group - 1].cov_lv)[:m, :m], names)
