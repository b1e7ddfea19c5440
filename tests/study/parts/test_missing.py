"""Missing answers in a study: counted, tested, and treated in four ways."""

from __future__ import annotations

import pytest

from loyaltysem.errors import LoyaltysemError
from loyaltysem.responses import read_responses
from loyaltysem.study.parts.effects import EFFECTS
from loyaltysem.study.parts.model import fit_model
from loyaltysem.study.parts.part import Material
from loyaltysem.study.parts.screening import screened
from loyaltysem.study.parts.treatment import imputed


@pytest.fixture(scope="module")
def treated(run_small):
    return {
        method: run_small(f"missing: {method}\n")
        for method in ("fiml", "em", "{method: mi, datasets: 5, seed: 3}")
    }


def test_what_is_missing_is_counted(treated):
    found = treated["fiml"].missing
    assert (found.n, found.n_complete, found.n_items, found.n_missing) == (160, 140, 9, 20)
    assert found.share == pytest.approx(20 / (160 * 9))
    assert found.respondents == {0: 140, 1: 20}
    assert sum(one.n for one in found.patterns) == 160
    assert found.patterns[0].missing == ()
    assert found.n_patterns == 10
    assert found.little.df > 0


def test_methods_agree_about_the_paths(treated):
    estimates = [
        next(row.est for row in results.models[0].parameters if (row.lhs, row.op) == ("trust", "~"))
        for results in treated.values()
    ]
    assert max(estimates) - min(estimates) < 0.03
    assert {results.models[0].n for results in treated.values()} == {160}


def test_imputed_cells_stand_in_the_ledger_and_the_account(treated):
    results = treated["{method: mi, datasets: 5, seed: 3}"]
    made = results.missing.imputation
    assert (made.datasets, made.seed, made.n_cells, made.n_respondents) == (5, 3, 20, 20)
    (entry,) = [
        one for one in results.sample.ledger if one.action["en"].endswith("multiply imputed")
    ]
    assert (entry.cells, entry.respondents) == (20, 20)
    assert not [one for one in results.sample.ledger if "left missing" in one.action["en"]]


def test_pooled_models_tell_their_missing_information(treated):
    (model,) = treated["{method: mi, datasets: 5, seed: 3}"].models
    assert (model.pooled.n_datasets, model.pooled.n_used, model.pooled.test) == (5, 5, "D3")
    assert model.fit["chisq"] == pytest.approx(model.pooled.chisq)
    shares = [one.fmi for one in model.pooled.parameters]
    assert all(0 <= share < 0.5 for share in shares)
    assert model.moments is None
    assert treated["fiml"].models[0].pooled is None


def test_effects_of_imputed_data_have_monte_carlo_intervals(plan_small):
    plan = plan_small("missing: {method: mi, datasets: 3, steps: 5}\nbootstrap: {draws: 200}\n")
    screening = screened(plan, read_responses(plan.data, plan.questionnaire))
    copies = imputed(plan, screening.kept)
    fitted = fit_model(plan, plan.models[0], screening.kept, copies)
    material = Material(plan=plan, responses=screening.kept, models=(fitted,))
    found = EFFECTS.compute(material, fitted)
    assert found.record.judged_by == "mc"
    assert found.record.bootstrap is None
    assert [one.code for one in found.notices] == ["no_bootstrap_of_imputations"]


def test_nothing_missing_needs_no_imputation(run_small, small_folder):
    path = small_folder / "answers.csv"
    before = path.read_text(encoding="utf-8")
    lines = [line for line in before.splitlines() if ",," not in line]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        results = run_small("missing: {method: mi}\n")
    finally:
        path.write_text(before, encoding="utf-8")
    assert results.missing.n_missing == 0
    assert results.missing.little is None
    assert results.missing.imputation is None
    assert results.models[0].pooled is None


@pytest.mark.parametrize(
    "settings",
    [
        "missing: em\nestimator: MLR\n",
        "missing: fiml\nestimator: GLS\n",
        "missing: {method: mi}\nestimator: ULS\n",
        "missing: {method: mi}\nengine: semopy\n",
        "missing: {method: fiml, datasets: 5}\n",
        "missing: fimmel\n",
    ],
)
def test_contradictions_are_refused_before_anything_is_computed(plan_small, settings):
    with pytest.raises(LoyaltysemError) as caught:
        plan_small(settings)
    assert caught.value.place is not None
