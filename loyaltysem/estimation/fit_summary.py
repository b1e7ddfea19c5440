"""From a fitted model to its fit measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.estimation.fit_measures import FitSummary, fit_measures
from loyaltysem.estimation.residual_indices import residual_measures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.fitted import Fit


def measures(fit: Fit) -> dict[str, float]:
    """Return every fit measure that exists for the fit, under the names of ``fitMeasures``.

    A model without degrees of freedom, or one that was fitted without a test, has only some;
    what is not defined is absent.
    """
    return fit_measures(fit_summary(fit)) if fit.tests else {"npar": float(fit.npar)}


def fit_summary(fit: Fit) -> FitSummary:
    """Return what the fit measures are computed from."""
    problem, options = fit.problem, fit.options
    scaled = first_corrected(fit.tests)
    pairs = problem.moment_pairs(fit.point)
    ordinal = pairs[0].is_ordinal
    n_groups = fit.table.n_groups
    return FitSummary(
        npar=fit.npar,
        n=fit.n,
        n_divisor=fit.n - (0 if options.divisor_n else n_groups),
        n_groups=n_groups,
        fmin=fit.fmin,
        standard=fit.tests[0],
        scaled=scaled,
        baseline=fit.baseline[0] if fit.baseline else None,
        baseline_scaled=first_corrected(fit.baseline) if scaled else None,
        logl=fit.logl,
        unrestricted_logl=fit.unrestricted_logl,
        robust=problem.robust_basis(fit.point, fit.tests[0]),
        has_robust=not ordinal and options.missing not in {"ml", "ml.x"},
        residual_measures=residual_measures(pairs),
        gfi=problem.gfi(fit.point),
        n_moments=sum(pair.n_moments for pair in pairs),
        wrmr_moments=pairs[0].n_moments if ordinal else None,
    )


def first_corrected(tests: Sequence[ChiSquare]) -> ChiSquare | None:
    """Return the first corrected test, None when there is only the standard one."""
    return next((test for test in tests if test.name not in {"standard", "bollen.stine"}), None)
