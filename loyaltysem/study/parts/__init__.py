"""The parts of a study, in the order in which they are computed."""

from loyaltysem.study.parts.descriptives import DESCRIPTIVES
from loyaltysem.study.parts.effects import EFFECTS
from loyaltysem.study.parts.moments import MOMENTS
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart, StudyPart
from loyaltysem.study.parts.reliability import RELIABILITY

STUDY_PARTS: tuple[StudyPart, ...] = (DESCRIPTIVES, RELIABILITY)
MODEL_PARTS: tuple[ModelPart, ...] = (EFFECTS, MOMENTS)

__all__ = [
    "MODEL_PARTS",
    "STUDY_PARTS",
    "FittedModel",
    "Found",
    "Material",
    "ModelPart",
    "StudyPart",
]
