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
from loyaltysem.results.behaviour import (
    BehaviourResult,
    KnownGroups,
    PurchaseModelRecord,
    TierRecord,
)
from loyaltysem.results.effects import (
    BootstrapRecord,
    EffectInterval,
    EffectRecord,
    EffectsResult,
)
from loyaltysem.results.factors import (
    EigenvalueRecord,
    FactorItem,
    FactorPair,
    FactorsResult,
    FactorVariance,
    GeneralFactor,
)
from loyaltysem.results.fit import (
    IndexVerdict,
    LatentPair,
)
from loyaltysem.results.importance import (
    ImportanceResult,
    ImportanceRow,
)
from loyaltysem.results.items import (
    GradedItem,
    GradedScale,
    ItemDiscrimination,
    ItemsResult,
)
from loyaltysem.results.measurement import (
    ConvergentValidity,
    ItemDescriptive,
    ItemReliability,
    ReliabilityResult,
    RetestResult,
)
from loyaltysem.results.method_variance import (
    AdjustedCorrelation,
    ConstructInflation,
    MarkerCorrelation,
    MarkerPair,
    MarkerReliability,
    MarkerResult,
    MethodFactorResult,
    MethodLoading,
    MethodPath,
    MethodVarianceResult,
)
from loyaltysem.results.model import (
    HypothesisResult,
    ModelResult,
    ParameterRecord,
)
from loyaltysem.results.moments import MomentsRecord
from loyaltysem.results.preregistration import DeviationRecord, PreregistrationResult
from loyaltysem.results.rivals import (
    ChoiceResult,
    ChoiceRow,
    DimensionLoading,
    DimensionShare,
    DimensionsResult,
    EquivalentRecord,
    FactorShares,
    FitPowerRecord,
    NestedTest,
    RivalRecord,
    StepRecord,
)
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
from loyaltysem.results.style import StyleRecord
from loyaltysem.results.validity import (
    ConstrainedPair,
    ConstructScore,
    ConstructValidity,
    CorrelationsResult,
    CrossLoading,
    DiscriminantResult,
    HtmtPair,
    MeasurementModelResult,
    ScorePair,
)

__all__ = [
    "RESULTS_VERSION",
    "AdjustedCorrelation",
    "BehaviourResult",
    "BootstrapRecord",
    "CategoryCount",
    "ChoiceResult",
    "ChoiceRow",
    "ConstrainedPair",
    "ConstructInflation",
    "ConstructInfo",
    "ConstructScore",
    "ConstructValidity",
    "ConvergentValidity",
    "CorrelationsResult",
    "CrossLoading",
    "Demographic",
    "DeviationRecord",
    "DimensionLoading",
    "DimensionShare",
    "DimensionsResult",
    "DiscriminantResult",
    "EffectInterval",
    "EffectRecord",
    "EffectsResult",
    "EigenvalueRecord",
    "EquivalentRecord",
    "Exclusion",
    "FactorItem",
    "FactorPair",
    "FactorShares",
    "FactorVariance",
    "FactorsResult",
    "FitPowerRecord",
    "GeneralFactor",
    "GradedItem",
    "GradedScale",
    "HtmtPair",
    "HypothesisResult",
    "ImportanceResult",
    "ImportanceRow",
    "IndexVerdict",
    "InputFile",
    "ItemDescriptive",
    "ItemDiscrimination",
    "ItemInfo",
    "ItemReliability",
    "ItemsResult",
    "KnownGroups",
    "LatentPair",
    "LedgerTotal",
    "MarkerCorrelation",
    "MarkerPair",
    "MarkerReliability",
    "MarkerResult",
    "MeasurementModelResult",
    "MethodFactorResult",
    "MethodLoading",
    "MethodPath",
    "MethodVarianceResult",
    "ModelResult",
    "MomentsRecord",
    "NestedTest",
    "NoticeRecord",
    "ParameterRecord",
    "PreregistrationResult",
    "Provenance",
    "PurchaseModelRecord",
    "QuestionnaireInfo",
    "Record",
    "ReliabilityResult",
    "RetestResult",
    "RivalRecord",
    "SampleResult",
    "ScorePair",
    "StepRecord",
    "StudyInfo",
    "StudyResults",
    "StyleRecord",
    "Text",
    "TierRecord",
    "read_results",
]
