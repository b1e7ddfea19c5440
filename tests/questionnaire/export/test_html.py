"""The HTML page: what stands in the file, and how it behaves in a real browser."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from loyaltysem.questionnaire import form_of
from loyaltysem.questionnaire.export import export_questionnaire

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

KEY = re.compile(r'"(\w+)"')
PHONE = {"width": 390, "height": 844}


def page_of(questionnaire) -> str:
    (content,) = export_questionnaire(questionnaire, "html").files.values()
    return content.decode()


class Scripts(HTMLParser):
    """Counts elements, and keeps what stands in script and style."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        if self.cdata_elem in self.raw:
            self.raw[self.cdata_elem].append(data)


def test_policy_allows_these_scripts_and_nothing_else(hostile):
    page = page_of(hostile)
    parsed = Scripts()
    parsed.feed(page)
    assert parsed.tags.count("script") == 2
    assert "img" not in parsed.tags
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        text = parsed.raw[tag][-1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"https?://", page.split("<script")[0])


def test_data_hold_the_wordings_unchanged(hostile):
    parsed = Scripts()
    parsed.feed(page_of(hostile))
    data = json.loads(parsed.raw["script"][0])
    wordings = [e["wording"] for p in data["pages"] for b in p["blocks"] for e in b["entries"]]
    assert [entry.wording for entry in form_of(hostile).entries] == wordings


def test_no_word_of_the_script_is_missing(rich):
    parsed = Scripts()
    parsed.feed(page_of(rich))
    data, script = json.loads(parsed.raw["script"][0]), parsed.raw["script"][1]
    used = {key for call in re.findall(r"word\(([^()]*)", script) for key in KEY.findall(call)}
    assert len(used) > 20
    assert used <= set(data["words"]["en"])
    assert set(data["words"]["en"]) == set(data["words"]["zh"])


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a questionnaire on a phone; complaints of the browser fail the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport=PHONE, locale="en-GB", accept_downloads=True)

    def open_page(questionnaire):
        path = tmp_path / "form.html"
        path.write_text(page_of(questionnaire), encoding="utf-8")
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(path.as_uri())
        return page

    yield open_page
    context.close()
    assert complaints == []


def choose(page, code: str, value: str) -> None:
    page.check(f'#q-{code} input[value="{value}"]', force=True)


def next_page(page) -> None:
    page.click("#next")


def past_the_gate(page) -> None:
    choose(page, "consent", "agree")
    next_page(page)
    choose(page, "bought", "yes")
    next_page(page)


def to_the_questions(page, price: int = 5) -> None:
    """Answer the ratings; a price of 1 skips the page after them."""
    past_the_gate(page)
    for code in ("Q1", "Q_2", "A1", "Q3"):
        choose(page, code, "4")
    next_page(page)
    choose(page, "P1", str(price))
    for code, value in {"F1": "-3", "F2": "2", "F3": "10", "gender": "1"}.items():
        choose(page, code, value)
    page.fill("#q-F4 input", "35")
    page.fill("#q-U1 input", "12")
    next_page(page)


@in_browser
def test_whole_questionnaire_comes_home_as_csv_and_json(opened, rich, tmp_path):
    page = opened(rich)
    to_the_questions(page)
    assert not page.is_visible("#q-friend")
    choose(page, "channels", "friends")
    assert page.is_visible("#q-friend")
    choose(page, "friend", "b")
    for k, option in enumerate(("3", "1", "2")):
        page.locator("#q-rank select").nth(k).select_option(option)
    page.fill("#q-years input", "１２")  # full-width digits
    next_page(page)
    page.fill("#q-remarks textarea", '=1+1, "quoted"\nsecond line')
    next_page(page)
    assert page.inner_text("h2") == "Thanks a lot."
    rows = {}
    for kind in ("csv", "json"):
        with page.expect_download() as download:
            page.click(f"#{kind}")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        rows[kind] = path.read_text("utf-8-sig")
    (from_csv,) = csv.DictReader(io.StringIO(rows["csv"]))
    (from_json,) = json.loads(rows["json"])["responses"]
    assert set(form_of(rich).columns) <= set(from_csv)
    expected = {
        "consent": "agree", "bought": "yes", "Q1": "4", "F1": "-3", "F4": "35", "gender": "1",
        "channels_friends": "1", "channels_tv": "0", "friend": "b", "rank_price": "3",
        "rank_speed": "1", "years": "12", "since": "", "P2": "",
        "_language": "en", "_version": "2.1", "_sha256": rich.content_hash(),
    }  # fmt: skip
    assert {name: from_csv[name] for name in expected} == expected
    assert from_csv["remarks"].startswith("'=1+1")  # no formula in a spreadsheet
    assert from_json["remarks"] == '=1+1, "quoted"\nsecond line'
    page.reload()
    assert "1" in page.inner_text("#count")  # a reload does not hide what was answered
    assert from_json | {"remarks": ""} == from_csv | {"remarks": ""}


