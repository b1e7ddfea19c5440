"""What customers did, beside what they say: recency, frequency, monetary value and tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Measure = Literal["recency", "frequency", "monetary"]
TIERS = ("bronze", "silver", "gold")
_SCORED: tuple[tuple[str, Measure], ...] = (
    ("r", "recency"),
    ("f", "frequency"),
    ("m", "monetary"),
)


def customer_behaviour(
    transactions: pd.DataFrame,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    until: pd.Timestamp | str | None = None,
) -> pd.DataFrame:
    """Return what each customer bought, and when.

    Parameters
    ----------
    transactions
        One row per purchase.
    customer, date, amount
        Its columns: who, when (dates, or text such as 2024-01-31), for how much. Rows without a
        customer are left out.
    until
        Day of observation, by default that of the last purchase; later purchases do not count.

    Returns
    -------
    DataFrame
        One row per customer: ``recency`` (days since the last purchase), ``frequency`` (days with a
        purchase), ``monetary`` (mean amount per such day), ``total``, ``tenure`` (days since the
        first purchase), ``repurchased`` (bought on two days or more).

    Raises
    ------
    ResponsesError
        A column is missing, a date or an amount cannot be read, or nothing was bought in time.
    """
    table = _purchases(transactions, customer, date, amount)
    end = table["date"].max() if until is None else pd.Timestamp(until)
    table = table[table["date"] <= end]
    if table.empty:
        raise ResponsesError("There is no purchase up to the day of observation", found=str(end))
    days = table.groupby(["customer", "date"], sort=True)["amount"].sum().reset_index()
    each = days.groupby("customer")
    found = pd.DataFrame(
        {
            "recency": (end - each["date"].max()).dt.days,
            "frequency": each.size(),
            "monetary": each["amount"].mean(),
            "total": each["amount"].sum(),
            "tenure": (end - each["date"].min()).dt.days,
        }
    )
    found["repurchased"] = found["frequency"] > 1
    return found.rename_axis(customer)


def rfm_tiers(
    behaviour: pd.DataFrame,
    *,
    rules: Mapping[Measure, Sequence[float]] | None = None,
    names: Sequence[str] = TIERS,
) -> pd.DataFrame:
    """Return scores of recency, frequency and monetary value, and the tier that they make.

    Parameters
    ----------
    behaviour
        What `customer_behaviour` returns.
    rules
        Ascending limits of the scores 1, 2, … of a measure (one fewer than scores; recency counts
        downward, so that recent buyers score high). A measure without limits is cut at its
        quantiles.
    names
        Tiers from the lowest to the highest; as many scores.

    Returns
    -------
    DataFrame
        Columns ``r, f, m`` (1 is lowest), ``rfm`` (their mean) and ``tier`` (ordered); the mean
        score is cut into equal parts of its possible range.

    Raises
    ------
    ResponsesError
        Limits are not ascending or not one fewer than the tiers.
    """
    count = len(names)
    scores = pd.DataFrame(index=behaviour.index)
    for letter, measure in _SCORED:
        limits = _limits(behaviour[measure], (rules or {}).get(measure), count)
        side: Literal["left", "right"] = "left" if letter == "r" else "right"
        place = np.searchsorted(limits, behaviour[measure].to_numpy(), side=side)
        scores[letter] = count - place if letter == "r" else place + 1
    scores["rfm"] = scores[["r", "f", "m"]].mean(axis=1)
    part = np.ceil((scores["rfm"] - 1) / (count - 1) * count).clip(1, count).astype(int) - 1
    tiers = pd.CategoricalDtype(list(names), ordered=True)
    scores["tier"] = pd.Categorical.from_codes(part.to_numpy(), dtype=tiers)
    return scores


def known_groups(scores: pd.DataFrame, tier: pd.Series) -> pd.DataFrame:
    """Return whether construct scores rise with the tier of customers: known-groups validity.

    Parameters
    ----------
    scores
        One row per respondent, one column per construct.
    tier
        Each respondent's tier, ordered, under the same index; respondents without one are left out.

    Returns
    -------
    DataFrame
        By construct: the mean of each tier, ``rho`` (Spearman's correlation of score and tier),
        ``pvalue``, and ``rises`` (no mean lies below that of a lower tier).

    Raises
    ------
    ResponsesError
        The tiers are not ordered, or fewer than two tiers have respondents.
    """
    from scipy.stats import spearmanr

    if not isinstance(tier.dtype, pd.CategoricalDtype) or not tier.cat.ordered:
        raise ResponsesError("Tiers must be ordered categories", found=str(tier.dtype))
    both = scores.join(tier.rename("tier").dropna(), how="inner")
    present = both["tier"].cat.remove_unused_categories()
    if len(present.cat.categories) < 2:
        raise ResponsesError("Known groups need respondents of two tiers or more")
    means = both[scores.columns].groupby(present, observed=True).mean().T
    means.columns = [f"mean_{name}" for name in means.columns]
    tests = [spearmanr(both[name], present.cat.codes, nan_policy="omit") for name in scores.columns]
    return means.assign(
        rho=[float(test.statistic) for test in tests],
        pvalue=[float(test.pvalue) for test in tests],
        rises=(means.diff(axis=1).iloc[:, 1:] >= 0).all(axis=1),
    )


def _purchases(transactions: pd.DataFrame, customer: str, date: str, amount: str) -> pd.DataFrame:
    absent = [name for name in (customer, date, amount) if name not in transactions.columns]
    if absent:
        raise ResponsesError(
            "The table of purchases lacks columns",
            found=listed(transactions.columns),
            expected=listed([customer, date, amount]),
        )
    rows = transactions[transactions[customer].notna()]
    when = pd.to_datetime(rows[date], errors="coerce", format="ISO8601").dt.normalize()
    value = pd.to_numeric(rows[amount], errors="coerce")
    for name, read in ((date, when), (amount, value)):
        if read.isna().any():
            raise ResponsesError(
                f"Column '{name}' of the purchases cannot be read throughout",
                found=listed(rows.loc[read.isna(), name].unique()),
                remedy="Write dates as 2024-01-31 and amounts as plain numbers.",
            )
    return pd.DataFrame({"customer": rows[customer], "date": when, "amount": value})


def _limits(values: pd.Series, given: Sequence[float] | None, count: int) -> np.ndarray:
    if given is None:
        return np.asarray(np.quantile(values, np.arange(1, count) / count))
    limits = np.asarray(given, dtype=np.float64)
    if len(limits) != count - 1 or (np.diff(limits) <= 0).any():
        raise ResponsesError(
            "Limits of tiers must ascend, and be one fewer than the tiers",
            found=listed(given),
            expected=f"{count - 1} limits",
        )
    return limits
