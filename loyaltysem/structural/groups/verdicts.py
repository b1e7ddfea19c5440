"""Whether a level of invariance holds: cut-offs for the change of fit indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from loyaltysem.structural.groups.levels import LevelName

Outcome = Literal["kept", "mixed", "broken"]
"""``kept``: CFI falls by less than its cut-off; ``broken``: it falls by more and RMSEA or SRMR rise
beyond theirs; ``mixed``: it falls by more, but neither of the others confirms it. Only ``kept``
lets a level pass."""

SampleKind = Literal["large", "small"]

SMALL_SAMPLE = 300
"""Total number of respondents up to which Chen's stricter cut-offs are used."""

CHEUNG_RENSVOLD = 0.010


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """How much CFI may fall, and RMSEA and SRMR may rise."""

    cfi: float
    rmsea: float
    srmr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Change of the fit indices from one level to the next."""

    cfi: float
    rmsea: float
    srmr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the change of fit says of a level.

    ``sample`` tells which of Chen's two sets of cut-offs ``chen`` rests on, ``cutoffs`` which these
    are, ``chen_other`` what the other set would say; ``cheung_rensvold`` whether CFI falls by no
    more than .010 (Cheung & Rensvold 2002).
    """

    sample: SampleKind
    cutoffs: Cutoffs
    chen: Outcome
    chen_other: Outcome
    cheung_rensvold: bool


def chen_cutoffs(level: LevelName, sample: SampleKind) -> Cutoffs:
    """Return the cut-offs of Chen (2007, p. 501).

    The ``large`` set was found for more than 300 respondents in groups of equal size, the ``small``
    one for up to 300 in groups of unequal size. Loadings have a wider margin of SRMR than the other
    parameters.
    """
    loadings = level == "metric"
    if sample == "large":
        return Cutoffs(cfi=0.010, rmsea=0.015, srmr=0.030 if loadings else 0.010)
    return Cutoffs(cfi=0.005, rmsea=0.010, srmr=0.025 if loadings else 0.005)


def judge(level: LevelName, change: Change, n: int) -> Verdict:
    """Return the verdict on a level from the change of fit and the total number of respondents."""
    sample: SampleKind = "small" if n <= SMALL_SAMPLE else "large"
    cutoffs = chen_cutoffs(level, sample)
    other = chen_cutoffs(level, "large" if sample == "small" else "small")
    return Verdict(
        sample=sample,
        cutoffs=cutoffs,
        chen=_outcome(change, cutoffs),
        chen_other=_outcome(change, other),
        cheung_rensvold=change.cfi >= -CHEUNG_RENSVOLD,
    )


def _outcome(change: Change, cutoffs: Cutoffs) -> Outcome:
    if change.cfi > -cutoffs.cfi:
        return "kept"
    confirmed = change.rmsea >= cutoffs.rmsea or change.srmr >= cutoffs.srmr
    return "broken" if confirmed else "mixed"
