"""Simulated answers follow what was asked of them."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.questionnaire import Scale, form_of, read_questionnaire
from loyaltysem.responses import read_responses
from loyaltysem.responses.simulate import AnswerBehaviour, simulate_answers, thresholds

CORRELATIONS = np.array([[1.0, 0.8, 0.3], [0.8, 1.0, 0.3], [0.3, 0.3, 1.0]])
NO_SHIFT = AnswerBehaviour(shift=np.zeros(3))


def simulated(questionnaire, behaviour=NO_SHIFT, n=2000, seed=1):
    rng = np.random.default_rng(seed)
    return simulate_answers(questionnaire, CORRELATIONS, behaviour, n=n, rng=rng)


def test_columns_and_marks(questionnaire):
    frame = simulated(questionnaire, n=20)
    assert list(frame.columns) == ["id", "gender", "Q1", "Q2", "P1", "A1", "simulated"]
    assert set(frame["simulated"]) == {"yes"}
    assert frame["id"].is_unique


def test_same_seed_same_answers(questionnaire):
    first, second = simulated(questionnaire), simulated(questionnaire)
    assert first.equals(second)
    assert not first.equals(simulated(questionnaire, seed=2))


def test_answers_read_back_with_the_stated_correlations(questionnaire, tmp_path):
    path = tmp_path / "answers.csv"
    simulated(questionnaire, n=20_000).to_csv(path, index=False)
    responses = read_responses(path, questionnaire)
    assert responses.n_analysed == 20_000
    # cutting a normal variable into five points takes some 10 % off its correlations
    np.testing.assert_allclose(responses.answers.corr(), CORRELATIONS, rtol=0.13)
    assert (responses.answers.corr().to_numpy() <= CORRELATIONS + 0.02).all()


def test_shift_moves_answers_towards_agreement(questionnaire):
    behaviour = AnswerBehaviour(shift=np.array([1.0, 1.0, 0.0]))
    means = simulated(questionnaire, behaviour)[["Q1", "Q2"]].mean()
    assert means["Q1"] > 3.5
    assert means["Q2"] < 2.5  # a reverse item, as it stands in the file


def test_careless_respondents_fail_the_check(questionnaire):
    careless = AnswerBehaviour(shift=np.zeros(3), careless=1.0)
    failed = (simulated(questionnaire, careless)["A1"] != 2).mean()
    assert 0.7 < failed < 0.9  # one point in five is right by chance


def test_shares_of_slips_and_skippers(questionnaire):
    behaviour = AnswerBehaviour(shift=np.zeros(3), slips=0.2, skippers=0.3)
    frame = simulated(questionnaire, behaviour)
    assert (frame["A1"] == 3).mean() == pytest.approx(0.2, abs=0.03)
    assert frame[["Q1", "Q2", "P1"]].isna().any(axis=1).mean() == pytest.approx(0.3, abs=0.04)


def test_demographic_weights(questionnaire):
    behaviour = AnswerBehaviour(shift=np.zeros(3), demographics={"gender": {"m": 1, "f": 3}})
    share = (simulated(questionnaire, behaviour)["gender"] == "f").mean()
    assert share == pytest.approx(0.75, abs=0.03)


def test_thresholds_are_even_and_shifted():
    np.testing.assert_allclose(
        thresholds(Scale(highest=7, labels={}), 0.5), np.arange(-1.8, 1.9, 0.72) - 0.5
    )


def test_impossible_correlations(questionnaire):
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(ResponsesError, match="not positive definite"):
        simulate_answers(questionnaire, impossible, NO_SHIFT, n=5, rng=np.random.default_rng(1))


def test_stated_thresholds_give_the_stated_shares(questionnaire):
    behaviour = AnswerBehaviour(shift=np.zeros(3), thresholds={"Q1": (-1.0, 0.0, 0.5, 1.0)})
    shares = simulated(questionnaire, behaviour)["Q1"].value_counts(normalize=True).sort_index()
    np.testing.assert_allclose(shares, [0.159, 0.341, 0.191, 0.150, 0.159], atol=0.03)


def test_share_missing_at_random(questionnaire):
    behaviour = AnswerBehaviour(shift=np.zeros(3), missing=0.2)
    share = simulated(questionnaire, behaviour)[["Q1", "Q2", "P1"]].isna().mean()
    np.testing.assert_allclose(share, 0.2, atol=0.03)


def test_a_slider_keeps_its_steps(questionnaire):
    slider = Scale(type="slider", lowest=0, highest=100, step=25)
    changed = questionnaire.model_copy(update={"scale": slider, "attention_checks": ()})
    careless = AnswerBehaviour(shift=np.zeros(3), careless=0.5)
    answers = simulated(changed, careless)["Q1"]
    assert sorted(answers.unique()) == [0, 25, 50, 75, 100]


def test_all_other_questions_and_skip_logic(pytestconfig):
    path = pytestconfig.rootpath / "tests" / "questionnaire" / "rich.yaml"
    rich = read_questionnaire(path)
    behaviour = AnswerBehaviour(shift=np.zeros(len(rich.items)))
    rng = np.random.default_rng(3)
    frame = simulate_answers(rich, np.eye(len(rich.items)), behaviour, n=400, rng=rng)
    assert set(form_of(rich).columns) <= set(frame.columns)
    assert set(frame["bought"]) == {"yes"}
    asked = frame["P1"] >= 2  # the condition of the page with these questions
    assert (frame["rank_price"].notna() == asked).all()
    friend = asked & (frame["channels_friends"] == 1) & (frame["Q1"] >= 3)
    assert (frame["friend"].notna() == friend.fillna(value=False)).all()
    ranks = frame.loc[asked, ["rank_price", "rank_speed", "rank_help"]]
    assert (ranks.sum(axis=1) == 6).all()
