import numpy as np

from loyaltysem.measurement.resampling import resampled_covariances

ROWS = np.random.default_rng(1).normal(size=(40, 3)) + 100


def test_each_draw_is_the_covariance_of_some_sample():
    rng = np.random.default_rng(6)
    weights = rng.multinomial(40, np.full(40, 1 / 40), size=2)
    found = next(resampled_covariances(ROWS, 2, seed=6))
    expected = [np.cov(np.repeat(ROWS, w, axis=0).T, bias=True) for w in weights]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_chunks_make_up_the_draws():
    sizes = [len(chunk) for chunk in resampled_covariances(ROWS, 600, seed=0)]
    assert sum(sizes) == 600
    assert len(sizes) > 1
