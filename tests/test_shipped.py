"""What ships with the package is read by the package, fits together, and is complete."""

from __future__ import annotations

import pytest

from loyaltysem.library import available, find
from loyaltysem.questionnaire import Questionnaire, read_questionnaire
from loyaltysem.responses import complete_cases, read_responses
from loyaltysem.structural.definition import check_against, read_model


def shipped_questionnaire(name: str) -> Questionnaire:
    return read_questionnaire(find("questionnaires", name))


@pytest.mark.parametrize("name", available("questionnaires"))
def test_questionnaires(name):
    questionnaire = shipped_questionnaire(name)
    assert questionnaire.name == name
    assert set(questionnaire.languages) == {"en", "zh"}


@pytest.mark.parametrize("name", available("models"))
def test_models_fit_their_questionnaires(name):
    model = read_model(find("models", name))
    assert model.name == name
    questionnaire = shipped_questionnaire(model.questionnaire)
    check_against(model, questionnaire)
    paths = [f"{e.rhs} -> {e.lhs}" for e in model.statements.elements if e.op == "~"]
    claimed = [hypothesis.path for hypothesis in model.hypotheses if not hypothesis.is_indirect]
    assert model.hypotheses
    assert sorted(paths) == sorted(claimed) or not paths


def test_loyalty_questionnaire_has_what_the_model_needs():
    questionnaire = shipped_questionnaire("ecommerce_loyalty")
    assert [len(construct.items) for construct in questionnaire.constructs] == [
        4, 5, 4, 4, 3, 4, 3, 3, 4, 3,
    ]  # fmt: skip
    assert sum(item.reverse for item in questionnaire.items) == 2
    assert len(questionnaire.attention_checks) == 1
    codes = [demographic.code for demographic in questionnaire.demographics]
    assert codes == ["gender", "age", "education", "platform", "frequency", "income"]


def test_example_answers_are_marked_as_simulated_and_enough():
    questionnaire = shipped_questionnaire("ecommerce_loyalty")
    data = find("examples", "six_factor_loyalty") / "responses_simulated.csv"
    responses = complete_cases(read_responses(data, questionnaire), questionnaire.item_codes)
    assert responses.simulated
    assert [notice.code for notice in responses.notices] == ["simulated_data"]
    assert set(responses.ledger.exclusions()) == {"attention_failed", "incomplete"}
    assert responses.n_analysed > 350
