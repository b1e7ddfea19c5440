"""One model fitted again by the second engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.replication import WHY, replicate_in_semopy
from loyaltysem.results import ReplicatedIndex, ReplicationResult
from loyaltysem.results.diagnostics import State
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.study.plan import Plan


def _compute(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    return Found(record=replication(fitted.fit) if fitted.fit.converged else None)


def replication(fitted: Fit) -> ReplicationResult:
    """Return how far semopy agrees with a fit, or why it cannot fit the model."""
    try:
        table = replicate_in_semopy(fitted)
    except EstimationError as fault:
        return ReplicationResult(state="impossible", reason=str(fault))
    parameters, indices = (table[table["kind"] == kind] for kind in ("parameter", "index"))
    sizes = np.abs(parameters["in_se"].to_numpy(float))
    known = bool(np.isfinite(sizes).any())
    return ReplicationResult(
        state=_state(parameters),
        n_parameters=len(parameters),
        n_agreeing=int(parameters["agrees"].sum()),
        largest_difference=float(np.nanmax(sizes)) if known else None,
        parameter=str(parameters["name"].iloc[int(np.nanargmax(sizes))]) if known else "",
        indices=tuple(_index(row) for row in indices.to_dict("records")),
    )


def _state(parameters: pd.DataFrame) -> State:
    differing = parameters[~parameters["agrees"]]
    if differing.empty:
        return "agrees"
    reason = differing["reason"].iloc[0]
    return next(state for state in get_args(State) if WHY.get(state) == reason)


def _index(row: dict[Hashable, Any]) -> ReplicatedIndex:
    values = plain_record({"native": row["native"], "other": row["semopy"]})
    return ReplicatedIndex(index=str(row["name"]), agrees=bool(row["agrees"]), **values)


def _wanted(plan: Plan) -> bool:
    return plan.definition.robustness.second_engine and "model" in plan.definition.analyses


REPLICATION = ModelPart(
    field="replication",
    step="Fitting again with semopy",
    wanted=_wanted,
    compute=_compute,
)
