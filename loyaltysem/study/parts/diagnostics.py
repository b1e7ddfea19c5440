"""Local fit of one model: modification indices and residual correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError
from loyaltysem.results import (
    DiagnosticsResult,
    LargeResidual,
    ModificationRecord,
    ModificationResult,
    ResidualsRecord,
)
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.residuals import ResidualKind

SHOWN = 20
"""Modification indices and residuals that are kept, the largest first."""

MI_LIMIT = 3.841458820694124
"""The 95 % point of chi-square with one degree of freedom."""

RESIDUAL_LIMIT = 0.1
"""Residual correlations beyond it deserve a look (Kline 2016, p. 240)."""


def _compute(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    return Found(record=diagnostics(fitted.fit) if fitted.fit.converged else None)


def diagnostics(fitted: Fit) -> DiagnosticsResult:
    """Return where a fitted model misses the data; empty parts where that is not defined."""
    raw = _frames(fitted, "cor.bollen")
    residuals = [_residuals(label, k, one) for k, (label, one) in enumerate(raw.items(), start=1)]
    return DiagnosticsResult(
        modification=_modification(fitted),
        residuals=tuple(residuals),
        largest=_largest(fitted, raw),
    )


def _frames(fitted: Fit, kind: ResidualKind) -> dict[str, pd.DataFrame]:
    """Return the residuals of each group, none where the kind has no definition."""
    try:
        found = fitted.residuals(kind)
    except EstimationError:
        return {}
    return {label: group["cov"] for label, group in found.items()}  # type: ignore[misc]


def _modification(fitted: Fit) -> ModificationResult | None:
    try:
        frame = fitted.modification_indices()
    except EstimationError:
        return None
    frame = frame[np.isfinite(frame["mi"])]
    columns = list(ModificationRecord.model_fields)
    rows = frame.head(SHOWN)[columns].to_dict("records")
    return ModificationResult(
        n=len(frame),
        n_above=int((frame["mi"] > MI_LIMIT).sum()),
        limit=MI_LIMIT,
        rows=tuple(ModificationRecord(**plain_record(row)) for row in rows),
    )


def _residuals(label: str, group: int, frame: pd.DataFrame) -> ResidualsRecord:
    values = frame.to_numpy()
    below = values[np.tril_indices(len(values), -1)]
    return ResidualsRecord(
        group=group,
        label=label,
        variables=tuple(map(str, frame.columns)),
        lower=tuple(
            tuple(_finite(value) for value in row[: place + 1]) for place, row in enumerate(values)
        ),
        limit=RESIDUAL_LIMIT,
        n_large=int((np.abs(below) > RESIDUAL_LIMIT).sum()),
        n_pairs=len(below),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _largest(fitted: Fit, raw: dict[str, pd.DataFrame]) -> tuple[LargeResidual, ...]:
    """Return the largest residual correlations of all groups, the largest first."""
    normalized = _frames(fitted, "normalized")
    standardized = _frames(fitted, "standardized")
    rows = [
        LargeResidual(
            first=str(frame.columns[j]),
            second=str(frame.columns[i]),
            group=group,
            residual=float(frame.to_numpy()[i, j]),
            normalized=_value(normalized.get(label), i, j),
            standardized=_value(standardized.get(label), i, j),
        )
        for group, (label, frame) in enumerate(raw.items(), start=1)
        for i, j in _largest_pairs(frame)
    ]
    return tuple(sorted(rows, key=lambda one: -abs(one.residual))[:SHOWN])


def _value(frame: pd.DataFrame | None, i: int, j: int) -> float | None:
    return None if frame is None else _finite(frame.to_numpy()[i, j])


def _largest_pairs(frame: pd.DataFrame) -> list[tuple[int, int]]:
    sizes = np.abs(np.tril(np.nan_to_num(frame.to_numpy()), -1))
    order = np.argsort(-sizes, axis=None, kind="stable")[:SHOWN]
    rows, columns = np.unravel_index(order, sizes.shape)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if i > j]


DIAGNOSTICS = ModelPart(
    field="diagnostics",
    step="Looking for local misfit",
    wanted=lambda plan: "model" in plan.definition.analyses,
    compute=_compute,
)
