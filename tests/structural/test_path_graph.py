"""The regressions of a model as a graph."""

from __future__ import annotations

from itertools import pairwise

import pytest

from loyaltysem.structural.path_graph import PathGraph, path_graph
from loyaltysem.syntax import build_table


def graph_of(text: str, group: int = 1) -> PathGraph:
    return path_graph(build_table(text), group)


DIAMOND = "m1 ~ a\n m2 ~ a + m1\n y ~ m1 + m2"


def test_all_indirect_paths_are_found_shortest_first():
    graph = graph_of(DIAMOND)
    assert graph.indirect_paths("a", "y") == (
        ("a", "m1", "y"),
        ("a", "m2", "y"),
        ("a", "m1", "m2", "y"),
    )
    assert graph.indirect_paths("m2", "y") == ()
    assert graph.count_paths() == 5  # three from a to y, a -> m1 -> m2, m1 -> m2 -> y


def test_pairs_are_those_that_a_path_connects():
    graph = graph_of("m ~ a\n y ~ m\n z ~ b")
    assert set(graph.connected()) == {("a", "m"), ("a", "y"), ("m", "y"), ("b", "z")}


def test_a_path_fixed_at_zero_is_none():
    assert ("a", "y") not in graph_of("m ~ a\n y ~ m + 0*a").edges
    assert ("a", "y") in graph_of("m ~ a\n y ~ m + 0.5*a").edges


def test_loadings_are_no_paths():
    graph = graph_of(
        "f1 =~ x1 + x2 + x3\n f2 =~ x4 + x5 + x6\n f3 =~ x7 + x8 + x9\n"
        "g =~ f1 + f2 + f3\n g ~ a\n y ~ g"
    )
    assert graph.variables == ("a", "g", "y")


def test_a_circle_is_seen_and_only_its_members_named():
    graph = graph_of("m ~ a + y\n y ~ m\n z ~ y")
    assert graph.in_circle == ("m", "y")
    assert ("a", "z") in graph.connected()


@pytest.mark.parametrize(("path", "edges"), [(("a", "m1", "y"), 2), (("a", "m1", "m2", "y"), 3)])
def test_rows_along_a_path(path, edges):
    table = build_table(DIAMOND)
    rows = [table.rows[k] for k in path_graph(table).rows_along(path)]
    assert [(row.rhs, row.lhs) for row in rows] == list(pairwise(path))
    assert len(rows) == edges
