"""Two-stage maximum likelihood: saturated moments by EM, then the model fitted to them.

The second stage treats the EM moments as those of n complete rows, so that estimates are those of
ordinary maximum likelihood; standard errors and tests do not: they put the asymptotic covariance of
the EM moments in the middle of the sandwich,

    V = H^-1 Delta' W Gamma W Delta H^-1 / n,   H = Delta' W Delta,

with W the complete-data weight at the EM moments and Gamma the inverse of their observed
information (``two.stage``, normal data) or its sandwich (``robust.two.stage``). Exogenous
covariates are modelled like all variables.

Equal to lavaan 0.6-14 but for the correction of the baseline's chi-square, and so for scaled and
robust CFI and TLI. lavaan fits its baseline without standard errors, from which its test would take
the Gamma of the EM moments, and falls back on that of the products of whatever answers two
variables share, the same for both options. Here the baseline is corrected like every other model:
its test equals the one that lavaan, too, finds for an independence model that is written out.

Sources: Yuan & Bentler (2000), Sociological Methodology 30, 165-200; Savalei & Bentler (2009),
Structural Equation Modeling 16, 477-497; lavaan's ``missing = "two.stage"``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loyaltysem.estimation.asymptotics import inverse_of, normal_theory_weight
from loyaltysem.estimation.continuous import ContinuousProblem, continuous_problem
from loyaltysem.estimation.continuous_moments import implied_groups
from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.incomplete.robust import saturated_covariance
from loyaltysem.estimation.incomplete.sample import incomplete_moments
from loyaltysem.estimation.residual_indices import ResidualGroup, goodness_of_fit
from loyaltysem.estimation.robust import (
    MomentGroup,
    moment_information,
    moment_meat,
    ugamma_traces,
)
from loyaltysem.estimation.robust_continuous import corrected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStageProblem(ContinuousProblem):
    """A model and the EM moments of incomplete data; see `Problem` for the meaning of the members.

    ``gammas`` holds for each group n times the asymptotic covariance of its EM moments (r, r).
    """

    gammas: tuple[Array, ...]

    @property
    def complete_rows(self) -> bool:
        """The rows have gaps."""
        return False

    def information(self, point: Point, kind: Information) -> Array:  # noqa: ARG002
        """Return Delta' W Delta (q, q), with W at the EM moments whatever the kind."""
        return moment_information(self.moment_groups(point))

    def meat(self, point: Point) -> Array:
        """Return Delta' W Gamma W Delta (q, q)."""
        return moment_meat(self.moment_groups(point))

    def corrected_tests(
        self, point: Point, bread: Array, standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        """Return Satorra and Bentler's test with the Gamma of the EM moments."""
        if standard.df <= 0:
            return (corrected("satorra.bentler", standard, 0.0, 0.0),)
        traces = ugamma_traces(self.moment_groups(point), bread)
        return (corrected("satorra.bentler", standard, traces.trace, traces.trace_squared),)

    def moment_groups(self, point: Point) -> list[MomentGroup]:
        """Return Jacobian, weight and asymptotic covariance of the EM moments, by group."""
        parts = zip(self.structures, self.samples, implied_groups(point), self.gammas, strict=True)
        return [
            MomentGroup(
                share=sample.weight,
                jacobian=jacobian(places, at, means=True),
                weight=normal_theory_weight(inverse_of(sample.cov), meanstructure=True),
                gamma=gamma,
            )
            for places, sample, at, gamma in parts
        ]

    def gfi(self, point: Point) -> float:
        """Return the goodness-of-fit index with the weights at the EM moments."""
        pairs, groups = self.moment_pairs(point), self.moment_groups(point)
        return goodness_of_fit(
            [pair.share for pair in pairs],
            [pair.vector(means=True) for pair in pairs],
            [pair.implied_vector(means=True) for pair in pairs],
            [group.weight for group in groups],
        )

    def residual_groups(self, point: Point) -> tuple[ResidualGroup, ...]:
        """Return what the residuals' standard errors need, by group."""
        parts = zip(
            self.moment_pairs(point), self.moment_groups(point), self.moments.groups, strict=True
        )
        return tuple(
            ResidualGroup(pair=pair, moments=replace(moments, gamma=moments.gamma / group.n))
            for pair, moments, group in parts
        )


def two_stage_problem(table: ParameterTable, moments: Moments, options: Options) -> TwoStageProblem:
    """Return the problem of fitting ``table`` to the EM moments of incomplete data.

    Parameters
    ----------
    table
        With a mean structure, exogenous covariates not fixed.
    moments
        Made with ``listwise=False``: their data hold NaN.
    options
        ``missing`` is ``two.stage`` or ``robust.two.stage``.

    Raises
    ------
    EstimationError
        The data do not determine the saturated moments.
    """
    saturated = incomplete_moments(moments)
    plain = continuous_problem(table, saturated, options)
    robust = options.missing == "robust.two.stage"
    gammas = tuple(
        group.n * saturated_covariance(group, _gamma_kind(options), robust=robust)
        for group in saturated.groups
    )
    return TwoStageProblem(
        table=plain.table,
        options=plain.options,
        moments=plain.moments,
        structures=plain.structures,
        constraints=plain.constraints,
        samples=plain.samples,
        objective=plain.objective,
        gammas=gammas,
    )


def _gamma_kind(options: Options) -> Information:
    return "expected" if options.information[0] == "expected" else "observed"
