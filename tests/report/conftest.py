"""Results to make reports of: small ones with made-up numbers, full ones from reference cases."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib.figure import Figure

from loyaltysem.report.context import ModelPictures, Picture
from loyaltysem.results import (
    BootstrapRecord,
    CategoryCount,
    ConstructInfo,
    ConvergentValidity,
    Demographic,
    EffectInterval,
    EffectRecord,
    EffectsResult,
    Exclusion,
    HypothesisResult,
    IndexVerdict,
    InputFile,
    ItemDescriptive,
    ItemInfo,
    ItemReliability,
    LatentPair,
    LedgerTotal,
    ModelResult,
    NoticeRecord,
    ParameterRecord,
    Provenance,
    QuestionnaireInfo,
    ReliabilityResult,
    SampleResult,
    StudyInfo,
    StudyResults,
)

CASES = Path(__file__).parents[2].parent / "shared" / "golden" / "cases"

NAMES = {
    "service": ("Service quality", "服务质量"),
    "price": ("Price perception", "价格感知"),
    "image": ("Brand image", "品牌形象"),
    "substitutes": ("Attractiveness of substitutes", "替代品吸引力"),
    "product": ("Product quality", "产品质量"),
    "postpurchase": ("Post-purchase evaluation", "购后评价"),
    "affective": ("Affective loyalty", "情感忠诚"),
    "behavioural": ("Behavioural loyalty", "行为忠诚"),
    "cognitive": ("Cognitive loyalty", "认知忠诚"),
    "loyalty": ("Customer loyalty", "顾客忠诚"),
    "Image": ("Image", "企业形象"),
    "Expectation": ("Expectations", "顾客期望"),
    "Quality": ("Perceived quality", "感知质量"),
    "Value": ("Perceived value", "感知价值"),
    "Satisfaction": ("Satisfaction", "顾客满意"),
    "Loyalty": ("Loyalty", "顾客忠诚"),
    "Complaints": ("Complaints", "顾客抱怨"),
}


def both(code: str) -> dict[str, str]:
    """Return the names of a construct in both languages."""
    en, zh = NAMES.get(code, (code, code))
    return {"en": en, "zh": zh}


def golden(name: str) -> dict[str, Any]:
    """Return a reference case, or skip the test where the reference numbers are not at hand."""
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip("the reference numbers (shared/golden) are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def model_from(
    case: dict[str, Any], *, title: dict[str, str], hypotheses: tuple[HypothesisResult, ...] = ()
) -> ModelResult:
    """Return a reference case's model as records."""
    fields = list(ParameterRecord.model_fields)
    parameters = tuple(
        ParameterRecord(**{field: row[field] for field in fields}) for row in case["parameters"]
    )
    correlations = case["extras"]["cor_lv"]
    names = correlations["cols"]
    pairs = tuple(
        LatentPair(first=names[j], second=names[i], correlation=correlations["values"][i][j])
        for i in range(len(names))
        for j in range(i)
    )
    fit = case["fit"]
    ratio = fit["chisq"] / fit["df"]
    rules = (
        ("chisq_df", ratio, "<", 3.0, "Kline (2005); Wheaton et al. (1977)"),
        ("rmsea", fit["rmsea"], "<", 0.08, "Browne & Cudeck (1993)"),
        ("srmr", fit["srmr"], "<", 0.08, "Hu & Bentler (1999)"),
        ("cfi", fit["cfi"], ">", 0.9, "Bentler & Bonett (1980)"),
        ("tli", fit["tli"], ">", 0.9, "Bentler & Bonett (1980)"),
    )
    return ModelResult(
        name=case["case"],
        title=title,
        source="Oliver (1999)",
        syntax=case["model"],
        names={code: both(code) for code in names},
        estimator=case["options"]["estimator"],
        engine="native",
        converged=True,
        n=case["n"],
        npar=case["npar"],
        fit=fit,
        verdicts=tuple(
            IndexVerdict(
                index=index,
                value=value,
                relation=relation,
                cutoff=cutoff,
                source=source,
                met=value < cutoff if relation == "<" else value > cutoff,
            )
            for index, value, relation, cutoff, source in rules
        ),
        parameters=parameters,
        r2={key: value for key, value in case["extras"]["r2"].items() if value is not None},
        latent_correlations=pairs,
        hypotheses=hypotheses,
        notices=(),
        admissible=True,
    )


