"""The HTML report in a real browser: nothing is complained of, tables sort, pages print."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.html import write_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture
def page(make: Any, picture: Any, tmp_path: Path) -> Iterator[Any]:
    """Open the report of a small study; its console must stay empty."""
    playwright = pytest.importorskip("playwright.sync_api")
    results = make.study()
    pictures = {model.name: make.pictures(picture) for model in results.models}
    file = tmp_path / "report.html"
    file.write_bytes(write_html(compose(results, "en", pictures=pictures)))
    said: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(color_scheme="dark")
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.goto(file.as_uri())
        yield opened
        browser.close()
    assert said == []


def column(page: Any, table: str, place: int) -> list[str]:
    cells = page.locator(f"#{table} tbody tr > :nth-child({place})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_a_table_is_sorted_up_down_and_back(page: Any) -> None:
    printed = column(page, "table_paths_1", 2)
    table = page.locator("table.sortable").first
    heads = table.locator("thead th")
    heads.nth(1).locator("button").click()
    assert heads.nth(1).get_attribute("aria-sort") == "ascending"
    heads.nth(1).locator("button").press("Enter")
    assert heads.nth(1).get_attribute("aria-sort") == "descending"
    heads.nth(1).locator("button").press("Enter")
    assert heads.nth(1).get_attribute("aria-sort") is None
    assert column(page, "table_paths_1", 2) == printed


def test_numbers_are_sorted_as_numbers(page: Any) -> None:
    page.locator("#table_parameters_1 thead button").nth(1).click()
    shown = [float(text.replace("−", "-")) for text in column(page, "table_parameters_1", 2)]
    assert shown == sorted(shown)
    assert len(set(shown)) > 2


def test_it_is_dark_where_the_reader_wants_it(page: Any) -> None:
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    assert dark != page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_it_prints_without_its_contents(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("#report").is_visible()
    assert page.pdf().startswith(b"%PDF-")


def test_what_scrolls_sideways_has_a_name(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    frames = page.locator("div.table")
    named = page.locator("div.table[role=group][aria-labelledby]")
    assert frames.count() == named.count() > 0
    wide = "[...document.querySelectorAll('caption .words')].map(one => one.offsetWidth)"
    assert max(page.evaluate(wide)) <= 320


def test_every_button_has_a_name(page: Any) -> None:
    assert all(text.strip() for text in page.locator("button").all_inner_texts())
