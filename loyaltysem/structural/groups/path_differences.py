"""Whether paths differ between groups: one chi-square difference and Wald test per path."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from loyaltysem.estimation.information import require_vcov
from loyaltysem.structural.groups.model_parts import (
    comparable_model,
    with_reference,
    without_blanks,
)
from loyaltysem.structural.groups.multiplicity import adjusted
from loyaltysem.structural.groups.path_models import Comparison, chain, chosen_paths, free_fit
from loyaltysem.structural.groups.respondents import check_groups, check_used, group_sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.comparison import Difference, DifferenceMethod
    from loyaltysem.structural.groups.multiplicity import Correction
    from loyaltysem.structural.groups.path_models import Paths
    from loyaltysem.syntax.statements import Statements

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDifferences:
    """Paths compared between groups.

    Attributes
    ----------
    fit
        The model with free paths and equal loadings.
    estimates
        One row per path and group: ``from, to, group, est, se, z, pvalue, ci_lower, ci_upper,
        std_all``.
    pairs
        One row per path and pair of groups: ``from, to, group, reference``, ``difference`` (group
        minus reference) with ``se, z, pvalue_wald, ci_lower, ci_upper``, the test of equality
        ``chisq_diff, df_diff, pvalue`` and ``pvalue_adjusted``.
    omnibus
        One row per path: the test that it is equal in all groups, ``from, to, chisq_diff, df_diff,
        pvalue, pvalue_adjusted``.
    overall
        The test that all paths are equal in all groups.
    method
        The kind of chi-square difference test.
    correction, level
        Correction for the number of tests, and confidence level.
    released
        Loadings that are not held equal.
    """

    fit: Fit
    estimates: pd.DataFrame
    pairs: pd.DataFrame
    omnibus: pd.DataFrame
    overall: Difference
    method: DifferenceMethod
    correction: Correction
    level: float
    released: tuple[str, ...]


def path_differences(
    model: str | Statements,
    data: pd.DataFrame,
    *,
    group: str,
    paths: Sequence[tuple[str, str]] | None = None,
    partial: Sequence[str] = (),
    correction: Correction = "holm",
    level: float = 0.95,
    ordered: Sequence[str] | str | bool = (),
    **options: Any,
) -> PathDifferences:
    """Test path by path whether it differs between groups.

    Parameters
    ----------
    model
        Model text with regressions. Labels of regressions do not tie them across groups here, and
        defined parameters are left out.
    data
        One row per respondent. The first group met is the reference.
    group
        Grouping column.
    paths
        (predictor, outcome) pairs to test; None for all.
    partial
        Loadings that are not held equal, such as ``"f=~x2"``: those that `invariance` released.
        Other parameters in the list are passed over, since only loadings are equal here.
    correction
        How p-values are corrected for the number of tests: ``holm``, ``bonferroni``, ``bh`` or
        ``none``.
    level
        Confidence level.
    ordered, options
        As in :func:`~loyaltysem.estimation.fitting.fit`.

    Raises
    ------
    EstimationError
        There are fewer than two groups, a group has fewer respondents than parameters, or the model
        has no paths.
    ConvergenceError
        No estimates were found with equal loadings and free paths.
    ModelSpecificationError
        ``paths`` names a path that the model does not have.

    Notes
    -----
    Each path is tested on its own: the model with this path equal in the groups against the model
    with all paths free, by the chi-square difference (corrected as lavaan's ``lavTestLRT`` does).
    Loadings are equal in both, without which unstandardized paths have no common unit. The Wald z
    is the difference over its standard error from the free model.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from loyaltysem import path_differences
    >>> rng = np.random.default_rng(1)
    >>> data = pd.DataFrame({"x": rng.normal(size=400), "who": np.repeat(["old", "new"], 200)})
    >>> data["y"] = np.where(data["who"] == "old", 0.2, 0.8) * data["x"] + rng.normal(size=400)
    >>> found = path_differences("y ~ x", data, group="who")
    >>> bool(found.pairs["pvalue"].iloc[0] < 0.001)
    True
    """
    n_groups = len(group_sizes(data, group))
    released = without_blanks(partial)
    statements = with_reference(comparable_model(model, n_groups), released)
    check_groups(statements, data, group)
    loadings = tuple(name for name in released if "=~" in name)
    free = free_fit(statements, data, group, ordered, loadings, options)
    check_used(statements, data, free)
    chosen = chosen_paths(free, paths)
    comparison = Comparison(free)
    overall, method = comparison.test(
        tuple(pair for rows in chosen.values() for pair in chain(rows))
    )
    return PathDifferences(
        fit=free,
        estimates=_estimates(free, chosen, level),
        pairs=_pairs(comparison, chosen, correction, level),
        omnibus=_omnibus(comparison, chosen, correction),
        overall=overall,
        method=method,
        correction=correction,
        level=level,
        released=loadings,
    )


def _estimates(fit: Fit, paths: Paths, level: float) -> pd.DataFrame:
    frame = fit.estimates(level).set_index(["group", "op", "rhs", "lhs"])
    columns = ["est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std_all"]
    rows = [
        {
            **_ends(path),
            "group": label,
            **frame.loc[(number, "~", *path), columns].to_dict(),
        }
        for path in paths
        for number, label in enumerate(fit.table.group_labels, start=1)
    ]
    return pd.DataFrame(rows)


def _ends(path: tuple[str, str]) -> dict[str, str]:
    return {"from": path[0], "to": path[1]}


def _pairs(
    comparison: Comparison, paths: Paths, correction: Correction, level: float
) -> pd.DataFrame:
    labels = comparison.free.table.group_labels
    rows = []
    for path, members in paths.items():
        for reference, group in combinations(range(len(labels)), 2):
            pair = members[reference], members[group]
            found, _ = comparison.test((pair,))
            rows.append(
                {
                    **_ends(path),
                    "group": labels[group],
                    "reference": labels[reference],
                    **_wald(comparison.free, pair, level),
                    **_tested(found),
                }
            )
    return _with_adjusted(rows, correction)


def _omnibus(comparison: Comparison, paths: Paths, correction: Correction) -> pd.DataFrame:
    rows = [
        {**_ends(path), **_tested(comparison.test(chain(members))[0])}
        for path, members in paths.items()
    ]
    return _with_adjusted(rows, correction)


def _tested(found: Difference) -> dict[str, float]:
    return {"chisq_diff": found.statistic, "df_diff": found.df, "pvalue": found.pvalue}


def _with_adjusted(rows: Sequence[dict[str, Any]], correction: Correction) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame["pvalue_adjusted"] = adjusted(frame["pvalue"].to_numpy(), correction)
    return frame


def _wald(fit: Fit, pair: tuple[int, int], level: float) -> dict[str, float]:
    """Return the difference (second minus first row) with standard error, z, p and interval."""
    first, second = (fit.table.rows[k] for k in pair)
    contrast = np.zeros(len(fit.theta))
    contrast[[first.free - 1, second.free - 1]] = -1.0, 1.0
    difference = float(contrast @ fit.theta)
    se = float(np.sqrt(contrast @ require_vcov(fit) @ contrast))
    width = ndtri(0.5 + level / 2) * se
    return {
        "difference": difference,
        "se": se,
        "z": difference / se,
        "pvalue_wald": 2.0 * float(ndtr(-abs(difference / se))),
        "ci_lower": difference - width,
        "ci_upper": difference + width,
    }
