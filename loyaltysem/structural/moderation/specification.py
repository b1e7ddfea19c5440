"""What is asked of a moderation, and the model text and data that each method needs for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from loyaltysem.errors import EstimationError, ModelSpecificationError, Reason, did_you_mean, listed
from loyaltysem.structural.lms.terms import consequences, is_product
from loyaltysem.structural.products import Centring, product_indicators
from loyaltysem.syntax import parse_model
from loyaltysem.syntax.roles import find_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.syntax import Statements
    from loyaltysem.syntax.roles import Roles

ModerationMethod = Literal["lms", "products"]
Pairing = Literal["matched", "all_pairs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderated:
    """One moderation: the moderator may change what the predictor does to the outcome.

    Attributes
    ----------
    outcome, predictor, moderator
        Variables of the model; the moderator may be a column of the data that the model does not
        use. Predictor and moderator may be the same: a quadratic effect.
    method
        ``lms`` (latent moderated structural equations) or ``products`` (product indicators).
    products
        With product indicators: ``matched`` or ``all_pairs``.
    centring
        With product indicators: ``double_mean``, ``mean``, ``residual`` or ``none``.
    """

    outcome: str
    predictor: str
    moderator: str
    method: ModerationMethod = "lms"
    products: Pairing = "matched"
    centring: Centring = "double_mean"

    def __post_init__(self) -> None:
        for option, kind in (("method", ModerationMethod), ("products", Pairing)):
            _check_choice(option, getattr(self, option), get_args(kind))
        _check_choice("centring", self.centring, get_args(Centring))

    @property
    def product(self) -> str:
        """The product's name in the model that is fitted."""
        sign = ":" if self.method == "lms" else "_x_"
        return f"{self.predictor}{sign}{self.moderator}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A moderation in a model and data.

    ``syntax`` has the product, ``linear`` lacks it; ``data`` hold centred observed moderators and
    product indicators. ``observed`` tells whether the moderator is a column of the data;
    ``levels`` are then its values in the data, before centring, and ``centre`` their mean.
    """

    syntax: str
    linear: str
    data: pd.DataFrame
    observed: bool
    levels: tuple[float, ...] = ()
    centre: float = 0.0


def specify(model: str, data: pd.DataFrame, asked: Moderated) -> Specification:
    """Return the model with the product among the predictors, and the data that it needs.

    An observed moderator is centred at its mean, gets a path to the outcome, and covaries with the
    exogenous latent variables. A moderator without a path to the outcome gets one.

    Raises
    ------
    ModelSpecificationError
        The model has no such outcome, predictor or path, or has the product already.
    EstimationError
        The moderator is not in the data, does not vary, or products cannot be made.
    """
    statements = parse_model(model)
    check_moderated(statements, asked, [str(name) for name in data.columns])
    roles = find_roles(statements.elements)
    added = main_effect_lines(statements, asked)
    observed = asked.moderator not in roles.latent
    levels: tuple[float, ...] = ()
    centre = 0.0
    if observed:
        data, levels, centre = _centred(data, asked.moderator)
        if asked.moderator not in roles.observed:
            added += _moments_lines(asked.moderator, roles)
    linear = "\n".join([model, *added])
    if asked.method == "lms":
        product = [f"{asked.outcome} ~ {asked.product}"]
    else:
        data, product = _with_products(statements, data, asked)
    return Specification(
        syntax="\n".join([linear, *product]),
        linear=linear,
        data=data,
        observed=observed,
        levels=levels,
        centre=centre,
    )


def check_moderated(statements: Statements, asked: Moderated, columns: Iterable[str]) -> None:
    """Refuse a moderation that the model cannot hold; ``columns`` are those of the data.

    Raises
    ------
    ModelSpecificationError
        Naming what is available.
    """
    if any(is_product(element) for element in statements.elements):
        raise ModelSpecificationError(
            "The model text has a product already",
            found=listed(str(e) for e in statements.elements if is_product(e)),
            remedy="Take it out: the moderation adds the product.",
        )
    outcomes = dict.fromkeys(e.lhs for e in statements.elements if e.op == "~")
    if asked.outcome not in outcomes:
        raise ModelSpecificationError(
            f"No path of the model leads to the outcome '{asked.outcome}' of the moderation",
            expected=listed(outcomes) or "a model with paths",
            remedy=did_you_mean(asked.outcome, outcomes),
        )
    predictors = [e.rhs for e in statements.elements if (e.op, e.lhs) == ("~", asked.outcome)]
    if asked.predictor not in predictors:
        raise ModelSpecificationError(
            f"The model has no path from '{asked.predictor}' to '{asked.outcome}'",
            expected=f"a predictor of '{asked.outcome}': {listed(predictors)}",
            remedy=did_you_mean(asked.predictor, predictors),
        )
    roles = find_roles(statements.elements)
    known = dict.fromkeys([*roles.latent, *columns])
    if asked.moderator not in known:
        raise _unknown("moderator", asked.moderator, known)
    if asked.moderator == asked.outcome:
        raise ModelSpecificationError(
            f"'{asked.moderator}' cannot moderate a path to itself",
            expected=listed(name for name in roles.latent if name != asked.outcome),
        )
    _check_place(statements, asked, roles)


def _check_place(statements: Statements, asked: Moderated, roles: Roles) -> None:
    """Refuse moderators that show a latent variable of the model, or that the outcome leads to."""
    loaded = {e.rhs: e.lhs for e in statements.elements if e.op == "=~"}
    if asked.moderator in loaded and asked.moderator not in roles.latent:
        raise ModelSpecificationError(
            f"The moderator '{asked.moderator}' is an indicator of the model",
            found=f"an indicator of '{loaded[asked.moderator]}'",
            expected=listed(name for name in roles.latent if name != asked.outcome),
            remedy="Name the latent variable, or a column that the model does not use.",
        )
    if asked.moderator in consequences(statements, {asked.outcome}):
        raise ModelSpecificationError(
            f"The moderator '{asked.moderator}' is a consequence of '{asked.outcome}' in the model",
            remedy="A moderator comes before the path that it changes.",
        )


def main_effect_lines(statements: Statements, asked: Moderated) -> list[str]:
    """Return the line that gives the moderator its own path to the outcome, where it lacks one."""
    paths = {(e.lhs, e.rhs) for e in statements.elements if e.op == "~"}
    if (asked.outcome, asked.moderator) in paths:
        return []
    return [f"{asked.outcome} ~ {asked.moderator}"]


def _unknown(role: str, name: str, known: Iterable[str]) -> ModelSpecificationError:
    names = list(known)
    return ModelSpecificationError(
        f"The {role} '{name}' of the moderation is not in the model",
        expected=listed(names),
        remedy=did_you_mean(name, names),
    )


def _check_choice(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise EstimationError(
            f"Unknown {option} of a moderation",
            found=f"'{value}'",
            expected=listed(known),
            remedy=did_you_mean(value, known),
        )


def _centred(data: pd.DataFrame, name: str) -> tuple[pd.DataFrame, tuple[float, ...], float]:
    """Return the data with the column centred, its distinct values, and its mean."""
    values = _numbers(data[name])
    distinct = np.unique(values[~np.isnan(values)])
    if len(distinct) < 2:
        raise EstimationError(
            f"The moderator '{name}' does not vary",
            found=listed(distinct.tolist()),
            reason=Reason("constant", {"variables": [name]}),
        )
    centre = float(np.nanmean(values))
    return data.assign(**{name: values - centre}), tuple(distinct.tolist()), centre


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return an observed moderator's values, NaN where missing, or say that it has none."""
    try:
        return column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise EstimationError(
            f"The moderator '{column.name}' is not numeric",
            found=listed(repr(value) for value in column.dropna().unique()),
            expected="numbers; of two categories 0 and 1",
            remedy="Code it so, or compare the categories as groups.",
        ) from None


