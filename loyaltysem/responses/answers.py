"""The answers that are analysed, and who is taken out of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.ledger import EntryCode, Ledger, entries_of
from loyaltysem.responses.screening import incomplete_entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.headings import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """The answers to a questionnaire, and the account of what was done to them.

    Attributes
    ----------
    questionnaire
        What was asked.
    answers
        One row per respondent who stays in (indexed by id), one float column per item; reverse
        items are recoded, missing answers are NaN.
    demographics
        The same respondents; one categorical column per demographic that the file has.
    extra
        The same respondents; the text of further columns that were asked for, such as times.
    questions
        The same respondents; text answers to all questions that are neither items, attention
        checks nor demographics (see :func:`~loyaltysem.responses.questions.read_questions`).
    technical
        The same respondents; what the platform recorded (``submitted``, ``seconds``, ``ip`` …).
    platform, matches
        Where the file comes from, and what was made of each of its columns.
    ledger
        Everything that was dropped, recoded or left missing.
    notices
        What a reader of the results must know about the file.
    n_read
        Respondents in the file: those in ``answers`` and those that the ledger excludes.
    simulated
        The file declares its answers to be simulated.
    file, sha256
        Name and hash of the file.
    """

    questionnaire: Questionnaire
    answers: pd.DataFrame
    demographics: pd.DataFrame
    ledger: Ledger
    notices: tuple[Notice, ...]
    n_read: int
    simulated: bool
    file: str
    sha256: str
    extra: pd.DataFrame = field(default_factory=pd.DataFrame)
    questions: pd.DataFrame = field(default_factory=pd.DataFrame)
    technical: pd.DataFrame = field(default_factory=pd.DataFrame)
    platform: str = "plain"
    matches: tuple[Match, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an account that does not add up."""
        excluded = sum(self.ledger.exclusions().values())
        if self.n_read != len(self.answers) + excluded:
            raise RuntimeError(
                f"{self.n_read} respondents were read, but {len(self.answers)} are analysed and"
                f" {excluded} excluded"
            )

    @property
    def n_analysed(self) -> int:
        """Number of respondents who stay in."""
        return len(self.answers)

    def kept(self, stays: NDArray[np.bool_], *entries: pd.DataFrame) -> Responses:
        """Return the responses of those who stay, with the ledger's entries about the others.

        Raises
        ------
        ResponsesError
            Nobody stays.
        """
        ledger = self.ledger.with_entries(*entries)
        refuse_nobody(self.file, stays, ledger)
        return replace(
            self,
            answers=self.answers[stays],
            **{
                name: frame[stays] if len(frame) else frame
                for name in ("demographics", "extra", "questions", "technical")
                for frame in (getattr(self, name),)
            },
            ledger=ledger,
        )

    def construct_answers(self, code: str) -> pd.DataFrame:
        """Return the answers to the items of one construct."""
        return self.answers[[item.code for item in self.questionnaire.construct_named(code).items]]


def complete_cases(responses: Responses, items: Sequence[str]) -> Responses:
    """Return the responses without those who left one of the items unanswered (listwise deletion).

    Parameters
    ----------
    responses
        Who answered.
    items
        Codes of the items that the analysis needs.

    Raises
    ------
    ResponsesError
        Nobody answered all of the items.
    """
    entries = incomplete_entries(responses.answers, items)
    complete = responses.answers[list(items)].notna().all(axis=1).to_numpy()
    return responses.kept(complete, entries)


def exclude_marked(responses: Responses, marks: Mapping[EntryCode, pd.Series]) -> Responses:
    """Return the responses without those who bear a mark.

    Parameters
    ----------
    responses
        Who answered.
    marks
        Code of the reason -> who bears it (Boolean, indexed by respondent). Who bears several is
        entered in the ledger under the first.

    Raises
    ------
    ResponsesError
        Nobody is left.
    """
    ids = responses.answers.index
    gone = np.zeros(len(ids), dtype=bool)
    entries = []
    for code, marked in marks.items():
        lost = marked.reindex(ids, fill_value=False).to_numpy(dtype=bool) & ~gone
        gone |= lost
        respondents = ids.to_numpy(dtype=object)[lost]
        entries.append(
            entries_of(
                code=code,
                action="excluded",
                respondents=respondents,
                items=("",),
                found=[""] * len(respondents),
            )
        )
    return responses.kept(~gone, *entries)


def refuse_nobody(file: Path | str, stays: NDArray[np.bool_], ledger: Ledger) -> None:
    """Raise a `ResponsesError` that names the reasons when nobody stays."""
    if stays.any():
        return
    reasons = ledger.exclusions().items()
    raise ResponsesError(
        "No respondent is left after cleaning",
        place=Place(file),
        found=listed(f"{n} excluded as {code.replace('_', ' ')}" for code, n in reasons),
    )
