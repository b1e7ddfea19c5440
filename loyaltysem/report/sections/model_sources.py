"""The works behind the comparisons of models and the checks of method variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.sections import choice, dimensions, marker, method_variance, robustness
from loyaltysem.report.sections.groups import group_sources
from loyaltysem.report.sections.moderation import moderation_sources

if TYPE_CHECKING:
    from loyaltysem.results import StudyResults


def model_sources(results: StudyResults) -> list[str]:
    """Return the short forms of the works that the sections on models cite."""
    used = {
        method_variance.SOURCES: any(one.method_variance for one in results.models),
        marker.SOURCES: any(
            one.method_variance and one.method_variance.marker for one in results.models
        ),
        dimensions.SOURCES: bool(results.dimensions),
        choice.SOURCES: results.choice is not None,
        choice.POWER_SOURCES: any(one.power for one in results.models),
        choice.EQUIVALENT_SOURCES: any(one.equivalents for one in results.models),
        robustness.SOURCES: any(one.robustness for one in results.models),
    }
    found = [source for sources, cited in used.items() if cited for source in sources]
    found += [source for one in results.models for source in moderation_sources(one)]
    return [*found, *(source for one in results.models for source in group_sources(one))]
