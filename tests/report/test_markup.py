"""The markup of the wording catalogues."""

from __future__ import annotations

import pytest

from loyaltysem.errors import ReportError
from loyaltysem.report.document import Reference, Run, as_text
from loyaltysem.report.markup import parse_line


def test_reads_styles_and_references() -> None:
    line = parse_line(
        'See <ref to="table_fit_1"></ref>: <i>p</i>&nbsp;&lt;&nbsp;.05, R<sup>2</sup>'
    )
    assert line == (
        Run("See "),
        Reference("table_fit_1"),
        Run(": "),
        Run("p", "italic"),
        Run("\u00a0<\u00a0.05, R"),
        Run("2", "sup"),
    )


def test_a_lone_angle_bracket_is_text() -> None:
    assert as_text(parse_line("p < .05")) == "p < .05"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<a href='x'>y</a>", "<a>"),
        ("<img src=x>", "<img>"),
    ],
)
def test_refuses_other_tags(text: str, tag: str) -> None:
    with pytest.raises(ReportError, match="tag that reports do not have") as caught:
        parse_line(text)
    assert caught.value.found == tag


@pytest.mark.parametrize("text", ["<i>p", "p</i>", "<b><i>p</b></i>"])
def test_refuses_tags_that_do_not_match(text: str) -> None:
    with pytest.raises(ReportError, match="closed"):
        parse_line(text)


def test_drops_what_no_document_can_hold() -> None:
    assert parse_line("a\x00b\x1bc\u202ed\ufffee") == (Run("abcde"),)


def test_a_line_ends_alike_for_every_program() -> None:
    assert parse_line("a\u2028b\u2029c\x85d\ufeff") == (Run("a\nb\nc\nd"),)
