"""Who the respondents are: options found by code or by label in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.responses.ledger import entries_of
from loyaltysem.responses.values import MISSING_MARKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Demographic, Questionnaire
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable


def read_demographics(
    table: RawTable,
    columns: ColumnMap,
    questionnaire: Questionnaire,
    respondents: NDArray[np.object_],
) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...]]:
    """Return the demographics (one categorical column each, indexed by respondent) and entries.

    Categories are the option codes in the questionnaire's order; an answer that is neither the code
    nor the label of an option is missing, and entered in the ledger.
    """
    frame: dict[str, object] = {}
    entries: list[pd.DataFrame] = []
    for demographic in questionnaire.demographics:
        if demographic.code not in columns.demographics:
            continue
        text = table.cells[:, columns.demographics[demographic.code]]
        at, blank = _options(text, demographic)
        frame[demographic.code] = pd.Categorical.from_codes(
            at, dtype=pd.CategoricalDtype(list(demographic.options))
        )
        unknown = (at < 0) & ~blank
        entries += [
            entries_of(
                code="missing_answer",
                action="left_missing",
                respondents=respondents[blank],
                items=(demographic.code,),
                found=text[blank],
            ),
            entries_of(
                code="unknown_option",
                action="set_missing",
                respondents=respondents[unknown],
                items=(demographic.code,),
                found=text[unknown],
            ),
        ]
    return pd.DataFrame(frame, index=pd.Index(respondents, name="respondent")), tuple(entries)


def _options(
    text: NDArray[np.object_], demographic: Demographic
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the index of the option in each cell (-1: none), and which cells are blank."""
    known: dict[str, int] = {}
    for k, (code, labels) in enumerate(demographic.options.items()):
        for name in (code, *labels.values()):
            known.setdefault(name.casefold(), k)
    uniques, inverse = np.unique(text.astype(str), return_inverse=True)
    plain = [cell.strip().casefold() for cell in uniques]
    at = np.array([known.get(cell, -1) for cell in plain], dtype=np.intp)
    blank = np.array([cell in MISSING_MARKS and cell not in known for cell in plain])
    return at[inverse], blank[inverse]
