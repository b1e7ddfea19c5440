"""Items and constructs described, and tested for normality, in a study."""

from __future__ import annotations

import pandas as pd
import pytest

from loyaltysem.measurement.normality import mardia
from loyaltysem.responses import read_responses
from loyaltysem.responses.ledger import entries_of
from loyaltysem.study.parts.descriptives import construct_descriptives, item_descriptives
from loyaltysem.study.parts.normality import NORMALITY, normality_result
from loyaltysem.study.parts.part import Material


@pytest.fixture(scope="module")
def described(plan_small, small_folder):
    plan = plan_small("missing: fiml\n")
    responses = read_responses(small_folder / "answers.csv", plan.questionnaire)
    answers = responses.answers
    return (
        answers,
        {one.code: one for one in item_descriptives(answers, plan.questionnaire)},
        {one.construct_code: one for one in construct_descriptives(answers, plan.questionnaire)},
    )


def test_answers_are_counted_over_the_whole_scale(described):
    answers, items, _ = described
    for code, one in items.items():
        assert len(one.counts) == 7
        assert sum(one.counts) == one.n == answers[code].notna().sum()
        assert one.shape.ceiling == pytest.approx(one.counts[-1] / one.n)
        assert one.shape.median == answers[code].median()


def test_constructs_are_the_means_of_the_items_answered(described):
    answers, _, constructs = described
    scores = answers[["trust1", "trust2", "trust3"]].mean(axis=1)
    assert constructs["trust"].mean == pytest.approx(scores.mean())
    assert constructs["trust"].sd == pytest.approx(scores.std())
    assert constructs["trust"].n_items == 3
    assert constructs["trust"].shape.skewness_type3 == pytest.approx(
        scores.sub(scores.mean()).pow(3).mean() / scores.std() ** 3
    )


def test_normality_is_that_of_the_complete_respondents(described):
    answers, _, _ = described
    found = normality_result(answers)
    assert found.n == len(answers.dropna())
    assert found.kurtosis == pytest.approx(mardia(answers).kurtosis)
    assert found.kurtosis_expected == 9 * 11
    assert len(found.expected) == len(found.observed) == found.n
    assert list(found.observed) == sorted(found.observed)


def test_too_few_respondents_are_said(plan_small, small_folder):
    plan = plan_small("missing: fiml\n")
    responses = read_responses(small_folder / "answers.csv", plan.questionnaire)
    few = responses.kept(pd.Series(range(160)).lt(5).to_numpy(), _excluded(responses))
    found = NORMALITY.compute(Material(plan=plan, responses=few))
    assert found.record is None
    (notice,) = found.notices
    assert notice.code == "no_normality_test"
    assert notice.facts["reason"] == "too_few_respondents"
    assert notice.facts["because"] == {"n": len(few.answers.dropna()), "needed": 10}


def _excluded(responses):
    ids = responses.answers.index.to_numpy(dtype=object)[5:]
    return entries_of(
        code="outlier", action="excluded", respondents=ids, items=("",), found=[""] * len(ids)
    )
