"""KoBoToolbox and ODK: ``group/name``, choices joined by blanks and one column each.

The layout follows public samples of exports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.platforms.xlsform import NAME
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical, has_headings

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

_LEVELS = re.compile(r"[/:]|(?<=\w)-(?=\w)")
_TECHNICAL: dict[str, Technical] = {
    "start": "started",
    "end": "submitted",
    "_uuid": "id",
    "meta/instanceid": "id",
    "instanceid": "id",
    "key": "id",
    "_submission_time": "submitted",
    "submissiondate": "submitted",
    "deviceid": "device",
    "_status": "source",
}
_OTHERS = frozenset(
    {
        "_id", "_validation_status", "_notes", "_submitted_by", "__version__", "_tags", "_index",
        "meta/rootuuid", "today", "username", "formdef_version", "submitterid", "submittername",
    }
)  # fmt: skip


def _recognises(table: RawTable) -> bool:
    return (
        has_headings(table, "_uuid", "_submission_time")
        or has_headings(table, "SubmissionDate", "KEY")
        or has_headings(table, "meta/instanceID")
    )


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    if text.casefold() in _TECHNICAL:
        return Heading(technical=_TECHNICAL[text.casefold()])
    if text.casefold() in _OTHERS:
        return Heading()
    levels = [level.casefold() for level in _LEVELS.split(text)]
    joined = ("_".join(levels[-2:]),) if levels[1:] else ()
    return Heading(
        codes=(text.casefold(), *joined, levels[-1]),
        wordings=(text, text.rpartition("/")[0]),
        part=text.rpartition("/")[2] if "/" in text else "",
        group=levels[-2] if levels[1:] else "",
    )


PLATFORM = Platform(
    name="kobo",
    title="KoBoToolbox, ODK (XLSForm)",
    recognises=_recognises,
    heading=_heading,
    option_codes=NAME,
    joints=(" ",),
)
