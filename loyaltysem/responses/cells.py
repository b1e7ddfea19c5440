"""Makes the reader of each question's columns, by what the file itself shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.questionnaire.export.layout import is_slider, option_values, point_label
from loyaltysem.questionnaire.export.platforms.sav import value_numbers
from loyaltysem.questionnaire.export.platforms.wenjuanxing import option_text, point_text
from loyaltysem.questionnaire.export.variables import variables
from loyaltysem.questionnaire.wording import said
from loyaltysem.responses.cell_reader import CellReader
from loyaltysem.responses.headings import Target
from loyaltysem.responses.platforms.platform import ANY_CODE
from loyaltysem.responses.spelling import parsed_number, plain, with_bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

_NO_CODE = r"(?!)"
"""No option's code is of this form."""


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

    @property
    def counted(self) -> tuple[str, ...]:
        """Ratings whose numbers are taken for positions from 1, not for points of the scale."""
        if not self._counted:
            return ()
        return tuple(
            entry.code
            for entry in self._entries.values()
            if entry.scale and entry.scale.lowest != 1 and not is_slider(entry)
            if self.has(entry.code)
        )

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
            points=with_bare({text: one for text, one in self._points(entry, column) if text}),
            options=with_bare({text: one for text, one in self._options(entry, column) if text}),
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
        """Yield what the file's own labels say, if they name every point of the scale.

        Raises
        ------
        ResponsesError
            They name some points, and others than their numbers.
        """
        scale, labels = entry.scale, self.table.labels.get(column, {})
        if scale is None or not labels:
            return
        names = {
            plain(said(label, language)): float(point)
            for point, label in scale.labels.items()
            for language in label
        }
        known = {value: names[plain(one)] for value, one in labels.items() if plain(one) in names}
        if len(known) == len(labels) or set(known.values()) == set(map(float, scale.points)):
            yield from ((plain(value), point) for value, point in known.items())
            return
        turned = [one for one, point in known.items() if parsed_number(plain(one)) != point]
        if turned:
            raise self._turned(entry, column, turned[0], known[turned[0]])

    def _turned(self, entry: Entry, column: int, value: str, point: float) -> ResponsesError:
        label = self.table.labels[column][value]
        return ResponsesError(
            f"The value labels of item '{entry.code}' are not those of the questionnaire",
            place=Place(self.table.path),
            found=f"{value} is '{label}' in the file",
            expected=f"{point:g} is '{label}'",
            remedy="Give all values their labels in the file, or turn the item round there.",
        )

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
