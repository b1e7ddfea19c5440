"""Every number in a report's tables is a number of results.json, rounded as it should be."""

from __future__ import annotations

import io
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import docx
import pytest

from loyaltysem.library import find
from loyaltysem.report.compose import compose
from loyaltysem.report.html import write_html
from loyaltysem.report.word import write_word
from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import compute_study

if TYPE_CHECKING:
    from loyaltysem.results import StudyResults

CUTOFFS = {3.0, 0.08, 0.9}
"""Cut-offs, which are printed with their relation."""


class Cells(HTMLParser):
    """Collects the number cells of all tables: text and raw values; and the rows of each table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.numbers: list[tuple[str, list[str]]] = []
        self.tables: list[list[list[str]]] = []
        self.inside = False
        self.raw = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.inside, self.raw = True, dict(attrs).get("data-value") or ""
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.inside = False
            if self.raw:
                self.numbers.append((self.tables[-1][-1][-1], self.raw.split(" ")))

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.tables[-1][-1][-1] += data


def all_numbers(part: Any) -> set[float]:
    """Return every number of a JSON value."""
    if isinstance(part, dict):
        return {number for value in part.values() for number in all_numbers(value)}
    if isinstance(part, list):
        return {number for value in part for number in all_numbers(value)}
    return {float(part)} if isinstance(part, int | float) and not isinstance(part, bool) else set()


def is_rounding_of(text: str, value: float) -> bool:
    """Tell whether a printed number is the value at the decimals that it shows."""
    if text.startswith(("<", ">")):
        bound = float("0" + text[1:].strip())
        return value < bound if text[0] == "<" else value > bound
    shown = Decimal(text.replace("−", "-").replace(",", ""))
    unit = Decimal(1).scaleb(shown.as_tuple().exponent)  # type: ignore[arg-type]
    return shown in {
        (Decimal(repr(value)) * scale).quantize(unit, ROUND_HALF_UP) for scale in (1, 100)
    }


def check_html(results: StudyResults, language: str) -> Cells:
    stored = all_numbers(json.loads(results.to_json()))
    cells = Cells(write_html(compose(results, language)).decode("utf-8"))
    assert len(cells.numbers) > 50
    for text, raw in cells.numbers:
        shown = text.replace("\u00a0", " ").rstrip("*").strip()
        parts = shown.strip("[]").split(", ") if shown.startswith("[") else [shown]
        parts = [
            re.sub(r"^[<>≥≤] ", "", part) if float(raw[0]) in CUTOFFS else part for part in parts
        ]
        assert len(parts) == len(raw)
        for part, value in zip(parts, raw, strict=True):
            assert float(value) in stored, text
            assert is_rounding_of(part, float(value)), (part, value)
    return cells


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("study", ["study", "loyalty", "ecsi"])
def test_every_table_cell_is_a_stored_number(make: Any, study: str, language: str) -> None:
    check_html(getattr(make, study)(), language)


def test_every_table_cell_of_the_shipped_example_is_a_stored_number() -> None:
    results = compute_study(plan_study(find("examples", "six_factor_loyalty") / "study.yaml"))
    assert len(check_html(results, "zh").numbers) > 5000


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("study", ["study", "loyalty", "ecsi"])
def test_word_prints_the_same_cells_as_html(make: Any, study: str, language: str) -> None:
    document = compose(getattr(make, study)(), language)
    pages = Cells(write_html(document).decode("utf-8")).tables
    word = docx.Document(io.BytesIO(write_word(document)))
    assert len(word.tables) == len(pages)
    for table, page in zip(word.tables, pages, strict=True):
        rows = [
            [
                "".join(node.text or "" for node in cell.iter() if node.tag.endswith("}t"))
                for cell in row._tr.tc_lst
                if not continues(cell)
            ]
            for row in table.rows
        ]
        assert [[bare(text) for text in row] for row in rows] == [
            [bare(text) for text in row] for row in page
        ]


def continues(cell: Any) -> bool:
    """Tell whether a cell lies under a spanning one."""
    merge = cell.find(".//{*}vMerge")
    return merge is not None and not merge.values()


def bare(text: str) -> str:
    return text.replace("\u00a0", " ").strip()


def test_no_number_is_printed_as_minus_zero(make: Any) -> None:
    cells = Cells(write_html(compose(make.loyalty(), "en")).decode("utf-8"))
    assert not [text for text, _ in cells.numbers if re.fullmatch(r"−0?\.0+\**", text)]