def _moments_lines(moderator: str, roles: Roles) -> list[str]:
    """Let an observed moderator vary, and covary with the exogenous latent variables."""
    lines = [f"{moderator} ~~ {moderator}"]
    return lines + [f"{name} ~~ {moderator}" for name in roles.latent_exogenous]


def _with_products(
    statements: Statements, data: pd.DataFrame, asked: Moderated
) -> tuple[pd.DataFrame, list[str]]:
    """Return the data with product indicators, and the lines that the product needs."""
    first = _indicators(statements, asked.predictor)
    second = _indicators(statements, asked.moderator)
    single = min(len(first), len(second)) == 1
    matched = asked.products == "matched" and not single
    made = product_indicators(data, first, second, matched=matched, centring=asked.centring)
    names = [str(name) for name in made.columns[data.shape[1] :]]
    lines = [f"{asked.outcome} ~ {asked.product}"]
    if len(names) == 1:
        return made.rename(columns={names[0]: asked.product}), lines
    lines.insert(0, f"{asked.product} =~ " + " + ".join(names))
    if not matched and not single:
        lines += _shared_errors(first, second)
    return made, lines


def _indicators(statements: Statements, name: str) -> list[str]:
    """Return the indicators of a latent variable; an observed one is its own."""
    own = [e.rhs for e in statements.elements if (e.op, e.lhs) == ("=~", name)]
    latent = {e.lhs for e in statements.elements if e.op == "=~"}
    if latent.intersection(own):
        raise EstimationError(
            f"'{name}' is a second-order construct and has no indicators to multiply",
            remedy="Use method 'lms', or a dimension of it.",
            reason=Reason("no_indicators", {"construct": name}),
        )
    return own or [name]


def _shared_errors(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Let products that share an indicator have correlated errors (Marsh, Wen & Hau 2004)."""
    pairs = [(a, b) for a in first for b in second]
    return [f"{a}.{b} ~~ {c}.{d}" for (a, b), (c, d) in combinations(pairs, 2) if a == c or b == d]
