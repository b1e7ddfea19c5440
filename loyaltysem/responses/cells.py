"""What the cells of a column say: points of a scale, options, ranks, whatever their spelling."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.questionnaire.export.layout import is_slider, option_values, point_label
from loyaltysem.questionnaire.export.platforms.sav import value_numbers
from loyaltysem.questionnaire.export.platforms.wenjuanxing import option_text, point_text
from loyaltysem.questionnaire.export.variables import variables
from loyaltysem.questionnaire.wording import said
from loyaltysem.responses.headings import Target
from loyaltysem.responses.platforms.platform import ANY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a", "#null!"})
"""Texts that stand for no answer, in lower case."""

CHOSEN = frozenset({"1", "y", "yes", "true", "是", "x", "✓", "√", "checked", "selected"})
NOT_CHOSEN = frozenset({"0", "n", "no", "false", "否", "not selected", "unchecked", "quoted 0"})
_NO_CODE = r"(?!)"
_ADDED_TEXT = re.compile(r"[〖【].*[】〗]$")
_NUMBER_FIRST = re.compile(r"^([+-]?\d+)\s*(?:[-–—=.、:：)）]|\s)\s*(\D.*)$")
_NUMBER_LAST = re.compile(r"^(\D*?[^\d\s+-])\s*[-–—=:：(（]?\s*([+-]?\d+)\s*[)）]?$")
_WITH_UNIT = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*(?:分|点|星|points?|stars?|%)$")


def plain(text: str) -> str:
    """Return a text as it is compared: full-width letters made narrow, case and blanks folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def parsed_number(text: str) -> float:
    """Return the number that a plain text is, or NaN."""
    try:
        return np.nan if "_" in text else float(text)
    except ValueError:
        return np.nan


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of one question's columns.

    Attributes
    ----------
    entry
        The question.
    missing
        Texts that stand for no answer in this column, besides the usual ones.
    points
        Point of each text; numbers that stand for themselves are not among them.
    options
        Option of each text.
    """

    entry: Entry
    missing: frozenset[str]
    points: Mapping[str, float]
    options: Mapping[str, str]

    def is_missing(self, cell: str) -> bool:
        """Whether a cell holds no answer."""
        text = plain(cell)
        return (text in MISSING_MARKS and text not in self.options) or text in self.missing

    def point(self, cell: str) -> float:
        """Return the number in a cell of a rating: NaN where there is none, infinite for text."""
        text = plain(cell)
        if text in self.points:
            return self.points[text]
        if self.is_missing(cell):
            return np.nan
        number = parsed_number(text)
        if not np.isnan(number):
            return number
        return self._labelled(text)

    def _labelled(self, text: str) -> float:
        """Return the point of a text that has number and label, or infinity."""
        unit = _WITH_UNIT.match(text)
        if unit:
            return float(unit[1])
        first, last = _NUMBER_FIRST.match(text), _NUMBER_LAST.match(text)
        number, label = (first[1], first[2]) if first else (last[2], last[1]) if last else ("", "")
        if label and self.points.get(plain(label)) == float(number):
            return float(number)
        return np.inf

    def option(self, cell: str) -> str | None:
        """Return the option in a cell: empty where there is none, None where it is not known."""
        text = plain(cell)
        if text in self.options:
            return self.options[text]
        if self.is_missing(cell):
            return ""
        return self.options.get(plain(_ADDED_TEXT.sub("", cell)))

    def chosen(self, cell: str) -> str | None:
        """Return 1 or 0 for a cell of one option's column, empty or None as in `option`."""
        text = plain(cell)
        if text in self.options or text in CHOSEN:
            return "1" if text not in NOT_CHOSEN else "0"
        if text in NOT_CHOSEN:
            return "0"
        if self.is_missing(cell):
            return ""
        return "1" if plain(_ADDED_TEXT.sub("", cell)) in self.options else None

    def choices(self, cell: str, joints: tuple[str, ...]) -> list[str] | None:
        """Return the options in a cell that holds several, in their order; None as in `option`."""
        if self.is_missing(cell):
            return []
        if cell.lstrip().startswith("["):
            listed = _json_list(cell)
            if listed is not None:
                options = [self.option(one) for one in listed]
                return None if None in options else [one for one in options if one]
        for joint in joints:
            named = self._split(cell, joint)
            if named is not None:
                return named
        one = self.option(cell)
        return None if one is None else [one]

    def _split(self, cell: str, joint: str) -> list[str] | None:
        """Return the options of a cell joined by one sign; labels may hold the sign themselves."""
        parts = cell.split(joint) if joint != " " else cell.split()
        named: list[str] = []
        at = 0
        while at < len(parts):
            for end in range(len(parts), at, -1):
                option = self.option(joint.join(parts[at:end]))
                if option:
                    named.append(option)
                    at = end
                    break
            else:
                return None
        return named


def _json_list(cell: str) -> list[str] | None:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return [str(one) for one in found] if isinstance(found, list) else None


