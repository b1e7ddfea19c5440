"""Reliability from a fitted measurement model, in original units, as semTools has it.

`composite_reliability` (the form that theses print) uses standardized loadings; these here use the
model's own loadings and variances, and may put the observed or the implied variance of the sum into
the denominator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import ModelSpecificationError, did_you_mean, listed
from loyaltysem.measurement.fitted_matrices import FittedMatrices, fitted_matrices
from loyaltysem.measurement.reliability import alpha_of

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit

Variance = Literal["observed", "implied"]


def model_reliability(fit: Fit, group: int = 1) -> pd.DataFrame:
    """Return alpha, three omegas and the average variance extracted of each factor.

    Parameters
    ----------
    fit
        A fitted model with continuous indicators.
    group
        Which group, from 1.

    Returns
    -------
    DataFrame
        One row per factor with two indicators or more. ``alpha`` of the observed covariances;
        ``omega`` = common / (common + residual (co)variances) (Raykov 2001), ``omega2`` with the
        implied (Bentler 1972), ``omega3`` with the observed variance of the sum (McDonald 1999) in
        the denominator; ``ave``, NaN when an indicator loads on several factors.

    Notes
    -----
    As ``semTools::reliability``. Checked against the golden cases ``reliability_validity_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> cfa = ls.fit("price =~ PR1 + PR2 + PR3 + PR4; image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> ls.model_reliability(cfa).round(2)
           alpha  omega  omega2  omega3   ave
    price   0.85   0.85    0.85    0.85  0.59
    image   0.85   0.85    0.85    0.85  0.59
    """
    matrices = fitted_matrices(fit, group)
    rows = {name: _reliabilities(matrices, name) for name in _factors(matrices)}
    return pd.DataFrame.from_dict(rows, orient="index")


def _reliabilities(matrices: FittedMatrices, factor: str) -> dict[str, float]:
    items = matrices.indicators(factor)
    common = _common(matrices, factor, items)
    residual = matrices.residual_cov.loc[items, items].to_numpy()
    observed = matrices.sample_cov.loc[items, items].to_numpy()
    implied = matrices.implied_cov.loc[items, items].to_numpy()
    explained = matrices.loadings.loc[items].to_numpy() @ matrices.latent_cov.to_numpy()
    total = np.einsum("ij,ij->i", explained, matrices.loadings.loc[items].to_numpy())
    pure = np.abs(total - np.diag(common)).sum() < 1e-5
    return {
        "alpha": alpha_of(observed),
        "omega": common.sum() / (common.sum() + residual.sum()),
        "omega2": common.sum() / implied.sum(),
        "omega3": common.sum() / observed.sum(),
        "ave": total.sum() / (total.sum() + np.trace(residual)) if pure else np.nan,
    }


def omega_from_model(fit: Fit, *, variance: Variance = "observed", group: int = 1) -> pd.Series:
    """Return omega of each factor with two indicators or more.

    The factor's contribution to the variance of the sum of its indicators, over the observed or the
    implied variance of that sum: ``semTools::compRelSEM`` (its default is the observed). Checked
    against the golden cases ``reliability_validity_*``.
    """
    matrices = fitted_matrices(fit, group)
    cov = _chosen(matrices, variance)
    return pd.Series(
        {
            name: float(_common(matrices, name, items).sum() / cov.loc[items, items].sum().sum())
            for name, items in _factors(matrices).items()
        }
    )


def ave_from_model(fit: Fit, *, variance: Variance = "observed", group: int = 1) -> pd.Series:
    """Return each factor's share of the variances of its indicators, in original units.

    ``semTools::AVE``: the variances are the observed (its default) or the implied ones. NaN when an
    indicator loads on several factors. Checked against the golden cases ``reliability_validity_*``.
    """
    matrices = fitted_matrices(fit, group)
    variances = pd.Series(np.diag(_chosen(matrices, variance)), index=matrices.loadings.index)
    crossed = (matrices.loadings.abs() > 5e-6).sum(axis=1) > 1
    return pd.Series(
        {
            name: np.nan
            if crossed[items].any()
            else float(np.trace(_common(matrices, name, items)) / variances[items].sum())
            for name, items in _factors(matrices).items()
        }
    )


def second_order_reliability(fit: Fit, factor: str, group: int = 1) -> pd.Series:
    """Return the reliability of a second-order factor's composite.

    Parameters
    ----------
    fit
        A fitted model in which ``factor`` has latent indicators.
    factor
        The second-order factor.

    Returns
    -------
    Series
        ``omega_l1``: its share of the variance of the sum of all items; ``omega_l2``: of the sum of
        the first-order factors; ``partial_omega_l1``: of the items' sum after what is specific to
        the first-order factors is taken out; ``omega_higher``: as ``omega_l1`` with the observed
        variance of the sum.

    Raises
    ------
    ModelSpecificationError
        The factor has no latent indicators.

    Notes
    -----
    As ``semTools::reliabilityL2`` and ``semTools::compRelSEM(higher=)``. Checked against the golden
    case ``second_order_reliability``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> model = '''
    ... affective =~ AL1 + AL2 + AL3
    ... behavioural =~ BL1 + BL2 + BL3 + BL4
    ... cognitive =~ CL1 + CL2 + CL3
    ... loyalty =~ affective + behavioural + cognitive
    ... '''
    >>> loyal = ls.fit(model, answers)
    >>> ls.second_order_reliability(loyal, "loyalty").round(2).to_dict()
    {'omega_l1': 0.87, 'omega_l2': 0.92, 'partial_omega_l1': 0.93, 'omega_higher': 0.87}
    """
    matrices = fitted_matrices(fit, group)
    weights = _weights(matrices, factor)
    loadings = matrices.loadings[weights.index]
    items = loadings.index[(loadings != 0).any(axis=1)]
    variance = _entry(matrices.latent_cov, factor)
    common = float((loadings @ weights).sum()) ** 2 * variance
    error = float(matrices.residual_cov.loc[items, items].to_numpy().sum())
    disturbances = matrices.disturbance_cov.loc[weights.index, weights.index]
    specific = float((loadings.sum() ** 2 * np.diag(disturbances)).sum())
    between = float(weights.sum()) ** 2 * variance
    return pd.Series(
        {
            "omega_l1": common / (common + specific + error),
            "omega_l2": between / (between + float(disturbances.to_numpy().sum())),
            "partial_omega_l1": common / (common + error),
            "omega_higher": common / float(matrices.sample_cov.loc[items, items].to_numpy().sum()),
        }
    )


def _weights(matrices: FittedMatrices, factor: str) -> pd.Series:
    """Return the loadings of the first-order factors on a second-order one."""
    if factor in matrices.regressions.columns:
        effects = matrices.regressions[factor]
        if (effects != 0).any():
            return effects[effects != 0]
    known = [str(name) for name in matrices.regressions if (matrices.regressions[name] != 0).any()]
    raise ModelSpecificationError(
        "The model has no such second-order factor",
        found=f"'{factor}'",
        expected=listed(known) or None,
        remedy=did_you_mean(factor, known),
    )


def _factors(matrices: FittedMatrices) -> dict[str, list[str]]:
    """Return the factors with two indicators or more, and these."""
    found = {str(name): matrices.indicators(name) for name in matrices.loadings.columns}
    return {name: items for name, items in found.items() if len(items) > 1}


def _common(matrices: FittedMatrices, factor: str, items: list[str]) -> np.ndarray:
    column = matrices.loadings.loc[items, factor].to_numpy()
    return np.outer(column, column) * _entry(matrices.latent_cov, factor)


def _entry(cov: pd.DataFrame, name: str) -> float:
    place = cov.index.get_loc(name)
    return float(cov.to_numpy()[place, place])


def _chosen(matrices: FittedMatrices, variance: Variance) -> pd.DataFrame:
    return matrices.sample_cov if variance == "observed" else matrices.implied_cov
