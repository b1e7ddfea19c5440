"""The estimates of a fitted measurement model as labelled matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.estimation.fitted import Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedMatrices:
    """Matrices of one group of a fit.

    Attributes
    ----------
    loadings
        Observed variables by latent variables, 0 where there is no loading.
    residual_cov
        Of the observed variables.
    latent_cov
        Implied, of the latent variables.
    regressions
        Latent by latent: effect of the column on the row, where loadings of a higher-order factor
        are among them.
    disturbance_cov
        Of the latent variables.
    sample_cov, implied_cov
        Of the observed variables.
    """

    loadings: pd.DataFrame
    residual_cov: pd.DataFrame
    latent_cov: pd.DataFrame
    regressions: pd.DataFrame
    disturbance_cov: pd.DataFrame
    sample_cov: pd.DataFrame
    implied_cov: pd.DataFrame

    def indicators(self, factor: str) -> list[str]:
        """Return the observed variables that load on a factor."""
        column = self.loadings[factor]
        return [str(name) for name in column.index[column != 0]]


def fitted_matrices(fit: Fit, group: int = 1) -> FittedMatrices:
    """Return the matrices of a fit's group (from 1)."""
    label = fit.table.group_labels[group - 1]
    implied = fit.implied()[label]["cov"]
    observed, latent = [str(name) for name in implied.index], list(fit.table.latent)
    empty = {
        "loadings": _zeros(observed, latent),
        "residual_cov": _zeros(observed, observed),
        "regressions": _zeros(latent, latent),
        "disturbance_cov": _zeros(latent, latent),
    }
    for row, est in zip(fit.table.rows, fit.est, strict=True):
        if row.group == group:
            _place(empty, row.lhs, row.op, row.rhs, float(est))
    return FittedMatrices(
        **empty,
        latent_cov=fit.latent_covariances(group),
        sample_cov=pd.DataFrame(fit.sample()[label]["cov"]),
        implied_cov=pd.DataFrame(implied),
    )


def _zeros(rows: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(0.0, index=list(rows), columns=list(columns))


def _place(frames: dict[str, pd.DataFrame], lhs: str, op: str, rhs: str, est: float) -> None:
    """Put one estimate where it belongs: loadings of latent variables are regressions."""
    latent = frames["regressions"].index
    if op == "=~":
        frame = frames["regressions" if rhs in latent else "loadings"]
        frame.loc[rhs, lhs] = est
    elif op == "~" and lhs in latent and rhs in latent:
        frames["regressions"].loc[lhs, rhs] = est
    elif op == "~~":
        frame = frames["disturbance_cov" if lhs in latent and rhs in latent else "residual_cov"]
        if lhs in frame.index and rhs in frame.index:
            frame.loc[lhs, rhs] = frame.loc[rhs, lhs] = np.float64(est)
