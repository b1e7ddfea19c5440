"""Moderated mediation: indirect effects at values of the moderator, and their index.

A moderated path predictor -> outcome with slope b1 + b3 w can be the second step of an indirect
effect (antecedent -> predictor -> outcome, with first step a) or the first one (predictor ->
outcome -> consequence, with second step c). The conditional indirect effect is a (b1 + b3 w), or
(b1 + b3 w) c; its change per unit of the moderator, a b3 or b3 c, is the index of moderated
mediation (Hayes 2015), which is zero when the indirect effect does not depend on the moderator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from loyaltysem.estimation.information import require_vcov
from loyaltysem.structural.moderation.slopes import path_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Bootstrap, Fit
    from loyaltysem.structural.lms import LmsFit

    Array = NDArray[np.float64]

MONTE_CARLO_DRAWS = 20_000
SEED = 20240501


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalEffect:
    """An indirect effect that depends on a moderator.

    ``path`` is ``a -> b -> c``; ``at`` the moderator's values (k,), ``est`` and ``se`` (k,) the
    conditional effects, ``limits`` lower and upper limits (k,) by method (``delta``, ``mc``,
    ``perc``). ``index`` is the index of moderated mediation, with ``index_se``, ``index_z``,
    ``index_pvalue`` (delta method) and ``index_limits``.
    """

    path: str
    at: tuple[float, ...]
    est: Array
    se: Array
    limits: Mapping[str, tuple[Array, Array]]
    index: float
    index_se: float
    index_z: float
    index_pvalue: float
    index_limits: Mapping[str, tuple[float, float]]


def conditional_effects(
    fit: Fit | LmsFit,
    outcome: str,
    predictor: str,
    product: str,
    at: Sequence[float],
    *,
    level: float = 0.95,
    draws: Bootstrap | None = None,
    moderator: str | None = None,
) -> tuple[ConditionalEffect, ...]:
    """Return every two-step indirect effect that a moderated path is part of.

    Parameters
    ----------
    fit
        A model with ``outcome ~ predictor + moderator + product``.
    outcome, predictor, product
        Names in the model.
    at
        Values of the moderator.
    level
        Level of the intervals: delta method and Monte Carlo (20,000 draws).
    draws
        A bootstrap of the fit, for percentile intervals.
    moderator
        Left out as an antecedent.

    Returns
    -------
    tuple
        Empty when nothing leads to the predictor and the outcome leads to nothing.
    """
    moderated = [path_row(fit, outcome, name) for name in (predictor, product)]
    found = []
    for row in fit.table.rows:
        if row.op != "~" or row.group != 1 or row.rhs == product:
            continue
        if row.lhs == predictor and row.rhs not in (moderator, outcome):
            path = f"{row.rhs} -> {predictor} -> {outcome}"
        elif row.rhs == outcome and row.lhs != predictor:
            path = f"{predictor} -> {outcome} -> {row.lhs}"
        else:
            continue
        rows = [path_row(fit, row.lhs, row.rhs), *moderated]
        found.append(_effect(fit, path, rows, np.asarray(at, dtype=float), level, draws))
    return tuple(found)


def _effect(
    fit: Fit | LmsFit,
    path: str,
    rows: Sequence[int],
    at: Array,
    level: float,
    draws: Bootstrap | None,
) -> ConditionalEffect:
    """Return one effect; ``rows`` are those of the other step, of b1 and of b3."""
    slopes = fit.problem.row_jacobian(fit.theta)[list(rows)]
    cov = slopes @ require_vcov(fit) @ slopes.T
    values, jacobian = _values(fit.est[list(rows)], at)
    se = np.sqrt(np.maximum(np.sum((jacobian @ cov) * jacobian, axis=1), 0.0))
    width = float(ndtri((1 + level) / 2)) * se
    limits = {"delta": (values - width, values + width)}
    limits["mc"] = _quantiles(_values(_simulated(fit.est[list(rows)], cov), at)[0], level)
    if draws is not None:
        limits["perc"] = _quantiles(_values(draws.estimates[:, list(rows)], at)[0], level)
    z = float(values[-1] / se[-1]) if se[-1] > 0 else float("nan")
    return ConditionalEffect(
        path=path,
        at=tuple(at.tolist()),
        est=values[:-1],
        se=se[:-1],
        limits={name: (low[:-1], high[:-1]) for name, (low, high) in limits.items()},
        index=float(values[-1]),
        index_se=float(se[-1]),
        index_z=z,
        index_pvalue=float(2 * ndtr(-abs(z))),
        index_limits={
            name: (float(low[-1]), float(high[-1])) for name, (low, high) in limits.items()
        },
    )


def _values(coefficients: Array, at: Array) -> tuple[Array, Array]:
    """Return conditional effects and index (..., k + 1), and derivatives (..., k + 1, 3).

    ``coefficients`` (..., 3) are the other step a, and b1 and b3 of the moderated one.
    """
    a, b1, b3 = (coefficients[..., [k]] for k in range(3))
    slope = np.concatenate([b1 + b3 * at, b3], axis=-1)
    by_b1 = a * np.append(np.ones_like(at), 0.0)
    by_b3 = a * np.append(at, 1.0)
    return a * slope, np.stack([slope, by_b1, by_b3], axis=-1)


def _simulated(est: Array, cov: Array) -> Array:
    rng = np.random.default_rng(SEED)
    return rng.multivariate_normal(est, cov, size=MONTE_CARLO_DRAWS, method="eigh")


def _quantiles(values: Array, level: float) -> tuple[Array, Array]:
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
