"""Qualtrics: three heading rows, tag, wording and ``{"ImportId": …}``; numbers or texts.

The rows follow public readers of such files, which skip the second and third.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import code_at_end
from loyaltysem.questionnaire.export.platforms.qualtrics import ANSWER_CODE
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical

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


def _opened(table: RawTable) -> RawTable:
    """Return the table with the second heading row as wordings, without the third."""
    at = _import_row(table)
    if at is None:
        return table
    rest = slice(at + 1, None)
    return replace(
        table,
        columns=tuple(column.taken(rest) for column in table.columns),
        row_numbers=table.row_numbers[rest],
        wordings={k: column[at - 1] for k, column in enumerate(table.columns)} if at else {},
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
    recognises=lambda table: _import_row(table) is not None,
    opened=_opened,
    heading=_heading,
    option_codes=ANSWER_CODE,
    counted=True,
    missing=frozenset({"-99"}),
    joints=(",",),
    preview=frozenset({"1", "survey preview", "survey test"}),
)
