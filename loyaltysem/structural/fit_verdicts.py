"""Fit measures against the cut-offs of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.measurement.cutoffs import Cutoff

_CORRECTED = (".robust", ".scaled", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FitVerdict:
    """One fit measure and its cut-off; ``index`` is lavaan's name of the value compared."""

    index: str
    value: float
    cutoff: Cutoff
    met: bool


def judge_fit(
    measures: Mapping[str, float | None], cutoffs: Iterable[Cutoff]
) -> tuple[FitVerdict, ...]:
    """Compare fit measures with cut-offs, in the order of the cut-offs.

    Where the estimator corrects for non-normality the corrected value is compared: ``robust``
    before ``scaled`` before plain (Brosseau-Liard & Savalei 2014). ``chisq_df`` is the chi-square
    divided by its degrees of freedom. Measures that the estimator does not give, and cut-offs of
    other quantities, are passed over.
    """
    return tuple(verdict for cutoff in cutoffs if (verdict := _judge_one(measures, cutoff)))


def _judge_one(measures: Mapping[str, float | None], cutoff: Cutoff) -> FitVerdict | None:
    for suffix in _CORRECTED:
        value = _value(measures, cutoff.quantity, suffix)
        if value is not None:
            index = cutoff.quantity + suffix
            return FitVerdict(index=index, value=value, cutoff=cutoff, met=cutoff.met_by(value))
    return None


def _value(measures: Mapping[str, float | None], quantity: str, suffix: str) -> float | None:
    if quantity != "chisq_df":
        return measures.get(quantity + suffix)
    chisq, df = measures.get("chisq" + suffix), measures.get("df" + suffix)
    return chisq / df if chisq is not None and df else None
