"""Moments from tables of counts are those of the respondents drawn."""

import numpy as np
import pytest

from loyaltysem.estimation.ordinal.moments import ordinal_moments
from loyaltysem.estimation.ordinal.table_batches import batch_moments, table_batch

SIZES = np.array([5, 2, 3, 2, 4])


@pytest.mark.parametrize("share_missing", [0.0, 0.15])
def test_moments_and_their_variances_are_those_of_single_samples(share_missing):
    rng = np.random.default_rng(9)
    common = rng.normal(size=(300, 1))
    responses = common + rng.normal(size=(300, 5))
    cuts = [
        np.quantile(one, np.arange(1, k) / k) for one, k in zip(responses.T, SIZES, strict=True)
    ]
    values = np.stack([np.digitize(*pair) for pair in zip(responses.T, cuts, strict=True)], axis=1)
    values = np.where(rng.random(values.shape) < share_missing, np.nan, values)
    counts = np.stack([np.bincount(rng.integers(0, 300, 300), minlength=300) for _ in range(3)])
    codes = np.where(np.isnan(values), -1, values).astype(np.intp)
    vector, variances = batch_moments(table_batch(codes, SIZES, counts), with_variances=True)
    for k, count in enumerate(counts):
        drawn = values[np.repeat(np.arange(300), count)]
        alone = ordinal_moments(drawn, SIZES, np.zeros((300, 0)))
        np.testing.assert_allclose(vector[k], alone.vector, atol=1e-12)
        np.testing.assert_allclose(variances[k], np.diagonal(alone.gamma), rtol=1e-10)


def test_the_empty_cell_of_a_two_by_two_table_is_closed():
    codes = np.array([[0, 0]] * 30 + [[1, 1]] * 20 + [[0, 1]] * 5)
    sizes, counts = np.array([2, 2]), np.ones((1, 55), dtype=np.intp)
    vector, variances = batch_moments(table_batch(codes, sizes, counts), with_variances=True)
    alone = ordinal_moments(codes.astype(float), sizes, np.zeros((55, 0)))
    np.testing.assert_allclose(vector[0], alone.vector, atol=1e-12)
    np.testing.assert_allclose(variances[0], np.diagonal(alone.gamma), rtol=1e-10)


def test_samples_without_a_category_are_known():
    codes = np.array([[0, 0], [1, 1], [2, 0], [0, 1]])
    counts = np.array([[1, 1, 1, 1], [2, 1, 0, 1]])
    assert table_batch(codes, np.array([3, 2]), counts).complete.tolist() == [True, False]
