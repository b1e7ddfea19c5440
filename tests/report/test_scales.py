"""The sections on scales, factors, validity, items, purchases and importance."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Paragraph, Table, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from loyaltysem.results import StudyResults

KEYS = {
    "table_coefficients",
    "table_retest",
    "table_items",
    "table_graded",
    "table_eigenvalues",
    "table_factors",
    "table_variance",
    "table_factor_correlations",
    "table_scores",
    "table_htmt",
    "table_cross_loadings",
    "table_tiers",
    "table_known_groups",
    "table_fornell_larcker_1",
    "table_constrained_1",
    "table_importance_1_1",
    "table_item_importance_1_1",
}


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    spec = spec_from_file_location("scale_cases", Path(__file__).parent / "cases" / "scales.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def full(make: Any, cases: ModuleType) -> StudyResults:
    """Return a study with all of these analyses."""
    model = make.model(
        measurement=cases.measurement(make), importance=(cases.importance("improve", "improve"),)
    )
    found: StudyResults = make.study(
        reliability=(cases.scale(make, "trust"),),
        retest=(cases.retest("trust", 0.74), cases.retest("loyalty", 0.81)),
        items=cases.items(cases.item()),
        factors=cases.factors(),
        correlations=cases.correlations(),
        discriminant=cases.discriminant(cases.PAIR),
        behaviour=cases.behaviour(),
        models=(model,),
    )
    return found


def tables(results: StudyResults, language: str = "en") -> dict[str, Table]:
    blocks = compose(results, language).blocks
    return {one.key: one for one in blocks if isinstance(one, Table)}


def said(results: StudyResults) -> str:
    blocks = compose(results, "en").blocks
    return " ".join(as_text(one.text) for one in blocks if isinstance(one, Paragraph))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_cell_is_a_stored_number(full: StudyResults, language: str) -> None:
    stored = set(numbers(json.loads(full.to_json())))
    found = tables(full, language)
    assert found.keys() >= KEYS
    for key in KEYS:
        for row in found[key].rows:
            assert row.group or len(row.cells) == len(found[key].columns)
            for cell in row.cells:
                values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
                assert all(v in stored for v in values if isinstance(v, int | float))


def test_the_chapters_come_in_the_customary_order(full: StudyResults) -> None:
    wanted = [
        "table_instrument",
        "table_reliability",
        "table_factors",
        "table_measurement_1",
        "table_loadings_1",
        "table_fornell_larcker_1",
        "table_htmt",
        "table_scores",
        "table_fit_1",
        "table_paths_1",
        "table_hypotheses_1",
    ]
    assert [key for key in tables(full) if key in wanted] == wanted


def test_an_improper_solution_shows_neither_fit_nor_distinctness(
    make: Any, cases: ModuleType
) -> None:
    improper = cases.having(cases.measurement(make), admissible=False)
    text = said(make.study(models=(make.model(measurement=improper, admissible=False),)))
    assert "consistent with the model" not in text
    assert "a good fit does not speak for the model" in text
    assert "nothing is concluded from it" in text
    assert "none of this should be relied on" in text


def test_small_loadings_are_blank_and_items_stand_by_factor(make: Any, cases: ModuleType) -> None:
    rows = tables(make.study(factors=cases.factors()))["table_factors"].rows
    first = [cell.text() for cell in rows[0].cells]
    assert first == ["t1", "Trust", ".712", "", ".561"]
    assert [cell.text() for cell in rows[1].cells][2:4] == ["", ".803"]
    assert [cell.text() for cell in rows[-1].cells][2:4] == ["62.3", "38.2"]


def test_what_fails_is_said_plainly(make: Any, cases: ModuleType) -> None:
    close = cases.having(cases.PAIR, htmt=0.9312, ci=(0.88, 0.98), distinct=False)
    narrow = cases.having(cases.measurement(make).constructs[0], ave=0.3, sqrt_ave=0.5477)
    poor = cases.factor_item("t2", "trust", (0.2, 0.1), weak=True, low_communality=True)
    text = said(
        make.study(
            factors=cases.factors(kmo=0.41, items=(poor,)),
            discriminant=cases.discriminant(close, elsewhere=True),
            models=(make.model(measurement=cases.measurement(make, constructs=(narrow,))),),
        )
    )
    assert "too low for a meaningful factor analysis" in text
    assert "t2 loads on no factor to a notable extent" in text
    assert "these constructs are not shown to be distinct" in text
    assert "t1 correlates more with another construct than with its own" in text
    assert "discriminant validity is not established there" in text
    assert "(MSV) is not below AVE for Trust" in text


def test_the_diagonal_holds_the_roots_of_ave(full: StudyResults) -> None:
    rows = tables(full)["table_fornell_larcker_1"].rows
    assert [cell.text() for cell in rows[0].cells] == [
        "1. Trust", ".783", "", ".314", ".314", ".826",
    ]  # fmt: skip
    assert [cell.text() for cell in rows[1].cells][1:3] == [".560", "–"]


def test_usual_tiers_have_names_in_both_languages(full: StudyResults) -> None:
    names = [row.cells[0].text() for row in tables(full, "zh")["table_tiers"].rows]
    assert names == ["铜", "patron"]
