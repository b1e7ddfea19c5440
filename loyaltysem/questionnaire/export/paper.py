"""A questionnaire as it stands on paper: what Word and PDF both print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    one_line,
    point_label,
    tidy,
)
from loyaltysem.questionnaire.export.words import condition_words
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Block, Entry, Form, Page
    from loyaltysem.questionnaire.scale import Scale

BOX = "☐"
NARROW = 7
"""Columns for more points than these are too narrow for labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Title of a page."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; ``hint`` is set smaller (who should answer, how)."""

    text: str
    hint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Ratings: one row per question, one column per point.

    ``columns`` head the points; a row has its number, its text, and what stands left and right of
    the points (poles; empty otherwise).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    poles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A question and the boxes to tick; ``line`` has a blank to write in before each instead."""

    number: str
    text: str
    options: tuple[str, ...]
    blanks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A question and lines to write on."""

    number: str
    text: str
    lines: int


Part = Heading | Paragraph | Grid | Choices | Blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The printed questionnaire: its title, its parts, and a foot line that names the version."""

    title: str
    parts: tuple[Part, ...]
    foot: str


def paper_of(form: Form, language: str) -> Paper:
    """Return what is printed in one language; questions are numbered from 1."""
    asked = form.questionnaire
    printer = _Printer(form, language)
    thanks = said(asked.thanks, language) or interface(language).phrase("thanks")
    parts = [part for page in form.pages for part in printer.page(page)]
    return Paper(
        title=one_line(said(asked.title, language)),
        parts=(*parts, Paragraph(text=tidy(thanks))),
        foot=f"{asked.name} {one_line(asked.version)} · {asked.content_hash()[:12]}",
    )


class _Printer:
    """Numbers the questions as they come."""

    def __init__(self, form: Form, language: str) -> None:
        self._form = form
        self._language = language
        self._words = interface(language)
        self._number = 0
        self._prompted = ""

    def page(self, page: Page) -> Iterator[Part]:
        """Yield the parts of one page."""
        if page.title:
            yield Heading(text=one_line(said(page.title, self._language)))
        if page.show_if:
            yield self._only_if(condition_words(page.show_if, self._form, self._language))
        if page.text:
            yield Paragraph(text=tidy(said(page.text, self._language)))
        if page.title or page.text:
            self._prompted = "likert" if page.text else ""
        for block in page.blocks:
            yield from self._block(block)

    def _only_if(self, clause: str) -> Paragraph:
        return Paragraph(text=self._words.phrase("only_if", condition=clause), hint=True)

    def _block(self, block: Block) -> Iterator[Part]:
        entry = block.entries[0]
        if entry.show_if:
            yield self._only_if(condition_words(entry.show_if, self._form, self._language))
        if entry.scale and not is_slider(entry):
            yield from self._prompt(block, entry.scale)
            yield self._grid(block, entry.scale)
        elif entry.role == "consent":
            yield Paragraph(text=tidy(said(entry.wording, self._language)))
            yield Choices(number="", text="", options=self._options(entry))
        else:
            yield self._single(entry)

    def _prompt(self, block: Block, scale: Scale) -> Iterator[Paragraph]:
        """Yield how to answer, unless it was said above; and the ends of a scale of many points."""
        if block.is_grid and self._prompted != scale.type:
            self._prompted = scale.type
            yield Paragraph(text=grid_prompt(block, self._language), hint=True)
        if _is_numbered(scale):
            ends = [
                f"{point} = {self._said(scale.labels[point])}" for point in sorted(scale.labels)
            ]
            yield Paragraph(text=self._words.phrase("comma").join(ends), hint=True)

    def _grid(self, block: Block, scale: Scale) -> Grid:
        rows = tuple((self._next(), self._wording(entry)) for entry in block.entries)
        poles = tuple(
            (self._said(entry.poles.left), self._said(entry.poles.right))
            for entry in block.entries
            if entry.poles
        )
        columns = [
            str(point) if _is_numbered(scale) else point_label(scale, point, self._language)
            for point in scale.points
        ]
        return Grid(columns=tuple(columns), rows=rows, poles=poles)

    def _single(self, entry: Entry) -> Part:
        number, text = self._next(), self._wording(entry)
        if entry.kind in {"multiple", "ranking"}:
            hint = self._words.phrase("rank" if entry.kind == "ranking" else "choose_some")
            text = f"{text} ({hint})" if text.isascii() else f"{text}（{hint}）"
        if entry.options:
            blanks = entry.kind == "ranking"
            return Choices(number=number, text=text, options=self._options(entry), blanks=blanks)
        if entry.scale:
            text = f"{text} ({entry.scale.lowest}–{entry.scale.highest})"
        return Blank(number=number, text=text, lines=4 if entry.long else 1)

    def _next(self) -> str:
        self._number += 1
        return str(self._number)

    def _wording(self, entry: Entry) -> str:
        optional = "" if entry.required else f" ({self._words.phrase('optional')})"
        return one_line(said(entry.wording, self._language)) + optional

    def _options(self, entry: Entry) -> tuple[str, ...]:
        return tuple(self._said(label) for label in entry.options.values())

    def _said(self, text: dict[str, str]) -> str:
        return one_line(said(text, self._language))


def _is_numbered(scale: Scale) -> bool:
    """Whether the columns are too narrow for labels, and only some points have one."""
    return len(scale.points) > NARROW and 0 < len(scale.labels) < len(scale.points)
