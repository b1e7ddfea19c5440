"""Records of scales, factors, validity, items, purchases and importance, in all variants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    BehaviourResult,
    ConstrainedPair,
    ConstructScore,
    ConstructValidity,
    CorrelationsResult,
    CrossLoading,
    DiscriminantResult,
    EigenvalueRecord,
    FactorItem,
    FactorPair,
    FactorsResult,
    FactorVariance,
    GeneralFactor,
    GradedItem,
    GradedScale,
    HtmtPair,
    ImportanceResult,
    ImportanceRow,
    IndexRow,
    ItemDiscrimination,
    ItemsResult,
    KnownGroups,
    LatentPair,
    MeasurementModelResult,
    PurchaseModelRecord,
    RetestResult,
    ScorePair,
    TierRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

NOTICES: dict[str, dict[str, Any]] = {
    "items_without_variance": {"items": ["t1"]},
    "no_factors": {"why": "", "n": 20, "items": 34},
    "no_common_factor": {"constructs": 3},
    "one_factor_only": {"constructs": 3},
    "no_discriminant_validity": {"why": ""},
    "no_item_analysis": {"construct": "trust", "why": ""},
    "graded_not_converged": {},
    "negative_discrimination": {"items": ["t1", "t2"]},
    "no_retest": {"construct": "trust", "why": ""},
    "no_measurement_model": {"why": ""},
    "no_importance": {"target": "loyalty", "why": ""},
    "no_purchase_model": {"why": ""},
    "respondents_without_purchases": {"n": 3},
}

VARIANTS: tuple[dict[str, dict[str, Any]], ...] = (
    {"negative_discrimination": {"items": ["t1"]}},
    {"inadequate_items": {"items": ["t1"]}},
    {"respondents_without_purchases": {"n": 1}},
)

COEFFICIENTS = {
    "mean_r": 0.512,
    "split_half": 0.831,
    "lambda1": 0.611,
    "lambda2": 0.822,
    "lambda3": 0.818,
    "lambda4": 0.843,
    "lambda5": 0.801,
    "lambda6": 0.779,
    "omega": 0.826,
    "spearman_brown": None,
    "ordinal_alpha": 0.851,
    "ordinal_omega": 0.853,
    "categorical_omega": 0.824,
}


def having(record: BaseModel, **changes: Any) -> Any:
    return record.model_copy(update=changes)


def scale(make: Any, code: str, **changes: Any) -> Any:
    facts = {"coefficients": COEFFICIENTS, "boot_ci": (0.7812, 0.8555), "draws": 1000}
    return make.scale(code, **{**facts, **changes})


def retest(code: str, agreement: float) -> RetestResult:
    return RetestResult(
        construct_code=code,
        n=61,
        agreement=agreement,
        agreement_ci=(0.512, 0.884),
        consistency=agreement + 0.012,
        consistency_ci=(0.523, 0.891),
        pvalue=0.0004,
    )


def factors(**changes: Any) -> FactorsResult:
    first = FactorVariance(factor="F1", ss_loadings=1.912, proportion=0.3824, cumulative=0.3824)
    second = FactorVariance(factor="F2", ss_loadings=1.203, proportion=0.2406, cumulative=0.623)
    facts = {
        "n": 200,
        "kmo": 0.8123,
        "chisq": 512.34,
        "df": 10,
        "pvalue": 0.0001,
        "counts": {"parallel": 2, "parallel_components": 2, "map": 1, "kaiser": 2},
        "eigenvalues": tuple(
            EigenvalueRecord(
                number=k,
                component=2.5 - 0.41 * k,
                component_random=1.31 - 0.11 * k,
                factor=2.1 - 0.4 * k,
                factor_random=0.42 - 0.07 * k,
                partial=0.03 * k if k < 4 else None,
            )
            for k in range(1, 6)
        ),
        "n_factors": 2,
        "chosen_by": "parallel",
        "extraction": "minres",
        "rotation": "oblimin",
        "hide_below": 0.4,
        "factors": ("F1", "F2"),
        "items": (factor_item("t1", "trust", (0.712, 0.104)), factor_item("l1", "loyalty", None)),
        "before": (first, second),
        "after": (second, first),
        "correlations": (FactorPair(first="F1", second="F2", correlation=0.4321),),
        "measures": {"rmsea": 0.0412, "tli": 0.9743},
        "general": GeneralFactor(hierarchical=0.7012, total=0.9134, n_groups=3),
        "draws": 200,
        "seed": 2026,
    }
    return FactorsResult(**{**facts, **changes})


def factor_item(
    code: str, construct: str, loadings: tuple[float, float] | None, **changes: Any
) -> FactorItem:
    found = loadings or (0.052, 0.803)
    facts = {
        "code": code,
        "construct_code": construct,
        "loadings": found,
        "factor": "F1" if found[0] > found[1] else "F2",
        "communality": 0.5612,
        "complexity": 1.05,
        "kmo": 0.8321,
        **dict.fromkeys(("weak", "cross_loading", "low_communality", "astray"), False),
    }
    return FactorItem(**{**facts, **changes})


def correlations(**changes: Any) -> CorrelationsResult:
    facts = {
        "scores": (
            ConstructScore(construct_code="trust", n=200, mean=4.123, sd=1.012),
            ConstructScore(construct_code="loyalty", n=200, mean=3.871, sd=1.204),
        ),
        "pairs": (ScorePair(first="trust", second="loyalty", r=0.4137, pvalue=0.0001, n=200),),
    }
    return CorrelationsResult(**{**facts, **changes})


PAIR = HtmtPair(
    first="trust",
    second="loyalty",
    htmt=0.6123,
    ci=(0.5012, 0.7134),
    htmt2=0.6045,
    htmt2_ci=(0.4923, 0.7034),
    distinct=True,
)


def discriminant(*pairs: HtmtPair, draws: int = 1000, elsewhere: bool = False) -> Any:
    return DiscriminantResult(
        n=200,
        threshold=0.9,
        draws=draws,
        seed=2026,
        pairs=pairs,
        cross_loadings=(
            CrossLoading(
                code="t1",
                construct_code="trust",
                correlations={"trust": 0.6112, "loyalty": 0.4023},
                highest_elsewhere=elsewhere,
            ),
            CrossLoading(
                code="l1",
                construct_code="loyalty",
                correlations={"trust": 0.3912, "loyalty": None},
                highest_elsewhere=False,
            ),
        ),
    )


def item(discrimination: float = 0.4512, pvalue: float | None = 0.0001) -> ItemDiscrimination:
    return ItemDiscrimination(
        code="t1",
        construct_code="trust",
        mean_low=2.713,
        mean_high=4.512,
        critical_ratio=9.123,
        df=98.2,
        pvalue=pvalue,
        discrimination=discrimination,
        difficulty=0.6123,
        item_total=0.6712,
    )


def items(*found: ItemDiscrimination, slope: float | None = 1.412) -> ItemsResult:
    own = GradedItem(
        code="t1", slope=slope or 1.0, se=0.163, locations=(-1.52, 0.31), information=(0.4, 0.2)
    )
    other = having(own, code="t2", locations=(-0.12,), se=None)
    graded = GradedScale(
        construct_code="trust",
        n=200,
        reliability=0.8123,
        trait=(-1.0, 1.0),
        information=(0.8, 0.4),
        items=(own, other),
    )
    return ItemsResult(share=0.27, items=found, graded=(graded,) if slope else ())


MODEL = PurchaseModelRecord(r=0.243, alpha=4.414, a=0.793, b=2.426, loglik=-958.24, horizon=52)


def behaviour(**changes: Any) -> BehaviourResult:
    tier = TierRecord(
        name="bronze",
        n_customers=60,
        n_respondents=41,
        recency=93.21,
        frequency=1.32,
        monetary=21.55,
        repurchased=0.2512,
        expected=0.42,
        alive=0.612,
    )
    group = KnownGroups(
        construct_code="trust", means=(3.412, 4.123), rho=0.3123, pvalue=0.0012, rises=True
    )
    facts = {
        "n_transactions": 812,
        "n_customers": 120,
        "n_matched": 95,
        "n_unmatched": 5,
        "first_day": "2024-01-02",
        "last_day": "2024-12-30",
        "repurchased": 0.5123,
        "rules": {},
        "tiers": (tier, having(tier, name="patron", n_customers=60, recency=10.32)),
        "known_groups": (group, having(group, construct_code="loyalty", rho=0.0412, pvalue=0.6)),
        "model": MODEL,
    }
    return BehaviourResult(**{**facts, **changes})


FIT = {"chisq": 12.34, "df": 8, "pvalue": 0.137, "cfi": 0.987, "tli": 0.981}
FIT |= {"rmsea": 0.0412, "srmr": 0.0312}


def measurement(make: Any, **changes: Any) -> MeasurementModelResult:
    own = ConstructValidity(
        construct_code="trust",
        composite_reliability=0.8312,
        ave=0.6123,
        sqrt_ave=0.7825,
        msv=0.3136,
        asv=0.3135,
        max_h=0.8412,
        alpha=0.8234,
        omega=0.8256,
        omega3=0.8243,
    )
    pair = ConstrainedPair(
        first="trust",
        second="loyalty",
        correlation=0.56,
        chisq_diff=101.23,
        df_diff=1,
        pvalue=0.0001,
        pvalue_holm=0.0002,
        distinct=True,
    )
    facts = {
        "converged": True,
        "admissible": True,
        "n": 200,
        "fit": FIT,
        "verdicts": (make.verdict("cfi", 0.987, ">", 0.9),),
        "constructs": (own,),
        "correlations": (LatentPair(first="trust", second="loyalty", correlation=0.56),),
        "constrained": (pair,),
    }
    return MeasurementModelResult(**{**facts, **changes})


def importance(*quadrants: str, **changes: Any) -> ImportanceResult:
    rows = tuple(
        ImportanceRow(
            code=code,
            construct_code="trust",
            importance=0.3123,
            importance_std=0.2912 if code == "trust" else None,
            performance=61.23,
            quadrant=quadrant,
        )
        for code, quadrant in zip(("trust", "t1"), quadrants, strict=True)
    )
    facts = {
        "target": "loyalty",
        "target_performance": 58.41,
        "constructs": rows[:1],
        "items": rows[1:],
        "mean_importance": 0.3123,
        "mean_performance": 61.23,
        "indices": tuple(
            IndexRow(code=code, index=index, se=1.2, lower=index - 2.35, upper=index + 2.35)
            for code, index in (("loyalty", 58.41), ("trust", 61.23))
        ),
    }
    return ImportanceResult(**{**facts, **changes})


def studies(make: Any) -> Iterator[Any]:
    """Yield studies that together need every sentence on scales."""
    yield from _questionnaires(make)
    yield from _coefficients(make)
    yield from _factors(make)
    yield from _validity(make)
    yield from _items(make)
    yield from _purchases(make)
    yield from _models(make)


def _questionnaires(make: Any) -> Iterator[Any]:
    """Yield questionnaires of unlike scales, and without reversed items."""
    asked = make.study().questionnaire
    first, *others = asked.constructs
    items = tuple(having(item, scale=(1, 5), reverse=False) for item in first.items)
    unlike = having(first, items=items)
    yield make.study(questionnaire=having(asked, constructs=(unlike, *others)))
    yield make.study(questionnaire=having(asked, constructs=(unlike,)))
    backward = (*(having(item, reverse=True) for item in items),)
    yield make.study(questionnaire=having(asked, constructs=(having(first, items=backward),)))
    yield make.study(questionnaire=having(asked, constructs=(having(first, items=items[:1]),)))


def _coefficients(make: Any) -> Iterator[Any]:
    two = {**dict.fromkeys(COEFFICIENTS), "spearman_brown": 0.7312}
    waves = (retest("trust", 0.7412), retest("loyalty", 0.8123))
    yield make.study(reliability=(scale(make, "trust"),), retest=waves)
    yield make.study(reliability=(scale(make, "trust", coefficients=two, boot_ci=None, draws=0),))


def _factors(make: Any) -> Iterator[Any]:
    bad = dict.fromkeys(("weak", "cross_loading", "low_communality", "astray"), True)
    poor = factor_item("t2", "trust", (0.2, 0.1), kmo=0.51, **bad)
    lacking = {"general": None, "measures": {"rmsea": None, "tli": None}, "correlations": ()}
    yield make.study(factors=factors())
    yield make.study(factors=factors(kmo=0.65, chosen_by="study", items=(poor,), hide_below=0.0))
    yield make.study(factors=factors(kmo=0.41, **lacking))
    yield make.study(factors=factors(counts=dict.fromkeys(factors().counts, 0)))


def _validity(make: Any) -> Iterator[Any]:
    close = having(PAIR, htmt=0.9312, distinct=False)
    unknown = having(PAIR, htmt=None, ci=None, htmt2=None, htmt2_ci=None, distinct=None)
    yield make.study(correlations=correlations(), discriminant=discriminant(PAIR))
    nothing = (ScorePair(first="trust", second="loyalty", r=None, pvalue=None, n=2),)
    yield make.study(
        correlations=correlations(pairs=nothing), discriminant=discriminant(close, elsewhere=True)
    )
    without = having(PAIR, ci=None, htmt2_ci=None)
    yield make.study(discriminant=discriminant(without, draws=0))
    yield make.study(discriminant=discriminant(having(close, ci=None), draws=0))
    yield make.study(discriminant=discriminant(unknown))
    yield make.study(discriminant=discriminant())
    both = discriminant(PAIR, having(PAIR, htmt=0.8312, ci=(0.7512, 0.8812)))
    yield make.study(discriminant=having(both, strict_threshold=0.85))
    yield make.study(discriminant=having(discriminant(PAIR), strict_threshold=0.85))


def _items(make: Any) -> Iterator[Any]:
    yield make.study(items=items(item()))
    yield make.study(items=items(item(0.1512, 0.3), slope=0.4123))
    yield make.study(items=items(item(0.3123), slope=None))


def _purchases(make: Any) -> Iterator[Any]:
    rules = {"recency": (30.0,), "frequency": (2.0,)}
    found = behaviour()
    yield make.study(behaviour=found)
    yield make.study(behaviour=behaviour(rules=rules, model=None, known_groups=()))
    for group in found.known_groups:
        yield make.study(behaviour=behaviour(known_groups=(group,)))


def _models(make: Any) -> Iterator[Any]:
    def study(**parts: Any) -> Any:
        return make.study(models=(make.model(**parts),))

    good = measurement(make)
    narrow = having(good.constructs[0], ave=0.3012, sqrt_ave=0.5488)
    same = having(good.constrained[0], pvalue=0.4, pvalue_holm=0.8, distinct=False)
    unknown = dict.fromkeys(("chisq_diff", "df_diff", "pvalue", "pvalue_holm", "distinct"))
    lacking = {"chisq": 12.34, "df": 8, "pvalue": 0.137}
    yield study(measurement=good)
    loadings = [make.parameter(code, "=~", f"{code[0]}1", 0.9) for code in ("trust", "loyalty")]
    yield study(measurement=having(good, loadings=tuple(loadings)))
    yield study(measurement=having(good, loadings=tuple(loadings[:1])))
    yield study(measurement=having(good, admissible=False))
    yield study(
        measurement=measurement(
            make,
            constructs=(narrow,),
            constrained=(same, having(same, **unknown)),
            admissible=False,
            fit=lacking,
            verdicts=(),
        )
    )
    yield study(measurement=measurement(make, correlations=(), constrained=()))
    for quadrants in (("improve", "improve"), ("improve", "keep up"), ("keep up", "low priority")):
        yield study(importance=(importance(*quadrants),))
    negative = importance("low priority", "low priority", target_performance=None)
    rows = tuple(having(row, importance=-0.2) for row in negative.constructs)
    yield study(importance=(having(negative, constructs=rows),))
