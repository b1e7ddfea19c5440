"""What was asked, who answered, and who was left out and why."""

from __future__ import annotations

from loyaltysem.results.base import Record, Text


class ItemInfo(Record):
    """An item as it was asked; ``scale`` is (lowest, highest) answer."""

    code: str
    wording: Text
    reverse: bool
    scale: tuple[int, int]
    source: str = ""


class ConstructInfo(Record):
    """A construct of the questionnaire with its items."""

    code: str
    name: Text
    source: str
    items: tuple[ItemInfo, ...]


class QuestionnaireInfo(Record):
    """The questionnaire that was answered."""

    name: str
    title: Text
    sha256: str
    constructs: tuple[ConstructInfo, ...]


class Exclusion(Record):
    """Respondents lost to one reason."""

    code: str
    reason: Text
    n: int


class CategoryCount(Record):
    """One category of a demographic variable.

    ``share`` is of valid answers, 0 to 1; ``cumulative`` that of this category and those before it.
    """

    label: Text
    n: int
    share: float
    cumulative: float | None = None


class Demographic(Record):
    """One demographic variable."""

    code: str
    name: Text
    categories: tuple[CategoryCount, ...]
    n_missing: int


class LedgerTotal(Record):
    """How often one kind of thing was done to the answers, and to how many respondents."""

    code: str
    action: Text
    cells: int
    respondents: int


class SampleResult(Record):
    """Who answered, who was left out and why: n_read = n_analysed + sum of exclusions."""

    n_read: int
    n_analysed: int
    exclusions: tuple[Exclusion, ...]
    ledger: tuple[LedgerTotal, ...]
    demographics: tuple[Demographic, ...]
