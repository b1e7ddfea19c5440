"""Ordinal columns of the data, coded 0, 1, 2 … in the order of their categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Reason, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.intp]

# A column with more categories than this is a measurement, not a rating.
MAX_CATEGORIES = 40
# Range of values up to which counting them is quicker than sorting.
_NARROW = 10_000


@dataclass(frozen=True, slots=True)
class OrdinalColumns:
    """Coded answers.

    ``codes`` (n, p) counts categories from 0 and is -1 where an answer is missing; ``categories``
    holds each column's categories as they stand in the data, in order.
    """

    names: tuple[str, ...]
    codes: Codes
    categories: tuple[tuple[object, ...], ...]

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Number of categories of each column (p,)."""
        return np.array([len(levels) for levels in self.categories], dtype=np.intp)

    @property
    def n_thresholds(self) -> dict[str, int]:
        """Number of thresholds by column name."""
        return {
            name: len(levels) - 1 for name, levels in zip(self.names, self.categories, strict=True)
        }


def ordinal_columns(data: pd.DataFrame, names: Sequence[str]) -> OrdinalColumns:
    """Code the columns ``names`` of ``data``; categories are those that occur anywhere in it.

    Raises
    ------
    EstimationError
        A column is absent, holds text or fractions, has one category only or too many.
    """
    coded = [_coded(data, name) for name in names]
    codes = np.column_stack([codes for codes, _ in coded]) if coded else np.zeros((len(data), 0))
    return OrdinalColumns(
        tuple(names), codes.astype(np.intp), tuple(categories for _, categories in coded)
    )


def _coded(data: pd.DataFrame, name: str) -> tuple[Codes, tuple[object, ...]]:
    if name not in data.columns:
        columns = [str(column) for column in data.columns]
        raise EstimationError(
            f"The ordinal variable '{name}' is not in the data",
            expected=listed(columns),
            remedy=did_you_mean(name, columns),
        )
    column = data[name]
    if isinstance(column, pd.DataFrame):
        raise EstimationError(f"The data have more than one column '{name}'")
    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        codes, levels = pd.factorize(column, sort=True)
        categories: tuple[object, ...] = tuple(levels)
    else:
        codes, categories = _coded_numbers(column, name)
    _check_number(name, categories)
    return codes.astype(np.intp), categories


def _coded_numbers(column: pd.Series, name: str) -> tuple[Codes, tuple[object, ...]]:
    """Code a numeric column; refuse text and fractions."""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
        raise EstimationError(
            f"The categories of the ordinal variable '{name}' have no order",
            found=listed(repr(value) for value in column.dropna().unique()),
            expected="whole numbers, or an ordered categorical column",
            remedy="Code the answers as numbers from lowest to highest.",
        )
    values = _as_floats(column)
    known = ~np.isnan(values)
    fractions = np.unique(values[known][values[known] != np.round(values[known])])
    if len(fractions) or np.isinf(values).any():
        raise EstimationError(
            f"The ordinal variable '{name}' has values that are not whole numbers",
            found=listed(f"{value:g}" for value in fractions) or "infinite values",
            expected="whole numbers",
            remedy=f"Leave '{name}' out of 'ordered', or code its categories.",
        )
    levels, own = _numbered(values[known].astype(np.int64))
    codes = np.full(len(values), -1, dtype=np.intp)
    codes[known] = own
    return codes, tuple(int(level) for level in levels)


def _as_floats(column: pd.Series) -> NDArray[np.float64]:
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy(dtype=np.float64)
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _numbered(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], Codes]:
    """Return the distinct values in order, and each value's position among them."""
    low = int(values.min(initial=0))
    if int(values.max(initial=0)) - low > _NARROW:
        levels, codes = np.unique(values, return_inverse=True)
        return levels, codes.astype(np.intp)
    occurs = np.bincount(values - low) > 0
    position = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs) + low, position[values - low]


def _check_number(name: str, levels: Sequence[object]) -> None:
    if not levels:
        raise EstimationError(
            f"The ordinal variable '{name}' has no answers at all",
            reason=Reason("unanswered", {"variables": [name]}),
        )
    if len(levels) < 2:
        raise EstimationError(
            f"The ordinal variable '{name}' has only one category",
            found=listed(levels),
            expected="at least two categories",
            remedy="Leave it out of the model.",
            reason=Reason("constant", {"variables": [name]}),
        )
    if len(levels) > MAX_CATEGORIES:
        raise EstimationError(
            f"The ordinal variable '{name}' has {len(levels)} categories",
            expected=f"at most {MAX_CATEGORIES}",
            remedy=f"Treat '{name}' as numeric (leave it out of 'ordered').",
        )


_REMEDY = "Merge it with a neighbouring category in the whole data."
_OR_PAIRWISE = "Or use missing='pairwise', which leaves out nobody who answered anything."


class CategoryLostError(EstimationError):
    """Nobody in a group or a draw chose a category that others chose.

    ``facts`` names ``item``, ``categories`` and ``group``, as far as they are known.
    """

    def __init__(self, problem: str, *, facts: dict[str, str] | None = None, **told: Any) -> None:
        self.facts = facts or {}
        super().__init__(problem, reason=Reason("category_lost", self.facts), **told)


def check_categories_occur(columns: OrdinalColumns, codes: Codes, group: str) -> None:
    """Refuse respondents among whom a category was never chosen.

    Parameters
    ----------
    columns
        Names and categories.
    codes
        Answers of the respondents that are used (n, p), -1 where missing.
    group
        Label of their group, empty without groups.

    Raises
    ------
    CategoryLostError
        Names the variable, the categories and the group.
    """
    where = f" in group '{group}'" if group else " among the respondents that can be used"
    for name, levels, column in zip(columns.names, columns.categories, codes.T, strict=True):
        counts = np.bincount(column[column >= 0], minlength=len(levels))
        empty = [level for level, count in zip(levels, counts, strict=True) if count == 0]
        if empty:
            raise CategoryLostError(
                f"Nobody{where} chose category {listed(empty)} of '{name}'",
                facts={"item": name, "categories": listed(empty), "group": group},
                found=f"frequencies {' '.join(str(count) for count in counts)} of the categories "
                f"{listed(levels)}",
                remedy=_REMEDY if group else f"{_REMEDY} {_OR_PAIRWISE}",
            )
