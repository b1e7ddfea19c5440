"""Statistical figures in one look, in two languages, with texts that always print.

Every function takes plain tables whose names are what the reader sees, and returns a matplotlib
Figure for :func:`loyaltysem.save_figure`. ``style`` is "colour" (safe for colour-vision deficiency)
or "mono" (black and white).
"""

from loyaltysem.diagrams.charts.absences import missing_pattern
from loyaltysem.diagrams.charts.answers import response_distributions
from loyaltysem.diagrams.charts.coefficients import coefficient_plot
from loyaltysem.diagrams.charts.curves import power_curve, qq_plot
from loyaltysem.diagrams.charts.eigenvalues import scree
from loyaltysem.diagrams.charts.flow import respondent_flow
from loyaltysem.diagrams.charts.heatmaps import correlation_heatmap, htmt_heatmap
from loyaltysem.diagrams.charts.information import item_information
from loyaltysem.diagrams.charts.interactions import johnson_neyman, simple_slopes
from loyaltysem.diagrams.charts.ladders import invariance_ladder
from loyaltysem.diagrams.charts.loading_bars import loadings_plot
from loyaltysem.diagrams.charts.means import group_means
from loyaltysem.diagrams.charts.priorities import importance_performance_map
from loyaltysem.diagrams.charts.resamples import bootstrap_distributions
from loyaltysem.diagrams.charts.specifications import specification_curve

__all__ = [
    "bootstrap_distributions",
    "coefficient_plot",
    "correlation_heatmap",
    "group_means",
    "htmt_heatmap",
    "importance_performance_map",
    "invariance_ladder",
    "item_information",
    "johnson_neyman",
    "loadings_plot",
    "missing_pattern",
    "power_curve",
    "qq_plot",
    "respondent_flow",
    "response_distributions",
    "scree",
    "simple_slopes",
    "specification_curve",
]
