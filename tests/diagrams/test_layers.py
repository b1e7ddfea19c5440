"""Layers and the order within them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltysem.diagrams.layers import (
    layered,
    longest_path_layers,
    positions_without_overlap,
    stacked_arcs,
)

distances = st.lists(st.floats(-200, 200), min_size=2, max_size=8)


def test_layers_follow_the_longest_way():
    arcs = (("a", "b"), ("b", "c"), ("a", "c"))
    assert longest_path_layers("abc", arcs) == {"a": 0, "b": 1, "c": 2}


def test_a_path_that_skips_a_layer_has_a_stand_in_there():
    layering = layered(("a", "b", "c"), (("a", "b"), ("b", "c"), ("a", "c")))
    assert set(layering.columns[1]) == {"b", ("a", "c", 1)}


def test_the_order_avoids_crossings():
    arcs = (("a", "y"), ("b", "x"), ("c", "z"))
    layering = layered(("a", "b", "c", "x", "y", "z"), arcs)
    places = [{slot: rank for rank, slot in enumerate(column)} for column in layering.columns]
    assert [places[1][arc[1]] for arc in sorted(arcs, key=lambda arc: places[0][arc[0]])] == [
        0,
        1,
        2,
    ]


def test_without_crossings_the_order_of_the_model_stays():
    layering = layered(("b", "a", "y"), (("b", "y"), ("a", "y")))
    assert layering.columns[0] == ("b", "a")


def test_a_long_chain_is_folded_at_its_ends():
    nodes = tuple("abcdefg")
    arcs = tuple(pairwise(nodes))
    layering = layered(nodes, arcs, most=4)
    assert len(layering.columns) == 4
    assert set(layering.stacked) == {("a", "b"), ("b", "c"), ("f", "g")}


def test_a_short_chain_is_not_folded():
    assert stacked_arcs(("a", "b", "c"), (("a", "b"), ("b", "c")), most=4) == ()


def test_every_arc_is_somewhere():
    nodes = tuple("abcdefgh")
    arcs = (*pairwise(nodes), ("a", "h"), ("b", "g"), ("c", "f"))
    layering = layered(nodes, arcs)
    linked = {
        (
            first[0] if isinstance(first, tuple) else first,
            last[1] if isinstance(last, tuple) else last,
        )
        for gap in layering.links
        for first, last in gap
    }
    assert linked | set(layering.stacked) == set(arcs)


@settings(deadline=None)
@given(distances, st.floats(1, 60))
def test_positions_keep_their_distance(wanted, gap):
    separation = np.full(len(wanted) - 1, gap)
    fitted = positions_without_overlap(np.array(wanted), separation)
    assert (fitted[:-1] - fitted[1:] >= gap - 1e-6).all()


def test_positions_that_fit_stay():
    wanted = np.array([50.0, 0.0, -70.0])
    assert positions_without_overlap(wanted, np.array([20.0, 20.0])) == pytest.approx(wanted)


def test_crowded_positions_spread_around_their_mean():
    fitted = positions_without_overlap(np.zeros(3), np.array([10.0, 10.0]))
    assert fitted == pytest.approx([10.0, 0.0, -10.0])
