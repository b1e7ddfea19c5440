"""Notices in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import ReportError
from loyaltysem.report.document import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ModelResult, NoticeRecord


def notice_lines(
    context: Context, notices: Iterable[NoticeRecord], model: ModelResult | None = None
) -> tuple[Line, ...]:
    """Return the notices as lines, without repetition.

    The sentence ``notice.<code>`` of the catalogue is filled with the notice's facts; a code that
    the catalogue does not have is shown with its English text. Several notices of one code share
    the sentence ``notice_several.<code>`` where there is one.
    """
    by_code: dict[str, list[NoticeRecord]] = {}
    for notice in notices:
        by_code.setdefault(notice.code, []).append(notice)
    lines = (line for group in by_code.values() for line in _group_lines(context, group, model))
    return tuple(dict.fromkeys(lines))


def _group_lines(
    context: Context, group: list[NoticeRecord], model: ModelResult | None
) -> Iterator[Line]:
    """Yield the lines for notices of one code."""
    key = f"notice_several.{group[0].code}"
    if len(group) > 1 and context.words.knows(key):
        several = [notice.facts for notice in group]
        yield context.say(key, several=several, name=lambda code: context.construct(code, model))
        return
    for notice in group:
        yield notice_line(context, notice, model)


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
