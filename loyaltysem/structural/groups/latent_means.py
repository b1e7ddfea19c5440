"""Differences between the latent means of groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd
from scipy.special import ndtr, ndtri

from loyaltysem.errors import EstimationError, Reason
from loyaltysem.estimation.information import require_vcov
from loyaltysem.structural.groups.multiplicity import adjusted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.groups.invariance import Invariance
    from loyaltysem.structural.groups.multiplicity import Correction
    from loyaltysem.syntax.table import Parameter

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentMeans:
    """Differences between latent means, and the level of invariance that they rest on.

    ``partial`` tells whether some intercepts (or loadings, thresholds) differ between the groups,
    ``supported`` whether the scalar level is kept; without it the differences cannot be read.
    """

    table: pd.DataFrame
    level: float
    partial: bool
    supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A function of theta: its estimate and derivatives (q,)."""

    value: float
    slope: Array

    def times(self, other: _Value) -> _Value:
        return _Value(
            value=self.value * other.value,
            slope=self.value * other.slope + other.value * self.slope,
        )

    def minus(self, other: _Value) -> _Value:
        return _Value(value=self.value - other.value, slope=self.slope - other.slope)

    def scaled(self, factor: float) -> _Value:
        return _Value(value=factor * self.value, slope=factor * self.slope)

    def power(self, exponent: float) -> _Value:
        return _Value(
            value=self.value**exponent,
            slope=exponent * self.value ** (exponent - 1) * self.slope,
        )


def latent_means(
    found: Invariance, *, level: float = 0.95, correction: Correction = "holm"
) -> LatentMeans:
    """Return the differences between the latent means of all pairs of groups.

    Parameters
    ----------
    found
        The invariance of the measurement, with the scalar level.
    level
        Confidence level.
    correction
        How p-values are corrected for the number of tests: ``holm``, ``bonferroni``, ``bh`` or
        ``none``.

    Returns
    -------
    LatentMeans
        ``table`` has one row per latent variable and pair: ``latent, group, reference`` (the
        difference is group minus reference), ``est, se, z, pvalue, pvalue_adjusted, ci_lower,
        ci_upper`` in the unit of ``unit`` (the latent variable's first indicator with equal
        loadings, as with a loading fixed at 1), and the effect size ``d, d_se, d_lower, d_upper``.
        Latent variables that indicate others are left out: their means follow.

    Raises
    ------
    EstimationError
        The scalar level was not fitted, or is not identified.

    Notes
    -----
    d is the difference divided by the root of the latent variances of the two groups, weighted by
    their sizes (Hancock 2001); its standard error is that of the delta method.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from loyaltysem import invariance, latent_means
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(600, 1)) + rng.normal(size=(600, 4))
    >>> data = pd.DataFrame(answers, columns=["x1", "x2", "x3", "x4"])
    >>> data["who"] = np.repeat(["old", "new"], 300)
    >>> scale = invariance("f =~ x1 + x2 + x3 + x4", data, group="who")
    >>> latent_means(scale).table[["latent", "group", "reference", "unit"]].values.tolist()
    [['f', 'new', 'old', 'x1']]
    """
    rung = found.rung("scalar")
    fit = rung.fit
    vcov = require_vcov(fit)
    rows = [
        _row(fit, vcov, latent, pair, level)
        for latent in _highest(fit)
        for pair in combinations(range(1, fit.table.n_groups + 1), 2)
    ]
    table = pd.DataFrame(rows)
    corrected = adjusted(table["pvalue"].to_numpy(), correction)
    table.insert(list(table).index("pvalue") + 1, "pvalue_adjusted", corrected)
    final = {one.level.name: one for one in found.rungs}
    needed = [one for name, one in final.items() if name != "strict"]
    return LatentMeans(
        table=table,
        level=level,
        partial=bool(rung.released),
        supported=all(one.is_kept(found.criterion) for one in needed),
    )


def _highest(fit: Fit) -> list[str]:
    """Return the latent variables that indicate no other one."""
    indicators = {row.rhs for row in fit.table.rows if row.op == "=~"}
    return [name for name in fit.table.latent if name not in indicators]


def _row(
    fit: Fit, vcov: Array, latent: str, pair: tuple[int, int], level: float
) -> dict[str, object]:
    reference, group = pair
    values = _Rows(fit)
    raw = values.of(group, "~1", latent).minus(values.of(reference, "~1", latent))
    loading = values.unit(latent)
    difference = raw.times(values.of(1, "=~", latent, loading))
    effect = raw.times(values.pooled_variance(latent, pair).power(-0.5))
    (se, d_se), width = (_error(one, vcov) for one in (difference, effect)), ndtri(0.5 + level / 2)
    z = difference.value / se if se > 0 else math.nan
    return {
        "latent": latent,
        "group": fit.table.group_labels[group - 1],
        "reference": fit.table.group_labels[reference - 1],
        "unit": loading,
        "est": difference.value,
        "se": se,
        "z": z,
        "pvalue": 2.0 * float(ndtr(-abs(z))),
        "ci_lower": difference.value - width * se,
        "ci_upper": difference.value + width * se,
        "d": effect.value,
        "d_se": d_se,
        "d_lower": effect.value - width * d_se,
        "d_upper": effect.value + width * d_se,
    }


def _error(of: _Value, vcov: Array) -> float:
    variance = float(of.slope @ vcov @ of.slope)
    return math.sqrt(variance) if variance >= 0 else math.nan


class _Rows:
    """Estimates and derivatives of single parameters."""

    def __init__(self, fit: Fit) -> None:
        self._fit = fit
        self._jacobian = fit.problem.row_jacobian(fit.theta)
        self._place: dict[tuple[int, str, str, str], int] = {
            (row.group, row.op, row.lhs, row.rhs): k for k, row in enumerate(fit.table.rows)
        }

    def of(self, group: int, op: str, lhs: str, rhs: str = "") -> _Value:
        """Return one parameter."""
        at = self._place[group, op, lhs, rhs]
        return _Value(value=float(self._fit.est[at]), slope=self._jacobian[at])

    def pooled_variance(self, latent: str, pair: tuple[int, int]) -> _Value:
        """Return the variance of a latent variable within two groups, weighted by their sizes."""
        sizes = [self._fit.n_per_group[group - 1] for group in pair]
        first, second = (
            self.of(group, "~~", latent, latent).scaled(size / sum(sizes))
            for group, size in zip(pair, sizes, strict=True)
        )
        return first.minus(second.scaled(-1.0))

    def unit(self, latent: str) -> str:
        """Return the first indicator whose loadings are equal in all groups."""
        rows = [row for row in self._fit.table.rows if row.op == "=~" and row.lhs == latent]
        for name in dict.fromkeys(row.rhs for row in rows):
            if _is_equal([row for row in rows if row.rhs == name]):
                return name
        raise EstimationError(
            f"No loading of '{latent}' is equal in all groups, "
            "so that its means cannot be compared",
            reason=Reason("no_equal_loading", {"construct": latent}),
        )


def _is_equal(rows: list[Parameter]) -> bool:
    """Tell whether the rows of all groups share one label or are fixed at one value."""
    if any(row.free and not row.label for row in rows):
        return False
    return len({(bool(row.free), row.label if row.free else row.ustart) for row in rows}) == 1
