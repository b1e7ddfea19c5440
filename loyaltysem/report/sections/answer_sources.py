"""The works that the sections on the answers cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.sections.pooled import POOLED_TESTS

if TYPE_CHECKING:
    from loyaltysem.results import StudyResults

TREATMENTS = {
    "fiml": ["Enders & Bandalos (2001)"],
    "em": ["Savalei & Bentler (2009)"],
    "mi": ["Rubin (1987)", "Schafer (1997)"],
}


def answer_sources(results: StudyResults) -> list[str]:
    """Return the works behind careless answering, missing answers, normality and pooling."""
    sources: list[str] = []
    if results.careless:
        sources += ["Meade & Craig (2012)", "Curran (2016)"]
    if results.normality:
        sources += ["Mardia (1970)", "Henze & Zirkler (1990)"]
    if results.missing and results.missing.n_missing:
        sources += TREATMENTS.get(results.missing.method, [])
        sources += ["Little (1988)"] if results.missing.little else []
    for model in results.models:
        if model.pooled:
            sources += [POOLED_TESTS[model.pooled.test], "Barnard & Rubin (1999)"]
    return sources
