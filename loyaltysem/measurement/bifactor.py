"""What a general factor above group factors is worth, from standardized loadings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BifactorIndices:
    """How much of a set of items is general.

    Attributes
    ----------
    omega, omega_hierarchical
        Shares of the variance of the sum of all items that all factors, and the general factor
        alone, explain.
    ecv
        Explained common variance: the general factor's share of the common variance.
    puc
        Share of item pairs whose correlation only the general factor explains.
    construct_replicability
        H of the general factor: how well the items determine it.
    groups
        By group factor: ``omega`` of the sum of its items, ``omega_hierarchical`` (the group
        factor's own share), ``omega_general`` (the general factor's) and ``ecv`` (the group
        factor's share of all common variance).
    items
        By item: ``group, general_loading, group_loading, ecv`` (the general factor's share of the
        item's common variance).
    """

    omega: float
    omega_hierarchical: float
    ecv: float
    puc: float
    construct_replicability: float
    groups: pd.DataFrame
    items: pd.DataFrame


def bifactor_indices(
    general: ArrayLike, group: ArrayLike, membership: Sequence[str], items: Sequence[str]
) -> BifactorIndices:
    """Return the indices of a bifactor solution.

    Parameters
    ----------
    general
        Standardized loadings on the general factor (p,).
    group
        Standardized loadings of each item on its group factor (p,); 0 where it has none.
    membership
        The group factor of each item.
    items
        Names of the items.

    Notes
    -----
    Rodriguez, Reise & Haviland (2016), Psychological Methods 21, 137-150. With residual variances
    ``e = 1 - g² - s²``, sums G of g and S_k of s within group k:

        omega   = (G² + sum S_k²) / (G² + sum S_k² + sum e)
        omega h = G² / (G² + sum S_k² + sum e)
        ECV     = sum g² / (sum g² + sum s²)
        PUC     = pairs of items of different groups / all pairs
        H       = 1 / (1 + 1 / sum(g² / (1 - g²)))

    Examples
    --------
    >>> found = bifactor_indices([0.6] * 4, [0.4] * 4, ["a", "a", "b", "b"], list("wxyz"))
    >>> round(found.omega_hierarchical, 3), round(found.ecv, 3), round(found.puc, 3)
    (0.643, 0.692, 0.667)
    """
    g, s = np.asarray(general, dtype=float), np.asarray(group, dtype=float)
    names = list(dict.fromkeys(membership))
    member = np.array([[name == one for one in membership] for name in names])
    error = 1 - g**2 - s**2
    whole = g.sum() ** 2 + float(((member @ s) ** 2).sum()) + error.sum()
    common = float((g**2).sum() + (s**2).sum())
    return BifactorIndices(
        omega=float((whole - error.sum()) / whole),
        omega_hierarchical=float(g.sum() ** 2 / whole),
        ecv=float((g**2).sum() / common),
        puc=_uncontaminated(member.sum(axis=1)),
        construct_replicability=_replicability(g),
        groups=_groups(names, member, g, s, error, common),
        items=pd.DataFrame(
            {
                "item": list(items),
                "group": list(membership),
                "general_loading": g,
                "group_loading": s,
                "ecv": g**2 / (g**2 + s**2),
            }
        ),
    )


def schmid_leiman(
    loadings: ArrayLike, higher: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return general and group loadings (p,) of a second-order solution.

    Parameters
    ----------
    loadings
        Standardized loadings of the items on their first-order factors (p,).
    higher
        For each item the standardized loading of its factor on the second-order one (p,).

    Notes
    -----
    Schmid & Leiman (1957): ``l h`` and ``l sqrt(1 - h²)``; a loading h above 1 leaves nothing to
    the group factor.
    """
    first, above = np.asarray(loadings, dtype=float), np.asarray(higher, dtype=float)
    return first * above, first * np.sqrt(np.maximum(1 - above**2, 0.0))


def _uncontaminated(sizes: Array) -> float:
    """Return the share of item pairs that lie in different groups; NaN for a single item."""
    p = float(sizes.sum())
    pairs = p * (p - 1) / 2
    return float(1 - (sizes * (sizes - 1) / 2).sum() / pairs) if pairs else float("nan")


def _replicability(g: Array) -> float:
    """Return Hancock & Mueller's H (2001); NaN where a loading of one or more leaves no error."""
    if (g**2 >= 1).any():
        return float("nan")
    information = float((g**2 / (1 - g**2)).sum())
    return information / (1 + information)


def _groups(
    names: list[str], member: NDArray[np.bool_], g: Array, s: Array, error: Array, common: float
) -> pd.DataFrame:
    of_general, of_group = (member @ g) ** 2, (member @ s) ** 2
    whole = of_general + of_group + member @ error
    return pd.DataFrame(
        {
            "omega": (of_general + of_group) / whole,
            "omega_hierarchical": of_group / whole,
            "omega_general": of_general / whole,
            "ecv": member @ s**2 / common,
        },
        index=names,
    )
