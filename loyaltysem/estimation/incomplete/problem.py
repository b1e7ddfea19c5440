"""Incomplete data as a way of estimating: full-information maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.baseline import (
    exogenous_observed,
    independence_estimates,
    independence_table,
)
from loyaltysem.estimation.casewise import first_order_information
from loyaltysem.estimation.chisquare import ChiSquare, standard_test, yuan_bentler
from loyaltysem.estimation.continuous import structures_and_constraints
from loyaltysem.estimation.discrepancy import log_determinant, moment_objective
from loyaltysem.estimation.incomplete.baseline import independence_moments
from loyaltysem.estimation.incomplete.correction import fiml_basis
from loyaltysem.estimation.incomplete.objective import FimlObjective, IncompleteSample
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.residuals import (
    fiml_gfi,
    information_beside_covariates,
    residual_groups,
)
from loyaltysem.estimation.incomplete.robust import (
    casewise_scores,
    saturated_trace,
)
from loyaltysem.estimation.incomplete.sample import (
    complete_samples,
    incomplete_data,
    incomplete_moments,
)
from loyaltysem.estimation.information import symmetric_inverse
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.optimise import minimise, reparameterisation
from loyaltysem.estimation.residual_indices import MomentPair
from loyaltysem.estimation.row_values import row_estimates, row_jacobian
from loyaltysem.estimation.standardized import implied_spread
from loyaltysem.estimation.starting_values import starting_values
from loyaltysem.syntax.matrices import with_exogenous_moments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation.fit_measures import RobustBasis
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.incomplete.objective import FimlPoint
    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.estimation.residual_indices import ResidualGroup
    from loyaltysem.estimation.standardized import Spread
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]

START_ITERATIONS = 200
"""Steps towards the start after which it is near enough, or a ridge that leads nowhere."""

YUAN_BENTLER = ("yuan.bentler", "yuan.bentler.mplus")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteProblem:
    """A model and incomplete continuous data; see `Problem` for the meaning of the members."""

    table: ParameterTable
    options: Options
    moments: Moments
    structures: tuple[Structure, ...]
    constraints: Constraints
    objective: FimlObjective

    @property
    def fixed(self) -> tuple[int, ...]:
        """Columns of the covariates whose moments are taken as given."""
        return tuple(self.table.observed.index(name) for name in self.table.exogenous)

    @property
    def covariates(self) -> tuple[int, ...]:
        """Columns of the exogenous covariates, fixed or not."""
        return tuple(self.table.observed.index(name) for name in exogenous_observed(self.table))

    @property
    def n_moments(self) -> int:
        """Number of modelled sample moments over all groups."""
        p, k = len(self.table.observed), len(self.fixed)
        return len(self.moments.groups) * (p * (p + 3) - k * (k + 3)) // 2

    @property
    def n_divisor(self) -> int:
        """The n of standard errors: everybody with at least one value."""
        return self.moments.n

    def start(self, *, plain: bool = False) -> Array:
        """Return the estimates that the saturated moments would have as complete data (q,).

        They are near the optimum: what is missing moves them by a small part of a standard error.
        """
        first = starting_values(self.table, self.moments, plain=plain)
        near = minimise(
            moment_objective("ML", self.structures, complete_samples(self.moments)),
            first,
            reparameterisation(self.constraints),
            max_iterations=START_ITERATIONS,
        )
        return near.theta if np.isfinite(near.value) else first

    def row_estimates(self, theta: Array) -> Array:
        """Return the estimate of every row of the table (rows,)."""
        return row_estimates(self.table, self.constraints, theta)

    def row_jacobian(self, theta: Array) -> Array:
        """Return the derivatives of the estimates of all rows by theta (rows, q)."""
        return row_jacobian(self.table, self.constraints, theta)

    def chisq(self, theta: Array, point: FimlPoint) -> float:  # noqa: ARG002
        """Return the chi-square: twice the difference to the saturated log-likelihood."""
        return 2.0 * self.moments.n * point.value

    def logl(self, point: FimlPoint) -> float:
        """Return the log-likelihood of the model, conditional on fixed covariates."""
        return self.saturated_logl() - self.moments.n * point.value

    def saturated_logl(self) -> float:
        """Return the log-likelihood of the saturated model, conditional on fixed covariates."""
        fixed = list(self.fixed)
        total = 0.0
        for group in self.moments.groups:
            total += incomplete_data(group).saturated.loglik
            if fixed:
                given = log_determinant(group.cov[np.ix_(fixed, fixed)])
                total += 0.5 * group.n * (len(fixed) * (np.log(2.0 * np.pi) + 1.0) + given)
        return total

    def information(self, point: FimlPoint, kind: Information) -> Array:
        """Return the unit information (q, q)."""
        if kind == "observed":
            return point.hessian()
        return self.meat(point) if kind == "first.order" else point.expected_information()

    def meat(self, point: FimlPoint) -> Array:
        """Return the cross-products of casewise scores, sum_g f_g / n_g sum s s' (q, q)."""
        total: Array = np.zeros((self.table.n_free, self.table.n_free))
        for group, scores in self._scores(point):
            total += group.n / self.moments.n * first_order_information(scores, group.n)
        return total

    def _scores(self, point: FimlPoint) -> Iterator[tuple[GroupMoments, Iterator[Array]]]:
        """Yield each group with the casewise scores of its respondents."""
        for group, places, at in zip(
            self.moments.groups, self.structures, point.groups, strict=True
        ):
            respondents = missing_patterns(raw_rows(group), compress=False)
            yield group, casewise_scores(places, respondents, at.implied)

    def corrected_tests(
        self, point: FimlPoint, bread: Array, standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        """Return the Yuan-Bentler test where it was asked for."""
        names = [name for name in self.options.tests if name in YUAN_BENTLER]
        if not names:
            return ()
        trace_h1 = self._saturated_trace()
        trace_h0 = float(np.sum(bread * self.meat(point)))
        return tuple(
            yuan_bentler(
                standard,
                trace_h1=trace_h1,
                trace_h0=trace_h0,
                n_moments=self.n_moments,
                n_free=self.table.n_free,
                name=name,
            )
            for name in names
        )

    def _saturated_trace(self) -> float:
        """Return tr(A1^-1 B1) of the saturated model over all groups."""
        kind = self.options.information[1]
        return sum(saturated_trace(group, kind, self.fixed) for group in self.moments.groups)

    def baseline_tests(self) -> tuple[ChiSquare, ...]:
        """Return the tests of the independence model, in which only covariates are related."""
        null, point = self.baseline()
        p, k = len(self.table.observed), len(self.covariates)
        df = len(self.moments.groups) * (p * (p - 1) - k * (k - 1)) // 2
        standard = standard_test(2.0 * self.moments.n * point.value, df)
        if self.options.scaled_test is None:
            return (standard,)
        bread = symmetric_inverse(null.information(point, self.options.information[1]))
        if bread is None:
            return (standard,)
        return (standard, *null.corrected_tests(point, bread, standard))

    def baseline(self) -> tuple[IncompleteProblem, FimlPoint]:
        """Return the independence model as a problem, and its optimum."""
        null = self.with_table(independence_table(self.table))
        moments = [
            independence_moments(
                raw_rows(group),
                incomplete_data(group).saturated,
                self.covariates,
                fixed=bool(self.fixed),
            )
            for group in self.moments.groups
        ]
        means, covs = zip(*moments, strict=True)
        return null, null.objective.at(independence_estimates(null.table, covs, means))

    def with_table(self, table: ParameterTable) -> IncompleteProblem:
        """Return the problem of fitting another table to the same sample."""
        structures, constraints = structures_and_constraints(table)
        return replace(
            self,
            table=table,
            structures=structures,
            constraints=constraints,
            objective=FimlObjective(structures, self.objective.samples),
        )

    def implied(self, point: FimlPoint) -> tuple[Implied, ...]:
        """Return the implied moments of every group."""
        return tuple(group.implied for group in point.groups)

    def moment_groups(self, point: FimlPoint) -> None:
        """Return None: the likelihood is that of the rows, not of sample moments."""

    def score_information(self, point: FimlPoint) -> Array:
        """Return the expected unit information (q, q) for score tests of further parameters."""
        if not self.fixed:
            return point.expected_information()
        return information_beside_covariates(self, point)

    def spreads(self, point: FimlPoint) -> tuple[Spread, ...]:
        """Return the implied variances of all variables and their derivatives, by group."""
        parts = zip(self.structures, point.groups, strict=True)
        return tuple(implied_spread(places, at.implied, self.table.latent) for places, at in parts)

    def moment_pairs(self, point: FimlPoint) -> tuple[MomentPair, ...]:
        """Return saturated and implied moments by group."""
        parts = zip(self.moments.weights, self.moments.groups, point.groups, strict=True)
        return tuple(
            MomentPair(
                share=float(share),
                cov=group.cov,
                implied_cov=at.implied.sigma,
                mean=group.mean,
                implied_mean=at.implied.mu,
            )
            for share, group, at in parts
        )

    def gfi(self, point: FimlPoint) -> float:
        """Return the goodness-of-fit index."""
        return fiml_gfi(self, point)

    def robust_basis(self, point: FimlPoint, standard: ChiSquare) -> RobustBasis | None:
        """Return the basis of robust indices, corrected for what is missing."""
        return fiml_basis(self, point, standard)

    def residual_groups(self, point: FimlPoint) -> tuple[ResidualGroup, ...]:
        """Return what the residuals' standard errors need, by group."""
        return residual_groups(self, point)

    def notices(self, point: FimlPoint) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return nothing: the moments carry what is to be said of missing values."""
        return ()


def incomplete_problem(
    table: ParameterTable, moments: Moments, options: Options
) -> IncompleteProblem:
    """Return the problem of fitting ``table`` to incomplete ``moments``.

    Parameters
    ----------
    table
        With a mean structure.
    moments
        Made with ``listwise=False``: their data hold NaN.
    options
        ``missing`` is ``ml`` (rows without a fixed covariate are left out) or ``ml.x``.

    Raises
    ------
    EstimationError
        The data do not determine the saturated moments.
    """
    needed = table.exogenous if options.missing == "ml" else ()
    moments = incomplete_moments(moments, complete_in=needed)
    outer = [table.observed.index(name) for name in table.exogenous]
    if outer:
        covs = [group.cov[np.ix_(outer, outer)] for group in moments.groups]
        table = with_exogenous_moments(table, covs, [group.mean[outer] for group in moments.groups])
    structures, constraints = structures_and_constraints(table)
    return IncompleteProblem(
        table=table,
        options=options,
        moments=moments,
        structures=structures,
        constraints=constraints,
        objective=FimlObjective(structures, _samples(moments)),
    )


def _samples(moments: Moments) -> tuple[IncompleteSample, ...]:
    return tuple(
        IncompleteSample(
            patterns=incomplete_data(group).patterns,
            weight=group.n / moments.n,
            deviance=incomplete_data(group).deviance,
        )
        for group in moments.groups
    )
