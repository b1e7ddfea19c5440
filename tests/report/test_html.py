"""The HTML report: one safe, accessible file."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.errors import ReportError
from loyaltysem.report.compose import compose
from loyaltysem.report.context import ModelPictures, Picture
from loyaltysem.report.html import write_html

if TYPE_CHECKING:
    from pathlib import Path

DRAWN = {"path", "use", "g", "defs", "clippath", "rect"}

VOID = {"meta", "br", "link", "img", "input", "hr"}

PAYLOADS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]><svg onload=alert(1)>",
    "{{ 7*7 }}{% for %}",
    "javascript:alert(1)",
)


class Page(HTMLParser):
    """Collects tags with attributes, text, and whether tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def written(self) -> list[str]:
        """Return the tags in order, without the strokes of drawn letters."""
        return [tag for tag, _ in self.tags if tag not in DRAWN]

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def page_of(make: Any, picture: Any, language: str = "en", **changes: Any) -> tuple[str, Page]:
    results = make.study(**changes)
    pictures = {model.name: make.pictures(picture) for model in results.models}
    html = write_html(compose(results, language, pictures=pictures)).decode("utf-8")
    return html, Page(html)


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_is_well_formed_and_names_its_language(
    make: Any, picture: Any, language: str, tag: str
) -> None:
    html, page = page_of(make, picture, language)
    assert html.startswith("<!DOCTYPE html>")
    assert page.open == []
    assert page.named("html") == [{"lang": tag}]
    assert len(page.named("h1")) == len(page.named("main")) == len(page.named("title")) == 1