class CellReaders:
    """Makes the reader of each question's columns: by text or by number, as the file is."""

    def __init__(self, table: RawTable, columns: ColumnMap) -> None:
        self.table, self.columns = table, columns
        self._entries = {entry.code: entry for entry in columns.form.entries}
        self._by_text = self._has_texts()
        self._counted = columns.platform.counted and not self._by_text
        self._value_numbers = {
            variable.question: value_numbers(variable) for variable in variables(columns.form)
        }

    def _has_texts(self) -> bool:
        """Whether points and options are exported as texts: some cell holds a label.

        So does one with a number that no counting from 1 gives.
        """
        for target, column in self.columns.columns.items():
            entry = self._entries[target.question]
            if target.part or entry.kind not in {"rating", "single"} or is_slider(entry):
                continue
            cells = set(map(plain, self.table.columns[column].texts))
            below = (
                {str(point) for point in entry.scale.points if point < 1} if entry.scale else set()
            )
            if self.columns.platform.point_code is not None:
                below.discard("0")
            if cells & (self._labels(entry) | below - self.columns.platform.missing):
                return True
        return False

    def _labels(self, entry: Entry) -> set[str]:
        """Return the labels of a question's points or options that are no numbers."""
        labels = entry.scale.labels.values() if entry.scale else entry.options.values()
        poles = [entry.poles.left, entry.poles.right] if entry.poles else []
        texts = {plain(text) for label in (*labels, *poles) for text in label.values()}
        shown = {text for text, _ in self._shown_points(entry)} | texts
        codes = {plain(option) for option in entry.options}
        return {text for text in shown - codes if text and np.isnan(parsed_number(text))}

    def whole(self, code: str) -> tuple[TextColumn, CellReader]:
        """Return the cells of a question that stands in one column, and their reader."""
        column = self.columns.columns[Target(code)]
        return self.table.columns[column], self.of(self._entries[code], column)

    def has(self, code: str) -> bool:
        """Whether a question stands in one column."""
        return Target(code) in self.columns.columns

    def parts(self, entry: Entry) -> dict[tuple[str, int], tuple[TextColumn, CellReader]]:
        """Return cells and readers of the options or ranks of a question, by option and rank."""
        return {
            (target.option, target.rank): (
                self.table.columns[column],
                self._part(entry, target, column),
            )
            for target, column in self.columns.parts(entry).items()
        }

    def _part(self, entry: Entry, target: Target, column: int) -> CellReader:
        """Return the reader of a column; of one option's it knows that option's label alone."""
        reader = self.of(entry, column)
        if entry.kind == "ranking":
            return reader
        labels = entry.options[target.option].values()
        own = {plain(shape(text)): target.option for text in labels for shape in (str, option_text)}
        return replace(reader, options=own)

    def of(self, entry: Entry, column: int) -> CellReader:
        """Return the reader of a question's cells in one column."""
        missing = self.table.missing.get(column, frozenset()) | self.columns.platform.missing
        return CellReader(
            entry=entry,
            missing=frozenset(map(plain, missing)),
            points={text: point for text, point in self._points(entry, column) if text},
            options={text: option for text, option in self._options(entry, column) if text},
        )

    def _points(self, entry: Entry, column: int) -> Iterator[tuple[str, float]]:
        """Yield the texts of a scale's points, the surest last."""
        yield from self._shown_points(entry)
        if entry.scale is not None and not is_slider(entry):
            yield from self._coded_points(entry)
        yield from self._value_labels(entry, column)

    def _shown_points(self, entry: Entry) -> Iterator[tuple[str, float]]:
        """Yield the points as respondents see them, in every language."""
        scale = entry.scale
        if scale is None:
            return
        languages = self.columns.form.questionnaire.languages
        for language in languages:
            for point in scale.points:
                yield plain(said(scale.labels.get(point, {}), language)), float(point)
                yield plain(point_label(scale, point, language)), float(point)
                yield plain(point_text(scale, point, language)), float(point)
            if entry.poles:
                yield plain(said(entry.poles.left, language)), float(scale.lowest)
                yield plain(said(entry.poles.right, language)), float(scale.highest)

    def _coded_points(self, entry: Entry) -> Iterator[tuple[str, float]]:
        scale, platform = entry.scale, self.columns.platform
        if scale is None:
            return
        if self._counted:
            yield from ((str(k), float(point)) for k, point in enumerate(scale.points, start=1))
        elif platform.point_code is not None and not self._by_text:
            yield from ((platform.point_code(scale, p), float(p)) for p in scale.points)

    def _value_labels(self, entry: Entry, column: int) -> Iterator[tuple[str, float]]:
        """Yield what the file's own labels say, if every one of them names a point."""
        scale, labels = entry.scale, self.table.labels.get(column, {})
        if scale is None or not labels:
            return
        names = {
            plain(said(label, language)): float(point)
            for point, label in scale.labels.items()
            for language in label
        }
        if all(plain(label) in names for label in labels.values()):
            yield from ((plain(value), names[plain(label)]) for value, label in labels.items())

    def _options(self, entry: Entry, column: int) -> Iterator[tuple[str, str]]:
        """Yield the texts of options; of two that are alike the later one holds."""
        if entry.kind == "single" and column in self.table.labels:
            numbers = self._value_numbers.get(entry.code, {})
            yield from ((str(number), option) for option, number in numbers.items())
        for option in entry.options:
            yield plain(option), option
        if not self._counted:
            for option, value in option_values(entry, self.columns.platform.option_codes).items():
                yield plain(value), option
        for option, label in entry.options.items():
            for text in label.values():
                yield plain(text), option
                yield plain(option_text(text)), option
        if self._counted:
            allowed = self.columns.platform.option_codes
            values = option_values(entry, _NO_CODE if allowed == ANY_CODE else allowed)
            yield from ((plain(value), option) for option, value in values.items())
        names = {plain(text): o for o, label in entry.options.items() for text in label.values()}
        for value, name in self.table.labels.get(column, {}).items():
            if plain(name) in names:
                yield plain(value), names[plain(name)]
