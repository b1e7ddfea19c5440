"""Simple slopes: what a predictor does at given values of its moderator."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from loyaltysem.errors import EstimationError, listed
from loyaltysem.estimation.estimates import check_level
from loyaltysem.estimation.information import require_vcov

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.lms import LmsFit

    Array = NDArray[np.float64]

Side = Literal["everywhere", "nowhere", "below", "above", "between", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a simple slope differs significantly from zero.

    Attributes
    ----------
    points
        The moderator's values at which significance turns, ascending (none, one or two).
    low, high
        The range of the moderator that is looked at.
    significant
        Where, within that range: ``everywhere``, ``nowhere``, ``below`` or ``above`` the one point
        in it, ``between`` or ``outside`` the two.
    share
        Share of a normally distributed moderator for which the slope is significant.
    """

    points: tuple[float, ...]
    low: float
    high: float
    significant: Side
    share: float


def simple_slopes(
    fit: Fit | LmsFit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    at: ArrayLike,
    *,
    group: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the slope of ``predictor`` on ``outcome`` at values of ``moderator``.

    ``outcome ~ predictor + moderator + product``: the slope at w is b1 + b3 w with variance
    v11 + 2 w v13 + w^2 v33 (Aiken & West 1991), in the units of the unstandardized solution. Where
    predictor and moderator are the same, the product is a square and the slope b1 + 2 b3 w.

    Parameters
    ----------
    fit
        A model with the latent (or observed) product among the predictors.
    outcome, predictor, moderator, product
        Names in the model.
    at
        Values of the moderator, for instance minus one, zero and plus one standard deviation.
    group
        Number of the group, from 1.
    level
        Level of the confidence interval.

    Returns
    -------
    DataFrame
        ``<moderator>, est, se, z, pvalue, ci_lower, ci_upper``, one row per value, as the
        SimpleSlope of ``semTools::probe2WayMC`` (whose standard errors need the predictors in the
        model's order).

    Raises
    ------
    EstimationError
        The outcome has no such predictors, the fit has no standard errors, a value is no number,
        or the level no share.
    """
    values = np.atleast_1d(np.asarray(at, dtype=float))
    _check_values(values)
    check_level(level)
    slopes, cov = slope_coefficients(fit, outcome, predictor, moderator, product, group=group)
    est = slopes[0] + slopes[1] * values
    se = np.sqrt(cov[0, 0] + 2 * values * cov[0, 1] + values**2 * cov[1, 1])
    z, width = est / se, float(ndtri((1 + level) / 2)) * se
    return pd.DataFrame(
        {
            moderator: values,
            "est": est,
            "se": se,
            "z": z,
            "pvalue": 2 * ndtr(-np.abs(z)),
            "ci_lower": est - width,
            "ci_upper": est + width,
        }
    )


def johnson_neyman(
    fit: Fit | LmsFit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    *,
    level: float = 0.95,
    group: int = 1,
) -> tuple[float, ...]:
    """Return the moderator's values at which the simple slope turns significant, ascending.

    The roots of (b1 + b3 w)^2 = z^2 (v11 + 2 w v13 + w^2 v33) (Johnson & Neyman 1936; Bauer &
    Curran 2005): none when the slope is significant everywhere or nowhere, else one or two.

    Raises
    ------
    EstimationError
        As :func:`simple_slopes`.
    """
    check_level(level)
    (b1, b3), cov = slope_coefficients(fit, outcome, predictor, moderator, product, group=group)
    z2 = float(ndtri((1 + level) / 2)) ** 2
    roots = np.roots(
        [
            b3**2 - z2 * cov[1, 1],
            2 * (b1 * b3 - z2 * cov[0, 1]),
            b1**2 - z2 * cov[0, 0],
        ]
    )
    return tuple(sorted(float(root.real) for root in roots if abs(root.imag) < 1e-10))


def significance_region(
    fit: Fit | LmsFit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    *,
    sd: float,
    mean: float = 0.0,
    reach: float = 3.0,
    level: float = 0.95,
) -> Region:
    """Return where the simple slope is significant, within ``reach`` SD of the moderator's mean.

    Raises
    ------
    EstimationError
        As :func:`simple_slopes`.
    """
    names = (outcome, predictor, moderator, product)
    low, high = mean - reach * sd, mean + reach * sd
    points = johnson_neyman(fit, *names, level=level)
    inner = [point for point in points if low < point < high]
    edges = np.array([low, *inner, high])
    middles = (edges[:-1] + edges[1:]) / 2
    clear = simple_slopes(fit, *names, at=middles)["pvalue"].to_numpy() < 1 - level
    inside = _one_in_each(points, sd)
    beyond = simple_slopes(fit, *names, at=inside)["pvalue"].to_numpy() < 1 - level
    mass = np.diff(ndtr((np.array([-np.inf, *points, np.inf]) - mean) / sd))
    return Region(
        points=points,
        low=low,
        high=high,
        significant=_side(clear.tolist()),
        share=float(mass[beyond].sum()),
    )


def _one_in_each(points: Sequence[float], sd: float) -> list[float]:
    """Return a value in each of the intervals that the points cut the line into."""
    if not points:
        return [0.0]
    middles = [(first + second) / 2 for first, second in pairwise(points)]
    return [points[0] - sd, *middles, points[-1] + sd]


def _side(clear: Sequence[bool]) -> Side:
    """Name the pattern of significance over one, two or three neighbouring intervals."""
    if len(clear) == 1:
        return "everywhere" if clear[0] else "nowhere"
    if len(clear) == 2:
        return "below" if clear[0] else "above"
    return "between" if clear[1] else "outside"


def slope_coefficients(
    fit: Fit | LmsFit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    *,
    group: int = 1,
) -> tuple[Array, Array]:
    """Return b1 and the slope's change per unit of the moderator (2,), and their covariance matrix.

    The change is b3, and 2 b3 for the square of a variable.
    """
    _check(fit, outcome, (predictor, moderator, product), group)
    rows = [path_row(fit, outcome, name, group) for name in (predictor, product)]
    scale = np.array([1.0, 2.0 if predictor == moderator else 1.0])
    slopes = fit.problem.row_jacobian(fit.theta)[rows]
    cov = slopes @ require_vcov(fit) @ slopes.T
    return fit.est[rows] * scale, cov * np.outer(scale, scale)


def path_row(fit: Fit | LmsFit, outcome: str, predictor: str, group: int = 1) -> int:
    """Return the place of a path in the parameter table."""
    wanted = ("~", outcome, predictor, group)
    return next(
        k for k, row in enumerate(fit.table.rows) if (row.op, row.lhs, row.rhs, row.group) == wanted
    )


def _check_values(values: Array) -> None:
    if not len(values) or not np.isfinite(values).all():
        raise EstimationError(
            "Simple slopes need values of the moderator",
            found=listed(values.tolist()) or "none",
            expected="numbers, such as -1, 0 and 1",
        )


def _check(fit: Fit | LmsFit, outcome: str, predictors: Sequence[str], group: int) -> None:
    known = [
        row.rhs
        for row in fit.table.rows
        if row.op == "~" and row.lhs == outcome and row.group == group
    ]
    for name in predictors:
        if name not in known:
            raise EstimationError(
                f"'{name}' is no predictor of '{outcome}' in the model",
                expected=listed(known) or f"predictors of '{outcome}', which has none",
            )