def test_loads_nothing_and_runs_only_its_own_script(make: Any, picture: Any) -> None:
    html, page = page_of(make, picture)
    assert page.named("link", "iframe", "object", "embed", "base", "form") == []
    for attributes in (attributes for _, attributes in page.tags):
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "#").startswith("#")
    (policy,) = [meta["content"] for meta in page.named("meta") if "http-equiv" in meta]
    assert policy.startswith("default-src 'none';")
    assert page.named("script") == [{}]
    (script,) = re.findall("<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert "url(" not in html.replace("url(#", "")


def test_links_lead_to_places_in_the_page(make: Any, picture: Any) -> None:
    _, page = page_of(make, picture)
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(places) == len(set(places))
    assert {link["href"][1:] for link in page.named("a")} <= set(places)


def test_contents_name_every_section(make: Any, picture: Any) -> None:
    _, page = page_of(make, picture)
    linked = {link["href"][1:] for link in page.named("a")}
    assert {heading["id"] for heading in page.named("h2", "h3")} <= linked


def test_tables_can_be_read_aloud(make: Any, picture: Any) -> None:
    _, page = page_of(make, picture)
    tables = len(page.named("table"))
    assert tables == len(page.named("caption")) == len(page.named("thead"))
    assert all(head.get("scope") for head in page.named("th"))
    assert any(head["scope"] == "rowgroup" for head in page.named("th"))
    figures = [svg for svg in page.named("svg") if svg.get("role") == "img"]
    assert len(figures) == len(page.named("figure")) == 3
    assert all(svg["aria-label"] for svg in figures)
    assert sum("Small model" in svg["aria-label"] for svg in figures) == 2


def test_headings_do_not_skip_a_level(make: Any, picture: Any) -> None:
    _, page = page_of(make, picture)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_equal_results_give_equal_bytes(make: Any, picture: Any) -> None:
    assert page_of(make, picture)[0] == page_of(make, picture)[0]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_of_the_study_becomes_markup(
    make: Any, picture: Any, payload: str, language: str
) -> None:
    harmless = page_of(make, picture, language, **poisoned(make, "harmless"))[1]
    html, page = page_of(make, picture, language, **poisoned(make, payload))
    assert page.written() == harmless.written()
    assert html.count("<script") == 1
    assert payload in "".join(page.text)


def poisoned(make: Any, payload: str) -> dict[str, Any]:
    """Return parts of a study with a payload in every text that a user or respondent writes."""
    study = make.study()
    text = {"en": payload, "zh": payload}
    item = study.questionnaire.constructs[0].items[0]
    item = item.model_copy(update={"code": payload, "wording": text, "source": payload})
    construct = study.questionnaire.constructs[0].model_copy(
        update={"name": text, "source": payload, "items": (item,)}
    )
    asked = study.questionnaire.model_copy(update={"constructs": (construct,), "title": text})
    question = study.sample.demographics[0]
    category = question.categories[0].model_copy(update={"label": text})
    question = question.model_copy(update={"name": text, "categories": (category,)})
    ledger = study.sample.ledger[0].model_copy(update={"action": text})
    left_out = study.sample.exclusions[0].model_copy(update={"reason": text})
    sample = study.sample.model_copy(
        update={"demographics": (question,), "ledger": (ledger,), "exclusions": (left_out,)}
    )
    verdict = make.verdict("cfi", 0.99, ">", 0.9).model_copy(update={"source": payload})
    model = make.model(
        title=text,
        source=payload,
        syntax=payload,
        names={"trust": text, "loyalty": text},
        estimator=payload,
        engine=payload,
        verdicts=(verdict, verdict.model_copy(update={"index": payload, "met": False})),
        parameters=(
            make.parameter("trust", "=~", payload, 0.2, label=payload, std_all=0.2),
            make.parameter("loyalty", "~", payload, 0.4),
            make.parameter(payload, ":=", payload, 0.4),
        ),
        hypotheses=(
            make.hypothesis(id=payload, wording=text, path=payload),
            make.hypothesis(
                verdict="not_judged", reason=payload, reason_constructs=(payload, payload)
            ),
        ),
        notices=(make.notice(code="x", text=payload),),
    )
    files = study.provenance.inputs[0].model_copy(update={"name": payload, "role": payload})
    return {
        "study": study.study.model_copy(update={"title": text, "description": text}),
        "questionnaire": asked,
        "sample": sample,
        "descriptives": (make.item("t1", code=payload),),
        "reliability": (make.scale("trust", 0.5, name=text),),
        "models": (model,),
        "notices": (
            make.notice(
                code="constant_item", text="", facts={"construct": "t", "items": [payload]}
            ),
        ),
        "provenance": study.provenance.model_copy(
            update={"inputs": (files,), "packages": {payload: payload}}
        ),
    }


@pytest.mark.parametrize("hostile", ["\x00\x08\x1b", "\u202eevil\u2066", "\ufffe\uffff"])
def test_characters_that_no_page_can_hold_are_dropped(
    make: Any, picture: Any, hostile: str
) -> None:
    html, page = page_of(make, picture, **poisoned(make, f"kept{hostile}"))
    assert "kept" in "".join(page.text)
    assert not set(hostile.replace("evil", "")) & set(html)


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://example.org/x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:alert(1)"/></svg>',
        "<svg",
        "no picture",
    ],
)
def test_a_picture_that_could_run_is_refused(make: Any, picture: Any, svg: str) -> None:
    bad = Picture(svg=svg, png=picture.png)
    document = compose(make.study(), "en", pictures={"small": ModelPictures(main=bad)})
    with pytest.raises(ReportError, match="figure"):
        write_html(document)


def test_a_study_brings_its_own_style_and_template(make: Any, tmp_path: Path) -> None:
    for name, content in (
        ("styles/report.css", "body { color: teal } </style>"),
        ("templates/report.html", "<style>{{ css|safe }}</style><p>{{ document.title }}"),
    ):
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
    html = write_html(compose(make.study(), "en"), tmp_path).decode()
    assert html == "<style>body { color: teal } <\\/style></style><p>A small study"


@pytest.mark.parametrize(
    "template",
    [
        "{{ missing }}",
        "{% if %}",
        "{{ ().__class__.__base__ }}",
        "{{ 'a' * 10000000000 }}",
        "{{ 2 ** 999999999 }}",
        "{{ range(99999999)|list }}",
        "{{ '%s %s'|format(1) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_faulty_template_of_a_study_is_an_error(make: Any, tmp_path: Path, template: str) -> None:
    path = tmp_path / "reports" / "templates" / "report.html"
    path.parent.mkdir(parents=True)
    path.write_text(template, encoding="utf-8")
    with pytest.raises(ReportError, match=r"report\.html"):
        write_html(compose(make.study(), "en"), tmp_path)


def test_a_backslash_in_a_name_is_a_letter(make: Any, picture: Any) -> None:
    title = {"en": r"Trust \input{x} \1", "zh": r"信任 \g<0>"}
    study = make.study(models=(make.model(title=title),))
    document = compose(study, "en", pictures={"small": make.pictures(picture)})
    page = write_html(document).decode()
    assert r'aria-label="Path diagram of the model Trust \input{x} \1' in page
