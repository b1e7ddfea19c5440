"""Moderation: a variable that changes what another does."""

from loyaltysem.structural.moderation.analysis import Moderation, moderated_fit
from loyaltysem.structural.moderation.conditional_effects import (
    ConditionalEffect,
    conditional_effects,
)
from loyaltysem.structural.moderation.slopes import (
    Region,
    johnson_neyman,
    significance_region,
    simple_slopes,
)
from loyaltysem.structural.moderation.specification import Moderated, check_moderated

__all__ = [
    "ConditionalEffect",
    "Moderated",
    "Moderation",
    "Region",
    "check_moderated",
    "conditional_effects",
    "johnson_neyman",
    "moderated_fit",
    "significance_region",
    "simple_slopes",
]
