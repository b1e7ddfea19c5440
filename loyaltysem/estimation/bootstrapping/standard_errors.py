"""``se="bootstrap"``: a fit whose standard errors and intervals come from draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.conduct import bootstrap, draws_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.estimation.fitted import Fit


def with_bootstrap_errors(
    fit: Fit, *, workers: int = 1, tell: Callable[[int, int], None] | None = None
) -> Fit:
    """Return the fit with covariance matrix, standard errors and percentile limits from draws.

    Draws and seed are those of the fit's options; ``draws`` of the result holds the record. As in
    lavaan, the covariance matrix of the draws has the number of draws as its divisor.
    """
    options = fit.options
    found = bootstrap(fit, options.bootstrap, seed=options.seed, workers=workers, tell=tell)
    varies = np.array([bool(row.free) or row.op == ":=" for row in fit.table.rows])
    notice = draws_notice(found)
    return replace(
        fit,
        vcov=found.vcov,
        se=np.where(varies, found.errors, 0.0),
        draws=found,
        notices=(*fit.notices, notice) if notice else fit.notices,
    )
