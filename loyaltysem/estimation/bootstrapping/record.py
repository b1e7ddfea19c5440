"""What a bootstrap found: all draws, and the tables made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.bootstrapping.intervals import Interval, interval
from loyaltysem.estimation.estimates import standardized_values
from loyaltysem.estimation.standardized import SMALLEST_SE
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]

Kind = Literal["nonparametric", "bollen.stine"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Bootstrap(Shown):
    """Bootstrap draws of a fit.

    Attributes
    ----------
    fit
        The fit whose sample was drawn from.
    kind
        ``nonparametric`` draws rows as they are; ``bollen.stine`` draws rows that were transformed
        so that the model holds exactly (Bollen & Stine 1992).
    draws, seed
        Draws asked for, and the seed that gives them again.
    theta
        Free parameters (b, q) of the b draws that converged, in order of the draws.
    estimates, standardized
        All rows of the table (b, rows), raw and std.all.
    chisq
        Chi-square of each converged draw (b,); NaN where the estimator gives none here.
    failed
        How many draws gave no estimates, by reason: ``singular_sample``, ``not_converged``, or
        ``category_lost`` (a draw without a rare category of an ordinal variable).
    n_inadmissible
        Converged draws with a negative variance; they are kept, as lavaan does.
    acceleration, acceleration_standardized
        Acceleration constants of all rows (rows,), None where there are no casewise scores.
    """

    fit: Fit
    kind: Kind
    draws: int
    seed: int
    theta: Array
    estimates: Array
    standardized: Array
    chisq: Array
    failed: Mapping[str, int]
    n_inadmissible: int
    acceleration: Array | None = None
    acceleration_standardized: Array | None = None

    def shown(self) -> Mapping[str, object]:
        """Return what is shown: how many draws there are, and the percentile intervals."""
        names = ("kind", "draws", "seed", "n_failed", "n_inadmissible")
        return {**{name: getattr(self, name) for name in names}, "percentile": self.table("perc")}

    @property
    def n_failed(self) -> int:
        """Draws without estimates."""
        return sum(self.failed.values())

    @property
    def vcov(self) -> Array:
        """Covariance matrix of the free parameters over draws (q, q), divisor b as in lavaan."""
        return np.atleast_2d(np.cov(self.theta, rowvar=False, ddof=0))

    @property
    def errors(self) -> Array:
        """Standard error of every row of the table: the standard deviation over draws (rows,)."""
        return np.asarray(np.nanstd(self.estimates, axis=0, ddof=0))

    def table(
        self, kind: Interval = "perc", level: float = 0.95, *, standardized: bool = False
    ) -> pd.DataFrame:
        """Return estimate, bootstrap standard error and interval of every parameter.

        Parameters
        ----------
        kind
            ``perc``, ``norm``, ``basic``, ``bc`` (lavaan's ``bca.simple``) or ``bca``.
        level
            Confidence level.
        standardized
            Whether of the std.all estimates.

        Returns
        -------
        DataFrame
            ``lhs, op, rhs, group, label, est, se, bias, ci_lower, ci_upper``, one row per free or
            defined parameter (with ``standardized``, per row that has a standardized value).

        Raises
        ------
        EstimationError
            The kind is unknown, or is ``bca`` where there are no casewise scores.
        """
        point, values = self._quantities(standardized=standardized)
        rows = self._shown(values, standardized=standardized)
        acceleration = self._acceleration(kind, standardized=standardized)
        chosen = None if acceleration is None else acceleration[rows]
        lower, upper = interval(kind, values[:, rows], point[rows], level, chosen)
        table = self.fit.table
        return pd.DataFrame(
            {
                "lhs": [table.rows[k].lhs for k in rows],
                "op": [table.rows[k].op for k in rows],
                "rhs": [table.rows[k].rhs for k in rows],
                "group": [table.rows[k].group for k in rows],
                "label": [table.rows[k].label for k in rows],
                "est": point[rows],
                "se": np.nanstd(values[:, rows], axis=0, ddof=0),
                "bias": np.nanmean(values[:, rows], axis=0) - point[rows],
                "ci_lower": lower,
                "ci_upper": upper,
            }
        )

    def limits(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return percentile limits of every row of the table (rows,); the value itself if fixed."""
        return interval("perc", self.estimates, self.fit.est, level)

    def chisq_pvalue(self) -> float:
        """Return the Bollen-Stine p value: the share of draws with a larger chi-square.

        NaN for a nonparametric bootstrap, in which the model does not hold in the draws.
        """
        if self.kind != "bollen.stine":
            return float("nan")
        return float(np.mean(self.chisq > self.fit.tests[0].statistic))

    def _quantities(self, *, standardized: bool) -> tuple[Array, Array]:
        if not standardized:
            return self.fit.est, self.estimates
        return standardized_values(self.fit, "std.all")[0], self.standardized

    def _shown(self, values: Array, *, standardized: bool) -> list[int]:
        rows = self.fit.table.rows
        if not standardized:
            return [k for k, row in enumerate(rows) if row.free or row.op == ":="]
        varies = np.nanstd(values, axis=0) > SMALLEST_SE
        return [k for k, row in enumerate(rows) if (row.group and varies[k]) or row.op == ":="]

    def _acceleration(self, kind: Interval, *, standardized: bool) -> Array | None:
        if kind != "bca":
            return None
        found = self.acceleration_standardized if standardized else self.acceleration
        if found is None:
            raise EstimationError(
                "BCa intervals need casewise scores, which exist for ML and complete data",
                remedy='Use kind="bc" or kind="perc".',
            )
        return found
