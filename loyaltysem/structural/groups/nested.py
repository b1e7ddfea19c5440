"""The chi-square difference test between two nested fits to the same sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.estimation.comparison import Difference, chosen_method, difference_test

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.comparison import DifferenceMethod


def nested_difference(less: Fit, more: Fit) -> tuple[Difference, DifferenceMethod]:
    """Return the test that lavaan would choose, and which one it is.

    Where the scaling factor of Satorra & Bentler (2001) is negative, so that the statistic is not
    defined, that of Satorra & Bentler (2010) is used, which never is. Differences of plain ULS have
    no known distribution, and those of a model without estimates mean nothing; the statistic is NaN
    then.
    """
    method = chosen_method(less if less.converged else more)
    if not (has_distribution(less) and less.converged and more.converged):
        return Difference(statistic=math.nan, df=more.df - less.df), method
    found = difference_test(less, more, method)
    if math.isnan(found.statistic) and method == "satorra.bentler.2001":
        method = "satorra.bentler.2010"
        found = difference_test(less, more, method)
    return found, method


def has_distribution(fit: Fit) -> bool:
    """Tell whether differences of such fits are (asymptotically) chi-squared; not under ULS."""
    return fit.options.discrepancy != "ULS" or chosen_method(fit) != "standard"
