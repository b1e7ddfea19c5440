"""How well factors reproduce a correlation matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_LEVEL = 0.90


def efa_measures(R: ArrayLike, model: ArrayLike, k: int, n: int) -> dict[str, float]:
    """Return fit measures of k factors that imply the correlations ``model``.

    Parameters
    ----------
    R
        Correlation matrix (p, p).
    model
        Loadings times factor correlations times loadings transposed (p, p); its diagonal are the
        communalities.
    k, n
        Numbers of factors and of respondents.

    Returns
    -------
    dict
        ``objective`` (the ML discrepancy), ``chisq`` with Bartlett's (1951) factor, ``df``,
        ``pvalue``, ``null_chisq, null_df``, ``tli``, ``rmsea`` with its 90 % interval, ``bic``;
        ``rms`` and ``crms`` (root mean square residual, the second by degrees of freedom),
        ``chisq_empirical`` (from residuals), ``fit`` and ``fit_off`` (share of the squared
        correlations reproduced, with and without the diagonal). NaN without degrees of freedom
        or when a matrix is singular.

    Notes
    -----
    As ``psych::fa.stats``. Checked against the golden cases ``efa_*``.
    """
    observed, reproduced = np.asarray(R, dtype=np.float64), np.asarray(model, dtype=np.float64)
    p = len(observed)
    df = (p - k) * (p - k - 1) // 2 - k
    chi = _chisq_measures(observed, reproduced, k, n, df)
    found = {"df": df, **chi, **_residual_measures(observed, reproduced, n, df)}
    return {name: float(value) for name, value in found.items()}


def _residual_measures(R: Array, model: Array, n: int, df: int) -> dict[str, float]:
    p = len(R)
    off = ~np.eye(p, dtype=bool)
    residual = R - model
    shared = float((R[off] ** 2).sum())
    left = float((residual[off] ** 2).sum())
    return {
        "rms": np.sqrt(left / (p * (p - 1))),
        "crms": np.sqrt(left / (2 * df)) if df > 0 else np.nan,
        "chisq_empirical": left * n,
        "fit": 1 - float((residual**2).sum() / (R**2).sum()),
        "fit_off": 1 - left / shared if shared > 0 else np.nan,
    }


def _chisq_measures(R: Array, model: Array, k: int, n: int, df: int) -> dict[str, float]:
    from scipy.special import chdtrc

    p = len(R)
    null_df, null_factor = p * (p - 1) // 2, n - 1 - (2 * p + 5) / 6
    factor = null_factor - 2 * k / 3
    objective, null = _ml_discrepancy(R, model), _ml_discrepancy(R, np.eye(p))
    chisq = max(objective * factor, 0.0)
    per_df, null_per_df = (objective / df if df > 0 else np.nan), null / null_df
    rmsea = np.sqrt(max(chisq / (df * n) - 1 / (n - 1), 0.0)) if df > 0 else np.nan
    lower, upper = _rmsea_interval(chisq, df, n)
    return {
        "objective": objective,
        "chisq": chisq,
        "pvalue": float(chdtrc(df, chisq)) if df > 0 else np.nan,
        "null_chisq": null * null_factor,
        "null_df": float(null_df),
        "tli": (null_per_df - per_df) / (null_per_df - 1 / factor),
        "rmsea": rmsea,
        "rmsea_lower": lower,
        "rmsea_upper": upper,
        "bic": chisq - df * np.log(n),
    }


def _ml_discrepancy(R: Array, model: Array) -> float:
    """Return tr(M^-1 R) - log|M^-1 R| - p, with ones in the diagonal of M; NaN if singular."""
    filled = model.copy()
    np.fill_diagonal(filled, np.diag(R))
    sign, log_model = np.linalg.slogdet(filled)
    sign_observed, log_observed = np.linalg.slogdet(R)
    if sign <= 0 or sign_observed <= 0:
        return np.nan
    return float(np.trace(np.linalg.solve(filled, R)) - log_observed + log_model - len(R))


def _rmsea_interval(chisq: float, df: int, n: int) -> tuple[float, float]:
    """Return the limits whose noncentral chi-square puts ``chisq`` at either tail."""
    from scipy.special import chdtr, chndtrinc

    if df < 1 or not np.isfinite(chisq):
        return np.nan, np.nan
    below = float(chdtr(df, chisq))
    tail = (1 - _LEVEL) / 2
    lower, upper = (
        np.sqrt(float(chndtrinc(chisq, df, share)) / ((n - 1) * df)) if below > share else 0.0
        for share in (1 - tail, tail)
    )
    return lower, upper
