"""The chi-square difference test between two nested fits to the same sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.estimation.comparison import chosen_method, difference_test

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.comparison import Difference, DifferenceMethod


def nested_difference(less: Fit, more: Fit) -> tuple[Difference, DifferenceMethod]:
    """Return the test that lavaan would choose, and which one it is.

    Where the scaling factor of Satorra & Bentler (2001) is negative, so that the statistic is not
    defined, that of Satorra & Bentler (2010) is used, which never is.
    """
    method = chosen_method(less)
    found = difference_test(less, more, method)
    if math.isnan(found.statistic) and method == "satorra.bentler.2001":
        method = "satorra.bentler.2010"
        found = difference_test(less, more, method)
    return found, method
