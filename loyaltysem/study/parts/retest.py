"""Test-retest reliability of construct scores over two waves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.errors import LoyaltysemError, Notice, StudyError
from loyaltysem.measurement.retest import retest_reliability
from loyaltysem.results import RetestResult
from loyaltysem.study.parts.constructs import analysed_constructs
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.study.plan import Plan


def _compute(material: Material) -> Found:
    plan = material.plan
    wanted = plan.definition.retest
    if wanted is None:
        return Found(record=())
    second = plan.responses(plan.folder / wanted.data)
    return repeated(material.responses.answers, second.answers, analysed_constructs(material))


def repeated(
    first: pd.DataFrame, second: pd.DataFrame, constructs: Mapping[str, list[str]]
) -> Found:
    """Return the agreement of two waves of answers, joined by the respondents' ids (the index)."""
    records, notices = [], []
    for code, items in constructs.items():
        waves = pd.concat(
            [one[items].mean(axis=1, skipna=False) for one in (first, second)], axis=1
        )
        waves.columns = pd.Index(["first", "second"])
        try:
            found = retest_reliability(waves)
        except LoyaltysemError as fault:
            text = f"No test-retest reliability of '{code}': {fault}"
            notices.append(Notice("no_retest", text, {"construct": code, "why": str(fault)}))
            continue
        records.append(
            RetestResult(
                construct_code=code,
                n=found.n,
                agreement=found.agreement,
                agreement_ci=found.agreement_ci,
                consistency=found.consistency,
                consistency_ci=found.consistency_ci,
                pvalue=found.pvalue,
            )
        )
    return Found(record=tuple(records), notices=notice_records(notices))


def _check(plan: Plan) -> None:
    """Refuse a second wave that does not exist."""
    wanted = plan.definition.retest
    if wanted and not (plan.folder / wanted.data).is_file():
        raise StudyError(
            f"The data file '{wanted.data}' of the second wave does not exist",
            place=plan.definition.place("retest", "data"),
            remedy=f"Paths are read from the folder of the study, '{plan.folder.name}'.",
        )


RETEST = StudyPart(
    field="retest",
    step="Test-retest reliability",
    wanted=lambda plan: plan.definition.retest is not None,
    compute=_compute,
    check=_check,
)
