"""Studies whose answers are taken as ordered categories."""

from __future__ import annotations

import dataclasses

import pytest

import loyaltysem as ls
from loyaltysem.errors import StudyError
from loyaltysem.estimation.bootstrapping import bootstrap
from loyaltysem.report import render_report
from loyaltysem.report.scripts import scripts
from loyaltysem.study.parts.effects import EFFECTS
from loyaltysem.study.parts.model import fit_model
from loyaltysem.study.parts.part import Material
from loyaltysem.study.parts.treatment import analysed


@pytest.fixture(scope="module")
def ordinal(run_small):
    return run_small("estimator: WLSMV\nmissing: pairwise\nbootstrap: {draws: 100, seed: 1}\n")


def test_the_model_is_fitted_to_polychoric_correlations(ordinal, plan_small):
    plan = plan_small("estimator: WLSMV\nmissing: pairwise\n")
    alone = ls.fit(
        plan.models_to_fit[0].syntax,
        plan.responses().answers,
        estimator="WLSMV",
        missing="pairwise",
        ordered=True,
    )
    (model,) = ordinal.models
    assert (model.estimator, model.missing, model.n) == ("WLSMV", "pairwise", 160)
    assert model.fit["chisq.scaled"] == pytest.approx(alone.measures()["chisq.scaled"])
    assert any(row.op == "|" for row in model.parameters)


def test_all_answers_are_used_by_pairs_and_the_report_says_so(ordinal):
    assert ordinal.missing.method == "pairwise"
    assert ordinal.missing.n_complete < ordinal.models[0].n
    for language, word in (("en", "pairwise deletion"), ("zh", "成对删除")):
        files = render_report(ordinal, language=language, formats=["md"])
        (text,) = [one.decode() for name, one in files.items() if name.endswith(".md")]
        assert word in text
        assert "WLSMV" in text


def _effects(plan, change=lambda answers: answers):
    responses = analysed(plan, plan.responses())
    responses = dataclasses.replace(responses, answers=change(responses.answers))
    fitted = fit_model(plan, plan.models[0], responses)
    material = Material(plan=plan, responses=responses, models=(fitted,))
    return fitted, EFFECTS.compute(material, fitted)


def test_effects_have_monte_carlo_intervals_where_categories_are_rare_and_say_why(plan_small):
    fitted, found = _effects(plan_small("estimator: WLSMV\nbootstrap: {draws: 200, seed: 1}\n"))
    assert found.record.judged_by == "mc"
    assert found.record.bootstrap is None
    (notice,) = found.notices
    assert notice.code == "no_bootstrap_of_categories"
    lost = bootstrap(fitted.fit, 200, seed=1).failed["category_lost"] / 200
    assert notice.facts["share"] == pytest.approx(lost, abs=0.1)


def test_effects_of_common_categories_are_bootstrapped(plan_small):
    plan = plan_small("estimator: WLSMV\nbootstrap: {draws: 200, seed: 1}\n")
    _, found = _effects(plan, lambda answers: answers.clip(3, 4))
    assert found.record.judged_by == "perc"
    assert found.record.bootstrap.failed < 10


def test_the_script_for_lavaan_takes_answers_as_ordered(ordinal):
    text = next(one.text for one in scripts(ordinal.models[0], "m", ()) if one.program == "lavaan")
    assert 'estimator = "WLSMV", ordered = TRUE, missing = "pairwise"' in text


def test_an_ordinal_study_needs_no_advice_to_be_one(ordinal, run_small):
    def advice(results):
        files = render_report(results, language="en", formats=["md"])
        return "An estimator for ordinal" in next(iter(files.values())).decode()

    assert not advice(ordinal)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("estimator: WLSMV\nmissing: fiml\n", "pairwise or listwise"),
        ("estimator: ML\nmissing: pairwise\n", "estimator WLSMV, ULSMV, DWLS; or"),
        ("estimator: WLSMV\nengine: semopy\n", "native engine"),
    ],
)
def test_what_cannot_go_together_is_refused_before_the_run(plan_small, keys, expected):
    with pytest.raises(StudyError) as caught:
        plan_small(keys)
    assert expected in str(caught.value)
    assert "study.yaml" in str(caught.value)
