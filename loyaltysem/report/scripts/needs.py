"""What scripts need to know of a model: where its data come from, and what is not estimated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.results import ModelResult, ParameterRecord

ANSWERS_CSV, ANSWERS_DAT = "answers.csv", "answers.dat"
"""The analysed answers beside the scripts, with headings and (for Mplus) without."""

EXTRACT = "loyaltysem responses extract study.yaml output/reproduce"
"""The command that writes them."""

MISSING = -99
"""Stands for a missing answer where there are no headings."""

NEED_MOMENTS = frozenset({"ML", "GLS", "ULS"})
"""Estimators that need no more than means and covariances."""

IN_LAVAAN = {"em": "two.stage", "mi": "listwise"}
"""lavaan's names of treatments of missing answers; without imputed copies nothing is missing."""


def from_moments(model: ModelResult) -> bool:
    """Tell whether a model can be fitted to the stored moments alone."""
    return model.moments is not None and model.estimator in NEED_MOMENTS


def has_means(model: ModelResult) -> bool:
    """Tell whether a model has intercepts or means among its parameters."""
    return any(row.op == "~1" for row in model.parameters)


def observed_exogenous(model: ModelResult) -> frozenset[str]:
    """Return the observed variables that nothing in the model explains; their moments are given."""
    latent = {row.lhs for row in model.parameters if row.op == "=~"}
    explained = {row.rhs for row in model.parameters if row.op == "=~"}
    explained |= {row.lhs for row in model.parameters if row.op == "~"}
    predictors = {row.rhs for row in model.parameters if row.op == "~"}
    return frozenset(predictors - latent - explained)


def is_given(row: ParameterRecord, exogenous: frozenset[str]) -> bool:
    """Tell whether a row holds a moment of observed exogenous variables, which is not estimated."""
    return (
        not row.free
        and row.op in {"~~", "~1"}
        and row.lhs in exogenous
        and row.rhs in exogenous | {""}
    )
