"""A model as a script for semopy (Python)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.scripts.needs import (
    from_moments,
    has_means,
    is_given,
    observed_exogenous,
)

if TYPE_CHECKING:
    from loyaltysem.results import ModelResult, ParameterRecord

OBJECTIVES = {"ML": "MLW", "GLS": "GLS", "ULS": "ULS"}
OPERATORS = frozenset({"=~", "~", "~~"})

WHOLE = """\
print(model.inspect(std_est=True).to_string())
print(semopy.calc_stats(model).T)
"""
CHI_SQUARE = """\
# semopy counts the given variances of observed predictors among its degrees of freedom.
print(model.inspect(std_est=True).to_string())
print("chi-square", n * model.last_result.fun)
"""
LEAST_SQUARES = """\
# semopy's standard errors and indices hold for maximum likelihood alone.
print(model.inspect(std_est=True)[["lval", "op", "rval", "Estimate", "Est. Std"]].to_string())
print("chi-square", (n - 1) / 2 * model.last_result.fun)
"""


def semopy_script(model: ModelResult, stem: str) -> str:
    """Return a Python script that fits a model in semopy, or nothing where semopy cannot.

    semopy knows no groups, no means here, no defined parameters and no robust tests, and takes
    very long over incomplete answers; its default tolerance stops too early, so that it is told
    to go on.
    """
    if model.moments is None or not from_moments(model) or not _possible(model):
        return ""
    lines = "\n".join(_lines(model))
    biased = " * (n - 1) / n" if model.estimator == "ML" else ""
    return "\n".join(
        [
            "import pandas as pd",
            "import semopy",
            "",
            f'model = semopy.Model("""\n{lines}\n""")',
            f'covariance = pd.read_csv("{stem}.covariance.csv", index_col=0)',
            f"n = {model.moments.n}",
            f"model.load(None, cov=covariance{biased}, n_samples=n)",
            'patience = {"ftol": 1e-14, "maxiter": 1000}',
            f'model.fit(obj="{OBJECTIVES[model.estimator]}", options=patience)',
            _printing(model),
        ]
    )


def _printing(model: ModelResult) -> str:
    """Return the lines that print what semopy gets right."""
    if model.estimator != "ML":
        return LEAST_SQUARES
    return CHI_SQUARE if observed_exogenous(model) else WHOLE


def _possible(model: ModelResult) -> bool:
    one_group = len({row.group for row in model.parameters if row.group}) <= 1
    plain = all(row.op in OPERATORS | {":="} for row in model.parameters)
    named = all(part.isidentifier() for row in model.parameters for part in _names(row))
    return one_group and plain and named and not has_means(model)


def _names(row: ParameterRecord) -> tuple[str, ...]:
    return (row.lhs, row.rhs) if row.op in OPERATORS else ()


def _told(row: ParameterRecord) -> bool:
    """Tell whether semopy must be told of a row; free variances it adds itself."""
    return not (row.op == "~~" and row.lhs == row.rhs and row.free)


def _lines(model: ModelResult) -> list[str]:
    """Return the model in semopy's syntax, a line for each left-hand side and operator."""
    exogenous = observed_exogenous(model)
    terms: dict[tuple[str, str], list[str]] = {}
    for row in model.parameters:
        if row.op in OPERATORS and _told(row) and not is_given(row, exogenous):
            terms.setdefault((row.lhs, row.op), []).append(_term(row))
    return [f"{name} {op} {' + '.join(parts)}" for (name, op), parts in terms.items()]


def _term(row: ParameterRecord) -> str:
    label = f"{row.label}*" if row.label.isidentifier() else ""
    return f"{label if row.free else f'{row.est:.12g}*'}{row.rhs}"
