"""Which works a report cites, and that each has its reference."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from loyaltysem.report.citations import cited, in_parentheses, shortened, unknown
from loyaltysem.report.compose import compose
from loyaltysem.report.document import Bullets, Paragraph, as_text
from loyaltysem.report.references import read_references
from loyaltysem.report.wording import read_words

WORKS = {
    "Oliver (1999)": "Oliver, R. L. (1999).",
    "Hu & Bentler (1999)": "Hu, L., & Bentler, P. M. (1999).",
    "Zhao, Lynch & Chen (2010)": "Zhao, X., Lynch, J. G., & Chen, Q. (2010).",
    "Feldt et al. (1987)": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987).",
    "Wen, Huang & Tang (2018)": "Wen, Z. (2018). Modeling. (温忠麟、黄彬彬：问卷数据)",
    "Zhou & Long (2004)": read_references()["Zhou & Long (2004)"],
}


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("as shown (Oliver, 1999)", "Oliver (1999)"),
        ("Oliver (1980, 1999)", "Oliver (1999)"),
        ("Hu and Bentler (1999) say", "Hu & Bentler (1999)"),
        ("Hu 和 Bentler（1999）的标准", "Hu & Bentler (1999)"),
        ("（Chen, 2007；Hu & Bentler, 1999）", "Hu & Bentler (1999)"),
        ("按 Zhao、Lynch 和 Chen（2010）划分", "Zhao, Lynch & Chen (2010)"),
        ("Zhao 等, 2010", "Zhao, Lynch & Chen (2010)"),
        ("Zhao et al. (2010)", "Zhao, Lynch & Chen (2010)"),
        ("Feldt, Woodruff and Salih (1987)", "Feldt et al. (1987)"),
        ("温忠麟等, 2018", "Wen, Huang & Tang (2018)"),
        ("（周浩, 龙立荣, 2004；Chen, 2007）", "Zhou & Long (2004)"),
        ("周浩和龙立荣（2004）", "Zhou & Long (2004)"),
    ],
)
def test_a_work_is_found_however_it_is_cited(text: str, work: str) -> None:
    assert cited(WORKS, text) == [work]


@pytest.mark.parametrize("text", ["Oliver (2001)", "Bentler (1999)", "Swoliver, 1999", "Hu, 1999"])
def test_other_works_are_not_taken_for_it(text: str) -> None:
    assert cited(WORKS, text) == []


def test_works_stand_by_author_then_year() -> None:
    names = ("Kline (2016)", "Kline (2005)", "Nunnally & Bernstein (1994)", "Nunnally (1978)")
    found = cited(dict.fromkeys(names, ""), "; ".join(names))
    assert found == ["Kline (2005)", "Kline (2016)", "Nunnally (1978)", names[2]]


def test_three_authors_or_more_are_cited_by_the_first() -> None:
    assert shortened("Hu & Bentler (1999); Zhao, Lynch & Chen (2010)") == (
        "Hu & Bentler (1999); Zhao et al. (2010)"
    )
    alike = "Wen, Hau & Marsh (2010); Wen, Huang & Tang (2010)"
    assert shortened(alike) == alike
    assert shortened("Feldt et al. (1987)") == "Feldt et al. (1987)"
    assert shortened("own items") == "own items"


def test_works_in_parentheses_stand_by_author() -> None:
    assert in_parentheses("Oliver (1999); Zhao, Lynch & Chen (2010); Dick & Basu (1994)") == (
        "Dick & Basu, 1994; Oliver, 1999; Zhao et al., 2010"
    )


def test_sources_without_reference_are_named_once() -> None:
    assert unknown(["Li (2024); Oliver (1999)", "Li (2024)", ""], WORKS) == ["Li (2024)"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whatever_a_catalogue_cites_has_a_reference(language: str) -> None:
    references = read_references()
    for key, sentence in read_words(language).sentences.items():
        text = unescape(re.sub(r"\s+", " ", sentence))
        years = set(re.findall(r"\b(?:19|20)\d\d\b", text))
        known = {work[-5:-1] for work in cited(references, text)}
        assert years <= known, key


@pytest.mark.parametrize(
    ("language", "listed"), [("en", "Hu, L., & Bentler"), ("zh", "HU L, BENTLER P M, 1999.")]
)
def test_a_report_lists_what_it_cites_and_names_what_is_lacking(
    make: Any, language: str, listed: str
) -> None:
    asked = make.study().questionnaire
    first = asked.constructs[0].model_copy(update={"source": "Own & Scale (2023)"})
    results = make.study(questionnaire=asked.model_copy(update={"constructs": (first,)}))
    blocks = compose(results, language).blocks
    (works,) = [block.items for block in blocks if isinstance(block, Bullets) and block.hanging]
    text = "\n".join(as_text(line) for line in works)
    assert listed in text
    assert "mardia" not in text.casefold()
    assert any(
        "Own & Scale (2023)" in as_text(block.text)
        for block in blocks
        if isinstance(block, Paragraph)
    )


def test_a_study_chooses_the_style_of_its_references(make: Any) -> None:
    asked = make.study()
    style = asked.study.style.model_copy(update={"references": "apa"})
    results = make.study(study=asked.study.model_copy(update={"style": style}))
    (works,) = [
        block.items
        for block in compose(results, "zh").blocks
        if isinstance(block, Bullets) and block.hanging
    ]
    assert any(as_text(line).startswith("Hu, L., & Bentler, P. M. (1999).") for line in works)
