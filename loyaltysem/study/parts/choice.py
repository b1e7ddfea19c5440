"""The models of a study side by side; equivalent ones of each, and the power of its test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.results import (
    ChoiceResult,
    ChoiceRow,
    EquivalentRecord,
    FitPowerRecord,
    NestedTest,
)
from loyaltysem.structural.equivalent_models import equivalent_models
from loyaltysem.structural.model_choice import choose_model
from loyaltysem.structural.power import fit_power, rmsea_power
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart, StudyPart
from loyaltysem.study.plain import notice_records, plain_record

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit
    from loyaltysem.structural.power import FitPower

CURVE = 40
"""Sample sizes of a power curve."""


def _compare(material: Material) -> Found:
    fits = {one.definition.name: one.fit for one in material.models if one.fit.converged}
    if len(fits) < 2:
        return Found()
    found = choose_model(fits)
    rows = found.models.to_dict("index")
    return Found(
        record=ChoiceResult(
            models=tuple(
                ChoiceRow(model=str(name), **plain_record(row)) for name, row in rows.items()
            ),
            tests=tuple(NestedTest(**plain_record(row)) for row in found.tests.to_dict("records")),
        ),
        notices=notice_records(found.notices),
    )


def _equivalents(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    return Found(
        record=tuple(
            EquivalentRecord(predictor=one.predictor, outcome=one.outcome, change=one.change)
            for one in equivalent_models(fitted.fit.table)
        )
    )


def _power(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    one = fitted.fit
    if one.df < 1 or not one.converged:
        return Found(record=())
    return Found(
        record=tuple(
            FitPowerRecord(
                test=power.test,
                rmsea0=power.rmsea0,
                rmsea1=power.rmsea1,
                power=power.power,
                n_needed=power.n_needed,
                curve=_curve(power, one),
            )
            for power in fit_power(one.n, one.df, groups=one.table.n_groups)
        )
    )


def _curve(power: FitPower, fitted: Fit) -> tuple[tuple[int, float], ...]:
    """Return the power of a test at sample sizes around that of the study."""
    least = 5 * fitted.table.n_groups
    sizes = np.unique(np.linspace(least, max(1.5 * fitted.n, 400), CURVE).astype(int))
    values = rmsea_power(power.rmsea0, power.rmsea1, fitted.df, sizes, groups=fitted.table.n_groups)
    return tuple(zip(sizes.tolist(), values.tolist(), strict=True))


CHOICE = StudyPart(
    field="choice",
    step="Comparing models",
    wanted=lambda plan: len(plan.models_to_fit) > 1,
    compute=_compare,
)
EQUIVALENTS = ModelPart(
    field="equivalents",
    step="Equivalent models",
    wanted=lambda plan: bool(plan.models_to_fit),
    compute=_equivalents,
)
POWER = ModelPart(
    field="power",
    step="Power",
    wanted=lambda plan: bool(plan.models_to_fit),
    compute=_power,
)
