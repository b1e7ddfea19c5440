"""Signs of careless answering, one index per respondent and a flag for each.

Overviews: Meade & Craig (2012), Psychological Methods 17, 437-455; Curran (2016), J. Experimental
Social Psychology 66, 4-19. An index is NaN where a respondent left too much unanswered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice, ResponsesError, listed
from loyaltysem.measurement.correlations import numeric_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    Scale = tuple[float, float] | Mapping[str, tuple[float, float]]

Flag = Literal[
    "long_string",
    "straight_lining",
    "low_variability",
    "outlier",
    "even_odd",
    "synonyms",
    "antonyms",
    "person_total",
    "too_fast",
    "duplicate",
    "same_device",
]

FLAGS: tuple[Flag, ...] = get_args(Flag)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarelessRules:
    """From where on an index counts as a sign of carelessness.

    Attributes
    ----------
    long_string
        Share of all items in the longest run of one answer (Curran 2016: half of the items).
    straight_lining
        Share of the constructs with three items or more whose items all got the same answer.
    low_variability
        Standard deviation of a respondent's own answers at or below which they hardly vary.
    outlier_pvalue
        p of the squared Mahalanobis distance.
    even_odd, person_total
        Correlation below which the index is a sign.
    synonyms
        Correlation of two items from which they count as synonyms (negative: antonyms); a
        respondent whose own correlation across such pairs has the wrong sign is flagged.
    seconds_per_item
        Least time that reading and answering takes (Huang et al. 2012).
    """

    long_string: float = 0.5
    straight_lining: float = 0.5
    low_variability: float = 0.3
    outlier_pvalue: float = 0.001
    even_odd: float = 0.0
    person_total: float = 0.0
    synonyms: float = 0.60
    seconds_per_item: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CarelessAccount:
    """Indices and flags by respondent.

    Attributes
    ----------
    indices
        One row per respondent: ``long_string`` (longest run of one answer), ``straight_lined``
        (share of constructs answered alike throughout), ``variability``, ``distance`` and
        ``distance_pvalue`` (Mahalanobis), ``even_odd``, ``synonyms``, ``antonyms``,
        ``person_total``, ``seconds_per_item``, ``copies`` (others with the same answers),
        ``same_device`` (others with the same device or address).
    flags
        The same rows, one Boolean column for each of `FLAGS`.
    rules
        The rules that made the flags.
    notices
        Which indices could not be computed, and why.
    """

    indices: pd.DataFrame
    flags: pd.DataFrame
    rules: CarelessRules
    notices: tuple[Notice, ...]

    def counts(self) -> pd.Series:
        """Return how many respondents each flag marks."""
        return self.flags.sum().astype(int)

    def flagged(self, by: Sequence[Flag] = FLAGS, least: int = 1) -> pd.Series:
        """Return who is marked by ``least`` or more of the flags ``by``."""
        return self.flags[list(by)].sum(axis=1) >= least


def careless_answers(
    asked: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    reverse: Sequence[str] = (),
    scale: Scale | None = None,
    seconds: pd.Series | None = None,
    devices: pd.DataFrame | None = None,
    rules: CarelessRules | None = None,
) -> CarelessAccount:
    """Return the signs of careless answering of every respondent.

    Parameters
    ----------
    asked
        Answers as they were given, before any recoding, columns in the order of the questionnaire.
    constructs
        Items of each construct: the blocks of straight-lining and the halves of even-odd.
    reverse
        Items worded in reverse; they are turned around for the indices that need it.
    scale
        Lowest and highest answer, for all items or by item; by default those that occur.
    seconds
        How long each respondent took for the questionnaire.
    devices
        Columns such as the IP address and the device, indexed as ``asked``; blank where unknown.
    rules
        Cut-offs.

    Raises
    ------
    ResponsesError
        An answer is not a number, or a construct's item is not among the columns.

    Notes
    -----
    Matrix operations throughout: 100,000 respondents take seconds.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> constructs = {"price": ["PR1", "PR2", "PR3", "PR4"], "image": ["IM1", "IM2", "IM3", "IM4"]}
    >>> found = ls.careless_answers(answers[sum(constructs.values(), [])], constructs)
    >>> found.flags.shape[0] == len(answers)
    True
    """
    limits = rules or CarelessRules()
    numbers = numeric_answers(asked)
    _check(numbers, [*reverse, *(item for own in constructs.values() for item in own)])
    recoded = _recoded(numbers, reverse, scale)
    given, scored = numbers.to_numpy(), recoded.to_numpy()
    places = [recoded.columns.get_indexer(pd.Index(own)).tolist() for own in constructs.values()]
    R = _pair_correlations(scored)
    distance, pvalue = _distances(scored)
    indices = pd.DataFrame(
        {
            "long_string": longest_runs(given),
            "straight_lined": _straight_lined(given, places),
            "variability": _row_sd(given),
            "distance": distance,
            "distance_pvalue": pvalue,
            "even_odd": _even_odd(scored, places),
            "synonyms": _pair_consistency(given, _pairs(_turn(R, recoded, reverse), limits, 1)),
            "antonyms": _pair_consistency(given, _pairs(_turn(R, recoded, reverse), limits, -1)),
            "person_total": _person_total(scored),
            "seconds_per_item": _pace(seconds, numbers),
            "copies": _copies(numbers),
            "same_device": _sharing(devices, numbers.index),
        },
        index=asked.index,
    )
    flags = _flags(indices, limits, numbers.shape[1])
    return CarelessAccount(
        indices=indices, flags=flags, rules=limits, notices=_notices(indices, seconds)
    )


def longest_runs(answers: ArrayLike) -> NDArray[np.intp]:
    """Return the length of each row's longest run of one answer (n, k) -> (n,).

    A missing answer ends a run.

    Examples
    --------
    >>> longest_runs([[1, 3, 3, 3, 2], [5, 5, 1, 5, 5]]).tolist()
    [3, 2]
    """
    values = np.asarray(answers, dtype=np.float64)
    length = np.isfinite(values[:, 0]).astype(np.intp)
    longest = length.copy()
    for column in range(1, values.shape[1]):
        same = values[:, column] == values[:, column - 1]
        length = np.where(same, length + 1, np.isfinite(values[:, column]).astype(np.intp))
        np.maximum(longest, length, out=longest)
    return longest


def _check(numbers: pd.DataFrame, items: Sequence[str]) -> None:
    absent = [item for item in items if item not in numbers.columns]
    if absent:
        raise ResponsesError("The answers lack items of the constructs", found=listed(absent))


def _recoded(numbers: pd.DataFrame, reverse: Sequence[str], scale: Scale | None) -> pd.DataFrame:
    """Return answers with reverse items turned around within the scale."""
    values = numbers.to_numpy()
    known = np.isfinite(values).any()
    ends = scale or ((np.nanmin(values), np.nanmax(values)) if known else (0.0, 0.0))
    turned = numbers.copy()
    for item in reverse:
        turned[item] = sum(ends if isinstance(ends, tuple) else ends[item]) - numbers[item]
    return turned


def _turn(R: Array, recoded: pd.DataFrame, reverse: Sequence[str]) -> Array:
    """Return correlations of recoded answers as correlations of the answers given."""
    sign = np.where(recoded.columns.isin(list(reverse)), -1.0, 1.0)
    return np.asarray(R * np.outer(sign, sign))


def _pair_correlations(values: Array) -> Array:
    """Return the correlation matrix, gaps filled with the item's mean; 0 for a constant item."""
    centred = np.nan_to_num(values - _column_means(values))
    size = np.sqrt((centred**2).sum(axis=0))
    size = np.where(size > 0, size, np.inf)
    return np.asarray(centred.T @ centred / np.outer(size, size))


