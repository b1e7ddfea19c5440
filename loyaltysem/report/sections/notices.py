"""Notices in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import ReportError
from loyaltysem.report.document import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ModelResult, NoticeRecord


def notice_lines(
    context: Context, notices: Iterable[NoticeRecord], model: ModelResult | None = None
) -> tuple[Line, ...]:
    """Return one line for each notice, without repetition.

    The sentence ``notice.<code>`` of the catalogue is filled with the notice's facts; a code that
    the catalogue does not have is shown with its English text.
    """
    lines = (notice_line(context, notice, model) for notice in notices)
    return tuple(dict.fromkeys(lines))


def notice_line(context: Context, notice: NoticeRecord, model: ModelResult | None) -> Line:
    """Return one notice as a line.

    Facts may lack what the sentence asks for, in results that an earlier version stored; the
    English text is complete then.
    """
    key = f"notice.{notice.code}"
    if not context.words.knows(key):
        return plain(notice.text)

    def name(code: str) -> str:
        return context.construct(code, model)

    try:
        return context.say(key, facts=notice.facts, text=notice.text, name=name)
    except ReportError:
        return plain(notice.text)
