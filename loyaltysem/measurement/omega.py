"""Omega of a general factor above group factors (Schmid-Leiman), as ``psych::omega``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice
from loyaltysem.measurement.correlations import correlations, squared_multiple_correlations
from loyaltysem.measurement.extraction import extract
from loyaltysem.measurement.reliability import alpha_of
from loyaltysem.measurement.rotation import rotate
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.measurement.correlations import Method
    from loyaltysem.measurement.extraction import ExtractionMethod

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Omega(Shown):
    """Reliability of a sum score under a general factor and group factors.

    Attributes
    ----------
    hierarchical
        Share of the sum's variance that the general factor explains (omega h).
    asymptotic
        Omega h over omega total: what an endless test of such items would have.
    total
        Share that all common factors explain.
    alpha, guttman6
        Standardized alpha and Guttman's lambda 6.
    schmid_leiman
        By item: loadings on ``g`` and on ``F1*``, …; ``h2, u2`` (communality, uniqueness) and
        ``p2``, the general factor's share of the communality.
    groups
        ``total, general, group``: the shares for the sum of all items (``g``) and of those that
        belong to each group factor.
    notices
        What stands against the reading of the numbers.
    """

    hierarchical: float
    asymptotic: float
    total: float
    alpha: float
    guttman6: float
    schmid_leiman: pd.DataFrame
    groups: pd.DataFrame
    notices: tuple[Notice, ...] = ()


def omega(
    answers: pd.DataFrame,
    n_factors: int = 3,
    *,
    extraction: ExtractionMethod = "minres",
    correlation: Method = "pearson",
) -> Omega:
    """Return omega hierarchical and total from an exploratory Schmid-Leiman solution.

    Parameters
    ----------
    answers
        Answers to all items of the scale.
    n_factors
        Group factors. With two, both load equally on the general factor, for identification; with
        one, only omega total has a meaning.
    extraction
        ``minres``, ``ml`` or ``pa``; rotated by oblimin, starting from varimax.
    correlation
        ``pearson``, ``spearman`` or ``polychoric`` (omega of the underlying responses).

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.
    EstimationError
        There are more factors than items allow, or the items share nothing.

    Notes
    -----
    Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70, 123-133; Schmid & Leiman (1957).
    Items that load negatively on the general factor are turned around. Checked against the golden
    case ``omega_loyalty``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> items = answers[["AL1", "AL2", "AL3", "BL1", "BL2", "BL3", "BL4", "CL1", "CL2", "CL3"]]
    >>> found = ls.omega(items, 3)
    >>> round(found.hierarchical, 2), round(found.total, 2)
    (0.86, 0.94)
    """
    R = correlations(answers, correlation)
    if not 1 <= n_factors < len(R):
        raise EstimationError(
            "So many group factors cannot be found in so few items",
            found=f"{n_factors} factors, {len(R)} items",
        )
    solution = _schmid_leiman(R.to_numpy(), n_factors, extraction)
    sign = np.where(solution.general < 0, -1.0, 1.0)
    return _omega(R, np.outer(sign, sign) * R.to_numpy(), solution.turned(sign), n_factors)


@dataclass(frozen=True, slots=True)
class _SchmidLeiman:
    general: Array
    groups: Array
    communalities: Array

    def turned(self, sign: Array) -> _SchmidLeiman:
        return _SchmidLeiman(self.general * sign, self.groups * sign[:, None], self.communalities)


def _schmid_leiman(R: Array, k: int, extraction: ExtractionMethod) -> _SchmidLeiman:
    """Split oblique factors into a general factor and what is left of each."""
    found = extract(R, k, extraction)
    if k == 1:
        general = found.loadings[:, 0]
        return _SchmidLeiman(general, np.zeros((len(R), 1)), found.communalities)
    orthogonal = rotate(found.loadings, "varimax").loadings
    orthogonal = orthogonal * np.where(orthogonal.sum(axis=0) < 0, -1.0, 1.0)
    orthogonal = orthogonal[:, np.argsort(-(orthogonal**2).sum(axis=0), kind="stable")]
    oblique = rotate(orthogonal, "oblimin")
    phi = np.eye(k) if oblique.phi is None else oblique.phi
    higher = _higher_loadings(phi, extraction)
    left = np.sqrt(np.maximum(1 - higher**2, 0))
    return _SchmidLeiman(
        oblique.loadings @ higher, oblique.loadings * left, (orthogonal**2).sum(axis=1)
    )


def _higher_loadings(phi: Array, extraction: ExtractionMethod) -> Array:
    """Return the loadings of the factors on one factor above them."""
    if len(phi) > 2:
        return np.asarray(extract(phi, 1, extraction).loadings[:, 0])
    size = np.sqrt(abs(phi[0, 1]))
    return np.array([size, np.sign(phi[0, 1]) * size])


def _omega(R: pd.DataFrame, turned: Array, solution: _SchmidLeiman, k: int) -> Omega:
    variance, p = turned.sum(), len(turned)
    unique = 1 - solution.communalities
    common = variance - unique.sum()
    if variance <= 1e-12 or common <= 0:
        raise EstimationError("The items share nothing: no common factor explains their sum")
    general = solution.general.sum() ** 2
    return Omega(
        hierarchical=float(general / variance),
        asymptotic=float(general / common),
        total=float(common / variance),
        alpha=alpha_of(turned),
        guttman6=float((variance + squared_multiple_correlations(turned).sum() - p) / variance),
        schmid_leiman=_loadings(R.columns, solution, k),
        groups=_groups(turned, solution, float(common / variance)),
        notices=_notices(k),
    )


def _loadings(items: pd.Index, solution: _SchmidLeiman, k: int) -> pd.DataFrame:
    table = pd.DataFrame({"g": solution.general}, index=items)
    for i in range(k):
        table[f"F{i + 1}*"] = solution.groups[:, i]
    table["h2"] = solution.communalities
    table["u2"] = 1 - solution.communalities
    table["p2"] = solution.general**2 / solution.communalities
    return table


def _groups(turned: Array, solution: _SchmidLeiman, total: float) -> pd.DataFrame:
    """Return the shares of variance explained, for all items and within each group."""
    k = solution.groups.shape[1]
    member = np.abs(solution.groups).argmax(axis=1) == np.arange(k)[:, None]
    variance = np.einsum("gi,ij,gj->g", member, turned, member)
    of_general = (member @ solution.general) ** 2
    of_group = np.einsum("gi,ig->g", member, solution.groups) ** 2
    whole = turned.sum()
    with np.errstate(invalid="ignore"):
        general, group = of_general / variance, of_group / variance
    return pd.DataFrame(
        {
            "total": [total, *(general + group)],
            "general": [solution.general.sum() ** 2 / whole, *general],
            "group": [of_group.sum() / whole, *group],
        },
        index=["g", *(f"F{i + 1}*" for i in range(k))],
    )


def _notices(k: int) -> tuple[Notice, ...]:
    if k == 1:
        text = "With one factor omega hierarchical has no meaning; read omega total."
        return (Notice("omega_of_one_factor", text),)
    if k == 2:
        text = (
            "Two group factors do not identify the general factor: both were taken to load equally"
            " on it."
        )
        return (Notice("omega_of_two_factors", text),)
    return ()
