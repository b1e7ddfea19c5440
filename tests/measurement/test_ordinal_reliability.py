from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ResponsesError
from loyaltysem.measurement.alpha import alpha_analysis
from loyaltysem.measurement.ordinal_reliability import (
    categorical_omega,
    one_factor_omega,
    ordinal_reliability,
)
from loyaltysem.measurement.reliability import composite_reliability

DATA = Path(__file__).parents[2].parent / "shared" / "golden" / "data" / "loyalty_open.csv"


@pytest.fixture
def answers():
    rng = np.random.default_rng(51)
    rows = rng.normal(size=(200, 1)) + 0.8 * rng.normal(size=(200, 4))
    return pd.DataFrame(np.clip(np.round(rows + 3), 1, 5), columns=["a", "b", "c", "d"])


def test_underlying_responses_are_more_reliable(answers):
    found = ordinal_reliability(answers)
    plain = alpha_analysis(answers).scale.alpha_standardized
    assert found.alpha > plain
    assert found.omega > plain
    assert found.categorical_omega < found.omega


# semTools 0.5-6: compRelSEM(cfa(model, data, ordered = TRUE, std.lv = TRUE)), three scales
@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["sq1", "sq2", "sq3", "sq4", "sq5"], 0.8747244292),
        (["lb1", "lb2", "lb3", "lb4"], 0.8009786245),
        (["pr1", "pr2", "pr3", "pr4"], 0.8153446788),
    ],
)
@pytest.mark.skipif(not DATA.is_file(), reason="the golden data are not beside the checkout")
def test_categorical_omega_as_semtools_has_it(items, expected):
    found = ordinal_reliability(pd.read_csv(DATA)[items])
    assert found.categorical_omega == pytest.approx(expected, abs=1e-6)


def test_many_fine_categories_give_the_plain_omega():
    loadings = [0.8, 0.7, 0.6]
    cuts = [np.linspace(-3, 3, 61)] * 3
    R = np.outer(loadings, loadings)
    np.fill_diagonal(R, 1.0)
    assert categorical_omega(loadings, cuts, R) == pytest.approx(
        composite_reliability(loadings), abs=2e-3
    )


def test_missing_answers_are_left_out_pair_by_pair(answers):
    answers.iloc[::9, 0] = np.nan
    assert 0.5 < ordinal_reliability(answers).categorical_omega < 1


def test_ordinal_reliability_needs_ordered_answers(answers):
    with pytest.raises(ResponsesError, match="three items"):
        ordinal_reliability(answers[["a", "b"]])
    rng = np.random.default_rng(1)
    with pytest.raises(EstimationError, match="too many different answers"):
        ordinal_reliability(pd.DataFrame(rng.normal(size=(50, 3)), columns=list("abc")))


def test_omega_of_parallel_items_is_alpha():
    R = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert one_factor_omega(R) == pytest.approx(4 * 0.5 / (1 + 3 * 0.5))
