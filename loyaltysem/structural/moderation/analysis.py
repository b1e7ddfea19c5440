"""A whole moderation analysis in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import ConvergenceError, EstimationError, Notice
from loyaltysem.estimation import bootstrap as bootstrap_draws
from loyaltysem.estimation import fit
from loyaltysem.estimation.estimates import check_level
from loyaltysem.structural.effects import FEWEST_DRAWS, too_few_draws
from loyaltysem.structural.lms import LmsFit, fit_lms
from loyaltysem.structural.moderation.conditional_effects import conditional_effects
from loyaltysem.structural.moderation.slopes import significance_region, simple_slopes
from loyaltysem.structural.moderation.specification import Moderated, specify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loyaltysem.estimation import Bootstrap, Fit
    from loyaltysem.structural.moderation.conditional_effects import ConditionalEffect
    from loyaltysem.structural.moderation.slopes import Region
    from loyaltysem.structural.moderation.specification import Specification

CURVE_POINTS = 61
"""Values of the moderator at which the slope's band is given."""

DEFAULT_ESTIMATOR = {"lms": "ML", "products": "MLR"}
"""By method. Products are not normally distributed even where their factors are, so that standard
errors of normal theory are too small for their path; the robust ones have the same estimates."""

REACH = 3.0
"""Standard deviations of the moderator that the band and the region cover on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """Whether and how a moderator changes a path.

    Attributes
    ----------
    asked
        The moderation and the method.
    fit
        The fitted model with the product (`LmsFit`, or `Fit` with product indicators).
    linear
        The fit of the model without the product, moderator's path included.
    sd
        Standard deviations of predictor, moderator and outcome that standardize slopes: implied
        for latent variables, those of the sample for observed ones.
    centre
        What was subtracted from an observed moderator; 0 for a latent one, whose mean is 0.
    paths
        The paths of predictor, moderator and product: ``rhs, est, se, z, pvalue, ci_lower,
        ci_upper, std_all``. The product is standardized as the product of standardized factors
        (Wen, Marsh & Hau 2010).
    slopes
        Simple slopes: ``sds`` (distance from the mean in SD), ``value``, ``est, se, z, pvalue,
        ci_lower, ci_upper, std``.
    region
        Where the slope is significant (Johnson & Neyman); None for a moderator of two values.
    curve
        The slope and its band over the moderator: ``value, est, ci_lower, ci_upper``.
    lines
        Predicted outcome (deviation from its value at the means) at two standard deviations of the
        predictor around its mean: ``moderator, predictor, outcome``.
    indirect
        Conditional indirect effects that the moderated path is part of.
    r2, r2_linear
        Explained variance of the outcome with and without the product.
    test
        Likelihood-ratio test of the product (LMS): ``chisq, df, pvalue, aic_difference,
        bic_difference``; None with product indicators, whose models are not nested.
    notices
        What a reader must know.
    """

    asked: Moderated
    fit: Fit | LmsFit
    linear: Fit
    sd: tuple[float, float, float]
    centre: float
    paths: pd.DataFrame
    slopes: pd.DataFrame
    region: Region | None
    curve: pd.DataFrame
    lines: pd.DataFrame
    indirect: tuple[ConditionalEffect, ...]
    r2: float
    r2_linear: float
    test: dict[str, float] | None
    notices: tuple[Notice, ...]
    level: float

    @property
    def supported(self) -> bool:
        """Whether the product's path differs from zero at the level of the intervals."""
        return bool(self.paths["pvalue"].iloc[-1] < 1 - self.level)


