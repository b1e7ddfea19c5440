"""Models that the rules of form let pass and the information does not."""

import numpy as np
import pandas as pd

from loyaltysem.estimation.fitting import fit

SAME_INDICATORS = "f =~ x1 + x2 + x3 + x4 + x5 + x6\ng =~ x4 + x1 + x2 + x3 + x5 + x6"


def test_rotated_factors_are_not_identified_whatever_the_data(skewed_data):
    found = fit(SAME_INDICATORS, skewed_data)
    (notice,) = [n for n in found.notices if n.code == "not_identified"]
    assert notice.facts["structural"]
    assert {"f =~ x4", "f ~~ g"} <= set(notice.facts["parameters"])
    assert "x3 ~~ x3" not in notice.facts["parameters"]
    assert found.vcov is None
    assert found.tests[0].df == 2


def test_unrelated_pairs_of_indicators_are_a_matter_of_the_data():
    """Two factors that covary in the data would be identified; these do not."""
    names = ["x1", "x2", "x3", "x4"]
    cov = pd.DataFrame(np.kron(np.eye(2), [[1.0, 0.4], [0.4, 1.0]]), index=names, columns=names)
    found = fit("f =~ x1 + x2\ng =~ x3 + x4", sample_cov=cov, n=200)
    (notice,) = [n for n in found.notices if n.code == "not_identified"]
    assert not notice.facts["structural"]
    assert {"f =~ x2", "g =~ x4"} <= set(notice.facts["parameters"])
