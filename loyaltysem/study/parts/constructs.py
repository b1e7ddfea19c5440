"""The constructs of a study with their items, and what their analyses share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.study.parts.part import Material
    from loyaltysem.study.plan import Plan

Constructs = dict[str, list[str]]
"""Item codes by construct code, both in the order of the questionnaire."""

DRAWS, SEED = 1000, 2026
"""Bootstrap draws of intervals, and their seed, where a study names none."""


def all_constructs(questionnaire: Questionnaire) -> Constructs:
    """Return the constructs of a questionnaire."""
    return {one.code: [item.code for item in one.items] for one in questionnaire.constructs}


def analysed_constructs(material: Material) -> Constructs:
    """Return the constructs that a model of the study uses; all without a model."""
    found = all_constructs(material.plan.questionnaire)
    if not material.models:
        return found
    used = {item for model in material.models for item in model.definition.items}
    return {code: items for code, items in found.items() if used.intersection(items)}


def sampling(plan: Plan) -> dict[str, int]:
    """Return ``draws`` and ``seed`` for bootstrap intervals of a study."""
    wanted = plan.definition.bootstrap
    return {"draws": wanted.draws, "seed": wanted.seed} if wanted else _default_sampling()


def _default_sampling() -> dict[str, int]:
    return {"draws": DRAWS, "seed": SEED}


def varying_constructs(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]]
) -> tuple[Constructs, list[Notice]]:
    """Return the constructs without items that nobody answered or that all answered alike.

    A notice says which items these are. Constructs that lose all items are left out.
    """
    spans = answers.max() - answers.min()
    flat = [item for own in constructs.values() for item in own if not spans[item] > 0]
    kept = {code: [item for item in own if item not in flat] for code, own in constructs.items()}
    return {code: own for code, own in kept.items() if own}, _flat_notice(flat)


def _flat_notice(flat: list[str]) -> list[Notice]:
    if not flat:
        return []
    text = (
        f"The answers to {listed(flat)} do not vary (or there are none); they correlate with"
        " nothing and were left out of the analyses that need correlations."
    )
    return [Notice("items_without_variance", text, {"items": flat})]
