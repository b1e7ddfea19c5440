"""Method variance, dimensions and model choice in a report: what is said, from which numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Paragraph, Table, as_text, cell_texts

from .cases import models as cases

if TYPE_CHECKING:
    from collections.abc import Iterator


def numbers(part: Any) -> Iterator[float]:
    """Yield every number of a JSON value."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for value in part:
            yield from numbers(value)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield float(part)


def tables(results: Any, language: str, *keys: str) -> dict[str, Table]:
    found = [block for block in compose(results, language).blocks if isinstance(block, Table)]
    return {one.key: one for one in found if one.key.startswith(keys)}


def text(results: Any, language: str = "en") -> str:
    blocks = compose(results, language).blocks
    return " ".join(as_text(block.text) for block in blocks if isinstance(block, Paragraph))


KEYS = (
    "table_inflation", "table_method", "table_marker", "table_dimension", "table_weights",
    "table_nested", "table_power",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(request: Any) -> Any:
    make = request.getfixturevalue("make")
    model = make.model(method_variance=cases.method(), power=cases.power(0.61))
    return make.study(models=(model,), dimensions=(cases.dimensions(),), choice=cases.chosen())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_cell_is_a_stored_number(whole: Any, language: str) -> None:
    stored = set(numbers(json.loads(whole.to_json())))
    found = tables(whole, language, *KEYS)
    assert len(found) == 12
    for table in found.values():
        for row in table.rows:
            values = [one.value for one in row.cells if isinstance(one.value, int | float)]
            assert {float(value) for value in values} <= stored


def test_a_model_without_a_solution_is_marked_and_named(make: Any) -> None:
    models = (cases.rival("traits"), cases.rival("free", None, "not_converged"))
    found = cases.method(unmeasured=cases.factor(models=models, chosen=None, steps=(), paths=()))
    results = make.study(models=(make.model(method_variance=found),))
    (table,) = tables(results, "en", "table_method_models").values()
    assert cell_texts(table)[1][:3] == ["Constructs + method, free loadings †", "–", "–"]
    assert "Constructs + method, free loadings (no convergence)" in text(results)
    assert "neither shows nor excludes common-method variance" in text(results)


def test_paths_that_lose_significance_are_named(make: Any) -> None:
    lost = cases.factor(paths=(cases.path(0.01, 0.2), cases.path(0.3, 0.4)))
    results = make.study(models=(make.model(method_variance=cases.method(unmeasured=lost)),))
    assert "Trust → Loyalty is no longer significant" in text(results)
    assert "信任 → 忠诚不再显著" in text(results, "zh").replace("信任→忠诚", "信任 → 忠诚")


def test_three_dimensions_do_not_test_a_second_order_factor(make: Any) -> None:
    few = cases.dimensions(constructs=("trust", "loyalty", "price"), target=None)
    said = text(make.study(dimensions=(few,)))
    assert "the data cannot test it" in said
    assert "target coefficient" not in said


def test_weights_are_left_out_where_models_are_not_comparable(make: Any) -> None:
    results = make.study(choice=cases.chosen(weighed=False))
    assert set(tables(results, "en", "table_weights", "table_nested")) == {"table_nested"}


def test_an_indirect_hypothesis_shows_its_interval(make: Any) -> None:
    one = make.hypothesis(path="trust -> price -> loyalty", lower=0.0123, upper=0.1234)
    results = make.study(models=(make.model(hypotheses=(one,)),))
    (table,) = tables(results, "en", "table_hypotheses").values()
    assert "[0.012, 0.123]" in cell_texts(table)[0]
