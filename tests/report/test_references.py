"""The works that reports may cite."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loyaltysem import report
from loyaltysem.errors import ReportError
from loyaltysem.library import shipped_folder
from loyaltysem.measurement.cutoffs import read_cutoffs
from loyaltysem.report.bibliography import reference_line
from loyaltysem.report.citations import cited
from loyaltysem.report.markup import parse_line
from loyaltysem.report.references import read_references
from loyaltysem.report.wording import languages, read_words

if TYPE_CHECKING:
    from loyaltysem.report.bibliography import ReferenceStyle


@pytest.mark.parametrize("profile", ["thesis", "strict"])
def test_every_source_of_a_cutoff_has_its_reference(profile: str) -> None:
    known = read_references()
    sources = {
        part.strip()
        for cutoff in read_cutoffs(profile)  # type: ignore[arg-type]
        for part in f"{cutoff.source};{cutoff.tolerated_source}".split(";")
    }
    assert sorted(sources - known.keys() - {""}) == []


def test_every_reference_is_cited_somewhere() -> None:
    words = [text for one in languages() for text in read_words(one).sentences.values()]
    folders = (
        "reports/cutoffs.yaml",
        "models/*.yaml",
        "questionnaires/*.yaml",
        "examples/*/*.yaml",
    )
    root = shipped_folder("reports").parent
    files = [path for pattern in folders for path in root.glob(pattern)]
    sections = Path(report.__file__).parent.rglob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in (*files, *sections)]
    text = unescape(re.sub(r"\s+", " ", " | ".join([*words, *texts])))
    known = read_references()
    assert sorted(known.keys() - set(cited(known, text))) == []


@pytest.mark.parametrize("style", ["apa", "gbt7714"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_references_are_readable_lines(language: str, style: ReferenceStyle) -> None:
    for work in read_references().values():
        assert parse_line(reference_line(work, language, style))


def test_a_study_adds_its_own(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "references.yaml"
    path.parent.mkdir()
    path.write_text("Li (2024): Li, X. (2024). <i>Loyalty</i>.\n", encoding="utf-8")
    known = read_references(tmp_path)
    own = known["Li (2024)"]
    assert reference_line(own, "zh") == own == "Li, X. (2024). <i>Loyalty</i>."
    assert "Kline (2016)" in known


@pytest.mark.parametrize(
    "content", ["- a list\n", "Li (2024): [1, 2]\n", "Li (2024): <i>Loyalty\n", "2024: [a]\n"]
)
def test_what_is_no_reference_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reports" / "references.yaml"
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        read_references(tmp_path)
    assert caught.value.place is not None
