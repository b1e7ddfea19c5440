"""What every section of a report is given: the results, the words, the cut-offs, the pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loyaltysem.report.document import Cell, Column, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from loyaltysem.measurement.cutoffs import Cutoff
    from loyaltysem.report.bibliography import Reference
    from loyaltysem.report.numbers import Kind
    from loyaltysem.report.wording import Words
    from loyaltysem.results import ModelResult, StudyResults, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn figure: ``svg`` as text, ``png()`` as bytes, and what it leaves unsaid.

    ``editable`` are files to change it by hand: name → text.
    """

    svg: str
    png: Callable[[], bytes]
    notes: tuple[str, ...] = ()
    editable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPictures:
    """A model's path diagrams: one for the text, and the whole model where that is another one."""

    main: Picture
    full: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a section needs.

    ``cutoffs`` are those of the study's profile by quantity; ``references`` the works
    that may be cited by their short form; ``pictures`` the path diagrams in this language by model
    name.
    """

    results: StudyResults
    words: Words
    cutoffs: Mapping[str, Cutoff]
    references: Mapping[str, Reference] = field(default_factory=dict)
    pictures: Mapping[str, ModelPictures] = field(default_factory=dict)

    def say(self, key: str, **facts: object) -> Line:
        """Return a sentence of the catalogue."""
        return self.words.say(key, **facts)

    def text(self, text: Text) -> str:
        """Return a text in this report's language, else in English, else in any language."""
        return text.get(self.words.language) or text.get("en") or next(iter(text.values()), "")

    def construct(self, code: str, model: ModelResult | None = None) -> str:
        """Return the name of a construct, of a model's latent variable or of an item."""
        if model and code in model.names:
            return self.text(model.names[code])
        names = {one.code: one.name for one in self.results.questionnaire.constructs}
        return self.text(names[code]) if code in names else code

    def column(
        self, key: str, *, align: str = "number", starred: bool = False, **facts: object
    ) -> Column:
        """Return a column whose title is the catalogue's ``columns.<key>``."""
        title = self.say(f"columns.{key}", **facts)
        return Column(title=title, align=align, starred=starred)  # type: ignore[arg-type]

    def columns(self, *keys: str, texts: Iterable[str] = ()) -> tuple[Column, ...]:
        """Return several columns; those in ``texts`` hold text, the others numbers."""
        return tuple(
            self.column(key, align="text" if key in set(texts) else "number") for key in keys
        )

    def citation(self, quantity: str) -> str:
        """Return who proposed the cut-off of a quantity, or nothing."""
        return self.cutoffs[quantity].source if quantity in self.cutoffs else ""


def words_cell(text: str | Line, *, rows: int = 1, strong: bool = False) -> Cell:
    """Return a cell that holds text."""
    return Cell(value=text, rows=rows, strong=strong)


def number_cell(
    value: float | None,
    kind: Kind,
    *,
    pvalue: float | None = None,
    limit: float | None = None,
    rows: int = 1,
) -> Cell:
    """Return a cell that holds a number."""
    return Cell(value=value, kind=kind, pvalue=pvalue, limit=limit, rows=rows)


def interval_cell(
    ends: tuple[float | None, float | None] | None, kind: Kind, *, rows: int = 1
) -> Cell:
    """Return a cell that holds an interval."""
    return Cell(value=ends or (None, None), kind=kind, rows=rows)
