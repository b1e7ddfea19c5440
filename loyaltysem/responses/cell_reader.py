"""Reads the cells of one question: points of its scale, its options, numbers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.responses.spelling import (
    CHOSEN,
    MISSING_MARKS,
    NOT_CHOSEN,
    bare,
    parsed_number,
    plain,
    whole_letters,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.questionnaire.form import Entry

_ADDED_TEXT = re.compile(r"[〖【].*[】〗]$")
_NUMBER_FIRST = re.compile(r"^([+-]?\d+)\s*[-=.、:)]?\s*(\D.*)$")
_NUMBER_LAST = re.compile(r"^(\D*?[^\d\s+-])\s*[-=:(]?\s*([+-]?\d+)\s*\)?$")
_WITH_UNIT = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*([^\W\d_]{1,10}|%)$")
_POINT_UNITS = frozenset({"分", "点", "星", "point", "points", "star", "stars", "%"})


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
        number = self.number(text)
        return number if not np.isnan(number) else self._labelled(text)

    def number(self, text: str) -> float:
        """Return the number in a plain text, be it with the unit that was asked for, or NaN."""
        unit = _WITH_UNIT.match(text)
        return parsed_number(unit[1] if unit and self._asks_in(unit[2]) else text)

    def _asks_in(self, unit: str) -> bool:
        if unit in _POINT_UNITS and self.entry.kind == "rating":
            return True
        said = {plain(wording) for wording in self.entry.wording.values()}
        return any(
            unit in (wording if not unit.isascii() else re.findall(r"\w+", wording))
            for wording in said
        )

    def _labelled(self, text: str) -> float:
        """Return the point of a text that has a label, be it with its number, or infinity."""
        if bare(text) in self.points:
            return self.points[bare(text)]
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
        chosen = plain(_ADDED_TEXT.sub("", cell))
        return self.options.get(chosen) or self.options.get(bare(chosen))

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
    return [whole_letters(str(one)) for one in found] if isinstance(found, list) else None
