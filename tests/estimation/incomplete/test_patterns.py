import numpy as np
import pytest

from loyaltysem.estimation.incomplete.patterns import missing_patterns

NAN = np.nan


@pytest.fixture
def data():
    return np.array(
        [
            [1.0, 2.0, 3.0],
            [NAN, 1.0, 4.0],
            [2.0, 2.5, 1.0],
            [NAN, NAN, NAN],
            [NAN, 3.0, 2.0],
            [NAN, 2.0, 2.5],
            [5.0, NAN, NAN],
        ]
    )


def random_data(n=300, p=5, rate=0.2, seed=1):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + np.arange(p)
    values[rng.random((n, p)) < rate] = NAN
    return values


def test_patterns_are_sorted_by_frequency_then_first_appearance(data):
    patterns = missing_patterns(data)
    assert patterns.counts.tolist() == [3, 2, 1]
    assert patterns.observed.tolist() == [[False, True, True], [True] * 3, [True, False, False]]


def test_rows_without_any_value_are_dropped_and_counted(data):
    patterns = missing_patterns(data)
    assert (patterns.n, patterns.n_empty) == (6, 1)
    assert patterns.cases.tolist() == [1, 4, 5, 0, 2, 6]


def test_coverage_counts_pairs(data):
    coverage = missing_patterns(data).coverage()
    assert coverage == pytest.approx(np.array([[3, 2, 2], [2, 5, 5], [2, 5, 5]]) / 6)


def test_complete_data_are_one_pattern():
    patterns = missing_patterns(random_data(rate=0.0))
    assert patterns.complete
    assert patterns.n_patterns == 1
    assert patterns.rows.shape == (6, 5)


def test_compression_keeps_every_sum_of_squares_about_any_mean():
    data = random_data()
    full, short = missing_patterns(data, compress=False), missing_patterns(data)
    assert len(short.rows) < len(full.rows) == full.n
    mean = np.array([0.3, -1.0, 2.0, 0.0, 5.0])
    for k in range(full.n_patterns):
        products = []
        for patterns in (full, short):
            own = patterns.row_pattern == k
            deviations = patterns.rows[own] - patterns.centre[own] * mean
            products.append(deviations.T @ deviations)
        assert products[0] == pytest.approx(products[1], rel=1e-12, abs=1e-12)


def test_compression_does_not_lose_a_variable_of_tiny_scale():
    data = random_data() * np.array([1e6, 1.0, 1e-6, 1.0, 1.0])
    full, short = missing_patterns(data, compress=False), missing_patterns(data)
    square = [
        (((p.rows - p.centre * np.nanmean(data, axis=0))[:, 2]) ** 2).sum() for p in (full, short)
    ]
    assert square[0] == pytest.approx(square[1], rel=1e-12)


def test_rescaling_is_rescaling_the_data():
    data = random_data()
    location, scale = np.arange(5.0), np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    expected = missing_patterns((data - location) / scale)
    rescaled = missing_patterns(data).rescaled(location, scale)
    zero = np.zeros(5)
    products = [(p.rows - p.centre * zero).T @ p.rows for p in (expected, rescaled)]
    assert products[0] == pytest.approx(products[1], rel=1e-12)


def test_more_variables_than_one_word_has_bits():
    rng = np.random.default_rng(3)
    data = np.zeros((40, 150))
    data[:20, 10], data[:10, 140] = NAN, NAN
    patterns = missing_patterns(data[rng.permutation(40)], compress=False)
    assert patterns.counts.tolist() == [20, 10, 10]


def test_blocks_partition_patterns_and_rows():
    patterns = missing_patterns(random_data())
    together = np.concatenate([block.pattern for block in patterns.blocks])
    rows = np.concatenate([block.rows for block in patterns.blocks])
    assert sorted(together) == list(range(patterns.n_patterns))
    assert sorted(rows) == list(range(len(patterns.rows)))
    for block in patterns.blocks:
        lacking = ~patterns.observed[block.pattern]
        assert np.array_equal(
            np.sort(block.missing, axis=1),
            np.nonzero(lacking)[1].reshape(block.missing.shape),
        )
        assert np.array_equal(block.pattern[block.owner], patterns.row_pattern[block.rows])
