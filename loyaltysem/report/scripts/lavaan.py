"""A model as a script for lavaan (R)."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from loyaltysem.errors import ModelSyntaxError
from loyaltysem.report.scripts.needs import (
    ANSWERS_CSV,
    EXTRACT,
    IN_LAVAAN,
    from_moments,
    has_means,
)
from loyaltysem.structural.specifications import CATEGORICAL
from loyaltysem.syntax import parse_model

if TYPE_CHECKING:
    from loyaltysem.results import ModelResult

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Characters that one program takes for the end of a line, and of a comment, and another not."""

WORD = re.compile(r"[A-Za-z]+")

ANSWERS = f"""\
# The answers as they were analysed: the respondents kept, reverse items recoded.
if (!file.exists("{ANSWERS_CSV}")) stop("First: {EXTRACT}")
answers <- read.csv("{ANSWERS_CSV}", check.names = FALSE)
"""


def lavaan_script(model: ModelResult, stem: str) -> str:
    """Return an R script that fits a model in lavaan, or nothing after multiple imputation.

    It reads the covariance matrix where the estimator needs no more, else the analysed answers.
    lavaan evaluates what stands in a modifier, as R code: stored results that another program wrote
    have no script if their model is none by our own reading.
    """
    if model.pooled is not None or not _is_plain(model):
        return ""
    return "\n".join(
        [
            "library(lavaan)",
            "",
            f"model <- {raw_string(CONTROLS.sub(' ', model.syntax).strip())}",
            "",
            *(_covariance(model, stem) if from_moments(model) else _answers(model)),
            "summary(fit, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)",
            "modificationIndices(fit, sort. = TRUE, maximum.number = 20)",
            'residuals(fit, type = "cor")',
            "",
        ]
    )


def _is_plain(model: ModelResult) -> bool:
    """Tell whether nothing in a model is code."""
    try:
        parse_model(model.syntax)
    except ModelSyntaxError:
        return False
    return all(WORD.fullmatch(one) for one in (model.estimator, model.missing))


def raw_string(text: str) -> str:
    """Return text as a raw string of R (4.0), whatever quotes and brackets it holds."""
    dashes = "-"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}(\n{text}\n){dashes}"'


def _covariance(model: ModelResult, stem: str) -> list[str]:
    n = model.moments.n if model.moments else model.n
    file = f'"{stem}.covariance.csv"'
    means = _means(model) if has_means(model) else []
    return [
        f"covariance <- as.matrix(read.csv({file}, row.names = 1, check.names = FALSE))",
        *means,
        f"fit <- sem(model, sample.cov = covariance,{' sample.mean = means,' if means else ''}",
        f'           sample.nobs = {n}, estimator = "{model.estimator}")',
    ]


def _means(model: ModelResult) -> list[str]:
    """Return the means of the observed variables in the order of the matrix."""
    values = model.moments.means if model.moments else ()
    text = f"means <- c({', '.join(f'{value:.12g}' for value in values)})"
    return textwrap.wrap(text, 90, subsequent_indent="           ")


def _answers(model: ModelResult) -> list[str]:
    ordered = ", ordered = TRUE" if model.estimator in CATEGORICAL else ""
    rule = IN_LAVAAN.get(model.missing, model.missing)
    missing = "" if rule == "listwise" else f', missing = "{rule}"'
    call = f'sem(model, data = answers, estimator = "{model.estimator}"{ordered}{missing})'
    return [ANSWERS + f"fit <- {call}"]
