"""Score tests of equality constraints, and Wald tests of further ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.chisquare import chisq_pvalue
from loyaltysem.estimation.information import require_vcov
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.table import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]

RANK = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTests:
    """Score tests of releasing a model's equality constraints.

    ``total`` has one row: all of them at once; ``univariate`` one row per constraint (``lhs, op,
    rhs``), each released alone. Columns ``chisq``, ``df``, ``pvalue``.
    """

    total: pd.DataFrame
    univariate: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest:
    """A Wald test that all ``constraints`` hold."""

    constraints: tuple[str, ...]
    statistic: float
    df: int
    pvalue: float | None


def score_tests(fit: Fit) -> ScoreTests:
    """Return the score tests of releasing the model's equality constraints.

    N g' P g with g the gradient and P the inverse of the expected information, bordered by the
    constraints that stay (Silvey 1959; lavaan's ``lavTestScore``).

    Raises
    ------
    EstimationError
        The model has no equality constraints, or has inequalities.
    """
    rows = [row for row in fit.table.rows if row.op == "=="]
    constraints = fit.problem.constraints
    if not rows:
        raise EstimationError("The model has no equality constraints to release")
    if len(constraints.inequalities):
        raise EstimationError("Score tests are not defined for models with < or > constraints")
    information = fit.problem.score_information(fit.point)
    gradient = fit.point.gradient()
    slopes = constraints.equalities.jacobian(fit.theta)
    statistics = [
        _score_statistic(fit.n, gradient, information, np.delete(slopes, k, axis=0))
        for k in range(len(slopes))
    ]
    total = _score_statistic(fit.n, gradient, information, slopes[:0])
    descriptors: dict[str, list[str]] = {
        "lhs": [row.lhs for row in rows],
        "op": ["=="] * len(rows),
        "rhs": [row.rhs for row in rows],
    }
    return ScoreTests(
        total=_tests_frame({}, [total], len(slopes)),
        univariate=_tests_frame(descriptors, statistics, 1),
    )


def _score_statistic(n: int, gradient: Array, information: Array, kept: Array) -> float:
    """Return N g' P g, computed with every parameter in units of its information."""
    units = np.sqrt(np.maximum(np.diagonal(information), np.finfo(float).tiny))
    slopes = kept / units
    slopes /= np.linalg.norm(slopes, axis=1, keepdims=True)
    scaled = information / np.outer(units, units)
    bordered = np.block([[scaled, slopes.T], [slopes, np.zeros((len(kept), len(kept)))]])
    q = len(gradient)
    inverse = np.linalg.pinv(bordered, rcond=RANK, hermitian=True)[:q, :q]
    pull = gradient / units
    return float(n * pull @ inverse @ pull)


def _tests_frame(
    descriptors: dict[str, list[str]], statistics: Sequence[float], df: int
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **descriptors,
            "chisq": list(statistics),
            "df": df,
            "pvalue": [chisq_pvalue(statistic, df) for statistic in statistics],
        }
    )


def wald_test(fit: Fit, constraints: str | Sequence[str]) -> WaldTest:
    """Return the Wald test that the ``constraints`` hold in the population.

    Parameters
    ----------
    fit
        A fit with a covariance matrix of the estimates; a robust one makes the test robust.
    constraints
        One or more equations in the labels of the model, as ``"b1 == b2"`` or ``"a*b == 0"``; in
        one text they stand on lines of their own.

    Raises
    ------
    EstimationError
        A text is no equation, the constraints depend on each other, or the fit has no covariance
        matrix of the estimates.
    ModelSpecificationError
        A label is unknown.

    Notes
    -----
    h' (H V H')^-1 h with h the left minus right sides and H their derivatives (Wald 1943; lavaan's
    ``lavTestWald``).
    """
    texts = constraints.splitlines() if isinstance(constraints, str) else list(constraints)
    texts = [text.strip() for text in texts if text.strip()]
    rows = [_equation(text, k) for k, text in enumerate(texts, start=len(fit.table.rows) + 1)]
    kept = tuple(row for row in fit.table.rows if row.op not in {"==", "<", ">"})
    equations = find_constraints(replace(fit.table, rows=(*kept, *rows))).equalities
    values, slopes = equations.evaluate(fit.theta), equations.jacobian(fit.theta)
    spread = slopes @ require_vcov(fit) @ slopes.T
    if np.linalg.matrix_rank(spread, hermitian=True) < len(values):
        raise EstimationError(
            "The constraints of the Wald test depend on each other or hold already",
            found="; ".join(texts),
        )
    statistic = float(values @ np.linalg.solve(spread, values))
    return WaldTest(
        constraints=tuple(texts),
        statistic=statistic,
        df=len(values),
        pvalue=chisq_pvalue(statistic, len(values)),
    )


def _equation(text: str, number: int) -> Parameter:
    sides = text.split("==")
    if len(sides) != 2 or not all(side.strip() for side in sides):
        raise EstimationError(
            "A Wald test needs equations", found=f"'{text}'", expected="for instance b1 == b2"
        )
    return Parameter(
        id=number, lhs=sides[0].strip(), op="==", rhs=sides[1].strip(), group=0, user=1
    )