def _column_means(values: Array) -> Array:
    count = np.isfinite(values).sum(axis=0)
    return np.asarray(np.nansum(values, axis=0) / np.maximum(count, 1))


def _row_sd(values: Array) -> Array:
    count = np.isfinite(values).sum(axis=1)
    mean = np.nansum(values, axis=1) / np.maximum(count, 1)
    squares = np.nansum((values - mean[:, None]) ** 2, axis=1)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def _straight_lined(values: Array, places: Sequence[Sequence[int]]) -> Array:
    """Return the share of blocks of three items or more in which all answers are the same."""
    blocks = [own for own in places if len(own) > 2]
    if not blocks:
        return np.full(len(values), np.nan)
    same = [(values[:, own] == values[:, own[:1]]).all(axis=1) for own in blocks]
    return np.asarray(np.mean(same, axis=0))


def _distances(values: Array) -> tuple[Array, Array]:
    """Return squared Mahalanobis distances and p of complete respondents; NaN if impossible."""
    from scipy.special import chdtrc

    n, p = values.shape
    missing = np.full(n, np.nan)
    rows = np.isfinite(values).all(axis=1)
    complete = values[rows]
    varying = np.ptp(complete, axis=0) > 0 if len(complete) else np.zeros(p, bool)
    if len(complete) <= varying.sum() + 1 or not varying.any():
        return missing, missing
    centred = complete[:, varying] - complete[:, varying].mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred / (len(centred) - 1), hermitian=True)
    distance, pvalue = missing.copy(), missing.copy()
    distance[rows] = np.einsum("ij,jk,ik->i", centred, inverse, centred, optimize=True)
    pvalue[rows] = chdtrc(int(varying.sum()), distance[rows])
    return distance, pvalue


def _row_correlations(first: Array, second: Array, least: int = 3) -> Array:
    """Return the correlation of each row of two tables over the columns that both have."""
    both = np.isfinite(first) & np.isfinite(second)
    count = np.maximum(both.sum(axis=1), 1)
    a, b = np.where(both, first, 0.0), np.where(both, second, 0.0)
    a = np.where(both, a - (a.sum(axis=1) / count)[:, None], 0.0)
    b = np.where(both, b - (b.sum(axis=1) / count)[:, None], 0.0)
    size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    defined = (both.sum(axis=1) >= least) & (size > 1e-12)
    return np.where(defined, (a * b).sum(axis=1) / np.where(defined, size, 1.0), np.nan)


