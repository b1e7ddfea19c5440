"""A fitted model with latent interactions: an immutable record and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from loyaltysem.estimation.estimates import KINDS, is_shown, with_inference
from loyaltysem.estimation.standardized import delta_errors, r_squared, standardize
from loyaltysem.structural.lms.spread import latent_moments, moderated_spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.errors import Notice
    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.standardized import Spread, Standardization, Standardized
    from loyaltysem.structural.lms.problem import LmsProblem
    from loyaltysem.structural.lms.terms import ProductTerm
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LmsFit:
    """A model with products of latent variables, fitted by maximum likelihood.

    Attributes
    ----------
    problem, linear
        The model with its respondents, and the fit of the model without the products.
    theta, vcov
        Free parameters (q,) and their covariance matrix (q, q), None when it is singular.
    est, se
        Estimate and standard error of every row of the table.
    logl
        Log-likelihood, conditional on fixed covariates as in `Fit`.
    converged, iterations, gradient_max
        What became of the search.
    errors
        The kind of standard errors.
    integration, n_nodes
        Rule of integration and number of nodes; 1 where all moderators are observed.
    notices
        What a reader must know.
    """

    problem: LmsProblem
    linear: Fit
    theta: Array
    vcov: Array | None
    est: Array
    se: Array
    logl: float
    converged: bool
    iterations: int
    gradient_max: float
    errors: str
    integration: str
    n_nodes: int
    notices: tuple[Notice, ...]

    @property
    def table(self) -> ParameterTable:
        """The parameter table; products stand among the paths as ``a:b``."""
        return self.problem.table

    @property
    def terms(self) -> tuple[ProductTerm, ...]:
        """The products."""
        return self.problem.model.terms

    @property
    def n(self) -> int:
        """Respondents used."""
        return self.problem.n

    @property
    def npar(self) -> int:
        """Free parameters after equality constraints."""
        return int(self.problem.constraints.K.shape[1])

    def estimates(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row per parameter, with the columns of :meth:`Fit.estimates`.

        Paths of products are standardized as products of standardized factors.
        """
        shown = self._shown()
        frame = self._frame(shown).assign(est=self.est[shown], se=self.se[shown])
        frame = with_inference(frame, level)
        spread = moderated_spread(self.problem, self.theta, derivatives=False)
        for kind in KINDS:
            values = self._standardized(kind, spread).values  # noqa: PD011
            frame[kind.replace(".", "_")] = values[shown]
        return frame

    def standardized(self, kind: Standardization = "std.all", level: float = 0.95) -> pd.DataFrame:
        """Return standardized estimates with delta-method standard errors."""
        spread = moderated_spread(self.problem, self.theta)
        found, shown = self._standardized(kind, spread), self._shown()
        errors = np.full(len(found.values), np.nan)
        if self.vcov is not None:
            errors = delta_errors(found.jacobian, self.vcov)
        frame = self._frame(shown).assign(est_std=found.values[shown], se=errors[shown])  # noqa: PD011
        return with_inference(frame, level, est="est_std")

    def r2(self) -> pd.Series:
        """Return R-squared of every indicator and outcome, products counted as explanation."""
        spread = moderated_spread(self.problem, self.theta, derivatives=False)
        found = r_squared(self.table, self._standardized("std.all", spread).values)
        return pd.Series({name: value for name, _, value in found}, name="r2", dtype=float)

    def latent_covariances(self) -> pd.DataFrame:
        """Return the implied covariance matrix of the latent variables."""
        _, cov = latent_moments(self.problem, self.theta)
        names = list(self.problem.conditional.structure.matrices.latent)
        frame = pd.DataFrame(cov, index=names, columns=names)
        kept = list(self.table.latent)
        return frame.loc[kept, kept]

    def measures(self) -> dict[str, float]:
        """Return ``npar, logl, aic, bic, bic2``; LMS has no chi-square test of exact fit."""
        deviance = -2.0 * self.logl
        return {
            "npar": float(self.npar),
            "logl": self.logl,
            "aic": deviance + 2.0 * self.npar,
            "bic": deviance + float(np.log(self.n)) * self.npar,
            "bic2": deviance + float(np.log((self.n + 2) / 24)) * self.npar,
        }

    def interaction_test(self) -> dict[str, float]:
        """Return the likelihood-ratio test against the model without products.

        ``chisq, df, pvalue``, and ``aic_difference`` and ``bic_difference`` (negative where the
        products are worth their parameters).
        """
        linear = self.linear.logl or float("nan")
        chisq = max(0.0, 2.0 * (self.logl - linear))
        df = self.npar - self.linear.npar
        return {
            "chisq": chisq,
            "df": float(df),
            "pvalue": float(chdtrc(df, chisq)),
            "aic_difference": 2.0 * df - chisq,
            "bic_difference": float(np.log(self.n)) * df - chisq,
        }

    def _standardized(self, kind: Standardization, spread: Spread) -> Standardized:
        return standardize(
            self.table,
            self.est,
            self.problem.row_jacobian(self.theta),
            [spread],
            self.problem.constraints.defined,
            kind,
        )

    def _shown(self) -> list[int]:
        return [k for k, row in enumerate(self.table.rows) if is_shown(row)]

    def _frame(self, shown: Sequence[int]) -> pd.DataFrame:
        rows = [self.table.rows[k] for k in shown]
        return pd.DataFrame(
            {
                "lhs": [row.lhs for row in rows],
                "op": [row.op for row in rows],
                "rhs": [row.rhs for row in rows],
                "label": [row.label for row in rows],
                "free": [row.free > 0 for row in rows],
                "exo": [row.exo for row in rows],
            }
        )

    def __str__(self) -> str:
        test = self.interaction_test()
        counts = f"{self.n} respondents, {self.npar} parameters, {self.n_nodes} nodes"
        chisq = f"chi-square {test['chisq']:.3f} (df {test['df']:.0f}), p = {test['pvalue']:.3f}"
        lines = [
            f"Latent interaction by LMS: {counts}",
            f"Log-likelihood {self.logl:.3f}; against the model without products: {chisq}",
        ]
        return "\n".join([*lines, *(notice.text for notice in self.notices)])

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT converged"
        return f"<LmsFit: n = {self.n}, {self.npar} parameters, logl {self.logl:.3f}, {state}>"
