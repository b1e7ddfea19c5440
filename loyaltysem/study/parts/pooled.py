"""A model over imputed data sets: degrees of freedom and missing information by parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.results import PooledParameter, PooledResult
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from loyaltysem.estimation.imputation import ImputedFit


def _compute(material: Material, fitted: FittedModel) -> Found:  # noqa: ARG001 - a part's signature
    return Found(record=pooled_result(fitted.imputed) if fitted.imputed else None)


def pooled_result(found: ImputedFit) -> PooledResult:
    """Return the pooled results as a record; fixed parameters are left out."""
    table = found.estimates()
    columns = list(PooledParameter.model_fields)
    rows = table.loc[table["se"] > 0, columns].to_dict("records")
    test = plain_record(
        {
            "statistic": found.test.statistic,
            "df_error": found.test.df_error,
            "pvalue": found.test.pvalue,
            "chisq": found.test.chisq,
            "riv": found.test.riv,
        }
    )
    return PooledResult(
        n_datasets=found.n_datasets,
        n_used=len(found.used),
        test=found.test.method,
        df=found.test.df,
        parameters=tuple(PooledParameter(**plain_record(row)) for row in rows),
        **test,
    )


POOLED = ModelPart(
    field="pooled",
    step="Pooling imputed data sets",
    wanted=lambda plan: plan.definition.missing_answers.method == "mi",
    compute=_compute,
)
