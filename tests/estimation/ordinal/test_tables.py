"""Contingency tables of pairs."""

import numpy as np
import pytest

from loyaltysem.estimation.ordinal.tables import (
    close_single_gaps,
    fill_gaps,
    has_gaps,
    padded_limits,
    pair_positions,
    pair_tables,
    symmetric,
    table_limits,
)
from loyaltysem.estimation.ordinal.thresholds import OUTERMOST

CODES = np.array([[0, 1, 2], [1, 0, 1], [1, 1, -1], [0, -1, 0], [0, 1, 2]])
SIZES = np.array([2, 2, 3])
PAIRS = pair_positions(3)


def test_pairs_run_down_the_columns_of_the_lower_triangle() -> None:
    assert [list(side) for side in PAIRS] == [[1, 2, 2], [0, 0, 1]]


def test_symmetric_puts_values_on_both_sides() -> None:
    matrix = symmetric(np.array([0.1, 0.2, 0.3]), 3)
    assert matrix.tolist() == [[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]]


def test_tables_count_answers_that_are_both_there() -> None:
    tables = pair_tables(CODES, SIZES, PAIRS)
    assert tables[0].tolist() == [[0, 1, 0], [2, 1, 0], [0, 0, 0]]
    assert tables[1].tolist() == [[1, 0, 0], [0, 1, 0], [2, 0, 0]]


def test_tables_do_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pair_tables(CODES, SIZES, PAIRS)
    monkeypatch.setattr("loyaltysem.estimation.ordinal.tables._CHUNK_CELLS", 1)
    assert np.array_equal(pair_tables(CODES, SIZES, PAIRS), whole)


def test_gaps_are_empty_cells_of_existing_categories() -> None:
    tables = pair_tables(CODES, SIZES, PAIRS)
    assert has_gaps(tables, SIZES, PAIRS).tolist() == [True, True, True]
    filled = fill_gaps(tables, SIZES, PAIRS, 0.5)
    assert filled[0].tolist() == [[0.5, 1, 0], [2, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("table", "closed"),
    [
        ([[0, 5], [6, 9]], [[0.5, 4.5], [5.5, 9.5]]),
        ([[4, 5], [6, 0]], [[4.5, 4.5], [5.5, 0.5]]),
        ([[4, 0], [6, 7]], [[3.5, 0.5], [6.5, 6.5]]),
        ([[4, 5], [6, 7]], [[4, 5], [6, 7]]),
        ([[0, 5], [6, 0]], [[0, 5], [6, 0]]),
    ],
)
def test_single_gap_of_two_by_two_is_closed(table: list, closed: list) -> None:
    pairs = pair_positions(2)
    found = close_single_gaps(np.array([table], dtype=float), np.array([2, 2]), pairs)
    assert found[0].tolist() == closed


def test_larger_tables_keep_their_gaps() -> None:
    table = np.array([[[0.0, 5.0, 1.0], [6.0, 9.0, 1.0], [0.0, 0.0, 0.0]]])
    pairs = (np.array([0]), np.array([1]))
    assert np.array_equal(close_single_gaps(table, np.array([2, 3]), pairs), table)


def test_limits_are_padded_far_right() -> None:
    limits = padded_limits([np.array([0.0]), np.array([-1.0, 1.0])])
    assert limits.tolist() == [
        [-OUTERMOST, 0.0, OUTERMOST, OUTERMOST],
        [-OUTERMOST, -1.0, 1.0, OUTERMOST],
    ]


def test_limits_of_a_table_come_from_its_margins() -> None:
    first, second = table_limits(np.array([[[2.0, 3.0], [1.0, 4.0]]]))
    assert first[0] == pytest.approx([-OUTERMOST, 0.0, OUTERMOST])
    assert second[0, 1] == pytest.approx(-0.5244005127080407)
