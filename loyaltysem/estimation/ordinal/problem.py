"""Ordinal data as a way of estimating: least squares on thresholds and polychoric correlations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.baseline import exogenous_observed
from loyaltysem.estimation.chisquare import standard_test
from loyaltysem.estimation.options import ROBUST_TESTS
from loyaltysem.estimation.ordinal.correction import catml_basis
from loyaltysem.estimation.ordinal.implied import ordinal_structure
from loyaltysem.estimation.ordinal.objective import OrdinalObjective
from loyaltysem.estimation.ordinal.reading import ordinal_part
from loyaltysem.estimation.ordinal.rows import ordinal_row_estimates, ordinal_row_jacobian
from loyaltysem.estimation.ordinal.spread import implied_records, ordinal_spread
from loyaltysem.estimation.ordinal.tables import pair_positions
from loyaltysem.estimation.ordinal.targets import (
    ordinal_pair,
    ordinal_target,
    required_gamma,
    weight_given_the_rest,
)
from loyaltysem.estimation.residual_indices import MomentPair, ResidualGroup, goodness_of_fit
from loyaltysem.estimation.robust import MomentGroup, moment_meat, ugamma_traces
from loyaltysem.estimation.robust_continuous import corrected
from loyaltysem.estimation.starting_values import starting_values
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.matrices import model_matrices, with_exogenous_moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.fit_measures import RobustBasis
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.estimation.ordinal.implied import OrdinalStructure
    from loyaltysem.estimation.ordinal.moments import OrdinalMoments
    from loyaltysem.estimation.ordinal.objective import OrdinalPoint
    from loyaltysem.estimation.standardized import Spread
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalProblem:
    """A model and ordinal (or mixed) data; see `Problem` for the meaning of the members."""

    table: ParameterTable
    options: Options
    moments: Moments
    constraints: Constraints
    objective: OrdinalObjective

    @property
    def structures(self) -> tuple[Structure, ...]:
        """Where each free parameter enters the moments of the responses, by group."""
        return tuple(structure.responses for structure in self.objective.structures)

    @property
    def parts(self) -> tuple[OrdinalMoments, ...]:
        """The ordinal moments of every group."""
        return tuple(ordinal_part(group) for group in self.moments.groups)

    @property
    def n_moments(self) -> int:
        """Number of modelled sample moments over all groups."""
        return sum(len(part.vector) for part in self.parts)

    @property
    def n_divisor(self) -> int:
        """The n of standard errors: all rows, less one for each group (as lavaan)."""
        return self.moments.n - len(self.moments.groups)

    def start(self, *, plain: bool = False) -> Array:
        """Return starting values (q,): thresholds at the sample's, scales at 1."""
        theta = starting_values(self.table, self.moments, plain=plain)
        for row in self.table.rows:
            if row.free and row.ustart is None and row.op in ("|", "~*~"):
                theta[row.free - 1] = self._threshold(row.group, row.lhs, row.rhs)
        return theta

    def _threshold(self, group: int, variable: str, name: str) -> float:
        """Return the sample's threshold called ``name`` (t1, t2, …); 1 for a scale."""
        if name == variable:
            return 1.0
        part = self.parts[group - 1]
        observed = self.objective.structures[group - 1].matrices.observed
        own = part.thresholds[part.threshold_variable == observed.index(variable)]
        return float(own[int(name[1:]) - 1])

    def row_estimates(self, theta: Array) -> Array:
        """Return the estimate of every row of the table (rows,)."""
        point = self.objective.at(theta)
        return ordinal_row_estimates(
            self.table, self.constraints, point.structures, point.groups, theta
        )

    def row_jacobian(self, theta: Array) -> Array:
        """Return the derivatives of the estimates of all rows by theta (rows, q)."""
        point = self.objective.at(theta)
        return ordinal_row_jacobian(
            self.table, self.constraints, point.structures, point.jacobians, theta
        )

    def chisq(self, theta: Array, point: OrdinalPoint) -> float:  # noqa: ARG002
        """Return the chi-square: n times twice the discrepancy."""
        return 2.0 * self.moments.n * point.value

    def logl(self, point: OrdinalPoint) -> None:
        """Return None: least squares has no likelihood."""

    def saturated_logl(self) -> None:
        """Return None: least squares has no likelihood."""

    def information(self, point: OrdinalPoint, kind: Information) -> Array:
        """Return the unit information (q, q); ``observed`` is the Hessian of the discrepancy."""
        return point.hessian() if kind == "observed" else point.information()

    def moment_groups(self, point: OrdinalPoint) -> list[MomentGroup]:
        """Return Jacobian, weight and asymptotic covariance of every group's moments."""
        gammas = [required_gamma(target.gamma) for target in point.targets]
        parts = zip(point.targets, point.deltas, gammas, point.spreads, strict=True)
        return [
            MomentGroup(
                share=target.share,
                jacobian=delta,
                weight=target.weight,
                gamma=gamma,
                spread=spread,
            )
            for target, delta, gamma, spread in parts
        ]

    def meat(self, point: OrdinalPoint) -> Array:
        """Return the middle of the sandwich (q, q)."""
        return moment_meat(self.moment_groups(point))

    def corrected_tests(
        self, point: OrdinalPoint, bread: Array, standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        """Return the corrected tests asked for."""
        return self._corrected(self.moment_groups(point), bread, standard)

    def _corrected(
        self, groups: list[MomentGroup], bread: Array, standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        names = [name for name in self.options.tests if name in ROBUST_TESTS]
        if not names:
            return ()
        traces = ugamma_traces(groups, bread)
        return tuple(
            corrected(name, standard, traces.trace, traces.trace_squared) for name in names
        )

    def baseline_tests(self) -> tuple[ChiSquare, ...]:
        """Return the tests of the model in which nothing is related but to the covariates.

        Everything but the correlations fits perfectly, so only these make up the chi-square.
        """
        groups, value, df = [], 0.0, 0
        for part, target in zip(self.parts, self.objective.targets, strict=True):
            zero = len(part.vector) + self._unrelated(part)
            df += len(zero)
            weight = weight_given_the_rest(target.weight, zero)
            residual = part.vector[zero]
            pulled = weight * residual if weight.ndim == 1 else weight @ residual
            value += target.share * target.shrink * float(residual @ pulled)
            if target.gamma is not None:
                gamma = target.gamma[np.ix_(zero, zero)]
                none = np.zeros((len(zero), 0))
                groups.append(
                    MomentGroup(share=target.share, jacobian=none, weight=weight, gamma=gamma)
                )
        standard = standard_test(self.moments.n * value, df, has_reference=self._has_reference)
        if self.options.scaled_test is None:
            return (standard,)
        return (standard, *self._corrected(groups, np.zeros((0, 0)), standard))

    def _unrelated(self, part: OrdinalMoments) -> NDArray[np.intp]:
        """Return where the correlations stand that the baseline model sets to zero, from the end.

        Covariates that are modelled, not conditioned on, keep their relations to each other.
        """
        conditioned_on = self.table.exogenous if self.table.conditional_x else ()
        names = [name for name in self.moments.names if name not in conditioned_on]
        given = np.isin(names, exogenous_observed(self.table))
        first, second = pair_positions(len(part.sizes))
        return np.flatnonzero(~(given[first] & given[second])) - len(first)

    @property
    def _has_reference(self) -> bool:
        return self.options.discrepancy != "ULS"

    def with_table(self, table: ParameterTable) -> OrdinalProblem:
        """Return the problem of fitting another table to the same sample."""
        targets = self.objective.targets
        return replace(
            self,
            table=table,
            constraints=find_constraints(table),
            objective=OrdinalObjective(_structures(table, self.moments), targets),
        )

    def implied(self, point: OrdinalPoint) -> tuple[Implied, ...]:
        """Return the implied moments of every group; ``sigma`` holds correlations."""
        covs = [part.covariate_cov for part in self.parts]
        return implied_records(point.structures, point.groups, covs)

    def score_information(self, point: OrdinalPoint) -> Array:
        """Return the expected unit information (q, q) for score tests of further parameters."""
        return point.information()

    def spreads(self, point: OrdinalPoint) -> tuple[Spread, ...]:
        """Return the implied variances of all variables and their derivatives, by group."""
        parts = zip(point.structures, point.groups, point.jacobians, self.parts, strict=True)
        return tuple(
            ordinal_spread(structure, at, by, part.covariate_cov, self.table.latent)
            for structure, at, by, part in parts
        )

    def moment_pairs(self, point: OrdinalPoint) -> tuple[MomentPair, ...]:
        """Return sample and implied correlations and thresholds by group."""
        parts = zip(self.parts, point.targets, point.groups, strict=True)
        return tuple(ordinal_pair(part, target.share, at) for part, target, at in parts)

    def gfi(self, point: OrdinalPoint) -> float:
        """Return the goodness-of-fit index with the weights of the estimator."""
        return goodness_of_fit(
            [target.share for target in point.targets],
            [target.vector for target in point.targets],
            [at.vector for at in point.groups],
            [target.weight for target in point.targets],
        )

    def robust_basis(self, point: OrdinalPoint, standard: ChiSquare) -> RobustBasis | None:
        """Return what robust indices stand on; None where they are not defined."""
        if self.options.scaled_test in (None, "mean.var.adjusted"):
            return None
        return catml_basis(self, point, standard.df)

    def residual_groups(self, point: OrdinalPoint) -> tuple[ResidualGroup, ...] | None:
        """Return what the residuals' standard errors need; None beside numeric variables."""
        if any(len(part.numeric) or part.slopes.size for part in self.parts):
            return None
        parts = zip(self.moment_pairs(point), self.moment_groups(point), self.parts, strict=True)
        return tuple(
            ResidualGroup(pair=pair, moments=replace(group, gamma=group.gamma / part.n))
            for pair, group, part in parts
        )

    def notices(self, point: OrdinalPoint) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return nothing: what ordinal data have to say is said when they are read."""
        return ()


def ordinal_problem(table: ParameterTable, moments: Moments, options: Options) -> OrdinalProblem:
    """Return the problem of fitting ``table`` to ordinal ``moments``.

    Parameters
    ----------
    table
        With ordinal variables.
    moments
        As `read_ordinal_moments` makes them.
    options
        The estimator is ULS, DWLS or WLS, or one of their robust forms.

    Raises
    ------
    EstimationError
        The weight matrix of WLS cannot be had.
    """
    if table.exogenous:
        parts = [ordinal_part(group) for group in moments.groups]
        table = with_exogenous_moments(
            table,
            [part.covariate_cov for part in parts],
            [part.covariate_mean for part in parts],
        )
    targets = tuple(
        ordinal_target(ordinal_part(group), group.n / moments.n, options)
        for group in moments.groups
    )
    return OrdinalProblem(
        table=table,
        options=options,
        moments=moments,
        constraints=find_constraints(table),
        objective=OrdinalObjective(_structures(table, moments), targets),
    )


def needs_gamma(options: Options) -> bool:
    """Tell whether an estimator needs the asymptotic covariance of the moments."""
    robust = options.se.startswith("robust") or options.scaled_test is not None
    return robust or options.discrepancy != "ULS"


def _structures(table: ParameterTable, moments: Moments) -> tuple[OrdinalStructure, ...]:
    matrices = model_matrices(table)
    theta_form = table.parameterization == "theta"
    return tuple(
        ordinal_structure(
            group,
            np.array(ordinal_part(sample).sizes, dtype=np.intp),
            matrices.n_free,
            theta_form=theta_form,
        )
        for group, sample in zip(matrices.groups, moments.groups, strict=True)
    )
