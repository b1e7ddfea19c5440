"""The rungs of the ladder: one level fitted and compared with the one below."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loyaltysem.estimation.conduct import conduct
from loyaltysem.structural.groups.levels import level_table
from loyaltysem.structural.groups.nested import nested_difference
from loyaltysem.structural.groups.verdicts import Change, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.comparison import Difference, DifferenceMethod
    from loyaltysem.structural.groups.levels import Design, Level
    from loyaltysem.structural.groups.release import Criterion
    from loyaltysem.structural.groups.verdicts import Verdict

Index = Literal["robust", "scaled", "standard"]

SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Chi-square, degrees of freedom, p, and the fit indices that are compared; NaN for none."""

    chisq: float
    df: float
    pvalue: float
    cfi: float
    rmsea: float
    srmr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung against the one below: the difference test and its method, changes, and verdict."""

    difference: Difference
    method: DifferenceMethod
    change: Change
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A level as it was fitted.

    ``released`` are the parameters that are not held equal, ``partial`` tells whether some were
    released to repair this level, ``step`` is None for the lowest rung.
    """

    level: Level
    fit: Fit
    indices: Indices
    released: tuple[str, ...]
    partial: bool = False
    step: Step | None = None

    def is_kept(self, criterion: Criterion) -> bool:
        """Tell whether the level holds by the criterion; the lowest does when it converged."""
        if self.step is None or not self.fit.converged:
            return self.fit.converged
        if criterion == "chisq":
            return not self.step.difference.pvalue < SIGNIFICANCE
        if criterion == "cfi":
            return self.step.verdict.cheung_rensvold
        return self.step.verdict.chen == "kept"

    def row(self) -> dict[str, object]:
        """Return the rung as a row of `Invariance.table`."""
        step = self.step
        of = self.indices
        return {
            "level": self.level.name,
            "partial": self.partial,
            "chisq": of.chisq,
            "df": of.df,
            "pvalue": of.pvalue,
            "cfi": of.cfi,
            "rmsea": of.rmsea,
            "srmr": of.srmr,
            "chisq_diff": step.difference.statistic if step else math.nan,
            "df_diff": step.difference.df if step else math.nan,
            "pvalue_diff": step.difference.pvalue if step else math.nan,
            "method": step.method if step else None,
            "delta_cfi": step.change.cfi if step else math.nan,
            "delta_rmsea": step.change.rmsea if step else math.nan,
            "delta_srmr": step.change.srmr if step else math.nan,
            "chen": step.verdict.chen if step else None,
            "cheung_rensvold": step.verdict.cheung_rensvold if step else None,
            "released": self.released,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The configural fit, whose sample serves all levels; their design; the indices compared."""

    fit: Fit
    design: Design
    index: Index


def fitted(sample: Fit, design: Design, level: Level, released: Sequence[str]) -> Fit:
    """Return the fit of a level to the sample of another fit."""
    return conduct(sample.problem.with_table(level_table(design, level, released)))


def shared_index(configural: Fit, design: Design, levels: Sequence[Level]) -> Index:
    """Return the kind of CFI and RMSEA that all levels have: robust before scaled before plain.

    Robust indices of ordinal data are not defined with equality constraints.
    """
    measures = configural.measures()
    if "cfi.robust" in measures and not (design.ordered and len(levels) > 1):
        return "robust"
    return "scaled" if "cfi.scaled" in measures else "standard"


def first_rung(sample: Sample, level: Level, released: tuple[str, ...]) -> Rung:
    """Return the configural rung."""
    indices = _indices(sample.fit, sample.index)
    return Rung(level=level, fit=sample.fit, indices=indices, released=released)


def climb(
    sample: Sample, level: Level, below: Rung, released: tuple[str, ...], *, partial: bool = False
) -> Rung:
    """Fit a level and compare it with the rung below."""
    fit = fitted(sample.fit, sample.design, level, released)
    indices = _indices(fit, sample.index)
    change = Change(
        cfi=indices.cfi - below.indices.cfi,
        rmsea=indices.rmsea - below.indices.rmsea,
        srmr=indices.srmr - below.indices.srmr,
    )
    difference, method = nested_difference(below.fit, fit)
    return Rung(
        level=level,
        fit=fit,
        indices=indices,
        released=released,
        partial=partial,
        step=Step(
            difference=difference,
            method=method,
            change=change,
            verdict=judge(level.name, change, fit.n),
        ),
    )


def _indices(fit: Fit, index: Index) -> Indices:
    measures = fit.measures()
    suffix = "" if index == "standard" else f".{index}"
    test = ".scaled" if "chisq.scaled" in measures else ""
    return Indices(
        chisq=measures.get(f"chisq{test}", math.nan),
        df=measures.get("df", math.nan),
        pvalue=measures.get(f"pvalue{test}", math.nan),
        cfi=measures.get(f"cfi{suffix}", math.nan),
        rmsea=measures.get(f"rmsea{suffix}", math.nan),
        srmr=measures.get("srmr", math.nan),
    )
