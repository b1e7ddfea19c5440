"""Nested models compared over imputed data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.imputation.pooled_tests import METHODS, PooledTest, PoolMethod, d2, d3

if TYPE_CHECKING:
    from loyaltysem.estimation.imputation.fitting import ImputedFit


def compare_imputed(less: ImputedFit, more: ImputedFit, *, test: PoolMethod = "D3") -> PooledTest:
    """Test what a nested model restricts, pooled over the imputed data sets.

    Parameters
    ----------
    less, more
        Fits of two nested models to the same data sets, ``more`` with more degrees of freedom.
        Data sets in which either gave no estimates are left out.
    test
        ``D3``, for maximum likelihood without a correction, or ``D2``.

    Raises
    ------
    EstimationError
        The models have the same degrees of freedom, were fitted to different data sets, or share
        fewer than two of them.

    Notes
    -----
    As ``lavTestLRT.mi`` of semTools.
    """
    if test not in METHODS:
        raise EstimationError("Unknown pooled test", found=f"'{test}'", expected=", ".join(METHODS))
    df = more.pooled.df - less.pooled.df
    if df <= 0 or less.n_datasets != more.n_datasets or less.pooled.n != more.pooled.n:
        raise EstimationError(
            "The models cannot be compared",
            found=f"{less.pooled.df} and {more.pooled.df} degrees of freedom, "
            f"{less.n_datasets} and {more.n_datasets} data sets",
            expected="the less restricted model first, fitted to the same data sets",
        )
    shared = sorted(set(less.used) & set(more.used))
    if len(shared) < 2:
        raise EstimationError("The models share fewer than two data sets with estimates")
    places = [(less.used.index(k), more.used.index(k)) for k in shared]
    own = [more.fits[b].tests[0].statistic - less.fits[a].tests[0].statistic for a, b in places]
    if test == "D2":
        return d2(own, df)
    ratios = [2.0 * float(more.misfits.model[b] - less.misfits.model[a]) for a, b in places]
    return d3(ratios, own, df)
