"""Corrections for multiple tests, against R's ``p.adjust``."""

import numpy as np
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.structural.groups.multiplicity import adjusted

P = [0.01, 0.02, 0.03, 0.04, 0.5]

# what R gives for these
ADJUSTED = {
    "holm": [0.05, 0.08, 0.09, 0.09, 0.5],
    "bonferroni": [0.05, 0.1, 0.15, 0.2, 1.0],
    "bh": [0.05, 0.05, 0.05, 0.05, 0.5],
    "none": P,
}


@pytest.mark.parametrize("correction", list(ADJUSTED))
def test_corrections(correction):
    assert adjusted(P, correction) == pytest.approx(ADJUSTED[correction])
    backwards = adjusted(P[::-1], correction)
    assert backwards[::-1] == pytest.approx(ADJUSTED[correction])


def test_missing_tests_do_not_count():
    found = adjusted([0.01, np.nan, 0.04], "bonferroni")
    assert found[[0, 2]] == pytest.approx([0.02, 0.08])
    assert np.isnan(found[1])


def test_unknown_correction():
    with pytest.raises(EstimationError, match="no such correction") as caught:
        adjusted(P, "bonferoni")
    assert "bonferroni" in caught.value.remedy