def hypothesis(
    number: int, model: dict[str, Any], predictor: str, outcome: str, sign: str, **changes: Any
) -> HypothesisResult:
    """Return a hypothesis judged by a reference case's path."""
    row = next(
        row
        for row in model["parameters"]
        if (row["lhs"], row["op"], row["rhs"]) == (outcome, "~", predictor)
    )
    as_expected = (row["est"] > 0) == (sign == "+")
    verdict = (
        "not_supported" if row["pvalue"] >= 0.05 else ("supported" if as_expected else "opposite")
    )
    word = {"+": ("increases", "正向影响"), "-": ("reduces", "负向影响")}[sign]
    facts = {
        "id": f"H{number}",
        "path": f"{predictor} -> {outcome}",
        "wording": {
            "en": f"{both(predictor)['en']} {word[0]} {both(outcome)['en'].lower()}.",
            "zh": f"{both(predictor)['zh']}{word[1]}{both(outcome)['zh']}。",
        },
        "source": "Oliver (1999)",
        "expected_sign": sign,
        "verdict": verdict,
        **{key: row[key] for key in ("est", "se", "z", "pvalue", "std_all")},
    }
    return HypothesisResult(**{**facts, **changes})


def _validity(case: dict[str, Any]) -> tuple[ConvergentValidity, ...]:
    return tuple(
        ConvergentValidity(
            construct_code=row["factor"], composite_reliability=row["CR"], ave=row["AVE"]
        )
        for row in case["values"]["cr_ave_table"]
    )


def _reliability(case: dict[str, Any]) -> tuple[ReliabilityResult, ...]:
    return tuple(
        ReliabilityResult(
            construct_code=code,
            name=both(code),
            n_items=len(scale["alpha_drop"]),
            n=scale["n"],
            alpha=scale["total"]["raw_alpha"],
            alpha_standardized=scale["total"]["std_alpha"],
            ci=(scale["feldt_ci"]["lower"], scale["feldt_ci"]["upper"]),
            items=tuple(
                ItemReliability(
                    code=drop["item"], item_total=stat["r_drop"], alpha_if_deleted=drop["raw_alpha"]
                )
                for drop, stat in zip(scale["alpha_drop"], scale["item_stats"], strict=True)
            ),
        )
        for code, scale in case["values"].items()
    )


def _questionnaire(reliability: tuple[ReliabilityResult, ...], top: int) -> QuestionnaireInfo:
    return QuestionnaireInfo(
        name="sample",
        title={"en": "Loyalty in online retail", "zh": "网络零售顾客忠诚"},
        sha256="0" * 64,
        constructs=tuple(
            ConstructInfo(
                code=one.construct_code,
                name=one.name,
                source="Parasuraman, Zeithaml & Berry (1988)",
                items=tuple(
                    ItemInfo(
                        code=item.code,
                        wording={
                            "en": f"{one.name['en']} of this shop is as I wish ({item.code}).",
                            "zh": f"这家店铺的{one.name['zh']}符合我的期待({item.code})。",
                        },
                        reverse=item.code in {"sq2", "PERQ3", "t2"},
                        scale=(1, top),
                    )
                    for item in one.items
                ),
            )
            for one in reliability
        ),
    )


def _descriptives(
    case: dict[str, Any], reliability: tuple[ReliabilityResult, ...]
) -> tuple[ItemDescriptive, ...]:
    rows = {row["item"]: row for row in case["values"]["describe"]}
    return tuple(
        ItemDescriptive(
            code=item.code,
            construct_code=one.construct_code,
            n=case["values"]["n"],
            n_missing=0,
            mean=rows[item.code]["mean"],
            sd=rows[item.code]["sd"],
            skewness=rows[item.code]["skew_type2"],
            kurtosis=rows[item.code]["kurt_type2"],
            minimum=rows[item.code]["min"],
            maximum=rows[item.code]["max"],
        )
        for one in reliability
        for item in one.items
        if item.code in rows
    )


