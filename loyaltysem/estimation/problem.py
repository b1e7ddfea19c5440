"""A model that has met its data: what the conductor needs to know of a way of estimating.

Complete continuous data, incomplete data and ordinal data each have a class of this protocol; the
stages of `conduct` (optimise, standard errors, tests, baseline) are the same for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.discrepancy import Objective
    from loyaltysem.estimation.fit_measures import RobustBasis
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.estimation.residual_indices import MomentPair, ResidualGroup
    from loyaltysem.estimation.robust import MomentGroup
    from loyaltysem.estimation.standardized import Spread
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable


class Problem(Protocol):
    """A table with its sample, ready for the optimiser.

    ``table`` holds the moments of fixed covariates; ``n_moments`` counts the sample moments that
    are modelled (lavaan's ndat, without those of fixed covariates); ``n_divisor`` is the number of
    rows that the inverse unit information is divided by. ``point`` is what ``objective.at`` gave.
    """

    @property
    def table(self) -> ParameterTable:
        """The parameter table."""
        ...

    @property
    def options(self) -> Options:
        """What was asked."""
        ...

    @property
    def moments(self) -> Moments:
        """The sample."""
        ...

    @property
    def structures(self) -> tuple[Structure, ...]:
        """Where each free parameter enters, by group."""
        ...

    @property
    def constraints(self) -> Constraints:
        """Constraints and defined parameters."""
        ...

    @property
    def objective(self) -> Objective:
        """The discrepancy as a function of theta."""
        ...

    @property
    def n_moments(self) -> int:
        """Number of modelled sample moments."""
        ...

    @property
    def n_divisor(self) -> int:
        """The n of standard errors."""
        ...

    def start(self, *, plain: bool = False) -> NDArray[np.float64]:
        """Return starting values (q,); ``plain`` ones when the search failed from the others."""
        ...

    def row_estimates(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the estimate of every row of the table (rows,)."""
        ...

    def chisq(self, theta: NDArray[np.float64], point: Any) -> float:
        """Return the standard chi-square."""
        ...

    def logl(self, point: Any) -> float | None:
        """Return the log-likelihood, None where the estimator has none."""
        ...

    def saturated_logl(self) -> float | None:
        """Return the log-likelihood of the saturated model."""
        ...

    def information(self, point: Any, kind: Information) -> NDArray[np.float64]:
        """Return the unit information (q, q)."""
        ...

    def meat(self, point: Any) -> NDArray[np.float64]:
        """Return the middle of the sandwich (q, q) for the robust standard errors asked for."""
        ...

    def corrected_tests(
        self, point: Any, bread: NDArray[np.float64], standard: ChiSquare
    ) -> tuple[ChiSquare, ...]:
        """Return the corrected tests asked for; ``bread`` is the inverse unit information."""
        ...

    def baseline_tests(self) -> tuple[ChiSquare, ...]:
        """Return the tests of the independence model, the standard one first; empty for none."""
        ...

    def with_table(self, table: ParameterTable) -> Problem:
        """Return the problem of fitting another table to the same sample."""
        ...

    def implied(self, point: Any) -> tuple[Implied, ...]:
        """Return the implied moments of every group."""
        ...

    def moment_groups(self, point: Any) -> list[MomentGroup] | None:
        """Return Jacobian, weight and asymptotic covariance of the moments, by group.

        None where the discrepancy is none of sample moments (incomplete data).
        """
        ...

    def score_information(self, point: Any) -> NDArray[np.float64]:
        """Return the expected unit information (q, q) for score tests of further parameters.

        Parameters of covariates' moments carry none where these moments are fixed.
        """
        ...

    def spreads(self, point: Any) -> tuple[Spread, ...]:
        """Return the implied variances of all variables and their derivatives, by group."""
        ...

    def row_jacobian(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivatives of the estimates of all rows by theta (rows, q)."""
        ...

    def moment_pairs(self, point: Any) -> tuple[MomentPair, ...]:
        """Return sample and implied moments by group."""
        ...

    def gfi(self, point: Any) -> float | None:
        """Return the goodness-of-fit index, None where it is not defined."""
        ...

    def robust_basis(self, point: Any, standard: ChiSquare) -> RobustBasis | None:
        """Return what robust indices stand on where it is not the scaled tests themselves."""
        ...

    def residual_groups(self, point: Any) -> tuple[ResidualGroup, ...] | None:
        """Return what residuals' standard errors need, by group; None where they have none."""
        ...

    def notices(self, point: Any) -> tuple[Notice, ...]:
        """Return what only this kind of data has to say."""
        ...
