"""Studies with other specifications that together need every sentence about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    PathStabilityRecord,
    RobustnessResult,
    SpecificationEstimate,
    SpecificationRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.results import StudyResults


def specification(**changes: Any) -> SpecificationRecord:
    """Return the main analysis of two paths, or another one."""
    facts: dict[str, Any] = {
        "estimator": "ML",
        "gaps": "listwise",
        "respondents": "analysed",
        "items": "all",
        "controls": "with",
        "main": False,
        "status": "fitted",
        "reason": "",
        "n": 387,
        "cfi": 0.9712,
        "rmsea": 0.0431,
        "srmr": 0.0512,
        "paths": (_estimate("trust", 0.4213), _estimate("price", -0.0312)),
    }
    return SpecificationRecord(**facts | changes)


def _estimate(predictor: str, est: float) -> SpecificationEstimate:
    return SpecificationEstimate(
        outcome="loyalty",
        predictor=predictor,
        est=est,
        se=0.0511,
        pvalue=0.0123,
        ci_lower=est - 0.1,
        ci_upper=est + 0.1,
    )


def stability(predictor: str, **changes: Any) -> PathStabilityRecord:
    """Return a stable path, or another one."""
    facts: dict[str, Any] = {
        "outcome": "loyalty",
        "predictor": predictor,
        "n": 4,
        "main": 0.4213,
        "median": 0.4187,
        "lowest": 0.3911,
        "highest": 0.4498,
        "n_same_sign": 4,
        "n_significant": 4,
        "stable": True,
        "drawn": True,
    }
    return PathStabilityRecord(**facts | changes)


MANY = (
    specification(main=True),
    specification(estimator="WLSMV", gaps="available", respondents="attentive"),
    specification(items="without_weakest", controls="without", status="improper"),
    specification(
        estimator="MLR", status="not_converged", n=0, cfi=None, rmsea=None, srmr=None, paths=()
    ),
    specification(
        estimator="GLS",
        status="refused",
        reason="No.",
        n=0,
        cfi=None,
        rmsea=None,
        srmr=None,
        paths=(),
    ),
)


def found(**changes: Any) -> RobustnessResult:
    """Return specifications that differ in everything, with one path that depends on them."""
    facts: dict[str, Any] = {
        "specifications": MANY,
        "stability": (
            stability("trust"),
            stability("price", stable=False, n_same_sign=2, n_significant=1),
        ),
        "weakest": ("t1",),
        "controls": ("price",),
        "n_careless": 9,
    }
    return RobustnessResult(**facts | changes)


def studies(make: Any) -> Iterator[StudyResults]:
    """Yield studies with all decisions varied and with one, unstable paths and none."""
    unstable = (stability("price", stable=False, main=None), stability("trust", stable=False))
    one = specification(estimator="MLR")
    cases = (
        found(),
        found(stability=unstable, specifications=(*MANY[:2], MANY[3])),
        found(specifications=(MANY[0], one), stability=(stability("trust"),)),
    )
    for case in cases:
        yield make.study(models=(make.model(robustness=case),))
