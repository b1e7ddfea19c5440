"""What charts write by themselves, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.diagrams.wording import in_language

if TYPE_CHECKING:
    from loyaltysem.diagrams.wording import Language

TEXTS: dict[str, dict[Language, str]] = {
    "share": {"en": "Share of answers", "zh": "作答比例"},
    "respondents": {"en": "Respondents", "zh": "人数"},
    "missing": {"en": "missing", "zh": "缺失"},
    "missing_share": {"en": "Missing answers", "zh": "缺失比例"},
    "answered": {"en": "answered", "zh": "已作答"},
    "more_patterns": {
        "en": "{count} rarer patterns ({n} respondents) are not shown",
        "zh": "另有{count}种较少见的模式（{n}人）未显示",
    },
    "factor": {"en": "Factor or component", "zh": "因子（成分）序号"},
    "eigenvalue": {"en": "Eigenvalue", "zh": "特征值"},
    "observed": {"en": "Observed", "zh": "实际数据"},
    "random_mean": {"en": "Random data (mean)", "zh": "随机数据（均值）"},
    "random_quantile": {"en": "Random data ({quantile})", "zh": "随机数据（{quantile}）"},
    "kaiser": {"en": "Eigenvalue of 1", "zh": "特征值为1"},
    "loading": {"en": "Loading", "zh": "载荷"},
    "htmt": {"en": "HTMT", "zh": "HTMT"},
    "correlation": {"en": "Correlation", "zh": "相关系数"},
    "estimate": {
        "en": "Estimate with {level} % confidence interval",
        "zh": "估计值及{level}%置信区间",
    },
    "draws": {"en": "Share of draws", "zh": "抽样占比"},
    "point": {"en": "Estimate", "zh": "估计值"},
    "limits": {"en": "{level} % confidence limits", "zh": "{level}%置信限"},
    "slope": {"en": "Slope of {predictor} on {outcome}", "zh": "{predictor}对{outcome}的简单斜率"},
    "band": {"en": "{level} % confidence band ({kind})", "zh": "{level}%置信带（{kind}）"},
    "significant": {"en": "significant", "zh": "显著"},
    "not_significant": {"en": "not significant", "zh": "不显著"},
    "turning": {"en": "turns at {value}", "zh": "临界值 {value}"},
    "observed_range": {"en": "observed range", "zh": "观测范围"},
    "tolerance": {"en": "largest change accepted", "zh": "可接受的最大变化"},
    "holds": {"en": "accepted", "zh": "成立"},
    "fails": {"en": "not accepted", "zh": "不成立"},
    "importance": {
        "en": "Importance (total effect on {target})",
        "zh": "重要性（对{target}的总效应）",
    },
    "performance": {"en": "Performance (0 to 100)", "zh": "绩效（0–100）"},
    "keep up": {"en": "Keep up", "zh": "继续保持"},
    "improve": {"en": "Improve first", "zh": "优先改进"},
    "low priority": {"en": "Low priority", "zh": "次要改进"},
    "possible overkill": {"en": "Possible overkill", "zh": "可能投入过度"},
    "specification": {
        "en": "Specifications, ordered by estimate",
        "zh": "各种设定（按估计值排序）",
    },
    "main": {"en": "main analysis", "zh": "主分析"},
    "sample_size": {"en": "Sample size", "zh": "样本量"},
    "power": {"en": "Power", "zh": "统计检验力"},
    "this_study": {"en": "this study: {n}", "zh": "本研究：{n}"},
    "theoretical": {"en": "Expected quantile", "zh": "理论分位数"},
    "empirical": {"en": "Observed quantile", "zh": "实际分位数"},
    "trait": {"en": "Latent trait (standard deviations)", "zh": "潜在特质（标准差）"},
    "information": {"en": "Information", "zh": "信息量"},
    "scale_information": {"en": "Information of the whole scale", "zh": "整个量表的信息量"},
    "standard_error": {"en": "Standard error", "zh": "标准误"},
    "read": {"en": "Answers read", "zh": "读入问卷"},
    "excluded": {"en": "Excluded", "zh": "剔除"},
    "analysed": {"en": "Analysed", "zh": "有效样本"},
    "mean": {"en": "Mean with {level} % confidence interval", "zh": "均值及{level}%置信区间"},
}


def word(key: str, language: Language, **facts: object) -> str:
    """Return the text of that key in the reader's language."""
    return in_language(TEXTS[key], language).format(**facts)
