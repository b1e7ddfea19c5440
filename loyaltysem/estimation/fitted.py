"""A fitted model: an immutable record, and the tables that can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.estimation import summary
from loyaltysem.estimation.estimates import (
    estimates_table,
    parameter_names,
    r2,
    standardized_table,
)
from loyaltysem.estimation.factor_scores import factor_scores
from loyaltysem.estimation.fit_summary import measures
from loyaltysem.estimation.hypothesis_tests import score_tests, wald_test
from loyaltysem.estimation.implied_frames import implied_frames, latent_cov, sample_frames
from loyaltysem.estimation.information import require_vcov
from loyaltysem.estimation.modification import modification_indices
from loyaltysem.estimation.residuals import residual_frames, residual_summary
from loyaltysem.estimation.summary_html import summary_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation.bootstrapping.record import Bootstrap
    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.factor_scores import ScoreMethod
    from loyaltysem.estimation.hypothesis_tests import ScoreTests, WaldTest
    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.options import Options
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.estimation.residuals import ResidualKind, SummaryKind
    from loyaltysem.estimation.standardized import Standardization
    from loyaltysem.syntax.table import ParameterTable

IMPROPER_CODES = frozenset(
    {
        "negative_residual_variance",
        "negative_latent_variance",
        "latent_cov_not_positive_definite",
        "residual_cov_not_positive_definite",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A model fitted to data. Everything asked of it is computed from this record.

    Attributes
    ----------
    problem
        The model, the sample and the options.
    theta
        Free parameters before equality constraints (q,).
    point
        The discrepancy at theta.
    vcov
        Their covariance matrix (q, q); None with ``se="none"`` or when it cannot be computed.
    est, se
        Estimate and standard error of every row of the table; ``se`` is NaN where it is unknown.
    converged, iterations, gradient_max
        What became of the search; the gradient is scaled by the root of the information.
    npar, df
        Free parameters after equality constraints, and degrees of freedom.
    tests, baseline
        Chi-square tests of the model and of the independence model, the standard one first.
    logl, unrestricted_logl
        Log-likelihoods of the model and of the saturated model, for maximum likelihood.
    draws
        The bootstrap behind ``vcov``, ``se`` and intervals; None without ``se="bootstrap"``.
    notices
        What a reader must know: dropped rows, improper estimates, lack of convergence, …

    Examples
    --------
    >>> import loyaltysem as ls
    >>> fit = ls.fit("price =~ PR1 + PR2 + PR3 + PR4", ls.example_answers(), estimator="MLR")
    >>> fit
    <Fit MLR: n = 471, 8 parameters, chisq(2) = 1.21, p = 0.546>
    >>> fit.estimates().columns.tolist()[:8]
    ['lhs', 'op', 'rhs', 'group', 'label', 'free', 'exo', 'est']
    >>> round(fit.measures()["srmr"], 3)
    0.007
    """

    problem: Problem
    theta: NDArray[np.float64]
    point: Point
    vcov: NDArray[np.float64] | None
    est: NDArray[np.float64]
    se: NDArray[np.float64]
    converged: bool
    iterations: int
    gradient_max: float
    npar: int
    df: int
    tests: tuple[ChiSquare, ...]
    baseline: tuple[ChiSquare, ...]
    logl: float | None
    unrestricted_logl: float | None
    notices: tuple[Notice, ...]
    draws: Bootstrap | None = None

    @property
    def table(self) -> ParameterTable:
        """The parameter table."""
        return self.problem.table

    @property
    def options(self) -> Options:
        """What was asked, with all defaults resolved."""
        return self.problem.options

    @property
    def moments(self) -> Moments:
        """The sample's moments."""
        return self.problem.moments

    @property
    def n(self) -> int:
        """Rows used."""
        return self.moments.n

    @property
    def n_per_group(self) -> tuple[int, ...]:
        """Rows used in each group."""
        return self.moments.n_per_group

    @property
    def fmin(self) -> float:
        """Minimum of the discrepancy on lavaan's scale."""
        return self.point.value

    @property
    def admissible(self) -> bool:
        """Whether all variances and covariance matrices are possible ones."""
        return not any(notice.code in IMPROPER_CODES for notice in self.notices)

    def estimates(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row per parameter, with columns as lavaan's ``parameterEstimates``.

        ``lhs, op, rhs, group, label, free, exo, est, se, z, pvalue, ci_lower, ci_upper, std_lv,
        std_all, std_nox``; ``level`` is that of the confidence interval. Constraints that only
        state that equal labels are equal are left out.
        """
        return estimates_table(self, level)

    def standardized(self, kind: Standardization = "std.all", level: float = 0.95) -> pd.DataFrame:
        """Return standardized estimates with delta-method standard errors.

        ``kind`` is std.all, std.lv or std.nox, as in lavaan's ``standardizedSolution``.
        """
        return standardized_table(self, kind, level)

    def measures(self) -> dict[str, float]:
        """Return the fit measures that exist for the estimator, under lavaan's names."""
        return measures(self)

    def r2(self) -> pd.Series:
        """Return R-squared by indicator and outcome; by (group, variable) with several groups."""
        return r2(self)

    def implied(self) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
        """Return implied ``cov`` and ``mean`` by group label."""
        return implied_frames(self)

    def sample(self) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
        """Return the sample's ``cov`` and ``mean`` by group label, as the estimator used them."""
        return sample_frames(self)

    def latent_covariances(self, group: int = 1) -> pd.DataFrame:
        """Return the model-implied covariance matrix of the latent variables of one group."""
        return latent_cov(self, group)

    def latent_correlations(self, group: int = 1) -> pd.DataFrame:
        """Return the model-implied correlation matrix of the latent variables of one group.

        A single latent variable correlates 1 with itself (lavaan 0.6-14 returns its variance).
        """
        cov = latent_cov(self, group)
        sd = np.sqrt(np.abs(np.diagonal(cov.to_numpy())))
        return pd.DataFrame(cov / np.outer(sd, sd))

    def residuals(
        self, kind: ResidualKind = "raw"
    ) -> dict[str, dict[str, pd.DataFrame | pd.Series]]:
        """Return residual moments by group label; kinds as in lavaan's ``lavResiduals``.

        ``raw``, ``cor.bollen``, ``cor.bentler``, ``normalized`` or ``standardized`` (z-values).
        """
        return residual_frames(self, kind)

    def residual_summary(self, kind: SummaryKind = "srmr") -> dict[str, pd.DataFrame]:
        """Return RMR, SRMR or CRMR with standard error and test of exact fit, by group label."""
        return residual_summary(self, kind)

    def modification_indices(
        self, *, sort: bool = True, minimum: float = 0.0, op: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return the modification index and expected change of every parameter not free now."""
        return modification_indices(self, sort=sort, minimum=minimum, op=op)

    def factor_scores(self, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Return factor scores by ``regression`` (EBM with ordinal answers) or ``bartlett``.

        The rows bear the labels of the data, so that ``data.join(scores)`` is right.
        """
        return factor_scores(self, method=method)

    def score_tests(self) -> ScoreTests:
        """Return the score tests of releasing the model's equality constraints."""
        return score_tests(self)

    def wald_test(self, constraints: str | Sequence[str]) -> WaldTest:
        """Return the Wald test of equations in the model's labels, such as ``"b1 == b2"``."""
        return wald_test(self, constraints)

    def vcov_frame(self) -> pd.DataFrame:
        """Return the covariance matrix of the free parameters, with lavaan's parameter names.

        Raises
        ------
        EstimationError
            It was not asked for, or could not be computed.
        """
        names = parameter_names(self.table)
        return pd.DataFrame(require_vcov(self), index=names, columns=names)

    def summary(self) -> str:
        """Return the printed account of the fit."""
        return summary.summary_text(self)

    def __str__(self) -> str:
        return summary.summary_text(self)

    def __repr__(self) -> str:
        return summary.one_line(self)

    def _repr_html_(self) -> str:
        return summary_html(self)
