"""The sections on the answers: what they say, and that their numbers are stored ones."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Figure, Paragraph, Table, as_text, cell_texts

if TYPE_CHECKING:
    from types import ModuleType

    from loyaltysem.results import StudyResults

PATH = Path(__file__).parent / "cases" / "answers.py"
KEYS = ("careless", "missing", "shapes", "constructs", "normality", "pooled")


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    spec = spec_from_file_location("answer_cases", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(results: StudyResults, language: str = "en") -> str:
    blocks = compose(results, language).blocks
    return "\n".join(as_text(one.text) for one in blocks if isinstance(one, Paragraph))


def table(results: StudyResults, key: str) -> Table:
    blocks = compose(results, "en").blocks
    return next(one for one in blocks if isinstance(one, Table) and one.key == key)


def stored(part: Any) -> set[float]:
    if isinstance(part, dict):
        return {number for value in part.values() for number in stored(value)}
    if isinstance(part, list):
        return {number for value in part for number in stored(value)}
    return {float(part)} if isinstance(part, int | float) else set()


def test_every_number_of_the_tables_is_stored(make: Any, cases: ModuleType) -> None:
    seen = 0
    for results in cases.studies(make):
        known = stored(json.loads(results.to_json()))
        for block in compose(results, "en").blocks:
            if isinstance(block, Table) and any(key in block.key for key in KEYS):
                values = [cell.value for row in block.rows for cell in row.cells]
                numbers = [float(one) for one in values if isinstance(one, int | float)]
                assert set(numbers) <= known, block.key
                seen += len(numbers)
    assert seen > 200


def test_paths_that_hang_on_the_exclusions_are_named(make: Any, cases: ModuleType) -> None:
    name = make.model().name

    def compared(pvalue: float) -> StudyResults:
        pairs = (cases.compared(name, cases.path("trust", pvalue)),)
        return make.study(careless=cases.careless(compared=pairs))

    assert "depends on the exclusions for Trust → Loyalty" in texts(compared(0.2))
    assert "No path changes its sign or its significance" in texts(compared(0.002))


def test_signs_that_cannot_be_judged_have_no_number(make: Any, cases: ModuleType) -> None:
    flags = (cases.flag("too_fast", available=False, n=0, share=0.0),)
    found = table(make.study(careless=cases.careless(flags=flags)), "table_careless")
    assert cell_texts(found)[0][2:] == ["–", "–"]


def test_only_items_with_gaps_are_listed_and_drawn(make: Any, cases: ModuleType) -> None:
    results = make.study(missing=cases.missing())
    assert [row[0] for row in cell_texts(table(results, "table_missing"))] == ["t1", "t2"]
    figures = [one.key for one in compose(results, "en").blocks if isinstance(one, Figure)]
    assert "figure_missing" in figures
    nothing = make.study(missing=cases.missing(n_missing=0))
    assert "is missing" in texts(nothing)
    assert "figure_missing" not in [
        getattr(one, "key", "") for one in compose(nothing, "en").blocks
    ]


def test_missing_information_stands_beside_the_parameters(make: Any, cases: ModuleType) -> None:
    results = make.study(models=(make.model(pooled=cases.pooled()),))
    shown = [row[0] for row in cell_texts(table(results, "table_pooled_1"))]
    assert shown == ["Loyalty ← Trust", "ab"]
    columns = [as_text(one.title) for one in table(results, "table_parameters_1").columns]
    assert columns[-1] == "FMI"
    plain = table(make.study(), "table_parameters_1")
    assert "FMI" not in [as_text(one.title) for one in plain.columns]


def test_works_behind_the_sections_are_referenced(make: Any, cases: ModuleType) -> None:
    results = make.study(
        careless=cases.careless(),
        missing=cases.missing("em"),
        normality=cases.normality(),
        models=(make.model(pooled=cases.pooled(test="D2")),),
    )
    works = "\n".join(
        as_text(line)
        for block in compose(results, "en").blocks
        if getattr(block, "hanging", False)
        for line in block.items
    )
    for name in (
        "Curran",
        "Little, R.",
        "Savalei, V., & Bentler",
        "Mardia",
        "Li, K.-H.",
        "Barnard",
    ):
        assert name in works
