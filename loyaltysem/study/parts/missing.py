"""What is missing, whether at random, and what was done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.missingness import little_mcar, missingness
from loyaltysem.results import (
    ImputationRecord,
    LittleRecord,
    MissingItem,
    MissingPattern,
    MissingResult,
)
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.parts.treatment import check_treatment, model_items, varying
from loyaltysem.study.plain import notice_records, reason_facts

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.measurement.missingness import Missingness
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.missing import MissingMethod

MOST_PATTERNS = 500


def _wanted(plan: Plan) -> bool:
    definition = plan.definition
    return "missing" in definition.analyses or definition.missing_answers.method != "listwise"


def _compute(material: Material) -> Found:
    screening = material.screening
    responses = screening.kept if screening else material.responses
    answers = responses.answers[model_items(material.plan)]
    record, notices = missing_result(answers, material.plan.definition.missing_answers.method)
    if material.imputations is not None:
        notices += material.imputations.notices
    update = {"imputation": _imputation(material)}
    return Found(record=record.model_copy(update=update), notices=notice_records(notices))


def missing_result(
    answers: pd.DataFrame, method: MissingMethod
) -> tuple[MissingResult, list[Notice]]:
    """Return the account of missing answers (one column per item), and what speaks against it."""
    found = missingness(answers)
    n_missing = int(found.items["n_missing"].sum())
    little, notices = _little(answers) if n_missing else (None, [])
    lacking, respondents = np.unique(found.respondents["n_missing"], return_counts=True)
    record = MissingResult(
        method=method,
        n=found.n,
        n_complete=found.n_complete,
        n_items=answers.shape[1],
        n_missing=n_missing,
        share=n_missing / answers.size if answers.size else 0.0,
        items=tuple(
            MissingItem(code=str(code), n_missing=int(row["n_missing"]), share=float(row["share"]))
            for code, row in found.items.iterrows()
        ),
        respondents=dict(zip(lacking.tolist(), respondents.tolist(), strict=True)),
        n_patterns=len(found.patterns),
        patterns=_patterns(found),
        little=little,
    )
    return record, notices


def _patterns(found: Missingness) -> tuple[MissingPattern, ...]:
    """Return the most frequent patterns, those of equally many in the order of their items."""
    table = found.patterns
    rows = [
        (int(row.pop("n")), tuple(str(code) for code, answered in row.items() if not answered))
        for row in table.to_dict("records")
    ]
    order = {name: k for k, name in enumerate(table.columns)}
    rows.sort(key=lambda row: (-row[0], len(row[1]), [order[code] for code in row[1]]))
    return tuple(MissingPattern(n=n, missing=codes) for n, codes in rows[:MOST_PATTERNS])


def _little(answers: pd.DataFrame) -> tuple[LittleRecord | None, list[Notice]]:
    """Return Little's test, or say why there is none."""
    try:
        test = little_mcar(answers[varying(answers)])
    except LoyaltysemError as fault:
        text = f"Little's test could not be computed: {fault}"
        return None, [Notice("no_little_test", text, reason_facts(fault))]
    record = LittleRecord(
        chisq=test.chisq, df=test.df, pvalue=test.pvalue, n_patterns=test.n_patterns
    )
    return record, list(test.notices)


def _imputation(material: Material) -> ImputationRecord | None:
    copies, plan = material.imputations, material.plan
    if copies is None:
        return None
    items = [code for code in model_items(plan) if code in copies.variables]
    gaps = material.responses.answers[items].isna()
    return ImputationRecord(
        datasets=len(copies),
        steps=copies.steps,
        seed=copies.seed,
        n_cells=int(gaps.to_numpy().sum()),
        n_respondents=int(gaps.any(axis=1).sum()),
        test=plan.definition.missing_answers.test,
    )


MISSING = StudyPart(
    field="missing",
    step="Missing answers",
    wanted=_wanted,
    compute=_compute,
    check=check_treatment,
)
