"""How consistently the items of a construct measure it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInScale:
    """An item beside the other items of its construct; None where it cannot be computed.

    ``item_total`` is its correlation with the sum of the others (CITC), ``alpha_if_deleted`` the
    alpha of the others.
    """

    code: str
    item_total: float | None
    alpha_if_deleted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Reliability of one construct, from respondents who answered all its items.

    Attributes
    ----------
    construct
        Its code.
    n
        Number of respondents.
    alpha, alpha_standardized
        Cronbach's alpha from covariances and from correlations; at most 1, possibly negative.
    ci
        Feldt's interval of alpha.
    items
        The items in order.
    notices
        Why something is None, and what looks wrong with the scale.
    """

    construct: str
    n: int
    alpha: float | None
    alpha_standardized: float | None
    ci: tuple[float, float] | None
    items: tuple[ItemInScale, ...]
    notices: tuple[Notice, ...] = ()


def reliability(answers: pd.DataFrame, construct: str, *, confidence: float = 0.95) -> Reliability:
    """Return Cronbach's alpha of a construct, with its interval and item statistics.

    Parameters
    ----------
    answers
        Answers to the items of the construct, reverse items recoded; respondents with a missing
        answer are left out.
    construct
        Its code, for notices.
    confidence
        Level of the interval.

    Notes
    -----
    ``alpha = k / (k - 1) * (1 - trace(C) / sum(C))`` for the covariances C of k items (Cronbach
    1951), computed by pingouin; the interval follows Feldt (1965), see :func:`feldt_interval`.
    Checked against ``psych::alpha`` in the golden cases ``alpha_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> round(ls.reliability(price, "price").alpha, 2)
    0.85
    """
    complete = answers.dropna()
    n, k = complete.shape
    covariances = _covariances(complete)
    obstacle = _obstacle(construct, n, k, covariances)
    if obstacle:
        return _without_alpha(complete, construct, obstacle)
    constant = [str(code) for code in complete.columns if np.ptp(complete[code]) == 0]
    alpha = _alpha_by_pingouin(complete)
    items = _items(covariances, [str(code) for code in complete.columns])
    return Reliability(
        construct=construct,
        n=n,
        alpha=alpha,
        alpha_standardized=None if constant else alpha_of(_correlations(covariances)),
        ci=feldt_interval(alpha, n, k, confidence),
        items=items,
        notices=tuple(_notices(construct, constant, alpha, items)),
    )


def alpha_of(covariances: ArrayLike) -> float:
    """Return Cronbach's alpha of a covariance (or correlation) matrix of k >= 2 items.

    ``alpha = k / (k - 1) * (1 - trace(C) / sum(C))``, Cronbach (1951), Psychometrika 16, 297-334.
    Of a correlation matrix it is the standardized alpha. NaN when the sum score does not vary.

    Examples
    --------
    >>> round(alpha_of([[1.0, 0.5], [0.5, 1.0]]), 4)
    0.6667
    """
    C = np.asarray(covariances, dtype=np.float64)
    k, total = len(C), C.sum()
    return float(k / (k - 1) * (1 - np.trace(C) / total)) if total > 0 else np.nan


