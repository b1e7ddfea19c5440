"""Qualtrics: three heading rows, tag, wording and ``{"ImportId": …}``; numbers or texts.

The rows follow public readers of such files, which skip the second and third.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import code_at_end
from loyaltysem.questionnaire.export.platforms.qualtrics import ANSWER_CODE
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical, has_headings

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

_MARK = '"ImportId"'
_FIRST_ROWS = 3
_TECHNICAL: dict[str, Technical] = {
    "startdate": "started",
    "enddate": "submitted",
    "ipaddress": "ip",
    "duration (in seconds)": "seconds",
    "responseid": "id",
    "userlanguage": "language",
    "distributionchannel": "source",
    "status": "status",
}
_OTHERS = frozenset(
    {
        "progress", "finished", "recordeddate", "recipientlastname", "recipientfirstname",
        "recipientemail", "externalreference", "locationlatitude", "locationlongitude",
    }
)  # fmt: skip
_CHOICE_NOTE = " - Selected Choice"


def _import_row(table: RawTable) -> int | None:
    """Return the index of the row of import ids among the respondents, if there is one."""
    for row in range(min(_FIRST_ROWS, len(table.row_numbers))):
        told = [column[row] for column in table.columns if column[row].strip()]
        if told and all(_MARK in cell for cell in told):
            return row
    return None


def _recognises(table: RawTable) -> bool:
    return _import_row(table) is not None or has_headings(table, "StartDate", "ResponseId")


def _opened(table: RawTable) -> RawTable:
    """Return the table with the second heading row as wordings, without the third."""
    at = _import_row(table)
    if at is None:
        return _without(table, 1, wordings_at=0) if _has_wordings(table) else table
    return _without(table, at + 1, wordings_at=at - 1)


def _has_wordings(table: RawTable) -> bool:
    """Whether the first row is no respondent, since no date stands in it: the third was deleted."""
    started = next(k for k, one in enumerate(table.headings) if one.casefold() == "startdate")
    first = table.columns[started][0]
    return bool(first) and not any(sign.isdigit() for sign in first)


def _without(table: RawTable, n: int, *, wordings_at: int) -> RawTable:
    """Return the table without its first rows, one of which has the wordings if it is there."""
    words = {k: column[wordings_at] for k, column in enumerate(table.columns)}
    return replace(
        table,
        columns=tuple(column.taken(slice(n, None)) for column in table.columns),
        row_numbers=table.row_numbers[n:],
        wordings=words if wordings_at >= 0 else {},
    )


def _heading(table: RawTable, column: int) -> Heading:
    tag = table.headings[column].strip()
    if tag.casefold() in _TECHNICAL:
        return Heading(technical=_TECHNICAL[tag.casefold()])
    if tag.casefold() in _OTHERS:
        return Heading()
    wording = table.wordings.get(column, "").removesuffix(_CHOICE_NOTE)
    above, _, part = wording.rpartition(" - ")
    embedded = code_at_end(wording)
    return Heading(
        codes=(*((embedded.casefold(),) if embedded else ()), tag.casefold()),
        wordings=(wording, *((above,) if above else ())),
        part=part if above else "",
        group=tag.rpartition("_")[0],
    )


PLATFORM = Platform(
    name="qualtrics",
    title="Qualtrics",
    recognises=_recognises,
    opened=_opened,
    heading=_heading,
    option_codes=ANSWER_CODE,
    counted=True,
    missing=frozenset({"-99"}),
    joints=(",",),
    preview=frozenset({"1", "survey preview", "survey test"}),
)
