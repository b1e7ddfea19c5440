"""Scales and validity of a small study, with its model."""

from dataclasses import replace

import pytest

from loyaltysem.measurement.importance import importance_performance
from loyaltysem.measurement.reliability import reliability
from loyaltysem.responses import read_responses
from loyaltysem.study.parts import Material
from loyaltysem.study.parts.correlations import correlated
from loyaltysem.study.parts.discriminant import DISCRIMINANT
from loyaltysem.study.parts.importance import IMPORTANCE
from loyaltysem.study.parts.measurement_model import MEASUREMENT
from loyaltysem.study.parts.model import fit_model
from loyaltysem.study.parts.reliability import RELIABILITY


@pytest.fixture(scope="module")
def given(plan_small):
    plan = plan_small("bootstrap: {draws: 200, seed: 1}\n")
    responses = read_responses(plan.data, plan.questionnaire)
    fitted = fit_model(plan, plan.models_to_fit[0], responses)
    return Material(plan=plan, responses=responses, models=(fitted,))


def test_the_measurement_model_lets_constructs_correlate(given):
    found = MEASUREMENT.compute(given, given.models[0]).record
    assert found.fit["df"] == 24
    assert [one.construct_code for one in found.constructs] == ["service", "trust", "loyalty"]
    assert len(found.correlations) == len(found.constrained) == 3
    assert all(one.distinct for one in found.constrained)
    service = found.constructs[0]
    assert service.sqrt_ave**2 == pytest.approx(service.ave)
    assert service.msv >= service.asv


@pytest.mark.parametrize(
    ("profile", "found"), [("strict", {"strict"}), ("both", {"thesis", "strict"})]
)
def test_the_measurement_model_is_judged_by_the_studys_profiles(given, profile, found):
    definition = given.plan.definition.model_copy(update={"profile": profile})
    strict = replace(given, plan=replace(given.plan, definition=definition))
    record = MEASUREMENT.compute(strict, given.models[0]).record
    assert {one.profile for one in record.verdicts} == found


@pytest.mark.parametrize(
    ("profile", "threshold", "strict"),
    [("thesis", 0.90, None), ("strict", 0.85, None), ("both", 0.90, 0.85)],
)
def test_ratios_of_constructs_are_judged_by_the_studys_profile(given, profile, threshold, strict):
    definition = given.plan.definition.model_copy(update={"profile": profile})
    judged = replace(given, plan=replace(given.plan, definition=definition))
    record = DISCRIMINANT.compute(judged).record
    assert (record.threshold, record.strict_threshold) == (threshold, strict)


def test_importance_is_that_of_the_final_outcome(given):
    (found,) = IMPORTANCE.compute(given, given.models[0]).record
    plain = importance_performance(
        given.models[0].fit, "loyalty", given.responses.answers, (1.0, 7.0)
    )
    assert found.target == "loyalty"
    assert {one.code: one.importance for one in found.constructs} == plain["importance"].to_dict()
    assert len(found.items) == 6


def test_reliability_has_coefficients_beside_alpha(given):
    scales = RELIABILITY.compute(given).record
    answers = given.responses.construct_answers("trust")
    assert scales[1].alpha == reliability(answers, "trust").alpha
    assert scales[1].coefficients["omega"] == pytest.approx(scales[1].alpha, abs=0.05)
    assert scales[1].draws == 200
    assert scales[1].boot_ci[0] < scales[1].alpha < scales[1].boot_ci[1]


def test_scores_are_mean_answers(given):
    answers = given.responses.answers
    found = correlated(answers, {"a": ["service1", "service2"], "b": ["trust1"]})
    mean = answers[["service1", "service2"]].mean(axis=1)
    assert found.pairs[0].r == pytest.approx(mean.corr(answers["trust1"]))
    assert found.scores[0].mean == pytest.approx(mean.mean())
    flat = correlated(answers.assign(trust1=4.0), {"a": ["service1"], "b": ["trust1"]})
    assert flat.pairs[0].r is None
    assert correlated(answers, {"a": ["service1"]}) is None
