"""Runs of WordprocessingML."""

from __future__ import annotations

import pytest
from docx.oxml.ns import qn

from loyaltysem.report.word.markup import field, parsed, runs


def parts(text: str, language: str) -> list[tuple[str, bool]]:
    """Return the text of each run and whether it asks for East Asian type."""
    return [
        ("".join(t.text for t in run.iter(qn("w:t"))), run.find(f".//{qn('w:rFonts')}") is not None)
        for run in parsed("".join(runs(text, language)))
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("plain", "en", [("plain", False)]),
        (
            "α 系数为 .852，",
            "zh",
            [("α ", False), ("系数为", True), (" .852", False), ("，", True)],
        ),
        ("“模型”", "zh", [("“模型”", True)]),
        ("Cronbach’s α", "zh", [("Cronbach", False), ("’", False), ("s α", False)]),
        ("“quoted”", "en", [("“quoted”", False)]),
        ("see 模型 here", "en", [("see ", False), ("模型", True), (" here", False)]),
    ],
)
def test_scripts_get_runs_of_their_own(
    text: str, language: str, expected: list[tuple[str, bool]]
) -> None:
    assert parts(text, language) == expected


def test_lines_break_and_blanks_are_kept() -> None:
    (run,) = parsed("".join(runs("a  b\n\tc", "en")))
    assert [child.tag for child in run] == [qn("w:t"), qn("w:br"), qn("w:t")]
    assert run[2].text == "    c"
    assert run[0].get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_fields_have_a_beginning_a_result_and_an_end() -> None:
    made = parsed("".join(field("SEQ Table \\* ARABIC", "3", "en", ("w:b", {}))))
    marks = [mark.get(qn("w:fldCharType")) for run in made for mark in run.iter(qn("w:fldChar"))]
    assert marks == ["begin", "separate", "end"]
    assert all(run.find(f".//{qn('w:b')}") is not None for run in made)
    assert "".join(t.text for run in made for t in run.iter(qn("w:t"))) == "3"
