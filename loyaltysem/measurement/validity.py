"""Convergent and discriminant validity of the constructs of a measurement model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.measurement.reliability import average_variance_extracted, composite_reliability

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit


def construct_validity(fit: Fit, group: int = 1) -> pd.DataFrame:
    """Return composite reliability, variance extracted and shared, by construct.

    Parameters
    ----------
    fit
        A fitted measurement model.
    group
        Which group, from 1.

    Returns
    -------
    DataFrame
        One row per latent variable with two indicators or more: ``composite_reliability``, ``ave``,
        ``sqrt_ave``; ``msv`` and ``asv``, the largest and the mean squared correlation with other
        constructs; ``max_h``, the reliability of the best weighted sum (NaN with a standardized
        loading of 1 or more). Discriminant validity asks for ``msv < ave`` (Fornell & Larcker
        1981; Hair et al. 2010).

    Notes
    -----
    Of standardized loadings l: ``max_h = 1 / (1 + 1 / sum(l² / (1 - l²)))`` (Hancock & Mueller
    2001). Checked against ``cr_ave_table`` in the golden cases ``reliability_validity_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> cfa = ls.fit("price =~ PR1 + PR2 + PR3 + PR4; image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> ls.construct_validity(cfa)[["composite_reliability", "ave"]].round(2)
           composite_reliability   ave
    price                   0.85  0.59
    image                   0.85  0.59
    """
    loadings = standardized_loadings(fit, group)
    squared = fit.latent_correlations(group) ** 2
    rows = {}
    for name, own in loadings.items():
        if len(own) > 1:
            shared = squared.loc[name].drop(name).to_numpy()
            rows[name] = _validity(own.to_numpy(), shared)
    return pd.DataFrame.from_dict(rows, orient="index")


def _validity(loadings: np.ndarray, shared: np.ndarray) -> dict[str, float]:
    ave = average_variance_extracted(loadings)
    squares = loadings**2
    proper = (squares < 1).all()
    return {
        "composite_reliability": composite_reliability(loadings),
        "ave": ave,
        "sqrt_ave": float(np.sqrt(ave)),
        "msv": float(shared.max()) if len(shared) else np.nan,
        "asv": float(shared.mean()) if len(shared) else np.nan,
        "max_h": float(1 / (1 + 1 / (squares / (1 - squares)).sum())) if proper else np.nan,
    }


def standardized_loadings(fit: Fit, group: int = 1) -> dict[str, pd.Series]:
    """Return each latent variable's standardized loadings, by indicator."""
    table = fit.estimates()
    rows = table[(table["op"] == "=~") & (table["group"].clip(lower=1) == group)]
    return {
        str(name): pd.Series(own["std_all"].to_numpy(), index=own["rhs"].tolist())
        for name, own in rows.groupby("lhs", sort=False)
    }


def fornell_larcker(fit: Fit, group: int = 1) -> pd.DataFrame:
    """Return the correlations of constructs with the roots of their AVE in the diagonal.

    Discriminant validity asks each root to exceed its row's correlations: Fornell & Larcker (1981),
    J. Marketing Research 18(1), 39-50. The diagonal is NaN for a construct of one indicator.
    Checked against the golden cases ``reliability_validity_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> cfa = ls.fit("price =~ PR1 + PR2 + PR3 + PR4; image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> ls.fornell_larcker(cfa).round(2)
           price  image
    price   0.77   0.34
    image   0.34   0.77
    """
    matrix = fit.latent_correlations(group).copy()
    roots = construct_validity(fit, group)["sqrt_ave"].reindex(matrix.index)
    values = matrix.to_numpy(copy=True)
    np.fill_diagonal(values, roots.to_numpy())
    return pd.DataFrame(values, index=matrix.index, columns=matrix.columns)
