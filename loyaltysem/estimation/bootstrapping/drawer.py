"""Which way of drawing serves a fit: batches where an estimator has them, else one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.estimation.bootstrapping.likelihood_draws import likelihood_draws
from loyaltysem.estimation.bootstrapping.ordinal_draws import ordinal_draws
from loyaltysem.estimation.bootstrapping.single_draws import OneByOne

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.draws import Drawer
    from loyaltysem.estimation.fitted import Fit


def drawer(fit: Fit, rows: Sequence[NDArray[np.float64]]) -> Drawer:
    """Return what estimates bootstrap samples of ``rows`` (one array (n, p) per group)."""
    batched = likelihood_draws(fit, rows) or ordinal_draws(fit, rows)
    return batched or OneByOne(problem=fit.problem, start=fit.theta, rows=tuple(rows))
