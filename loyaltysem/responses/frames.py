"""Any table of data as numbers, without a questionnaire: for fitting a model to a plain file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.spelling import MISSING_MARKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.responses.tables import RawTable


def data_frame(table: RawTable) -> pd.DataFrame:
    """Return the cells as a data frame: columns of numbers where every answer is one.

    Empty cells and the usual marks (NA, ``.``, ``-``) are missing; a column with any other text
    stays text. Decimal commas are read where no number of the column could have thousands.

    Raises
    ------
    ResponsesError
        A heading stands twice.
    """
    repeated = sorted({name for name in table.headings if table.headings.count(name) > 1})
    if repeated:
        raise ResponsesError(
            f"The heading '{repeated[0]}' stands twice", place=Place(table.path, 1)
        )
    columns = {name: _column(table.columns[k].text()) for k, name in enumerate(table.headings)}
    return pd.DataFrame(columns)


def _column(cells: NDArray[np.object_]) -> NDArray[np.float64] | pd.Series:
    texts = pd.Series(cells, dtype=object)
    codes, answers = pd.factorize(texts)  # each distinct answer is looked at once
    distinct = pd.Series([str(answer).strip() for answer in answers], dtype=object)
    missing = distinct.str.lower().isin(MISSING_MARKS)
    numbers = pd.to_numeric(_with_points(distinct.mask(missing)), errors="coerce")
    if (numbers.isna() & ~missing).any():
        return pd.Series(distinct.mask(missing, None).to_numpy()[codes], dtype=object)
    values: NDArray[np.float64] = numbers.to_numpy(dtype=float, na_value=np.nan)[codes]
    return values


def _with_points(texts: pd.Series) -> pd.Series:
    """Return numbers with decimal commas (``1,5``) with points; ``1,500`` could be either."""
    known = texts.dropna()
    with_comma = known[known.str.contains(",", regex=False)]
    if not len(with_comma) or not known.str.fullmatch(r"[+-]?\d+(?:,\d+)?").all():
        return texts
    either = with_comma.str.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}").all()
    return texts if either else texts.str.replace(",", ".", regex=False)