def moderated_fit(
    model: str,
    data: pd.DataFrame,
    *,
    outcome: str,
    predictor: str,
    moderator: str,
    method: str = "lms",
    products: str = "matched",
    centring: str = "double_mean",
    at: Sequence[float] = (-1.0, 0.0, 1.0),
    level: float = 0.95,
    missing: str = "listwise",
    estimator: str | None = None,
    bootstrap: int = 0,
    seed: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Moderation:
    """Fit a model in which a moderator changes a path, and describe how it does.

    Parameters
    ----------
    model
        lavaan's syntax without the product; it is added here, as is the moderator's own path to
        the outcome where the model lacks it.
    data
        One row per respondent.
    outcome, predictor, moderator
        The moderated path and its moderator: a latent variable of the model, or a numeric column
        of the data (a characteristic or a score), which is centred at its mean. The same name
        twice is a quadratic effect.
    method, products, centring
        See :class:`~loyaltysem.structural.moderation.specification.Moderated`.
    at
        Values of the moderator for simple slopes, in its standard deviations from the mean; a
        moderator of two values is shown at these.
    level
        Level of tests and intervals.
    missing, estimator
        As in `fit`. None takes `DEFAULT_ESTIMATOR`: ML with ``method="lms"``, where ``MLR`` gives
        robust standard errors, and MLR with product indicators.
    bootstrap, seed, tell
        Draws for percentile intervals of conditional indirect effects (product indicators only).

    Returns
    -------
    Moderation

    Raises
    ------
    ModelSpecificationError
        The model lacks one of the names, or the path.
    EstimationError
        The data do not allow it, ``level`` is no share, or there are fewer than 100 draws;
        ConvergenceError when there is no solution.
    """
    check_level(level)
    if 0 < bootstrap < FEWEST_DRAWS:
        raise too_few_draws(f"{bootstrap}")
    asked = Moderated(
        outcome=outcome,
        predictor=predictor,
        moderator=moderator,
        method=method,  # type: ignore[arg-type]
        products=products,  # type: ignore[arg-type]
        centring=centring,  # type: ignore[arg-type]
    )
    estimator = estimator or DEFAULT_ESTIMATOR[asked.method]
    specified = specify(model, data, asked)
    fitted = _fitted(specified, asked, missing=missing, estimator=estimator)
    if isinstance(fitted, LmsFit):
        return _described(asked, specified, fitted, fitted.linear, at=at, level=level)
    linear = fit(specified.linear, specified.data, missing=missing, estimator=estimator)
    draws = None
    if bootstrap:
        draws = bootstrap_draws(fitted, bootstrap, seed=seed, tell=tell)
    return _described(asked, specified, fitted, linear, at=at, level=level, draws=draws)


def _fitted(
    specified: Specification, asked: Moderated, *, missing: str, estimator: str
) -> Fit | LmsFit:
    """Return the model with the product, or refuse one that was not found."""
    found: Fit | LmsFit
    if asked.method == "lms":
        if estimator not in {"ML", "MLR"}:
            raise EstimationError(
                "Latent moderated structural equations are estimated by maximum likelihood",
                found=f"estimator {estimator}",
                expected="ML or MLR",
                remedy="Use method 'products' with other estimators.",
            )
        errors = "robust" if estimator == "MLR" else "standard"
        found = fit_lms(specified.syntax, specified.data, missing=missing, se=errors)
    else:
        found = fit(specified.syntax, specified.data, missing=missing, estimator=estimator)
    if not found.converged:
        raise ConvergenceError(
            f"The model with '{asked.product}' did not converge: its estimates mean nothing",
            found=f"{found.n} respondents, {found.npar} parameters",
            remedy="Try the other method, more respondents, or a simpler measurement model.",
        )
    return found


def _described(
    asked: Moderated,
    specified: Specification,
    fitted: Fit | LmsFit,
    linear: Fit,
    *,
    at: Sequence[float],
    level: float,
    draws: Bootstrap | None = None,
) -> Moderation:
    sd = _standard_deviations(asked, specified, fitted)
    values = _moderator_values(specified, at, sd[1])
    two_values = len(specified.levels) == 2
    return Moderation(
        asked=asked,
        fit=fitted,
        linear=linear,
        sd=sd,
        centre=specified.centre,
        paths=_paths(fitted, asked, sd, level),
        slopes=_slopes(fitted, asked, values, sd, level),
        region=None if two_values else _region(fitted, asked, sd[1], level),
        curve=_curve(fitted, asked, sd[1], values if two_values else None, level),
        lines=_lines(fitted, asked, values, sd[0]),
        indirect=_indirect(fitted, asked, values, level, draws),
        r2=float(fitted.r2()[asked.outcome]),
        r2_linear=float(linear.r2()[asked.outcome]),
        test=fitted.interaction_test() if isinstance(fitted, LmsFit) else None,
        notices=_told(fitted.notices, asked.moderator),
        level=level,
    )


def _region(fitted: Fit | LmsFit, asked: Moderated, sd: float, level: float) -> Region:
    names = (asked.outcome, asked.predictor, asked.moderator, asked.product)
    return significance_region(fitted, *names, sd=sd, reach=REACH, level=level)


def _indirect(
    fitted: Fit | LmsFit,
    asked: Moderated,
    values: Sequence[float],
    level: float,
    draws: Bootstrap | None,
) -> tuple[ConditionalEffect, ...]:
    """Return the conditional indirect effects; none of a variable that moderates itself."""
    if asked.predictor == asked.moderator:
        return ()
    return conditional_effects(
        fitted,
        asked.outcome,
        asked.predictor,
        asked.product,
        values,
        level=level,
        draws=draws,
        moderator=asked.moderator,
    )


def _told(notices: Sequence[Notice], moderator: str) -> tuple[Notice, ...]:
    """Return the notices but the one that says what was done to an observed moderator."""
    own = {"variables": [moderator]}
    return tuple(n for n in notices if n.code != "covariate_randomized" or dict(n.facts) != own)


def _standard_deviations(
    asked: Moderated, specified: Specification, fitted: Fit | LmsFit
) -> tuple[float, float, float]:
    implied = fitted.latent_covariances()

    def sd(name: str) -> float:
        if name in implied.columns:
            return float(np.sqrt(implied.loc[name, name]))  # type: ignore[arg-type]
        return float(specified.data[name].std(ddof=0))

    return sd(asked.predictor), sd(asked.moderator), sd(asked.outcome)


def _moderator_values(
    specified: Specification, at: Sequence[float], sd: float
) -> tuple[float, ...]:
    """Return the values of the (centred) moderator at which slopes are shown."""
    if len(specified.levels) == 2:
        return tuple(value - specified.centre for value in specified.levels)
    return tuple(sd * distance for distance in at)


def _paths(
    fitted: Fit | LmsFit, asked: Moderated, sd: tuple[float, float, float], level: float
) -> pd.DataFrame:
    """Return the paths of predictor, moderator and product (one row less for a square)."""
    estimates = fitted.estimates(level)
    own = estimates[(estimates["op"] == "~") & (estimates["lhs"] == asked.outcome)]
    wanted = list(dict.fromkeys([asked.predictor, asked.moderator, asked.product]))
    columns = ["rhs", "est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std_all"]
    chosen = own.set_index("rhs").loc[wanted].reset_index()[columns]
    product = float(chosen["est"].iloc[-1]) * sd[0] * sd[1] / sd[2]
    chosen.loc[chosen.index[-1], "std_all"] = product
    return chosen


def _slopes(
    fitted: Fit | LmsFit,
    asked: Moderated,
    values: Sequence[float],
    sd: tuple[float, float, float],
    level: float,
) -> pd.DataFrame:
    names = (asked.outcome, asked.predictor, asked.moderator, asked.product)
    found = simple_slopes(fitted, *names, at=values, level=level)
    found = found.rename(columns={asked.moderator: "value"})
    found.insert(0, "sds", found["value"] / sd[1])
    return found.assign(std=found["est"] * sd[0] / sd[2])


def _curve(
    fitted: Fit | LmsFit,
    asked: Moderated,
    sd: float,
    values: Sequence[float] | None,
    level: float,
) -> pd.DataFrame:
    """Return the slope's band over the moderator, at its two values if it has no more."""
    at = np.linspace(-REACH * sd, REACH * sd, CURVE_POINTS) if values is None else values
    names = (asked.outcome, asked.predictor, asked.moderator, asked.product)
    found = simple_slopes(fitted, *names, at=at, level=level)
    found = found.rename(columns={asked.moderator: "value"})
    return found[["value", "est", "ci_lower", "ci_upper"]]


def _lines(
    fitted: Fit | LmsFit, asked: Moderated, values: Sequence[float], sd: float
) -> pd.DataFrame:
    """Return the predicted outcome over the predictor, for each value of the moderator."""
    estimates = fitted.estimates()
    paths = estimates[(estimates["op"] == "~") & (estimates["lhs"] == asked.outcome)]
    b: dict[Any, float] = paths.set_index("rhs")["est"].to_dict()
    x = np.linspace(-2 * sd, 2 * sd, 41 if asked.predictor == asked.moderator else 2)
    if asked.predictor == asked.moderator:
        y = b[asked.predictor] * x + b[asked.product] * x**2
        return pd.DataFrame({"moderator": np.nan, "predictor": x, "outcome": y})
    parts = [
        pd.DataFrame(
            {
                "moderator": w,
                "predictor": x,
                "outcome": b[asked.predictor] * x
                + b[asked.moderator] * w
                + b[asked.product] * x * w,
            }
        )
        for w in values
    ]
    return pd.concat(parts, ignore_index=True)
