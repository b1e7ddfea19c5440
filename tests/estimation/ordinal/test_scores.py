"""Factor scores of ordinal answers against lavaan's, and what must hold of any modes."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.fitting import fit

REFERENCE = Path(__file__).parent / "reference"
SCORES = json.loads((REFERENCE / "scores.json").read_text("utf-8"))
ITEMS = ["o2", "o3", "o4", "o5"]
MODEL = "f =~ o2 + o3 + o4 + o5"


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(REFERENCE / "answers.csv")


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize(("method", "theirs"), [("regression", "ebm"), ("bartlett", "ml")])
def test_scores_are_those_of_lavaan(answers, name, method, theirs):
    case = SCORES[name]
    found = fit(case["model"], answers, ordered=case["ordered"]).factor_scores(method)
    assert found.head(10).to_numpy() == pytest.approx(np.array(case[theirs]), abs=2e-3, rel=1e-3)


def test_both_parameterizations_give_the_same_scores_up_to_scale(answers):
    delta, theta = (
        fit(MODEL, answers, ordered=ITEMS, parameterization=kind).factor_scores()["f"]
        for kind in ("delta", "theta")
    )
    ratio = theta / delta
    assert ratio.to_numpy() == pytest.approx(ratio.iloc[0])


def test_answers_that_are_missing_leave_the_prior_wider(answers):
    gone = answers.assign(o5=answers["o5"].where(np.arange(len(answers)) % 2 == 1))
    found = fit(MODEL, gone, ordered=ITEMS, missing="pairwise").factor_scores()["f"]
    assert found.notna().all()
    assert found.iloc[::2].var() < found.iloc[1::2].var()


def test_groups_are_scored_with_their_own_parameters(answers):
    alone = fit(MODEL, answers.query("female == 1"), ordered=ITEMS).factor_scores()["f"]
    both = fit(MODEL, answers, ordered=ITEMS, group="female").factor_scores()
    together = both.loc[both["group"] == "1", "f"]
    pd.testing.assert_series_equal(together, alone, atol=1e-6)


def test_observed_outcomes_are_refused(answers):
    fitted = fit("f =~ o3 + o4 + o5\no2 ~ f", answers, ordered=ITEMS)
    with pytest.raises(EstimationError, match="need all of o2 to be indicators"):
        fitted.factor_scores()
