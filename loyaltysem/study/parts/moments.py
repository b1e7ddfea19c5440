"""What a model was fitted to: kept, so that the fit can be checked without the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.results import MomentsRecord
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit


def _compute(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    return Found(record=None if fitted.imputed else moments_record(fitted.fit))


def moments_record(fitted: Fit) -> MomentsRecord | None:
    """Return the moments of a model of continuous answers in one group, None for others."""
    (first, *others) = fitted.moments.groups
    if others or first.ordinal is not None or first.incomplete is not None:
        return None
    unbiased = np.asarray(first.cov) * (first.n / (first.n - 1))
    return MomentsRecord(
        variables=fitted.moments.names,
        n=first.n,
        means=tuple(map(float, first.mean)),
        covariance=tuple(tuple(map(float, row)) for row in unbiased),
    )


MOMENTS = ModelPart(
    field="moments",
    step="Keeping the moments",
    wanted=lambda plan: "model" in plan.definition.analyses,
    compute=_compute,
)
