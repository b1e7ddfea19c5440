"""Effects as functions of the coefficients: sums of products, and exact derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.structural.effect_values import (
    effect_slopes,
    effect_values,
    graph_effects,
    largest_loop,
)
from loyaltysem.structural.path_graph import path_graph
from loyaltysem.syntax import build_table

DIAMOND = "m1 ~ a\n m2 ~ a + m1\n y ~ a + m1 + m2"
LOOP = "m ~ a + y\n y ~ m + a\n z ~ y"


def rows_of(table, seed: int, size: tuple[int, ...] = ()) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.6, 0.6, (*size, len(table.rows)))


@given(st.integers(0, 1000))
def test_without_circles_a_total_is_the_sum_of_its_paths(seed):
    table = build_table(DIAMOND)
    graph = path_graph(table)
    effects = graph_effects(graph, specific=True)
    values = effect_values(graph, effects, rows_of(table, seed))
    for pair in graph.connected():
        own = {
            kind: sum(
                value
                for effect, value in zip(effects, values, strict=True)
                if (effect.cause, effect.outcome, effect.kind) == (*pair, kind)
            )
            for kind in ("direct", "indirect", "total_indirect", "total")
        }
        assert own["total"] == pytest.approx(own["direct"] + own["indirect"], abs=1e-12)
        assert own["total_indirect"] == pytest.approx(own["indirect"], abs=1e-12)


def test_effects_come_by_pair_in_reading_order():
    graph = path_graph(build_table("m ~ a\n y ~ m + a"))
    effects = [(one.kind, one.name) for one in graph_effects(graph, specific=True)]
    assert effects == [
        ("direct", "a -> m"),
        ("total", "a -> m"),
        ("direct", "a -> y"),
        ("indirect", "a -> m -> y"),
        ("total_indirect", "a -> y"),
        ("total", "a -> y"),
        ("direct", "m -> y"),
        ("total", "m -> y"),
    ]


@pytest.mark.parametrize("text", [DIAMOND, LOOP])
def test_derivatives_are_those_of_the_values(text):
    table = build_table(text)
    graph = path_graph(table)
    effects = graph_effects(graph, specific=not graph.in_circle)
    rows, step = rows_of(table, 3), 1e-6
    slopes = effect_slopes(graph, effects, rows)
    shifts = step * np.eye(len(rows))
    numeric = effect_values(graph, effects, rows + shifts)
    numeric = (numeric - effect_values(graph, effects, rows - shifts)) / (2 * step)
    np.testing.assert_allclose(slopes, numeric.T, atol=1e-8)


def test_many_draws_at_once_are_single_ones():
    table = build_table(LOOP)
    graph = path_graph(table)
    effects = graph_effects(graph, specific=False)
    rows = rows_of(table, 5, (4,))
    together = effect_values(graph, effects, rows)
    for k in range(4):
        np.testing.assert_allclose(together[k], effect_values(graph, effects, rows[k]))


def test_a_circle_sums_its_rounds():
    """A variable's effect on its own cause's outcome: b / (1 - b c), as the geometric series."""
    table = build_table("y ~ m\n m ~ y + a")
    graph = path_graph(table)
    rows = np.zeros(len(table.rows))
    rows[graph.edges["m", "y"]] = 0.5
    rows[graph.edges["y", "m"]] = 0.4
    rows[graph.edges["a", "m"]] = 1.0
    effects = graph_effects(graph, specific=False)
    named = [(one.kind, one.name) for one in effects]
    values = dict(zip(named, effect_values(graph, effects, rows), strict=True))
    assert values["total", "a -> y"] == pytest.approx(0.5 / (1 - 0.2))
    assert values["total_indirect", "m -> y"] == pytest.approx(0.5 / (1 - 0.2) - 0.5)
    assert largest_loop(graph, rows) == pytest.approx(np.sqrt(0.2))
