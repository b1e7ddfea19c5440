"""A model as a script for lavaan (R)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.structural.specifications import CATEGORICAL

if TYPE_CHECKING:
    from loyaltysem.results import ModelResult

FROM_MOMENTS = frozenset({"ML", "GLS", "ULS"})
"""Estimators that need no more than the covariance matrix."""

ANSWERS = """\
# The answers as they were analysed: the respondents kept, reverse items recoded.
answers <- read.csv("answers.csv")
"""


def lavaan_script(model: ModelResult, stem: str) -> str:
    """Return an R script that fits a model in lavaan.

    It reads the covariance matrix where the estimator needs no more, else the analysed answers.
    """
    from_moments = model.moments is not None and model.estimator in FROM_MOMENTS
    return "\n".join(
        [
            "library(lavaan)",
            "",
            f"model <- {raw_string(model.syntax.strip())}",
            "",
            *(_covariance(model, stem) if from_moments else _answers(model)),
            "summary(fit, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)",
            "modificationIndices(fit, sort. = TRUE, maximum.number = 20)",
            'residuals(fit, type = "cor")',
            "",
        ]
    )


def raw_string(text: str) -> str:
    """Return text as a raw string of R (4.0), whatever quotes and brackets it holds."""
    dashes = "-"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}(\n{text}\n){dashes}"'


def _covariance(model: ModelResult, stem: str) -> list[str]:
    n = model.moments.n if model.moments else model.n
    return [
        f'covariance <- as.matrix(read.csv("{stem}.covariance.csv", row.names = 1))',
        "fit <- sem(model, sample.cov = covariance,",
        f'           sample.nobs = {n}, estimator = "{model.estimator}")',
    ]


def _answers(model: ModelResult) -> list[str]:
    ordered = ", ordered = TRUE" if model.estimator in CATEGORICAL else ""
    missing = "" if model.missing == "listwise" else f', missing = "{model.missing}"'
    call = f'sem(model, data = answers, estimator = "{model.estimator}"{ordered}{missing})'
    return [ANSWERS + f"fit <- {call}"]
