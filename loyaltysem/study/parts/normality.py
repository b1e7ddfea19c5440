"""Whether the items of a study's models are jointly normal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.normality import (
    distance_quantiles,
    henze_zirkler,
    mahalanobis,
    mardia,
)
from loyaltysem.results import NormalityResult
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.parts.treatment import model_items, varying
from loyaltysem.study.plain import notice_records, reason_facts

if TYPE_CHECKING:
    import pandas as pd

MOST_FOR_HENZE_ZIRKLER = 3000
"""Its cost grows with the square of the respondents."""

OUTLIER_PVALUE = 0.001


def _compute(material: Material) -> Found:
    answers = material.responses.answers[model_items(material.plan)]
    try:
        return Found(record=normality_result(answers[varying(answers)]))
    except LoyaltysemError as fault:
        text = f"Multivariate normality could not be tested: {fault}"
        notice = Notice("no_normality_test", text, reason_facts(fault))
        return Found(notices=notice_records([notice]))


def normality_result(answers: pd.DataFrame) -> NormalityResult:
    """Return the tests of multivariate normality of items that vary (one column each).

    Raises
    ------
    ResponsesError, EstimationError
        There are too few complete respondents, or items depend on one another.
    """
    found = mardia(answers)
    joint = henze_zirkler(answers) if found.n <= MOST_FOR_HENZE_ZIRKLER else None
    expected, observed = distance_quantiles(answers)
    p = answers.shape[1]
    return NormalityResult(
        n=found.n,
        n_items=p,
        skewness=found.skewness,
        skewness_chisq=found.skewness_chisq,
        skewness_df=found.df,
        skewness_pvalue=found.skewness_pvalue,
        kurtosis=found.kurtosis,
        kurtosis_expected=float(p * (p + 2)),
        kurtosis_z=found.kurtosis_z,
        kurtosis_pvalue=found.kurtosis_pvalue,
        henze_zirkler=joint.statistic if joint else None,
        henze_zirkler_pvalue=joint.pvalue if joint else None,
        n_outliers=int((mahalanobis(answers)["pvalue"] < OUTLIER_PVALUE).sum()),
        expected=tuple(map(float, expected)),
        observed=tuple(map(float, observed)),
    )


NORMALITY = StudyPart(
    field="normality",
    step="Multivariate normality",
    wanted=lambda plan: "normality" in plan.definition.analyses,
    compute=_compute,
)