@in_browser
def test_skipped_pages_leave_no_answers(opened, rich):
    page = opened(rich)
    to_the_questions(page, price=1)
    assert page.locator("h2").count() == 1  # the last question depends on the skipped page, too
    assert "Thanks" in page.inner_text("h2")
    stored = page.evaluate("JSON.parse(localStorage.getItem(KEY + ':done'))")
    assert stored[0]["years"] == ""
    assert stored[0]["channels_tv"] == ""


@in_browser
def test_a_count_is_whole_and_within_its_limits(opened, rich):
    page = opened(rich)
    past_the_gate(page)
    for code in ("Q1", "Q_2", "A1", "Q3"):
        choose(page, code, "4")
    next_page(page)
    for typed, fault in {
        "3.5": "a whole number",
        "61": "from 0 to 60",
        "often": "a number",
    }.items():
        page.fill("#q-U1 input", typed)
        next_page(page)
        assert fault in page.inner_text("#q-U1 .fault")
    page.fill("#q-U1 input", "６０")
    assert page.locator("#q-U1 .fault").count() == 0


@in_browser
def test_missing_answers_are_marked_in_either_language(opened, rich):
    page = opened(rich)
    past_the_gate(page)
    choose(page, "Q1", "3")
    next_page(page)
    assert page.locator("fieldset.wrong").count() == 3
    page.click('button[lang="zh"]')
    assert page.locator(".wrong .fault").first.inner_text() == "本题必答，请作答。"
    assert page.is_checked('#q-Q1 input[value="3"]')
    for code in ("Q_2", "A1", "Q3"):
        choose(page, code, "1")
    assert page.locator("fieldset.wrong").count() == 0
    next_page(page)
    assert page.locator("#q-P1").count() == 1


@in_browser
def test_half_finished_answers_are_kept(opened, rich):
    page = opened(rich)
    past_the_gate(page)
    choose(page, "Q1", "3")
    page.reload()
    assert page.is_checked('#q-Q1 input[value="3"]')
    assert page.is_visible("#note")
    page.click("#note button")
    assert page.locator("#q-consent").count() == 1
    assert page.locator("input:checked").count() == 0


@in_browser
def test_who_does_not_agree_or_belong_is_not_recorded(opened, rich):
    page = opened(rich)
    choose(page, "consent", "disagree")
    next_page(page)
    assert "not agreed" in page.inner_text("main")
    page.click("#again")
    choose(page, "consent", "agree")
    next_page(page)
    choose(page, "bought", "no")
    next_page(page)
    assert "other participants" in page.inner_text("main")
    assert page.evaluate("localStorage.getItem(KEY + ':done')") is None


@in_browser
def test_limits_and_random_order(opened, rich):
    page = opened(rich)
    to_the_questions(page)
    for option in ("friends", "web", "tv"):
        choose(page, "channels", option)
    page.fill("#q-years input", "120")
    page.locator("#q-rank select").first.select_option("2")
    next_page(page)
    faults = page.locator(".wrong .fault").all_inner_texts()
    assert "Please choose at most 2." in faults
    assert "Please enter a number from 0 to 99." in faults
    assert "Please give each option a different rank." in faults
    numbers = {"3,5": "3.5", " １２ ": "12", "3,500": "3,500", "-4": "-4"}
    assert {text: page.evaluate(f"readNumber('{text}')") for text in numbers} == numbers
    order = page.evaluate("state.order.quality")
    assert sorted(order) == ["A1", "Q1", "Q3", "Q_2"]


@in_browser
def test_hostile_wordings_are_only_text(opened, hostile):
    page = opened(hostile)
    choose(page, "consent", "agree")
    next_page(page)
    choose(page, "bought", "yes")
    next_page(page)
    assert page.inner_text("#title") == "</script><script>window.hacked = 1</script>"
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0


@in_browser
def test_nothing_is_wider_than_the_screen(opened, rich):
    page = opened(rich)
    past_the_gate(page)
    for width in (320, 390, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
