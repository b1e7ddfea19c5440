"""The parts of a study, in the order in which they are computed."""

from loyaltysem.study.parts.behaviour import BEHAVIOUR
from loyaltysem.study.parts.careless import CARELESS
from loyaltysem.study.parts.choice import CHOICE, EQUIVALENTS, POWER
from loyaltysem.study.parts.correlations import CORRELATIONS
from loyaltysem.study.parts.descriptives import CONSTRUCT_DESCRIPTIVES, DESCRIPTIVES
from loyaltysem.study.parts.diagnostics import DIAGNOSTICS
from loyaltysem.study.parts.dimensions import DIMENSIONS
from loyaltysem.study.parts.discriminant import DISCRIMINANT
from loyaltysem.study.parts.effects import EFFECTS
from loyaltysem.study.parts.factors import FACTORS
from loyaltysem.study.parts.groups import GROUPS
from loyaltysem.study.parts.importance import IMPORTANCE
from loyaltysem.study.parts.items import ITEMS
from loyaltysem.study.parts.measurement_model import MEASUREMENT
from loyaltysem.study.parts.method_variance import METHOD_VARIANCE
from loyaltysem.study.parts.missing import MISSING
from loyaltysem.study.parts.moderation import MODERATION
from loyaltysem.study.parts.moments import MOMENTS
from loyaltysem.study.parts.normality import NORMALITY
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart, StudyPart
from loyaltysem.study.parts.pooled import POOLED
from loyaltysem.study.parts.preregistration import PREREGISTRATION
from loyaltysem.study.parts.reliability import RELIABILITY
from loyaltysem.study.parts.replication import REPLICATION
from loyaltysem.study.parts.retest import RETEST
from loyaltysem.study.parts.robustness import ROBUSTNESS

STUDY_PARTS: tuple[StudyPart, ...] = (
    PREREGISTRATION,
    CARELESS,
    MISSING,
    DESCRIPTIVES,
    CONSTRUCT_DESCRIPTIVES,
    NORMALITY,
    ITEMS,
    RELIABILITY,
    RETEST,
    FACTORS,
    CORRELATIONS,
    DISCRIMINANT,
    DIMENSIONS,
    CHOICE,
    BEHAVIOUR,
)
MODEL_PARTS: tuple[ModelPart, ...] = (
    POOLED,
    MEASUREMENT,
    EFFECTS,
    MODERATION,
    GROUPS,
    IMPORTANCE,
    MOMENTS,
    DIAGNOSTICS,
    REPLICATION,
    METHOD_VARIANCE,
    EQUIVALENTS,
    POWER,
    ROBUSTNESS,
)

__all__ = [
    "MODEL_PARTS",
    "STUDY_PARTS",
    "FittedModel",
    "Found",
    "Material",
    "ModelPart",
    "StudyPart",
]
