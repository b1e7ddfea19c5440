"""What was found: the column of each question, and what was made of each column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.errors import Notice
    from loyaltysem.questionnaire import Form
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.platforms import Platform, Technical

ID_HEADINGS = ("id", "respondent_id", "respondent")
SIMULATED_HEADING = "simulated"

How = Literal["mapping", "code", "wording", "options", "technical", "left out"]
"""By what a column was recognised."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can hold: the answers to a question, or one of its options or ranks."""

    question: str
    option: str = ""
    rank: int = 0

    def __str__(self) -> str:
        """Return the name under which it stands in a mapping."""
        return f"{self.question}_{self.option or self.rank}" if self.part else self.question

    @property
    def part(self) -> bool:
        """Whether it is only an option or a rank of the question."""
        return bool(self.option or self.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What was made of one column: ``code`` is that of the question, empty when left out."""

    heading: str
    column: int
    code: str
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Where the questions stand; what the file does not have is absent.

    Attributes
    ----------
    platform
        Where the file comes from.
    columns
        Column number of what was found.
    form
        The questions.
    id, technical, extra
        Columns of the respondents' ids, of what the platform recorded, and of those that were
        asked for by their headings.
    simulated
        The file declares its answers to be simulated.
    matches
        One per column, in the file's order.
    """

    platform: Platform
    columns: Mapping[Target, int]
    form: Form
    id: int | None
    technical: Mapping[Technical, int]
    extra: Mapping[str, int]
    simulated: bool
    matches: tuple[Match, ...]
    notices: tuple[Notice, ...] = field(default=())

    def of_role(self, *roles: str) -> dict[str, int]:
        """Return the columns of the questions of some roles that stand in one column."""
        return {
            entry.code: self.columns[Target(entry.code)]
            for entry in self.form.entries
            if entry.role in roles and Target(entry.code) in self.columns
        }

    @property
    def items(self) -> dict[str, int]:
        """Columns of the items."""
        return self.of_role("item")

    @property
    def attention_checks(self) -> dict[str, int]:
        """Columns of the attention checks."""
        return self.of_role("attention_check")

    @property
    def demographics(self) -> dict[str, int]:
        """Columns of the demographics."""
        return self.of_role("demographic")

    def parts(self, entry: Entry) -> dict[Target, int]:
        """Return the columns of the options or ranks of a question."""
        return {
            target: column
            for target, column in self.columns.items()
            if target.part and target.question == entry.code
        }
