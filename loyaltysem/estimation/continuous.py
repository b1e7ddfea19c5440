"""Complete continuous data: ML, GLS, ULS, WLS and DWLS on means and covariances."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError, Reason
from loyaltysem.estimation.asymptotics import adf_gamma
from loyaltysem.estimation.baseline import (
    exogenous_observed,
    independence_chisq,
    independence_estimates,
    independence_table,
)
from loyaltysem.estimation.casewise import casewise_scores, first_order_information
from loyaltysem.estimation.chisquare import ChiSquare, standard_test
from loyaltysem.estimation.continuous_moments import (
    continuous_gfi,
    implied_groups,
    moment_groups,
    residual_groups,
    weighted_moments,
)
from loyaltysem.estimation.discrepancy import (
    MomentPoint,
    Sample,
    log_determinant,
    moment_objective,
)
from loyaltysem.estimation.information import symmetric_inverse
from loyaltysem.estimation.moments import check_positive_definite, raw_rows
from loyaltysem.estimation.residual_indices import MomentPair
from loyaltysem.estimation.robust import moment_information
from loyaltysem.estimation.robust_continuous import corrected_tests, robust_meat
from loyaltysem.estimation.row_values import row_estimates, row_jacobian
from loyaltysem.estimation.standardized import implied_spread
from loyaltysem.estimation.starting_values import starting_values
from loyaltysem.estimation.structure import structure
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.matrices import model_matrices, with_exogenous_moments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation.discrepancy import Objective, Point
    from loyaltysem.estimation.fit_measures import RobustBasis
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.estimation.residual_indices import ResidualGroup
    from loyaltysem.estimation.robust import MomentGroup
    from loyaltysem.estimation.standardized import Spread
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuousProblem:
    """A model and complete continuous data; see `Problem` for the meaning of the members.

    ``samples`` are the moments as the discrepancy wants them: divisor n under ML with normal
    likelihood, n - 1 otherwise.
    """

    table: ParameterTable
    options: Options
    moments: Moments
    structures: tuple[Structure, ...]
    constraints: Constraints
    samples: tuple[Sample, ...]
    objective: Objective

    @property
    def fixed(self) -> tuple[int, ...]:
        """Columns of the covariates whose moments are taken as given."""
        return tuple(self.table.observed.index(name) for name in self.table.exogenous)

    @property
    def complete_rows(self) -> bool:
        """Whether the rows behind the moments have no gaps, so that they can be used one by one."""
        return True

    @property
    def n_moments(self) -> int:
        """Number of modelled sample moments over all groups."""
        return len(self.moments.groups) * (
            _moment_count(len(self.table.observed), means=self.table.meanstructure)
            - _moment_count(len(self.table.exogenous), means=self.table.meanstructure)
        )

    @property
    def n_divisor(self) -> int:
        """The n of standard errors: all rows, less one for each group where S has divisor n - 1."""
        return self.moments.n - (0 if self.options.divisor_n else len(self.moments.groups))

    def start(self, *, plain: bool = False) -> NDArray[np.float64]:
        """Return starting values (q,)."""
        return starting_values(self.table, self.moments, plain=plain)

    def row_estimates(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the estimate of every row of the table (rows,)."""
        return row_estimates(self.table, self.constraints, theta)

    def chisq(self, theta: NDArray[np.float64], point: Point) -> float:  # noqa: ARG002
        """Return the chi-square: twice the discrepancy times n (n - 1 under Wishart) by group."""
        if isinstance(point, MomentPoint):
            values = [group.value for group in point.groups]
            return self._total(values)
        return 2.0 * self.moments.n * point.value

    def _total(self, values: list[float]) -> float:
        loss = 1 if self.options.likelihood == "wishart" else 0
        parts = zip(self.moments.n_per_group, values, strict=True)
        return float(sum(2.0 * (n - loss) * value for n, value in parts))

    def logl(self, point: Point) -> float | None:
        """Return the log-likelihood of the model, conditional on fixed covariates."""
        saturated = self.saturated_logl()
        return None if saturated is None else saturated - self.moments.n * point.value

    def saturated_logl(self) -> float | None:
        """Return the log-likelihood of the saturated model, conditional on fixed covariates."""
        if self.options.discrepancy != "ML":
            return None
        fixed = list(self.fixed)
        total = 0.0
        for sample, group in zip(self.samples, self.moments.groups, strict=True):
            total += _saturated_logl(sample.cov, group.n, sample.log_det)
            if fixed:
                given = sample.cov[np.ix_(fixed, fixed)]
                total -= _saturated_logl(given, group.n, log_determinant(given))
        return total

    def information(self, point: Point, kind: Information) -> NDArray[np.float64]:
        """Return the unit information (q, q)."""
        if kind == "observed":
            return point.hessian()
        return self._first_order(point) if kind == "first.order" else point.information()

    def _first_order(self, point: Point) -> NDArray[np.float64]:
        total = np.zeros((self.table.n_free, self.table.n_free))
        for group, sample, scores in self._scores(point):
            total += sample.weight * first_order_information(scores, group.n)
        return total

    def _scores(
        self, point: Point
    ) -> Iterator[tuple[GroupMoments, Sample, Iterator[NDArray[np.float64]]]]:
        """Yield each group with the casewise scores of its rows."""
        if not isinstance(point, MomentPoint):
            raise EstimationError("Casewise scores exist for maximum likelihood only")
        parts = zip(self.moments.groups, self.samples, self.structures, point.groups, strict=True)
        for group, sample, places, at in parts:
            mean = at.implied.mu if sample.means else group.mean
            data = raw_rows(group)
            yield (
                group,
                sample,
                casewise_scores(
                    data, mean, at.inner, places, at.implied, meanstructure=sample.means
                ),
            )

    def meat(self, point: Point) -> NDArray[np.float64]:
        """Return the middle of the sandwich (q, q)."""
        return robust_meat(self, point)

    def corrected_tests(
        self, point: Point, bread: NDArray[np.float64], standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        """Return the corrected tests asked for."""
        return corrected_tests(self, point, bread, standard)

    def baseline_tests(self) -> tuple[ChiSquare, ...]:
        """Return the tests of the independence model, in which only covariates are related."""
        standard = self._baseline_test()
        if self.options.scaled_test is None:
            return (standard,)
        null = self.with_table(independence_table(self.table))
        theta = independence_estimates(
            null.table,
            [sample.cov for sample in self.samples],
            [sample.mean for sample in self.samples],
        )
        point = null.objective.at(theta)
        bread = symmetric_inverse(null.information(point, self.options.information[1]))
        if bread is None:
            return (standard,)
        return (standard, *null.corrected_tests(point, bread, standard))

    def _baseline_test(self) -> ChiSquare:
        outer = [self.table.observed.index(name) for name in exogenous_observed(self.table)]
        values = [
            independence_chisq(self.options.discrepancy, sample, outer, fixed=bool(self.fixed))
            for sample in self.samples
        ]
        p, k = len(self.table.observed), len(outer)
        df = len(values) * (p * (p - 1) - k * (k - 1)) // 2
        has_reference = self.options.discrepancy != "ULS"
        return standard_test(self._total(values), df, has_reference=has_reference)

    def with_table(self, table: ParameterTable) -> ContinuousProblem:
        """Return the problem of fitting another table to the same sample."""
        structures, constraints = structures_and_constraints(table)
        return replace(
            self,
            table=table,
            structures=structures,
            constraints=constraints,
            objective=moment_objective(self.options.discrepancy, structures, self.samples),
        )

    def implied(self, point: Point) -> tuple[Implied, ...]:
        """Return the implied moments of every group."""
        return implied_groups(point)

    def moment_groups(self, point: Point) -> list[MomentGroup] | None:
        """Return Jacobian, weight and asymptotic covariance of the moments, by group."""
        return moment_groups(self, point)

    def score_information(self, point: Point) -> NDArray[np.float64]:
        """Return the expected unit information (q, q), without the moments of fixed covariates."""
        if not self.fixed:
            return point.information()
        return moment_information(weighted_moments(self, point))

    def spreads(self, point: Point) -> tuple[Spread, ...]:
        """Return the implied variances of all variables and their derivatives, by group."""
        parts = zip(self.structures, implied_groups(point), strict=True)
        return tuple(implied_spread(places, at, self.table.latent) for places, at in parts)

    def row_jacobian(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivatives of the estimates of all rows by theta (rows, q)."""
        return row_jacobian(self.table, self.constraints, theta)

    def moment_pairs(self, point: Point) -> tuple[MomentPair, ...]:
        """Return sample and implied moments by group."""
        parts = zip(self.samples, implied_groups(point), strict=True)
        return tuple(
            MomentPair(
                share=sample.weight,
                cov=sample.cov,
                implied_cov=at.sigma,
                mean=sample.mean if sample.means else None,
                implied_mean=at.mu if sample.means else None,
            )
            for sample, at in parts
        )

    def gfi(self, point: Point) -> float | None:
        """Return the goodness-of-fit index with the weights of the estimator."""
        return continuous_gfi(self, point)

    def robust_basis(self, point: Point, standard: ChiSquare) -> RobustBasis | None:  # noqa: ARG002
        """Return None: the robust indices of complete data stand on the scaled tests."""
        return None

    def residual_groups(self, point: Point) -> tuple[ResidualGroup, ...] | None:
        """Return what the residuals' standard errors need, by group."""
        return residual_groups(self, point)

    def notices(self, point: Point) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return nothing: complete data need no word."""
        return ()


def continuous_problem(
    table: ParameterTable, moments: Moments, options: Options
) -> ContinuousProblem:
    """Return the problem of fitting ``table`` to complete continuous ``moments``.

    Raises
    ------
    EstimationError
        A covariance matrix is not positive definite, or an asymptotically distribution-free
        weight cannot be had.
    """
    check_positive_definite(moments)
    outer = [table.observed.index(name) for name in table.exogenous]
    samples = tuple(_sample(group, moments, table, options) for group in moments.groups)
    if outer:
        covs = [sample.cov[np.ix_(outer, outer)] for sample in samples]
        table = with_exogenous_moments(table, covs, [sample.mean[outer] for sample in samples])
    structures, constraints = structures_and_constraints(table)
    return ContinuousProblem(
        table=table,
        options=options,
        moments=moments,
        structures=structures,
        constraints=constraints,
        samples=samples,
        objective=moment_objective(options.discrepancy, structures, samples),
    )


def structures_and_constraints(
    table: ParameterTable,
) -> tuple[tuple[Structure, ...], Constraints]:
    """Return what a table says of matrices and constraints, ready for an objective."""
    matrices = model_matrices(table)
    structures = tuple(structure(group, matrices.n_free) for group in matrices.groups)
    return structures, find_constraints(table)


def _moment_count(p: int, *, means: bool) -> int:
    return p * (p + 1) // 2 + (p if means else 0)


def _saturated_logl(cov: NDArray[np.float64], n: int, log_det: float) -> float:
    """Return -n/2 (p log 2 pi + log|S| + p)."""
    return float(-0.5 * n * (len(cov) * (np.log(2.0 * np.pi) + 1.0) + log_det))


def _sample(
    group: GroupMoments, moments: Moments, table: ParameterTable, options: Options
) -> Sample:
    cov = group.cov if options.divisor_n else group.cov * (group.n / (group.n - 1))
    return Sample(
        cov=cov,
        mean=group.mean,
        weight=group.n / moments.n,
        means=table.meanstructure,
        log_det=log_determinant(cov),
        shrink=1.0 if options.discrepancy == "ML" else (group.n - 1) / group.n,
        weights=_weights(group, cov, table, options),
    )


def _weights(
    group: GroupMoments, cov: NDArray[np.float64], table: ParameterTable, options: Options
) -> NDArray[np.float64] | None:
    """Return the weight matrix of GLS (S^-1), WLS (Gamma^-1) or DWLS (its diagonal)."""
    if options.discrepancy == "GLS":
        return inverse_matrix(cov)
    if options.discrepancy not in {"WLS", "DWLS"}:
        return None
    rows = raw_rows(group)
    fixed = [table.observed.index(name) for name in table.exogenous]
    gamma = adf_gamma(rows, meanstructure=table.meanstructure, fixed=fixed)
    variances = np.diagonal(gamma)
    known = variances > 0  # those of fixed covariates do not vary
    if options.discrepancy == "DWLS":
        return np.divide(1.0, variances, out=np.zeros(len(gamma)), where=known)
    if group.n <= known.sum():
        raise EstimationError(
            f"WLS needs more rows than sample moments: {group.n} rows, {known.sum()} moments",
            remedy="Use ML, MLR or DWLS.",
            reason=Reason("too_few_respondents", {"n": group.n, "needed": int(known.sum()) + 1}),
        )
    weights = np.zeros_like(gamma)
    weights[np.ix_(known, known)] = inverse_matrix(gamma[np.ix_(known, known)])
    return weights


def inverse_matrix(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of a weight's covariance matrix.

    Raises
    ------
    EstimationError
        It is singular.
    """
    inverse = symmetric_inverse(matrix)
    if inverse is None:
        raise EstimationError(
            "The asymptotic covariance matrix of the sample moments is singular",
            remedy="Use ML, MLR or DWLS.",
            reason=Reason("weights_singular"),
        )
    return inverse