def _even_odd(values: Array, places: Sequence[Sequence[int]]) -> Array:
    """Return the correlation of means of odd and even items across constructs, stepped up.

    Spearman-Brown's formula for double length, not below -1 (Johnson 2005; Meade & Craig 2012).
    """
    usable = [own for own in places if len(own) > 1]
    if len(usable) < 3:
        return np.full(len(values), np.nan)
    odd = np.stack([values[:, own[::2]].mean(axis=1) for own in usable], axis=1)
    even = np.stack([values[:, own[1::2]].mean(axis=1) for own in usable], axis=1)
    r = _row_correlations(odd, even)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(2 * r / (1 + r), -1.0)


def _pairs(R: Array, rules: CarelessRules, sign: int) -> NDArray[np.intp]:
    """Return pairs of items (2, m) that mean the same (sign 1) or the contrary (-1)."""
    rows, cols = np.triu_indices(len(R), 1)
    chosen = sign * R[rows, cols] >= rules.synonyms
    return np.stack([rows[chosen], cols[chosen]])


def _pair_consistency(values: Array, pairs: NDArray[np.intp]) -> Array:
    if pairs.shape[1] < 3:
        return np.full(len(values), np.nan)
    return _row_correlations(values[:, pairs[0]], values[:, pairs[1]])


def _person_total(values: Array) -> Array:
    """Return the correlation of each respondent's answers with the items' means."""
    means = np.broadcast_to(_column_means(values), values.shape)
    return _row_correlations(values, means)


def _pace(seconds: pd.Series | None, numbers: pd.DataFrame) -> Array:
    if seconds is None:
        return np.full(len(numbers), np.nan)
    time = seconds.reindex(numbers.index).to_numpy(dtype=np.float64)
    answered = numbers.notna().sum(axis=1).to_numpy()
    return np.asarray(time / np.where(answered > 0, answered, np.nan))


def _copies(numbers: pd.DataFrame) -> NDArray[np.intp]:
    """Return how many other respondents gave the same answers throughout."""
    rows = np.ascontiguousarray(numbers.fillna(-np.inf).to_numpy())
    whole = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()
    _, place, count = np.unique(whole, return_inverse=True, return_counts=True)
    return np.asarray(count[place] - 1)


def _sharing(devices: pd.DataFrame | None, ids: pd.Index) -> Array:
    """Return how many others have the same entry in one of the columns; NaN where all are blank."""
    if devices is None or devices.shape[1] == 0:
        return np.full(len(ids), np.nan)
    shared = []
    for name in devices.columns:
        column = devices[name].reindex(ids)
        text = column.astype("str").str.strip().mask(column.isna() | (column == ""))
        shared.append(text.map(text.value_counts()).to_numpy(dtype=np.float64) - 1)
    known = np.isfinite(shared)
    most = np.where(known, shared, -np.inf).max(axis=0)
    return np.where(known.any(axis=0), most, np.nan)


def _flags(indices: pd.DataFrame, rules: CarelessRules, k: int) -> pd.DataFrame:
    """Return a flag for each index; what is NaN flags nobody."""
    flags: dict[Flag, pd.Series] = {
        "long_string": indices["long_string"] > rules.long_string * k,
        "straight_lining": indices["straight_lined"] >= rules.straight_lining,
        "low_variability": indices["variability"] <= rules.low_variability,
        "outlier": indices["distance_pvalue"] < rules.outlier_pvalue,
        "even_odd": indices["even_odd"] < rules.even_odd,
        "synonyms": indices["synonyms"] < 0,
        "antonyms": indices["antonyms"] > 0,
        "person_total": indices["person_total"] < rules.person_total,
        "too_fast": indices["seconds_per_item"] < rules.seconds_per_item,
        "duplicate": indices["copies"] > 0,
        "same_device": indices["same_device"] > 0,
    }
    return pd.DataFrame(flags)


_ABSENT = {
    "distance": "Mahalanobis distances need more complete respondents than items.",
    "even_odd": "Even-odd consistency needs three constructs of two items or more.",
    "synonyms": "No three pairs of items correlate highly enough to count as synonyms.",
    "antonyms": "No three pairs of items correlate negatively enough to count as antonyms.",
}


def _notices(indices: pd.DataFrame, seconds: pd.Series | None) -> tuple[Notice, ...]:
    absent = [name for name in _ABSENT if indices[name].isna().all()]
    notices = [Notice(f"no_{name}", _ABSENT[name]) for name in absent]
    if seconds is None:
        notices.append(Notice("no_seconds", "The answers carry no times: nobody is too fast."))
    return tuple(notices)
