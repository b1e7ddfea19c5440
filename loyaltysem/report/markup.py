"""The little markup of the wording catalogues: ``<i>p</i>``, ``<b>``, ``<sub>``, ``<ref to="…"/>``.

Sentences are rendered with every inserted value escaped, then read here; so a respondent's or an
item's text can look like markup and still is text.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from loyaltysem.errors import ReportError
from loyaltysem.report.document import Inline, Line, Reference, Run, Style

STYLES: Final[dict[str, Style]] = {
    "i": "italic",
    "b": "bold",
    "code": "code",
    "sub": "sub",
    "sup": "sup",
}


def parse_line(text: str) -> Line:
    """Return marked-up text as runs and references.

    Raises
    ------
    ReportError
        A tag is unknown or not closed.
    """
    parser = _LineParser()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise ReportError("A tag in the wording is not closed", found=f"<{parser.open[-1]}>")
    return tuple(parser.parts)


class _LineParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Inline] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "ref":
            self.parts.append(Reference(dict(attrs).get("to") or ""))
        elif tag in STYLES:
            self.open.append(tag)
        else:
            raise ReportError(
                "The wording uses a tag that reports do not have",
                found=f"<{tag}>",
                expected=", ".join(f"<{known}>" for known in (*STYLES, "ref")),
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "ref":
            return
        if not self.open or self.open.pop() != tag:
            raise ReportError("A tag in the wording is closed but not open", found=f"</{tag}>")

    def handle_data(self, data: str) -> None:
        style: Style = STYLES[self.open[-1]] if self.open else "plain"
        if data:
            self.parts.append(Run(data, style))
