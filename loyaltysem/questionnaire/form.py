"""A questionnaire as respondents meet it: pages with questions in the order of asking.

Every export starts here. The definition is arranged by what is measured; the form by what is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from loyaltysem.questionnaire.conditions import Compared, Condition, conditions_joined
from loyaltysem.questionnaire.questions import QuestionType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.scale import Poles, Scale

Kind = Literal["rating"] | QuestionType
Role = Literal["consent", "screening", "item", "attention_check", "question", "demographic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question.

    Attributes
    ----------
    code, wording
        Its name in the data, and its text.
    kind, role
        How it is answered, and what it is asked for.
    required
        An answer is demanded.
    show_if
        Condition under which it is asked.
    construct
        What an item measures; empty for all other questions.
    name
        Short heading of a demographic; the wording of all others.
    scale, poles, correct
        Of a rating: its scale, both ends (semantic differential), the right answer (check).
    options, accept
        Of a choice: option code to label; the options that may go on (consent, screening).
    lowest, highest, whole, least, most, long
        Limits of a number and whether it must be whole; limits of how many options are chosen;
        whether a text has several lines.
    """

    code: str
    wording: Text
    kind: Kind
    role: Role
    required: bool
    show_if: Condition | None = None
    construct: str = ""
    name: Text = field(default_factory=dict)
    scale: Scale | None = None
    poles: Poles | None = None
    correct: int | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    whole: bool = False
    least: int | None = None
    most: int | None = None
    long: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the answers: one, or one per option (``multiple``: 0/1, ``ranking``: rank)."""
        if self.kind in {"multiple", "ranking"}:
            return tuple(f"{self.code}_{option}" for option in self.options)
        return (self.code,)

    @property
    def is_grid(self) -> bool:
        """Whether it can be a row of a grid with others of its scale."""
        return (
            self.scale is not None
            and self.scale.type in {"likert", "semantic_differential"}
            and self.show_if is None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Questions that stand together: a grid of ratings on one scale, or a single question.

    ``code`` names the grid (the construct's code, or that of its page and a number); it is the
    question's own for a single one.
    """

    code: str
    entries: tuple[Entry, ...]

    @property
    def is_grid(self) -> bool:
        """Whether it is a grid (even of one row)."""
        return self.entries[0].is_grid

    @property
    def scale(self) -> Scale:
        """Scale of a grid or of a single rating."""
        scale = self.entries[0].scale
        if scale is None:
            raise TypeError(f"block '{self.code}' is no rating")
        return scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; ``randomise`` asks its rated items in random order."""

    code: str
    title: Text
    text: Text
    blocks: tuple[Block, ...]
    randomise: bool = False
    show_if: Condition | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All questions of the page."""
        return tuple(entry for block in self.blocks for entry in block.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The pages of a questionnaire in the order of asking."""

    questionnaire: Questionnaire
    pages: tuple[Page, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All questions in the order of asking."""
        return tuple(entry for page in self.pages for entry in page.entries)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a file of answers, in the order of asking."""
        return tuple(column for entry in self.entries for column in entry.columns)


def gate(form: Form) -> Condition | None:
    """Return the condition under which a respondent goes on after consent and screening."""
    parts = [
        conditions_joined([Compared(entry.code, "==", option) for option in entry.accept], "or")
        for entry in form.entries
        if entry.accept
    ]
    return conditions_joined([part for part in parts if part is not None])


def entry_condition(page: Page, entry: Entry) -> Condition | None:
    """Return the condition under which an entry is asked, its page's included."""
    return conditions_joined([one for one in (page.show_if, entry.show_if) if one is not None])
