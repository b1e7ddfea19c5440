"""Power of the RMSEA test; reference numbers are in the golden case ``power_rmsea``."""

import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from loyaltysem.errors import EstimationError
from loyaltysem.structural.power import fit_power, rmsea_power, rmsea_sample_size


def test_macallum_browne_and_sugawara_table_2():
    # their table 2, df 100, n 200: .955 for the test of close fit, .870 for that of not-close fit
    assert rmsea_power(0.05, 0.08, 100, 200) == pytest.approx(0.955, abs=1e-3)
    assert rmsea_power(0.05, 0.01, 100, 200) == pytest.approx(0.870, abs=1e-3)


def test_exact_fit_by_chi_square_quantiles():
    # noncentral chi-square of 100 degrees of freedom, 199 * 100 * 0.05^2, beyond its critical value
    beyond = ncx2.sf(chi2.ppf(0.95, 100), 100, 49.75)
    assert rmsea_power(0.00, 0.05, 100, 200) == pytest.approx(beyond)


def test_power_grows_with_respondents():
    power = rmsea_power(0.05, 0.08, 20, [100, 200, 400, 800])
    assert (np.diff(power) > 0).all()


@pytest.mark.parametrize(("null", "true"), [(0.05, 0.08), (0.05, 0.01), (0.0, 0.06)])
def test_the_sample_size_is_the_least_that_is_enough(null, true):
    n = rmsea_sample_size(null, true, 30)
    assert rmsea_power(null, true, 30, n) > 0.80 >= rmsea_power(null, true, 30, n - 1)


def test_groups_share_the_respondents():
    assert rmsea_power(0.05, 0.08, 40, 401, groups=2) == pytest.approx(
        rmsea_power(0.05, 0.08, 40, 201).item()
    )


def test_what_has_no_power_is_refused():
    with pytest.raises(EstimationError, match="two different"):
        rmsea_power(0.05, 0.05, 10, 100)
    with pytest.raises(EstimationError, match="degree of freedom"):
        rmsea_power(0.05, 0.08, 0, 100)
    with pytest.raises(EstimationError, match="between 0 and 1"):
        rmsea_sample_size(0.05, 0.08, 10, power=1.0)


def test_power_of_the_three_tests_is_that_of_semtools():
    """findRMSEApower and findRMSEAsamplesize for df 50, n 200 and a power of .80."""
    found = {one.test: one for one in fit_power(200, 50)}
    reference = {"exact": (0.68395, 243), "close": (0.7691047, 214), "not_close": (0.6082394, 268)}
    for name, (power, n) in reference.items():
        assert found[name].power == pytest.approx(power, abs=1e-6)
        assert found[name].n_needed == n