def feldt_interval(
    alpha: float, n: int, k: int, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the confidence interval of alpha by Feldt (1965), Psychometrika 30, 357-370.

    ``1 - (1 - alpha) F``, F the quantiles with n - 1 and (n - 1)(k - 1) degrees of freedom. This is
    pingouin's interval, which pingouin rounds to three decimals. None when alpha is NaN.
    """
    from scipy.special import fdtri

    if not np.isfinite(alpha):
        return None
    tail, df1 = (1 - confidence) / 2, n - 1
    upper_f, lower_f = (float(fdtri(df1, df1 * (k - 1), p)) for p in (1 - tail, tail))
    return 1 - (1 - alpha) * upper_f, 1 - (1 - alpha) * lower_f


def composite_reliability(loadings: ArrayLike) -> float:
    """Return the composite reliability (CR) of a construct.

    ``(sum l)² / ((sum l)² + sum(1 - l²))`` for standardized loadings l: Fornell & Larcker (1981),
    J. Marketing Research 18(1), 39-50, eq. 10. Checked against the golden ``cr_ave_table``.

    Examples
    --------
    >>> round(composite_reliability([0.8, 0.7, 0.6]), 4)
    0.7449
    """
    l = np.asarray(loadings, dtype=np.float64)  # noqa: E741 - the textbook's letter
    true = l.sum() ** 2
    return float(true / (true + (1 - l**2).sum()))


def average_variance_extracted(loadings: ArrayLike) -> float:
    """Return the average variance extracted (AVE): the mean of the squared standardized loadings.

    Fornell & Larcker (1981), eq. 11, for standardized indicators.

    Examples
    --------
    >>> round(average_variance_extracted([0.8, 0.7, 0.6]), 4)
    0.4967
    """
    return float(np.mean(np.asarray(loadings, dtype=np.float64) ** 2))


def convergent_validity(loadings: ArrayLike) -> dict[str, float | None]:
    """Return ``composite_reliability`` and ``ave`` of a construct's standardized loadings.

    Both are None when a loading is NaN, or when there is a single indicator: its share of error is
    an assumption then, not a finding.
    """
    values = np.asarray(loadings, dtype=np.float64)
    if len(values) < 2 or not np.isfinite(values).all():
        return {"composite_reliability": None, "ave": None}
    return {
        "composite_reliability": composite_reliability(values),
        "ave": average_variance_extracted(values),
    }


def _alpha_by_pingouin(complete: pd.DataFrame) -> float:
    from pingouin import cronbach_alpha

    return float(cronbach_alpha(complete)[0])


def _items(covariances: Array, codes: list[str]) -> tuple[ItemInScale, ...]:
    """Return the statistics of each item from the covariances: no further pass over the answers."""
    variances, with_total = np.diag(covariances), covariances.sum(axis=0)
    rest = covariances.sum() - 2 * with_total + variances
    item_total = _ratio(with_total - variances, np.sqrt(variances * np.maximum(rest, 0)))
    k = len(codes)
    if k > 2:
        shares = _ratio(np.trace(covariances) - variances, rest)
        without = (k - 1) / (k - 2) * (1 - shares)
    else:
        without = np.full(k, np.nan)
    return tuple(
        ItemInScale(code=code, item_total=_number(r), alpha_if_deleted=_number(alpha))
        for code, r, alpha in zip(codes, item_total, without, strict=True)
    )


def _ratio(above: Array, below: Array) -> Array:
    result = np.full(len(above), np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _correlations(covariances: Array) -> Array:
    sd = np.sqrt(np.diag(covariances))
    return np.asarray(covariances / np.outer(sd, sd))


def _covariances(complete: pd.DataFrame) -> Array:
    """Return the covariances (k, k); zeros when there are too few respondents to have any."""
    n, k = complete.shape
    if n < 2 or k < 1:
        return np.zeros((k, k))
    return np.atleast_2d(np.cov(complete.to_numpy(dtype=np.float64), rowvar=False))


def _obstacle(construct: str, n: int, k: int, covariances: Array) -> Notice | None:
    """Return the reason why there is no alpha, if there is one."""
    if k < 2:
        text = f"Construct '{construct}' has a single item: it has no reliability of this kind."
        return Notice("single_item", text, {"construct": construct})
    if n < 2:
        text = f"Construct '{construct}' was answered in full by {n} respondents: too few."
        return Notice("too_few_answers", text, {"construct": construct, "n": n})
    if covariances.sum() <= 1e-12 * np.trace(covariances):
        text = (
            f"The sum of the items of construct '{construct}' does not vary: all answers are the"
            " same, or the items cancel one another out."
        )
        return Notice("constant_sum", text, {"construct": construct})
    return None


def _without_alpha(complete: pd.DataFrame, construct: str, reason: Notice) -> Reliability:
    return Reliability(
        construct=construct,
        n=len(complete),
        alpha=None,
        alpha_standardized=None,
        ci=None,
        items=tuple(
            ItemInScale(code=str(code), item_total=None, alpha_if_deleted=None)
            for code in complete.columns
        ),
        notices=(reason,),
    )


def _notices(
    construct: str, constant: list[str], alpha: float, items: tuple[ItemInScale, ...]
) -> Iterable[Notice]:
    facts = {"construct": construct}
    if constant:
        text = f"All respondents gave the same answer to {listed(constant)} (of '{construct}')."
        yield Notice("constant_item", text, {**facts, "items": constant})
    if alpha < 0:
        text = (
            f"Alpha of construct '{construct}' is negative: its items contradict one another."
            " Look for a reverse item that is not marked."
        )
        yield Notice("negative_alpha", text, {**facts, "alpha": alpha})
    against = [one.code for one in items if one.item_total is not None and one.item_total < 0]
    if against:
        text = (
            f"{listed(against)} run against the other items of construct '{construct}'."
            " Look for a reverse item that is not marked, or is marked and is none."
        )
        yield Notice("negative_item_total", text, {**facts, "items": against})
