"""What a study found, as plain records: the content of ``results.json``.

Everything a report prints comes from here, so a report can be made again from the stored file.
Texts for the reader are kept in every language of the study (``{"en": …, "zh": …}``).
Quantities that cannot be computed are None, and a notice says why.
"""

from loyaltysem.results.base import (
    NoticeRecord,
    Record,
    Text,
)
from loyaltysem.results.effects import (
    BootstrapRecord,
    EffectInterval,
    EffectRecord,
    EffectsResult,
)
from loyaltysem.results.measurement import (
    ConvergentValidity,
    ItemDescriptive,
    ItemReliability,
    ReliabilityResult,
)
from loyaltysem.results.model import (
    HypothesisResult,
    IndexVerdict,
    LatentPair,
    ModelResult,
    ParameterRecord,
)
from loyaltysem.results.moments import MomentsRecord
from loyaltysem.results.sample import (
    CategoryCount,
    ConstructInfo,
    Demographic,
    Exclusion,
    ItemInfo,
    LedgerTotal,
    QuestionnaireInfo,
    SampleResult,
)
from loyaltysem.results.study import (
    RESULTS_VERSION,
    InputFile,
    Provenance,
    StudyInfo,
    StudyResults,
    read_results,
)

__all__ = [
    "RESULTS_VERSION",
    "BootstrapRecord",
    "CategoryCount",
    "ConstructInfo",
    "ConvergentValidity",
    "Demographic",
    "EffectInterval",
    "EffectRecord",
    "EffectsResult",
    "Exclusion",
    "HypothesisResult",
    "IndexVerdict",
    "InputFile",
    "ItemDescriptive",
    "ItemInfo",
    "ItemReliability",
    "LatentPair",
    "LedgerTotal",
    "ModelResult",
    "MomentsRecord",
    "NoticeRecord",
    "ParameterRecord",
    "Provenance",
    "QuestionnaireInfo",
    "Record",
    "ReliabilityResult",
    "SampleResult",
    "StudyInfo",
    "StudyResults",
    "Text",
    "read_results",
]
