"""Who stays in: attention checks and complete answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.responses.ledger import entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.cells import CellReaders


def attention_failures(
    readers: CellReaders,
    questionnaire: Questionnaire,
    respondents: NDArray[np.object_],
    gone: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], tuple[pd.DataFrame, ...]]:
    """Return who failed an attention check (one flag per respondent), and the ledger's entries.

    Those who are ``gone`` for another reason are not counted twice. A check that was left
    unanswered is entered in the ledger but excludes nobody.
    """
    failed = np.zeros(len(respondents), dtype=bool)
    entries: list[pd.DataFrame] = []
    for check in questionnaire.attention_checks:
        if check.code not in readers.columns.attention_checks:
            continue
        cells, reader = readers.whole(check.code)
        numbers = cells.numbers(reader.point)
        unanswered = np.isnan(numbers)
        wrong = ~unanswered & (numbers != check.correct) & ~gone
        entries += [
            entries_of(
                code="attention_failed",
                action="excluded",
                respondents=respondents[wrong],
                items=(check.code,),
                found=cells.text(wrong),
            ),
            entries_of(
                code="attention_unanswered",
                action="kept",
                respondents=respondents[unanswered],
                items=(check.code,),
                found=cells.text(unanswered),
            ),
        ]
        failed |= wrong
    return failed, tuple(entries)


def incomplete_entries(answers: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Return one ledger entry for each respondent who left one of the items unanswered.

    ``found`` tells how many of the items are missing, as ``3 of 34``.
    """
    n_missing = answers[list(items)].isna().sum(axis=1).to_numpy()
    incomplete = n_missing > 0
    return entries_of(
        code="incomplete",
        action="excluded",
        respondents=answers.index.to_numpy(dtype=object)[incomplete],
        items=("",),
        found=[f"{n} of {len(items)}" for n in n_missing[incomplete]],
    )
