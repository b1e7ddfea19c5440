"""``test="bollen.stine"``: a fit whose chi-square has a p value from draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.estimation.bootstrapping.conduct import bootstrap, draws_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.estimation.fitted import Fit


def with_bollen_stine(
    fit: Fit, *, workers: int = 1, tell: Callable[[int, int], None] | None = None
) -> Fit:
    """Return the fit with the Bollen-Stine test as its last test.

    Draws and seed are those of the fit's options. The statistic is the standard one; its p value
    is the share of draws, from rows for which the model holds, with a larger one, None without
    degrees of freedom.

    Raises
    ------
    EstimationError
        The estimator is not maximum likelihood on complete data.
    """
    options, standard = fit.options, fit.tests[0]
    if standard.df <= 0:
        return replace(fit, tests=(*fit.tests, replace(standard, name="bollen.stine")))
    found = bootstrap(
        fit,
        options.bootstrap,
        kind="bollen.stine",
        seed=options.seed,
        workers=workers,
        tell=tell,
    )
    test = replace(standard, name="bollen.stine", pvalue=found.chisq_pvalue())
    notice = draws_notice(found)
    return replace(
        fit,
        tests=(*fit.tests, test),
        notices=(*fit.notices, notice) if notice else fit.notices,
    )
