"""Common-method variance: single factor, unmeasured method factor, marker variable, collinearity.

None of these can show that a study is free of method variance; each looks for one form of it
(Podsakoff, MacKenzie, Lee & Podsakoff 2003).
"""

from loyaltysem.structural.method_variance.cfa_marker import MarkerFactor, marker_factor
from loyaltysem.structural.method_variance.full_collinearity import full_collinearity
from loyaltysem.structural.method_variance.latent_method import MethodFactor, method_factor
from loyaltysem.structural.method_variance.partial_marker import (
    MarkerCorrelations,
    marker_correlations,
)

__all__ = [
    "MarkerCorrelations",
    "MarkerFactor",
    "MethodFactor",
    "full_collinearity",
    "marker_correlations",
    "marker_factor",
    "method_factor",
]
