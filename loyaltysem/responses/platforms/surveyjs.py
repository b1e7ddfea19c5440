"""SurveyJS: a list of records, the rows of a grid under its name (``SAT.SAT1``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.responses.files.records import JOINT
from loyaltysem.responses.platforms.platform import Heading, Platform

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable


def _recognises(table: RawTable) -> bool:
    return table.path.suffix.lower() == ".json" and "_questionnaire" not in table.headings


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column]
    above, _, name = text.rpartition(JOINT)
    codes = (text.casefold(), name.casefold()) if above else (text.casefold(),)
    return Heading(codes=codes, wordings=(text, name), group=above)


PLATFORM = Platform(
    name="surveyjs",
    title="SurveyJS",
    recognises=_recognises,
    heading=_heading,
)
