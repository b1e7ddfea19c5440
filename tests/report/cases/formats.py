"""Studies judged by another profile, or by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def studies(make: Any) -> Iterator[Any]:
    thesis = make.verdict("cfi", 0.93, ">", 0.9)
    good = thesis.model_copy(update={"profile": "strict"})
    missed = good.model_copy(update={"met": False})
    other = missed.model_copy(update={"index": "tli"})
    weaker = thesis.model_copy(update={"met": False, "tolerated": 0.8})
    sourced = weaker.model_copy(update={"index": "tli", "tolerated_source": "Oliver (1999)"})
    for profile, verdicts in (
        ("thesis", (weaker, good)),
        ("thesis", (weaker, sourced)),
        ("strict", (good,)),
        ("strict", (missed,)),
        ("strict", (missed, good)),
        ("strict", (good.model_copy(update={"met": None}),)),
        ("both", (thesis, missed, other)),
        ("both", (thesis.model_copy(update={"met": False}), good, missed)),
    ):
        study = make.study().study.model_copy(update={"profile": profile})
        yield make.study(study=study, models=(make.model(verdicts=verdicts),))
