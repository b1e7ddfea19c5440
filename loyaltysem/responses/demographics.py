"""Who the respondents are: options found by code or by label in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.responses.ledger import entries_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.cells import CellReaders


def read_demographics(
    readers: CellReaders, questionnaire: Questionnaire, respondents: NDArray[np.object_]
) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...]]:
    """Return the demographics (one categorical column each, indexed by respondent) and entries.

    Categories are the option codes in the questionnaire's order; an answer that is neither the code
    nor the label of an option is missing, and entered in the ledger.
    """
    frame: dict[str, object] = {}
    entries: list[pd.DataFrame] = []
    for demographic in questionnaire.demographics:
        if demographic.code not in readers.columns.demographics:
            continue
        cells, reader = readers.whole(demographic.code)
        places = {option: k for k, option in enumerate(demographic.options)}
        at = cells.numbers(lambda cell: places.get(reader.option(cell) or "", -1)).astype(np.intp)  # noqa: B023 - used at once
        blank = cells.where(lambda cell: reader.option(cell) == "")  # noqa: B023
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
                found=cells.text(blank),
            ),
            entries_of(
                code="unknown_option",
                action="set_missing",
                respondents=respondents[unknown],
                items=(demographic.code,),
                found=cells.text(unknown),
            ),
        ]
    return pd.DataFrame(frame, index=pd.Index(respondents, name="respondent")), tuple(entries)
