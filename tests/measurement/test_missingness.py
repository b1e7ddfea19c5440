from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ResponsesError
from loyaltysem.measurement.missingness import little_mcar, missingness

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
ITEMS = ["sq1", "sq2", "sq3", "sq4", "sq5", "pr1", "pr2", "pr3", "pr4"]


def test_account_of_items_respondents_and_patterns():
    answers = pd.DataFrame({"a": [1, np.nan, 3, 4], "b": [1, np.nan, 3, np.nan]})
    found = missingness(answers)
    assert (found.n, found.n_complete) == (4, 2)
    assert found.items["n_missing"].tolist() == [1, 2]
    assert found.respondents["share"].tolist() == [0, 1, 0, 0.5]
    assert found.patterns.iloc[0].tolist() == [2, True, True]
    assert found.patterns["n"].sum() == 4


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data are not beside this checkout")
def test_little_by_lavaans_moments():
    # Little's sum over patterns with the mean and covariance of lavaan's EM (tolerance 1e-12)
    found = little_mcar(pd.read_csv(GOLDEN / "data" / "loyalty_open_missing.csv")[ITEMS])
    assert found.chisq == pytest.approx(234.2391041, abs=1e-5)
    assert (found.df, found.n_patterns) == (229, 33)


def answers(n=400):
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], n), columns=["a", "b"]
    )


def test_answers_missing_for_a_reason_are_detected():
    rows = answers()
    rows.loc[rows["a"] > 0.8, "b"] = np.nan
    assert little_mcar(rows).pvalue < 1e-6


def test_answers_missing_at_random_are_not():
    rows = answers()
    rows.loc[::5, "b"] = np.nan
    assert little_mcar(rows).pvalue > 0.01


def test_respondents_without_answers_do_not_count():
    rows = answers()
    rows.loc[::5, "b"] = np.nan
    empty = pd.concat([rows, pd.DataFrame({"a": [np.nan] * 3, "b": [np.nan] * 3})])
    assert little_mcar(empty).chisq == pytest.approx(little_mcar(rows).chisq)


def test_nothing_missing_and_nothing_answered():
    with pytest.raises(EstimationError, match="No answer is missing"):
        little_mcar(answers())
    with pytest.raises(ResponsesError):
        little_mcar(answers().assign(b=np.nan))


def test_copies_among_incomplete_items_are_told():
    rows = answers()
    rows.loc[::7, "a"] = np.nan
    for copied in (rows["b"], rows["a"].fillna(1), rows["a"] + rows["b"]):
        with pytest.raises(EstimationError, match="cannot be estimated") as caught:
            little_mcar(rows.assign(copy=copied, again=copied))
        assert caught.value.reason.code == "incomplete_dependent"
    with pytest.raises(EstimationError) as caught:
        little_mcar(rows.iloc[6:9].assign(c=[1, 5, 3]))
    assert caught.value.reason.code == "too_few_respondents"
    assert caught.value.reason.facts == {"n": 3, "needed": 4}
