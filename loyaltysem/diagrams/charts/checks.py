"""Refusing what a chart cannot draw, before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import ReportError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def need_columns(
    table: pd.DataFrame, columns: Iterable[str], what: str, *, words: Iterable[str] = ()
) -> None:
    """Refuse what is no table, or lacks rows or the columns that a chart draws.

    ``columns`` must hold numbers, ``words`` need not.

    Raises
    ------
    ReportError
        With the columns that are missing or hold no numbers.
    """
    need_table(table, what)
    columns = list(columns)
    missing = [column for column in (*columns, *words) if column not in table]
    if missing:
        raise ReportError(
            f"The table lacks what {what} is drawn from",
            found=listed(map(str, table.columns)),
            expected=listed(missing),
        )
    need_some(table, what)
    need_numbers(table[columns], what)


def need_table(table: object, what: str) -> None:
    """Refuse anything but a pandas DataFrame.

    Raises
    ------
    ReportError
        With the type that was found.
    """
    if not isinstance(table, pd.DataFrame):
        raise ReportError(
            f"There is no table to draw {what} from",
            found=type(table).__name__,
            expected="a pandas DataFrame",
        )


def need_numbers(content: Any, what: str) -> NDArray[np.float64]:
    """Return ``content``, a table or a list, as an array of numbers.

    Raises
    ------
    ReportError
        When something in it is no number, with the column it stands in.
    """
    columns = content.items() if isinstance(content, pd.DataFrame) else [(None, content)]
    for name, values in columns:
        try:
            np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            where = "" if name is None else f" in column '{name}'"
            raise ReportError(
                f"Not everything that {what} is drawn from is a number{where}", found=str(error)
            ) from error
    numbers: NDArray[np.float64] = np.asarray(content, dtype=np.float64)
    return numbers


def need_some(content: Any, what: str) -> None:
    """Refuse content of length zero.

    Raises
    ------
    ReportError
        When there is nothing to draw.
    """
    if len(content) == 0:
        raise ReportError(f"There is nothing to draw in {what}", found="no rows")


def need_cells(table: pd.DataFrame, what: str) -> NDArray[np.float64]:
    """Return a table of numbers as an array.

    Raises
    ------
    ReportError
        When it is no table, has no row or no column, or holds something else than numbers.
    """
    need_table(table, what)
    need_some(table, what)
    need_some(table.columns, what)
    return need_numbers(table, what)


def need_finite(numbers: NDArray[np.float64], what: str) -> None:
    """Refuse numbers that are missing or infinite.

    Raises
    ------
    ReportError
        With how many there are.
    """
    lacking = int(np.count_nonzero(~np.isfinite(numbers)))
    if lacking:
        raise ReportError(
            f"What {what} is drawn from is not known everywhere",
            found=f"{lacking} missing or infinite numbers",
            expected="finite numbers",
            remedy="Leave out the rows that lack one.",
        )


def need_counts(numbers: NDArray[np.float64], what: str) -> None:
    """Refuse what cannot be numbers of respondents.

    Raises
    ------
    ReportError
        With the first that is missing, infinite, negative or no whole number.
    """
    wrong = numbers[~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers)))]
    if wrong.size:
        raise ReportError(
            f"Not everything that {what} is drawn from is a number of respondents",
            found=f"{wrong.flat[0]:g}",
            expected="whole numbers from 0 on",
        )
