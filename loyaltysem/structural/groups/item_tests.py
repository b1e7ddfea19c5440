"""Score tests of equal parameters: which item breaks a level of invariance.

For parameters that equality constraints tie across groups, the test of releasing them while all
other constraints stay: N g' V^- g with g the derivative of the discrepancy along the released
directions D and V = D'ID - D'IPID the information about them that the other parameters leave (P the
inverse information within the constraints). For one constraint this is the univariate test of
lavaan's ``lavTestScore``; the expected change is -V^- g, the released parameter minus that of the
first group (Sörbom 1989).

V is the variance of g where the discrepancy is a likelihood. With estimators that correct for what
it is not (MLR, WLSMV, ...) the variance is D'KMK'D, with M the middle of their sandwich and
K = E - IP, E being the identity: the generalized score test (Boos 1992, American Statistician 46,
327-333; Satorra 1989, Psychometrika 54, 131-151).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.estimation.chisquare import chisq_pvalue
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.options import ROBUST_TESTS
from loyaltysem.structural.groups.levels import OPERATORS
from loyaltysem.structural.groups.multiplicity import adjusted
from loyaltysem.structural.groups.nested import has_distribution
from loyaltysem.syntax.equality import row_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.groups.levels import Level
    from loyaltysem.structural.groups.multiplicity import Correction
    from loyaltysem.syntax.table import Parameter, ParameterTable

    Array = NDArray[np.float64]

NOTHING_LEFT = 1e-8
"""Share of the information about a parameter below which nothing is known beyond the others."""

COLUMNS = (
    *("parameter", "kind", "latent", "item", "chisq", "df", "pvalue", "pvalue_adjusted"),
    *("chisq_standard", "group", "epc"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """A parameter that is equal in all groups: its rows in the later ones.

    These rows are free and tied to the first group's, or fixed where it is fixed.
    """

    name: str
    kind: str
    latent: str
    item: str
    rows: tuple[Parameter, ...]


def tied_parameters(fit: Fit, level: Level) -> tuple[Tied, ...]:
    """Return the parameters that a level newly ties across groups, in the table's order.

    Parameters
    ----------
    fit
        The fit of the level.
    level
        The level.

    Returns
    -------
    One entry per parameter; the thresholds of an item are one entry, since an item is either
    understood alike or not. Intercepts and residual variances of ordinal items are tied by being
    fixed. Which parameter of a binary item differs cannot be told (Wu & Estabrook 2016); its
    intercept stands for all of them.
    """
    ties = _Ties(fit.table)
    found: dict[tuple[str, str, str, str], list[Parameter]] = {}
    for row in fit.table.rows:
        for kind in level.new:
            if row.op == OPERATORS[kind] and ties.hold(row, kind, level):
                found.setdefault(_key(row, kind), []).append(row)
    return tuple(
        Tied(name=name, kind=kind, latent=latent, item=item, rows=tuple(rows))
        for (name, kind, latent, item), rows in found.items()
    )


class _Ties:
    """Which rows of later groups a table holds equal to those of the first."""

    def __init__(self, table: ParameterTable) -> None:
        self._ordered = dict(table.ordered)
        self._tied = {row.rhs for row in table.rows if row.op == "==" and row.user == 2}
        self._alike = {row.lhs for row in table.rows if row.op == "|" and row.plabel in self._tied}

    def hold(self, row: Parameter, kind: str, level: Level) -> bool:
        """Tell whether a row of a later group is held equal in the way that ``level`` tests."""
        if row.group < 2:
            return False
        if kind in ("thresholds", "loadings"):
            item = row.lhs if kind == "thresholds" else row.rhs
            alone = self._ordered.get(item) == 1 and "intercepts" in level.new
            return row.plabel in self._tied and not alone
        if row.lhs not in self._ordered:
            return row.plabel in self._tied
        own = row.rhs in ("", row.lhs)
        return own and not row.free and not row.user and row.lhs in self._alike


def _key(row: Parameter, kind: str) -> tuple[str, str, str, str]:
    if kind == "thresholds":
        return f"{row.lhs}|", kind, "", row.lhs
    name = row_name(row.lhs, row.op, row.rhs)
    return (name, kind, row.lhs, row.rhs) if kind == "loadings" else (name, kind, "", row.lhs)


def item_tests(fit: Fit, level: Level, correction: Correction = "holm") -> pd.DataFrame:
    """Return the score test of every parameter that a level newly ties across groups.

    Parameters
    ----------
    fit
        The fit of that level.
    level
        The level.
    correction
        How p-values are corrected for the number of tests.

    Returns
    -------
    One row per parameter, the largest chi-square per degree of freedom first: ``parameter`` (as
    ``group_partial`` names it), ``kind``, ``latent``, ``item``, ``chisq`` (corrected where the
    estimator is robust or ordinal), ``df``, ``pvalue`` and ``pvalue_adjusted`` (NaN under
    unweighted least squares without a correction), ``chisq_standard`` (not corrected, as lavaan's),
    the later ``group`` that differs most from the first one, and ``epc``, the expected difference
    (that group minus the first) after release. No rows where the level was not estimated or is not
    identified.
    """
    tied = tied_parameters(fit, level) if fit.converged else ()
    fixed = [row for one in tied for row in one.rows if not row.free]
    score = _score(fit, fixed) if tied else None
    rows = [row for one in tied if score and (row := _row(fit, one, score))]
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "pvalue_adjusted"])
    frame.insert(7, "pvalue_adjusted", adjusted(frame["pvalue"].to_numpy(float), correction))
    order = np.argsort(-(frame["chisq"] / frame["df"]).to_numpy(dtype=float), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Score:
    """Gradient (k,), information (k, k), what of it the model's parameters leave, and places.

    ``variance`` is that of the gradient at the estimates, times N; ``left`` under a likelihood.
    ``is_known`` tells whether it is: not under unweighted least squares without a correction.
    """

    gradient: Array
    total: Array
    left: Array
    variance: Array
    is_known: bool
    place: dict[str, int]


def _score(fit: Fit, fixed: Sequence[Parameter]) -> _Score | None:
    """Return the score of a model in which the ``fixed`` rows are free beside its parameters.

    None where the model is not identified.
    """
    q = len(fit.theta)
    freed = {row.plabel: q + k for k, row in enumerate(fixed, start=1)}
    rows = [replace(row, free=freed.get(row.plabel, row.free)) for row in fit.table.rows]
    theta = np.concatenate([fit.theta, [row.ustart or 0.0 for row in fixed]])
    problem = fit.problem.with_table(replace(fit.table, rows=tuple(rows)))
    point = problem.objective.at(theta)
    total = problem.score_information(point)
    inverse = inverse_within(fit.problem.constraints, total[:q, :q], fit.theta)
    if inverse is None:
        return None
    left = total - total[:, :q] @ inverse @ total[:q]
    variance = left
    corrected = _is_corrected(fit)
    if corrected:
        beyond = np.eye(len(total))
        beyond[:, :q] -= total[:, :q] @ inverse
        variance = beyond @ problem.meat(point) @ beyond.T
    return _Score(
        gradient=point.gradient(),
        total=total,
        left=left,
        variance=variance,
        is_known=corrected or has_distribution(fit),
        place={row.plabel: row.free - 1 for row in rows if row.free},
    )


def _is_corrected(fit: Fit) -> bool:
    """Tell whether to correct for a discrepancy that is no likelihood: robust, or ordinal items."""
    options = fit.options
    robust = options.se.startswith("robust") or not ROBUST_TESTS.isdisjoint(options.tests)
    return robust or bool(fit.table.ordered)


def _row(fit: Fit, tied: Tied, score: _Score) -> dict[str, object] | None:
    """Return one test, None where nothing is known about the parameter beyond the others."""
    places = np.array([score.place[row.plabel] for row in tied.rows])
    known = _known_directions(score, places)
    df = known.shape[1]
    if not df:
        return None
    pull = known.T @ score.gradient[places]
    variance = known.T @ score.variance[np.ix_(places, places)] @ known
    statistic = float(fit.n * pull @ np.linalg.pinv(variance, hermitian=True) @ pull)
    change = -known @ pull
    largest = int(np.argmax(np.abs(change)))
    return {
        "parameter": tied.name,
        "kind": tied.kind,
        "latent": tied.latent,
        "item": tied.item,
        "chisq": statistic,
        "df": df,
        "pvalue": chisq_pvalue(statistic, df) if score.is_known else math.nan,
        "chisq_standard": float(fit.n * pull @ pull),
        "group": fit.table.group_labels[tied.rows[largest].group - 1],
        "epc": float(change[largest]),
    }


def _known_directions(score: _Score, places: NDArray[np.intp]) -> Array:
    """Return directions W (r, df) of released parameters, W'VW = E for the information V left.

    Directions along which (nearly) all information is shared with other parameters are left out,
    such as the shift and stretch of an item's thresholds that its intercept and scale take up.
    """
    units = np.sqrt(np.maximum(np.diagonal(score.total)[places], np.finfo(float).tiny))
    left = score.left[np.ix_(places, places)]
    values, vectors = np.linalg.eigh(left / np.outer(units, units))
    known = values > NOTHING_LEFT
    return np.asarray(vectors[:, known] / units[:, None] / np.sqrt(values[known]))
