"""What is done about missing answers before models are fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from loyaltysem.errors import StudyError
from loyaltysem.estimation.imputation import impute
from loyaltysem.responses import complete_cases
from loyaltysem.structural.specifications import CATEGORICAL
from loyaltysem.study.settings.estimation import Estimator

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from loyaltysem.estimation.imputation import Imputations
    from loyaltysem.responses import Responses
    from loyaltysem.study.plan import Plan

ESTIMATORS: dict[str, tuple[str, ...]] = {
    "fiml": ("ML", "MLR"),
    "em": ("ML",),
    "mi": ("ML", "MLR"),
    "pairwise": tuple(one for one in get_args(Estimator) if one in CATEGORICAL),
}
"""Estimators that can do with each treatment of missing answers; all can with listwise deletion."""


def model_items(plan: Plan) -> list[str]:
    """Return the items of the study's models in the order of the questionnaire; all without."""
    used = {item for model in plan.models_to_fit for item in model.items}
    codes = plan.questionnaire.item_codes
    return [code for code in codes if code in used] if used else list(codes)


def analysed(plan: Plan, responses: Responses) -> Responses:
    """Leave out who lacks an answer that a model needs, unless missing answers are modelled."""
    if not plan.models_to_fit or plan.definition.missing_answers.method != "listwise":
        return responses
    return complete_cases(responses, model_items(plan))


def imputed(
    plan: Plan, responses: Responses, tell: Callable[[int, int], None] | None = None
) -> Imputations | None:
    """Return completed copies of the answers; None unless the study asks and something is missing.

    All items that vary are imputed from one another: those outside the models help.
    """
    wanted, answers = plan.definition.missing_answers, responses.answers
    if wanted.method != "mi" or not answers[model_items(plan)].isna().to_numpy().any():
        return None
    return impute(
        answers,
        datasets=wanted.datasets,
        seed=wanted.seed,
        steps=wanted.steps,
        variables=varying(answers),
        tell=tell,
    )


def varying(answers: pd.DataFrame) -> list[str]:
    """Return the items to which not all gave the same answer."""
    spans = answers.max() - answers.min()
    return [str(code) for code in answers.columns if spans[code] > 0]


def with_imputed_cells(plan: Plan, responses: Responses, copies: Imputations | None) -> Responses:
    """Return the responses with the imputed cells of the models' items in the ledger."""
    if copies is None:
        return responses
    items = [code for code in model_items(plan) if code in copies.variables]
    gaps = responses.answers[items].isna() & copies.frames[0][items].notna()
    return replace(responses, ledger=responses.ledger.with_imputed(gaps))


def check_treatment(plan: Plan) -> None:
    """Refuse what the estimator or the engine cannot do with missing answers.

    Raises
    ------
    StudyError
        They contradict one another.
    """
    definition, method = plan.definition, plan.definition.missing_answers.method
    allowed = ESTIMATORS.get(method)
    if allowed is None or not plan.models_to_fit:
        return
    if definition.estimator not in allowed:
        instead = "pairwise or listwise" if definition.is_ordinal else "listwise"
        raise StudyError(
            f"missing: {method} cannot be used with estimator {definition.estimator}",
            place=definition.place("missing"),
            expected=f"estimator {', '.join(allowed)}; or missing: {instead}",
        )
    if definition.engine != "native":
        raise StudyError(
            f"missing: {method} needs the native engine",
            place=definition.place("missing"),
            remedy="Remove 'engine: semopy', or use missing: listwise.",
        )