def _sample(n: int) -> SampleResult:
    female = n * 21 // 40
    ages = (n // 5, n // 2, n - n // 5 - n // 2)
    return SampleResult(
        n_read=n + 23,
        n_analysed=n,
        exclusions=(
            Exclusion(
                code="attention_check",
                reason={"en": "Attention check answered wrongly", "zh": "注意力检测题答错"},
                n=19,
            ),
            Exclusion(
                code="incomplete",
                reason={
                    "en": "An answer that the model needs is missing",
                    "zh": "缺少模型所需的作答",
                },
                n=4,
            ),
        ),
        ledger=(
            LedgerTotal(
                code="reverse_coded",
                action={"en": "Reverse-worded item recoded", "zh": "反向题重新编码"},
                cells=n + 23,
                respondents=n + 23,
            ),
            LedgerTotal(
                code="off_scale",
                action={"en": "Value off the scale set missing", "zh": "超出量尺的数值设为缺失"},
                cells=5,
                respondents=4,
            ),
        ),
        demographics=(
            Demographic(
                code="gender",
                name={"en": "Gender", "zh": "性别"},
                categories=(
                    CategoryCount(label={"en": "Female", "zh": "女"}, n=female, share=female / n),
                    CategoryCount(
                        label={"en": "Male", "zh": "男"}, n=n - female, share=1 - female / n
                    ),
                ),
                n_missing=0,
            ),
            Demographic(
                code="age",
                name={"en": "Age", "zh": "年龄"},
                categories=tuple(
                    CategoryCount(label={"en": label, "zh": label}, n=count, share=count / n)
                    for label, count in zip(("18–24", "25–34", "35+"), ages, strict=True)
                ),
                n_missing=2,
            ),
        ),
    )


PROVENANCE = Provenance(
    loyaltysem="0.1.0",
    python="3.11.2",
    packages={"numpy": "2.4.0", "pandas": "3.0.0", "scipy": "1.17.0"},
    inputs=(
        InputFile(role="data", name="responses.csv", sha256="a1" * 32),
        InputFile(role="questionnaire", name="ecommerce_loyalty.yaml", sha256="b2" * 32),
    ),
    seeds={"resampling": 20240501},
)


def loyalty_study() -> StudyResults:
    """Return the full six-factor study, simulated, from reference cases."""
    case = golden("sem_ml_loyalty_full")
    reliability = _reliability(golden("alpha_loyalty"))
    validity = golden("reliability_validity_loyalty")
    paths = (
        ("product", "postpurchase", "+"),
        ("service", "postpurchase", "+"),
        ("price", "postpurchase", "+"),
        ("image", "postpurchase", "+"),
        ("postpurchase", "loyalty", "+"),
        ("image", "loyalty", "+"),
        ("substitutes", "loyalty", "-"),
        ("service", "loyalty", "+"),
    )
    hypotheses = tuple(
        hypothesis(number, case, *path) for number, path in enumerate(paths, start=1)
    )
    title = {"en": "Six-factor loyalty model", "zh": "六因素忠诚模型"}
    model = model_from(case, title=title, hypotheses=hypotheses)
    return StudyResults(
        study=StudyInfo(
            title={"en": "What makes online customers loyal?", "zh": "网络零售顾客忠诚的形成机制"},
            languages=("en", "zh"),
            simulated=True,
        ),
        questionnaire=_questionnaire(reliability, 7),
        sample=_sample(400),
        descriptives=_descriptives(golden("assumptions_loyalty"), reliability),
        reliability=reliability,
        models=(model.model_copy(update={"validity": _validity(validity)}),),
        notices=(),
        provenance=PROVENANCE,
    )


def ecsi_study() -> StudyResults:
    """Return the degenerate textbook model on real data, and a robust fit of the same."""
    case = golden("sem_ml_mobi_ecsi")
    robust = golden("mlm_sem_mobi")
    reliability = _reliability(golden("alpha_mobi"))
    spoiled = {
        "verdict": "not_judged",
        "reason": "inseparable",
        "reason_constructs": ("Expectation", "Quality"),
    }
    doubtful = {
        "verdict": "not_judged",
        "reason": "collinear",
        "reason_constructs": ("Satisfaction", "Image"),
    }
    hypotheses = (
        hypothesis(1, case, "Expectation", "Quality", "+", **spoiled),
        hypothesis(2, case, "Satisfaction", "Loyalty", "+", **doubtful),
        hypothesis(3, case, "Image", "Expectation", "+"),
        hypothesis(4, case, "Image", "Loyalty", "+", **doubtful),
        hypothesis(5, case, "Complaints", "Loyalty", "+"),
    )
    first = model_from(
        case,
        title={"en": "Textbook ECSI model", "zh": "教科书 ECSI 模型"},
        hypotheses=hypotheses,
    )
    notice = NoticeRecord(
        code="inseparable_constructs",
        text="'Expectation' and 'Quality' correlate at 0.995.",
        facts={"first": "Expectation", "second": "Quality", "correlation": 0.995},
    )
    unreadable = NoticeRecord(
        code="unreadable_paths",
        text="The estimates of Expectation -> Quality cannot be read.",
        facts={"paths": ["Expectation -> Quality", "Satisfaction -> Loyalty"]},
    )
    validity = _validity(golden("reliability_validity_mobi"))
    second = model_from(robust, title={"en": "ECSI model, robust", "zh": "ECSI 模型(稳健估计)"})
    return StudyResults(
        study=StudyInfo(
            title={"en": "Mobile phone operators", "zh": "移动电话运营商"}, languages=("en", "zh")
        ),
        questionnaire=_questionnaire(reliability, 10),
        sample=_sample(250),
        descriptives=_descriptives(golden("assumptions_mobi"), reliability),
        reliability=reliability,
        models=(
            first.model_copy(
                update={
                    "notices": (notice, unreadable),
                    "validity": validity,
                    "admissible": False,
                }
            ),
            second,
        ),
        notices=(),
        provenance=PROVENANCE,
    )


def small_model(**changes: Any) -> ModelResult:
    """Return a model of two constructs with three items each and one path, in good order."""
    rows = (
        *(parameter("trust", "=~", f"t{k}", 1.0 if k == 1 else 0.9, free=k > 1) for k in (1, 2, 3)),
        *(
            parameter("loyalty", "=~", f"l{k}", 1.0 if k == 1 else 0.8, free=k > 1)
            for k in (1, 2, 3)
        ),
        parameter("loyalty", "~", "trust", 0.4, std_all=0.452),
        parameter("trust", "~~", "trust", 1.1, std_all=1.0),
    )
    facts: dict[str, Any] = {
        "name": "small",
        "title": {"en": "Small model", "zh": "小模型"},
        "source": "Oliver (1999)",
        "syntax": "trust =~ t1 + t2 + t3\nloyalty =~ l1 + l2 + l3\nloyalty ~ trust",
        "names": {
            "trust": {"en": "Trust", "zh": "信任"},
            "loyalty": {"en": "Loyalty", "zh": "忠诚"},
        },
        "estimator": "ML",
        "engine": "native",
        "converged": True,
        "n": 200,
        "npar": 13,
        "fit": {
            "chisq": 9.1234,
            "df": 8,
            "pvalue": 0.3327,
            "cfi": 0.9962,
            "tli": 0.9929,
            "rmsea": 0.0262,
            "rmsea.ci.lower": 0.0,
            "rmsea.ci.upper": 0.0911,
            "srmr": 0.0281,
            "aic": 3456.78,
            "bic": 3499.12,
        },
        "verdicts": (verdict("cfi", 0.9962, ">", 0.9), verdict("srmr", 0.0281, "<", 0.08)),
        "parameters": rows,
        "r2": {"loyalty": 0.2043, "t1": 0.61},
        "latent_correlations": (LatentPair(first="trust", second="loyalty", correlation=0.452),),
        "hypotheses": (small_hypothesis(),),
        "notices": (),
        "admissible": True,
        "validity": (
            ConvergentValidity(construct_code="trust", composite_reliability=0.8431, ave=0.6421),
            ConvergentValidity(construct_code="loyalty", composite_reliability=0.8012, ave=0.5743),
        ),
    }
    return ModelResult(**{**facts, **changes})


def parameter(lhs: str, op: str, rhs: str, est: float, **changes: Any) -> ParameterRecord:
    """Return a row of a parameter table; fixed rows have no standard error."""
    free = bool(changes.pop("free", True))
    facts: dict[str, Any] = {
        "lhs": lhs,
        "op": op,
        "rhs": rhs,
        "group": 1,
        "label": "",
        "free": free,
        "est": est,
        "se": 0.0612 if free else 0.0,
        "z": est / 0.0612 if free else None,
        "pvalue": 0.00012 if free else None,
        "ci_lower": est - 0.12,
        "ci_upper": est + 0.12,
        "std_lv": 0.81 * est,
        "std_all": 0.79 * est,
        "std_nox": 0.79 * est,
    }
    return ParameterRecord(**{**facts, **changes})


def verdict(index: str, value: float | None, relation: str, cutoff: float) -> IndexVerdict:
    """Return an index judged by a cut-off."""
    met = None if value is None else (value > cutoff if relation == ">" else value < cutoff)
    return IndexVerdict(
        index=index,
        value=value,
        relation=relation,
        cutoff=cutoff,
        source="Hu & Bentler (1999)",
        met=met,
    )


def small_hypothesis(**changes: Any) -> HypothesisResult:
    """Return a supported hypothesis of the small model."""
    facts: dict[str, Any] = {
        "id": "H1",
        "path": "trust -> loyalty",
        "wording": {"en": "Trust increases loyalty.", "zh": "信任正向影响忠诚。"},
        "source": "Oliver (1999)",
        "expected_sign": "+",
        "est": 0.4,
        "se": 0.0612,
        "z": 6.54,
        "pvalue": 0.00012,
        "std_all": 0.452,
        "verdict": "supported",
    }
    return HypothesisResult(**{**facts, **changes})


def small_effects(kind: str = "complementary", **changes: Any) -> EffectsResult:
    """Return the effects of trust on loyalty by way of satisfaction, judged as ``kind``."""
    rows = (
        effect("direct", "trust -> loyalty", 0.2),
        effect(
            "indirect", "trust -> satisfaction -> loyalty", 0.1, mediation=kind, proportion=0.333
        ),
        effect("total_indirect", "trust -> loyalty", 0.1, mediation=kind, proportion=0.333),
        effect("total", "trust -> loyalty", 0.3),
        effect("total", "trust -> satisfaction", 0.4),
    )
    draws = BootstrapRecord(draws=2000, failed=0, reasons={}, seed=1)
    facts: dict[str, Any] = {"rows": rows, "level": 0.95, "judged_by": "perc", "bootstrap": draws}
    return EffectsResult(**{**facts, **changes})


def effect(kind: str, path: str, est: float, **changes: Any) -> EffectRecord:
    """Return an effect whose interval reaches .05 to either side."""
    intervals = tuple(
        EffectInterval(method=method, lower=est - 0.05, upper=est + 0.05)
        for method in ("delta", "mc", "perc", "bc")
    )
    facts: dict[str, Any] = {
        "kind": kind,
        "path": path,
        "predictor": path.split(" -> ", maxsplit=1)[0],
        "outcome": path.rsplit(" -> ", maxsplit=1)[-1],
        "group": 1,
        "est": est,
        "std_all": 0.9 * est,
        "se": 0.0255,
        "z": est / 0.0255,
        "pvalue": 0.0001,
        "boot_se": 0.0266,
        "intervals": intervals,
        "std_intervals": intervals,
        "readable": True,
    }
    return EffectRecord(**{**facts, **changes})


def small_scale(code: str, alpha: float | None = 0.8234, **changes: Any) -> ReliabilityResult:
    """Return the reliability of a construct with three items."""
    names = {"trust": {"en": "Trust", "zh": "信任"}, "loyalty": {"en": "Loyalty", "zh": "忠诚"}}
    facts: dict[str, Any] = {
        "construct_code": code,
        "name": names[code],
        "n_items": 3,
        "n": 200,
        "alpha": alpha,
        "alpha_standardized": alpha,
        "ci": (0.7811, 0.8593) if alpha else None,
        "items": tuple(
            ItemReliability(
                code=f"{code[0]}{k}", item_total=0.6 + k / 50, alpha_if_deleted=0.7 + k / 90
            )
            for k in (1, 2, 3)
        ),
    }
    return ReliabilityResult(**{**facts, **changes})


def small_item(item: str, **changes: Any) -> ItemDescriptive:
    """Return the distribution of an item."""
    facts: dict[str, Any] = {
        "code": item,
        "construct_code": {"t": "trust", "l": "loyalty"}[item[0]],
        "n": 200,
        "n_missing": 0,
        "mean": 4.1234,
        "sd": 1.2345,
        "skewness": -0.2111,
        "kurtosis": -0.0049,
        "minimum": 1.0,
        "maximum": 7.0,
    }
    return ItemDescriptive(**{**facts, **changes})


def small_study(**changes: Any) -> StudyResults:
    """Return a small study in good order; ``changes`` replace whole parts of it."""
    scales = (small_scale("trust"), small_scale("loyalty", 0.7912))
    facts: dict[str, Any] = {
        "study": StudyInfo(title={"en": "A small study", "zh": "小研究"}, languages=("en", "zh")),
        "questionnaire": _questionnaire(scales, 7),
        "sample": _sample(200),
        "descriptives": tuple(small_item(code) for code in ("t1", "t2", "t3", "l1", "l2", "l3")),
        "reliability": scales,
        "models": (small_model(),),
        "notices": (),
        "provenance": PROVENANCE,
    }
    return StudyResults(**{**facts, **changes})


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Return the factories of this file, for tests that need results of their own."""
    return SimpleNamespace(
        study=small_study,
        model=small_model,
        hypothesis=small_hypothesis,
        effects=small_effects,
        effect=effect,
        parameter=parameter,
        verdict=verdict,
        scale=small_scale,
        item=small_item,
        notice=NoticeRecord,
        pictures=lambda picture: ModelPictures(main=picture, full=picture),
        loyalty=loyalty_study,
        ecsi=ecsi_study,
    )


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Return a tiny picture."""
    figure = Figure(figsize=(2, 1))
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=50)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2"/></svg>'
    return Picture(svg=svg, png=png.getvalue)
