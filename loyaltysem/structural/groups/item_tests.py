"""Score tests of equal parameters: which item breaks a level of invariance.

For parameters that equality constraints tie across groups, the test of releasing them while all
other constraints stay: N g' V^- g with g the derivative of the discrepancy along the released
directions D and V = D'ID - D'IPID the information about them that the other parameters leave (P the
inverse information within the constraints). For one constraint this is the univariate test of
lavaan's ``lavTestScore``; the expected change is -V^- g, the released parameter minus that of the
first group (Sorbom 1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.chisquare import chisq_pvalue
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.structural.groups.levels import OPERATORS
from loyaltysem.structural.groups.multiplicity import adjusted
from loyaltysem.syntax.equality import row_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.groups.levels import Level
    from loyaltysem.structural.groups.multiplicity import Correction
    from loyaltysem.syntax.table import Parameter

    Array = NDArray[np.float64]

NOTHING_LEFT = 1e-8
"""Share of the information about a parameter below which nothing is known beyond the others."""

COLUMNS = (
    *("parameter", "kind", "latent", "item", "chisq", "df", "pvalue", "pvalue_adjusted"),
    *("group", "epc"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """A parameter that is equal in all groups: its rows in the later ones."""

    name: str
    kind: str
    latent: str
    item: str
    rows: tuple[Parameter, ...]


def tied_parameters(fit: Fit, kinds: Sequence[str]) -> tuple[Tied, ...]:
    """Return the parameters of some kinds that equality across groups ties, in the table's order.

    Parameters
    ----------
    fit
        A fit with several groups.
    kinds
        Of ``thresholds``, ``loadings``, ``intercepts``, ``residuals``.

    Returns
    -------
    One entry per parameter; the thresholds of an item are one entry, since an item is either
    understood alike or not.
    """
    names = {row.rhs for row in fit.table.rows if row.op == "==" and row.user == 2}
    found: dict[tuple[str, str, str, str], list[Parameter]] = {}
    for row in fit.table.rows:
        if row.plabel in names and row.group > 1:
            for kind in kinds:
                if row.op == OPERATORS[kind]:
                    found.setdefault(_key(row, kind), []).append(row)
    return tuple(
        Tied(name=name, kind=kind, latent=latent, item=item, rows=tuple(rows))
        for (name, kind, latent, item), rows in found.items()
    )


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
    ``group_partial`` names it), ``kind``, ``latent``, ``item``, ``chisq``, ``df``, ``pvalue``,
    ``pvalue_adjusted``, the later ``group`` that differs most from the first one, and ``epc``, the
    expected difference (that group minus the first) after release.

    Notes
    -----
    The tests take the discrepancy for a likelihood: with robust or ordinal estimators they serve to
    rank the items, as in lavaan.
    """
    tied = tied_parameters(fit, level.new)
    gradient, left = _score(fit)
    rows = [row for one in tied if (row := _row(fit, one, gradient, left))]
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "pvalue_adjusted"])
    frame.insert(7, "pvalue_adjusted", adjusted(frame["pvalue"].to_numpy(), correction))
    order = np.argsort(-(frame["chisq"] / frame["df"]).to_numpy(dtype=float), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _score(fit: Fit) -> tuple[Array, Array]:
    """Return the gradient (q,) and the information beyond the parameters of the model (q, q)."""
    information = fit.problem.score_information(fit.point)
    inverse = inverse_within(fit.problem.constraints, information, fit.theta)
    if inverse is None:
        raise EstimationError(
            "The items cannot be tested: the model is not identified",
            remedy="Look at the notices of the fit for the parameters concerned.",
        )
    return fit.point.gradient(), information - information @ inverse @ information


def _row(fit: Fit, tied: Tied, gradient: Array, left: Array) -> dict[str, object] | None:
    """Return one test, None where nothing is known about the parameter beyond the others."""
    places = np.array([row.free - 1 for row in tied.rows])
    information, pull = left[np.ix_(places, places)], gradient[places]
    inverse, df = _generalised_inverse(information, fit, places)
    if not df:
        return None
    statistic, change = float(fit.n * pull @ inverse @ pull), -inverse @ pull
    largest = int(np.argmax(np.abs(change)))
    return {
        "parameter": tied.name,
        "kind": tied.kind,
        "latent": tied.latent,
        "item": tied.item,
        "chisq": statistic,
        "df": df,
        "pvalue": chisq_pvalue(statistic, df),
        "group": fit.table.group_labels[tied.rows[largest].group - 1],
        "epc": float(change[largest]),
    }


def _generalised_inverse(left: Array, fit: Fit, places: NDArray[np.intp]) -> tuple[Array, int]:
    """Return the inverse of the information about released parameters, and its rank.

    Directions along which (nearly) all information is shared with other parameters are left out,
    such as the shift and stretch of an item's thresholds that its intercept and scale take up.
    """
    total = np.diagonal(fit.problem.score_information(fit.point))[places]
    units = np.sqrt(np.maximum(total, np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(left / np.outer(units, units))
    known = values > NOTHING_LEFT
    scaled = vectors[:, known] / units[:, None]
    return scaled / values[known] @ scaled.T, int(known.sum())
