"""The section on groups."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Bullets, Figure, Heading, Paragraph, Table, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    spec = spec_from_file_location("group_cases", Path(__file__).parent / "cases" / "groups.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def section(make: Any, groups: Any, language: str = "en") -> list[Any]:
    """Return the blocks from the heading of the section to the next of its level."""
    results = make.study(models=(make.model(groups=groups),))
    blocks = list(compose(results, language).blocks)
    start = next(
        k for k, one in enumerate(blocks) if isinstance(one, Heading) and one.key == "groups_1"
    )
    ends = [
        k
        for k, one in enumerate(blocks)
        if k > start and isinstance(one, Heading) and one.level <= 2
    ]
    return blocks[start : ends[0]]


def texts(blocks: list[Any]) -> str:
    lines = [as_text(one.text) for one in blocks if isinstance(one, Paragraph)]
    lines += [as_text(i) for one in blocks if isinstance(one, Bullets) for i in one.items]
    return " ".join(lines)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize("n_groups", [2, 3])
def test_every_cell_is_a_stored_number(make: Any, cases: ModuleType, n_groups: int) -> None:
    groups = cases.found(n_groups)
    stored = set(numbers(json.loads(groups.model_dump_json())))
    tables = [one for one in section(make, groups) if isinstance(one, Table)]
    assert [one.key for one in tables] == [
        "table_invariance_1",
        "table_latent_means_1",
        "table_group_paths_1",
        *(["table_path_pairs_1"] if n_groups == 3 else []),
    ]
    for table in tables:
        for row in table.rows:
            assert row.group or len(row.cells) == len(table.columns)
            for cell in row.cells:
                values = cell.value if isinstance(cell.value, tuple) else (cell.value,)
                assert all(v in stored for v in values if isinstance(v, int | float))


def test_what_does_not_hold_is_said_plainly(make: Any, cases: ModuleType) -> None:
    failed = cases.level("metric", kept=False, chen="broken", cheung_rensvold=False)
    groups = cases.found(
        levels=(cases.level("configural"), failed),
        reached="configural",
        means_supported=False,
        paths_supported=False,
        item_tests=tuple(cases.item_tests()),
    )
    blocks = section(make, groups)
    said = texts(blocks)
    assert "metric invariance does not hold" in said
    assert "Latent means are not compared" in said
    assert "these comparisons cannot be read" in said
    keys = [one.key for one in blocks if isinstance(one, Table)]
    assert "table_group_items_1" in keys
    assert "table_latent_means_1" not in keys


def test_a_repaired_level_is_drawn_as_it_was_left(make: Any, cases: ModuleType) -> None:
    levels = (
        cases.level("configural"),
        cases.level("metric", kept=False, cfi=0.8),
        cases.level("metric", partial=True, cfi=0.92),
    )
    (figure,) = [
        one for one in section(make, cases.found(levels=levels)) if isinstance(one, Figure)
    ]
    assert figure.alt == "CFI by level: Configural .923, Metric (weak), partial .920."


def test_chinese(make: Any, cases: ModuleType) -> None:
    said = texts(section(make, cases.found(), "zh"))
    assert "各层次的不变性均成立" in said
    assert "但这并不证明各组均值相等" in said


def test_nothing_without_groups(make: Any) -> None:
    blocks = compose(make.study(), "en").blocks
    assert not [one for one in blocks if isinstance(one, Heading) and one.key == "groups_1"]
