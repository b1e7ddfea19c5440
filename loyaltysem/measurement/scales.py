"""All scales of a questionnaire in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import LoyaltysemError, Notice, ResponsesError, listed
from loyaltysem.measurement.alpha import alpha_analysis, bootstrap_alpha
from loyaltysem.measurement.correlations import correlations
from loyaltysem.measurement.ordinal_reliability import one_factor_omega, ordinal_reliability
from loyaltysem.measurement.split_half import spearman_brown, split_half
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.measurement.alpha import AlphaAnalysis


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ScaleTable(Shown):
    """Reliability of several scales.

    Attributes
    ----------
    table
        One row per scale: ``n_items, n, alpha, ci_lower, ci_upper`` (Feldt),
        ``alpha_standardized``, and what `scale_coefficients` returns. NaN where it cannot be
        computed.
    items
        One row per item: ``scale, item``, the columns of `AlphaAnalysis` ``items`` and
        ``alpha_if_deleted`` (NaN for two items).
    notices
        Why something is NaN, and what looks wrong.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    notices: tuple[Notice, ...]


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

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> constructs = {"price": ["PR1", "PR2", "PR3", "PR4"], "image": ["IM1", "IM2", "IM3", "IM4"]}
    >>> ls.scale_table(answers, constructs).table.shape[0]
    2
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


def scale_coefficients(answers: pd.DataFrame, *, draws: int = 0, seed: int = 0) -> dict[str, float]:
    """Return the coefficients of one scale beside Cronbach's alpha.

    Parameters
    ----------
    answers
        Answers to two items or more, reverse items recoded.
    draws, seed
        Bootstrap draws for the interval of alpha (0: none), and their seed.

    Returns
    -------
    dict
        ``mean_r``; ``split_half`` (odd against even items) and ``lambda1 … lambda6`` of
        `split_half`; ``omega`` (one minres factor); ``spearman_brown`` (two items only);
        ``ordinal_alpha, ordinal_omega, categorical_omega`` of `ordinal_reliability`;
        ``boot_lower, boot_upper``. NaN where a coefficient does not exist.

    Raises
    ------
    ResponsesError
        As `split_half`.
    """
    R = correlations(answers).to_numpy()
    k = len(R)
    halves = split_half(answers, seed=seed)
    return {
        "mean_r": float(R[np.tril_indices(k, -1)].mean()),
        "split_half": halves.odd_even,
        **{f"lambda{i}": getattr(halves, f"lambda{i}") for i in range(1, 7)},
        "omega": one_factor_omega(R) if k > 2 else np.nan,
        "spearman_brown": float(spearman_brown(R[0, 1])) if k == 2 else np.nan,
        **_of_categories(answers),
        **_interval(answers, draws, seed),
    }


def _of_categories(answers: pd.DataFrame) -> dict[str, float]:
    """Return the coefficients of ordered answers, NaN where they are not or are too few."""
    try:
        found = ordinal_reliability(answers)
    except LoyaltysemError:
        return dict.fromkeys(("ordinal_alpha", "ordinal_omega", "categorical_omega"), np.nan)
    return {
        "ordinal_alpha": found.alpha,
        "ordinal_omega": found.omega,
        "categorical_omega": found.categorical_omega,
    }


def _interval(answers: pd.DataFrame, draws: int, seed: int) -> dict[str, float]:
    """Return the bootstrap interval of alpha, NaN without draws or with too few respondents."""
    lower = upper = np.nan
    if draws and len(answers.dropna()) > 2:
        lower, upper = bootstrap_alpha(answers, draws=draws, seed=seed)
    return {"boot_lower": lower, "boot_upper": upper}


def _row(part: pd.DataFrame, found: AlphaAnalysis, draws: int, seed: int) -> dict[str, float]:
    lower, upper = found.feldt_ci or (np.nan, np.nan)
    return {
        "n_items": part.shape[1],
        "n": found.n,
        "alpha": found.scale.alpha,
        "ci_lower": lower,
        "ci_upper": upper,
        "alpha_standardized": found.scale.alpha_standardized,
        **scale_coefficients(part, draws=draws, seed=seed),
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
