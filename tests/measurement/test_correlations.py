import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.correlations import (
    as_correlations,
    correlations,
    numeric_answers,
    squared_multiple_correlations,
    varying_answers,
)


def test_text_answers_are_named():
    with pytest.raises(ResponsesError) as caught:
        numeric_answers(pd.DataFrame({"q1": [1, 2], "q2": ["often", "never"]}))
    assert caught.value.found == "q2"


def test_infinite_answers_are_named():
    with pytest.raises(ResponsesError, match="infinite") as caught:
        numeric_answers(pd.DataFrame({"q1": [1, 2], "q2": [1, np.inf]}))
    assert caught.value.found == "q2"


def test_repeated_and_absent_columns_are_refused():
    with pytest.raises(ResponsesError, match="twice"):
        numeric_answers(pd.DataFrame([[1, 2]], columns=["q1", "q1"]))
    with pytest.raises(ResponsesError, match="no items"):
        numeric_answers(pd.DataFrame(index=[0, 1]))


def test_nullable_integers_become_numbers():
    answers = pd.DataFrame({"q1": pd.array([1, None, 3], dtype="Int64")})
    assert numeric_answers(answers)["q1"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("values", [[np.nan] * 3, [1.0, np.nan, np.nan]])
def test_unanswered_items_are_named(values):
    with pytest.raises(ResponsesError, match="fewer than two") as caught:
        varying_answers(pd.DataFrame({"q1": [1, 2, 3], "q2": values}))
    assert caught.value.found == "q2"


def test_constant_items_are_named():
    with pytest.raises(ResponsesError, match="same answer") as caught:
        correlations(pd.DataFrame({"q1": [1, 2, 3], "q2": [4, 4, 4]}))
    assert caught.value.found == "q2"


def test_an_item_may_become_constant_listwise():
    answers = pd.DataFrame({"q1": [1, 2, np.nan], "q2": [4, 4, 5]})
    assert correlations(answers.assign(q2=[4, 3, 5])).shape == (2, 2)
    with pytest.raises(ResponsesError, match="same answer"):
        correlations(answers, missing="listwise")


def test_correlations_of_many_covariances_at_once():
    rng = np.random.default_rng(1)
    cov = np.stack([np.cov(rng.normal(size=(3, 20))) for _ in range(4)])
    expected = [c / np.sqrt(np.outer(np.diag(c), np.diag(c))) for c in cov]
    np.testing.assert_allclose(as_correlations(cov), expected)


def test_no_variance_no_correlation():
    found = as_correlations([[0.0, 0.0], [0.0, 2.0]])
    assert np.isnan(found[0, 1])
    assert found[1, 1] == 1


def test_smc_is_the_share_that_a_regression_explains():
    rng = np.random.default_rng(2)
    y = rng.normal(size=(50, 4)) @ rng.normal(size=(4, 4))
    others = np.column_stack([np.ones(50), y[:, 1:]])
    residual = y[:, 0] - others @ np.linalg.lstsq(others, y[:, 0], rcond=None)[0]
    smc = squared_multiple_correlations(np.corrcoef(y.T))
    assert smc[0] == pytest.approx(1 - residual.var() / y[:, 0].var())
