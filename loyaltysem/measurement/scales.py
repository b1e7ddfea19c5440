"""All scales of a questionnaire in one table; reliability of ordered answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, LoyaltysemError, Notice, ResponsesError, listed
from loyaltysem.measurement.alpha import alpha_analysis, bootstrap_alpha
from loyaltysem.measurement.correlations import correlations
from loyaltysem.measurement.extraction import extract
from loyaltysem.measurement.reliability import alpha_of, composite_reliability
from loyaltysem.measurement.split_half import spearman_brown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.measurement.alpha import AlphaAnalysis

MOST_CATEGORIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleTable:
    """Reliability of several scales.

    Attributes
    ----------
    table
        One row per scale: ``n_items, n, alpha, ci_lower, ci_upper`` (Feldt), ``boot_lower,
        boot_upper`` (NaN without draws), ``alpha_standardized, guttman6, mean_r``, ``omega`` (one
        minres factor; NaN for two items), ``spearman_brown`` (two items only). NaN where it cannot
        be computed.
    items
        One row per item: ``scale, item``, the columns of `AlphaAnalysis` ``items`` and
        ``alpha_if_deleted`` (NaN for two items).
    notices
        Why something is NaN, and what looks wrong.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalReliability:
    """Reliability of the responses behind ordered answers.

    ``alpha`` of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007) and ``omega`` of one
    factor on them. Both describe the underlying responses, not the sum of the answers as they are.
    """

    alpha: float
    omega: float


def scale_table(
    answers: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    draws: int = 0,
    seed: int = 0,
) -> ScaleTable:
    """Return the reliability of every scale, going on where one cannot be computed.

    Parameters
    ----------
    answers
        One row per respondent, reverse items recoded.
    constructs
        Items of each scale.
    draws, seed
        Bootstrap draws for intervals of alpha (0: none), and their seed.

    Raises
    ------
    ResponsesError
        An item is not among the answers.
    """
    absent = [item for own in constructs.values() for item in own if item not in answers.columns]
    if absent:
        raise ResponsesError("The answers lack items of the constructs", found=listed(absent))
    rows: dict[str, dict[str, float]] = {}
    items: list[pd.DataFrame] = []
    notices: list[Notice] = []
    for name, own in constructs.items():
        part = answers[list(own)]
        try:
            found = alpha_analysis(part)
        except LoyaltysemError as error:
            rows[name] = {"n_items": len(own), "n": len(part)}
            text = f"Construct '{name}' has no reliability: {error}"
            notices.append(Notice("no_reliability", text, {"construct": name}))
            continue
        rows[name] = _row(part, found, draws, seed)
        items.append(_items(name, found))
        notices += _notices(name, found)
    return ScaleTable(
        table=pd.DataFrame.from_dict(rows, orient="index"),
        items=pd.concat(items, ignore_index=True) if items else pd.DataFrame(),
        notices=tuple(notices),
    )


def ordinal_reliability(answers: pd.DataFrame) -> OrdinalReliability:
    """Return alpha and omega of the responses that are taken to lie behind ordered answers.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, does not vary; or there are fewer than three.
    EstimationError
        An item has too many different answers to be ordinal.

    Notes
    -----
    Alpha is checked against the golden case ``polychoric_loyalty``.
    """
    if answers.shape[1] < 3:
        raise ResponsesError("Ordinal reliability needs three items or more")
    many = [str(name) for name in answers if answers[name].nunique() > MOST_CATEGORIES]
    if many:
        raise EstimationError(
            "Items have too many different answers to count as ordinal", found=listed(many)
        )
    R = correlations(answers, "polychoric").to_numpy()
    return OrdinalReliability(alpha=alpha_of(R), omega=one_factor_omega(R))


def one_factor_omega(R: np.ndarray) -> float:
    """Return McDonald's omega of one minres factor on a correlation matrix of three items or more.

    ``(sum l)² / ((sum l)² + sum(1 - l²))``; McDonald (1999).
    """
    return composite_reliability(extract(R, 1).loadings[:, 0])


def _row(part: pd.DataFrame, found: AlphaAnalysis, draws: int, seed: int) -> dict[str, float]:
    k = part.shape[1]
    lower, upper = found.feldt_ci or (np.nan, np.nan)
    boot = bootstrap_alpha(part, draws=draws, seed=seed) if draws else (np.nan, np.nan)
    R = correlations(part).to_numpy()
    return {
        "n_items": k,
        "n": found.n,
        "alpha": found.scale.alpha,
        "ci_lower": lower,
        "ci_upper": upper,
        "boot_lower": boot[0],
        "boot_upper": boot[1],
        "alpha_standardized": found.scale.alpha_standardized,
        "guttman6": found.scale.guttman6,
        "mean_r": found.scale.mean_r,
        "omega": one_factor_omega(R) if k > 2 else np.nan,
        "spearman_brown": float(spearman_brown(R[0, 1])) if k == 2 else np.nan,
    }


def _items(name: str, found: AlphaAnalysis) -> pd.DataFrame:
    deleted = found.if_deleted["alpha"] if len(found.items) > 2 else np.nan
    table = found.items.assign(alpha_if_deleted=deleted).rename_axis("item").reset_index()
    table.insert(0, "scale", name)
    return table


def _notices(name: str, found: AlphaAnalysis) -> list[Notice]:
    facts = {"construct": name}
    notices = []
    if found.scale.alpha < 0:
        text = (
            f"Alpha of construct '{name}' is negative: its items contradict one another. Look for a"
            " reverse item that is not marked."
        )
        notices.append(Notice("negative_alpha", text, {**facts, "alpha": found.scale.alpha}))
    against = found.items.index[found.items["r_drop"] < 0].tolist()
    if against and found.scale.alpha >= 0:
        text = f"{listed(against)} run against the other items of construct '{name}'."
        notices.append(Notice("negative_item_total", text, {**facts, "items": against}))
    if len(found.items) == 2:
        text = (
            f"Construct '{name}' has two items: report Spearman-Brown's coefficient rather than"
            " alpha, and know that two items cannot show whether they measure one thing."
        )
        notices.append(Notice("two_items", text, facts))
    return notices
