import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.incomplete.likelihood import expected_information
from loyaltysem.estimation.incomplete.residuals import fiml_gfi, residual_groups
from loyaltysem.estimation.incomplete.robust import moment_information
from loyaltysem.estimation.incomplete.sample import pairwise_moments
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.residual_indices import goodness_of_fit
from loyaltysem.estimation.residuals import residual_frames


@pytest.fixture(scope="module")
def result():
    rng = np.random.default_rng(31)
    values = rng.normal(size=(150, 4)) + rng.normal(size=(150, 1))
    values[rng.random((150, 4)) < 0.1] = np.nan
    data = pd.DataFrame(values, columns=list("abcd")).dropna(how="all")
    return fit("f =~ a + b + c + d", data, missing="fiml")


def test_saturated_moments_have_the_inverse_information(result):
    (group,) = residual_groups(result.problem, result.point)
    sample = result.moments.groups[0]
    information = moment_information(sample, "observed", mean=sample.mean, cov=sample.cov)
    assert group.moments.gamma @ information * result.n == pytest.approx(np.eye(14), abs=1e-9)


def test_sandwich_where_the_standard_errors_are(result):
    data = pd.DataFrame(result.moments.groups[0].data, columns=list("abcd"))
    robust = fit("f =~ a + b + c + d", data, missing="fiml", estimator="MLR")
    plain, own = (residual_groups(f.problem, f.point)[0].moments.gamma for f in (result, robust))
    assert np.diagonal(own) == pytest.approx(np.diagonal(plain), rel=0.5)
    assert not np.allclose(own, plain)


def test_residuals_are_standardized(result):
    frame = residual_frames(result, "standardized")[""]["cov"]
    assert (frame.abs().to_numpy() < 4).all()
    assert frame.loc["a", "b"] == pytest.approx(frame.loc["b", "a"])


def test_gfi_is_the_share_of_weighted_squares(result):
    group, at = result.moments.groups[0], result.point.groups[0]
    patterns = result.problem.objective.samples[0].patterns
    mean, cov = pairwise_moments(raw_rows(group))
    first, second = np.triu_indices(4)
    expected = goodness_of_fit(
        [1.0],
        [np.concatenate([mean, cov[first, second]])],
        [np.concatenate([at.implied.mu, at.implied.sigma[first, second]])],
        [expected_information(patterns, at.implied.sigma)],
    )
    assert fiml_gfi(result.problem, result.point) == pytest.approx(expected, rel=1e-12)
