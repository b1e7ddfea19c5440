"""Implied and sample moments as labelled tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit


def _frame(matrix: NDArray[np.float64], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(matrix, index=list(names), columns=list(names))


def implied_frames(fit: Fit) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
    """Return implied ``cov``, and ``mean`` with a mean structure, by group label."""
    frames: dict[str, dict[str, pd.DataFrame | pd.Series]] = {}
    points = fit.problem.implied(fit.point)
    for label, structure, point in zip(
        fit.table.group_labels, fit.problem.structures, points, strict=True
    ):
        names = structure.matrices.observed
        frames[label] = {"cov": _frame(point.sigma, names)}
        if fit.table.meanstructure:
            frames[label]["mean"] = pd.Series(point.mu, index=list(names))
    return frames


def sample_frames(fit: Fit) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
    """Return the sample's ``cov`` and ``mean`` by group label."""
    frames: dict[str, dict[str, pd.DataFrame | pd.Series]] = {}
    pairs = fit.problem.moment_pairs(fit.point)
    for label, pair, structure in zip(
        fit.table.group_labels, pairs, fit.problem.structures, strict=True
    ):
        names = structure.matrices.observed
        frames[label] = {"cov": _frame(pair.cov, names)}
        if pair.mean is not None:
            frames[label]["mean"] = pd.Series(pair.mean, index=list(names))
    return frames


def latent_cov(fit: Fit, group: int) -> pd.DataFrame:
    """Return the implied covariance matrix of the latent variables proper of one group (from 1)."""
    names = fit.table.latent
    m = len(names)
    return _frame(np.array(fit.problem.implied(fit.point)[group - 1].cov_lv)[:m, :m], names)
