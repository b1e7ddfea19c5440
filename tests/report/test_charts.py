"""Statistical figures in the report: there when there is something to see, named and described."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.context import Context
from loyaltysem.report.document import Figure
from loyaltysem.report.numbers import number_style
from loyaltysem.report.sections import measurement_charts, model_charts
from loyaltysem.report.sections.charts import look_of
from loyaltysem.report.sections.robustness import robustness
from loyaltysem.report.wording import read_words
from loyaltysem.results import (
    CorrelationsResult,
    DiagramRecord,
    DiscriminantResult,
    FitPowerRecord,
    HtmtPair,
    ImportanceResult,
    ImportanceRow,
    PathStabilityRecord,
    RobustnessResult,
    ScorePair,
    SpecificationEstimate,
    SpecificationRecord,
)
from loyaltysem.results.validity import ConstructScore


@pytest.fixture(scope="module")
def context(make: Any) -> Context:
    return Context(results=make.study(), words=read_words("en"), cutoffs={})


def pair(first: str, second: str) -> HtmtPair:
    return HtmtPair(
        first=first, second=second, htmt=0.61, ci=None, htmt2=None, htmt2_ci=None, distinct=True
    )


def discriminant(*pairs: HtmtPair) -> DiscriminantResult:
    return DiscriminantResult(
        n=200, threshold=0.85, draws=0, seed=1, pairs=pairs, cross_loadings=()
    )


def test_two_constructs_need_no_heat_map(context):
    one = pair("trust", "loyalty")
    assert measurement_charts.htmt_chart(context, discriminant(one)) == []
    three = discriminant(one, pair("trust", "price"), pair("loyalty", "price"))
    (figure,) = measurement_charts.htmt_chart(context, three)
    assert figure.key == "figure_htmt"
    assert "<svg" in figure.svg
    assert ".61" in figure.alt


def test_correlations_know_their_pairs_in_any_order(context):
    names = ("trust", "loyalty", "price")
    scores = tuple(ConstructScore(construct_code=k, n=9, mean=3.0, sd=1.0) for k in names)
    pairs = tuple(
        ScorePair(first=first, second=second, r=value, pvalue=0.01, n=9)
        for first, second, value in (
            ("loyalty", "trust", 0.5),
            ("trust", "price", -0.2),
            ("price", "loyalty", None),
        )
    )
    found = CorrelationsResult(scores=scores, pairs=pairs)
    (figure,) = measurement_charts.correlations_chart(context, found)
    assert "−.20" in figure.alt
    assert ".50" in figure.alt


def test_a_single_path_needs_no_plot(context, make):
    path = make.parameter("loyalty", "~", "trust", 0.4)
    model = make.model()
    assert model_charts.coefficients_chart(context, model, [path], 1) == []
    other = make.parameter("loyalty", "~", "price", -0.1)
    (figure,) = model_charts.coefficients_chart(context, model, [path, other], 1)
    assert "Trust → Loyalty" in figure.alt


def test_distributions_are_those_of_readable_indirect_effects(context, make):
    draws = tuple(k / 100 for k in range(100))
    effect = make.effect("indirect", "price -> trust -> loyalty", 0.5)
    found = make.effects()
    shown = found.model_copy(
        update={"rows": (effect.model_copy(update={"distribution": draws, "readable": True}),)}
    )
    (figure,) = model_charts.distributions_chart(context, make.model(), shown, 2)
    assert figure.key == "figure_distributions_2"
    hidden = found.model_copy(
        update={"rows": (effect.model_copy(update={"distribution": draws, "readable": False}),)}
    )
    assert model_charts.distributions_chart(context, make.model(), hidden, 2) == []


def test_importance_and_power(context, make):
    rows = tuple(
        ImportanceRow(
            code=code, construct_code=code, importance=value, performance=60.0, quadrant="improve"
        )
        for code, value in (("trust", 0.4), ("price", 0.1))
    )
    found = ImportanceResult(
        target="loyalty",
        target_performance=70.0,
        constructs=rows,
        items=(),
        mean_importance=0.25,
        mean_performance=60.0,
    )
    assert model_charts.importance_chart(context, make.model(), found, "1_1")[0].alt
    power = FitPowerRecord(
        test="close",
        rmsea0=0.05,
        rmsea1=0.08,
        power=0.7,
        n_needed=214,
        curve=((100, 0.4), (200, 0.75), (300, 0.9)),
    )
    model = make.model(power=(power,))
    assert model_charts.power_chart(context, model, 1)[0].key == "figure_power_1"
    assert model_charts.power_chart(context, make.model(), 1) == []


def test_figures_follow_the_style_of_the_study(make):
    study = make.study()
    mono = study.model_copy(
        update={"study": study.study.model_copy(update={"diagram": DiagramRecord(style="mono")})}
    )
    three = discriminant(pair("trust", "loyalty"), pair("trust", "price"), pair("loyalty", "price"))
    drawn = []
    for results in (study, mono):
        context = Context(results=results, words=read_words("en"), cutoffs={})
        drawn.append(measurement_charts.htmt_chart(context, three)[0].svg)
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize(("zero", "shown"), [(False, ".61"), (True, "0.61")])
def test_numbers_of_figures_follow_the_style_of_the_study(make, zero, shown):
    words = read_words("en", style=number_style({}, [0.1], leading_zero=zero))
    look = look_of(Context(results=make.study(), words=words, cutoffs={}))
    three = discriminant(pair("trust", "loyalty"), pair("trust", "price"), pair("loyalty", "price"))
    context = Context(results=make.study(), words=words, cutoffs={})
    assert f"<!-- {shown} -->" in measurement_charts.htmt_chart(context, three)[0].svg
    assert look["style"].stars == ((0.1, "*"),)


def specification(est: float, **changes: Any) -> SpecificationRecord:
    estimate = SpecificationEstimate(
        outcome="loyalty",
        predictor="trust",
        est=est,
        se=0.1,
        pvalue=0.01,
        ci_lower=est - 0.2,
        ci_upper=est + 0.2,
    )
    facts: dict[str, Any] = {
        "estimator": "ML",
        "gaps": "listwise",
        "respondents": "analysed",
        "items": "all",
        "controls": "with",
        "main": False,
        "status": "fitted",
        "reason": "",
        "n": 200,
        "cfi": 0.97,
        "rmsea": 0.04,
        "srmr": 0.05,
        "paths": (estimate,),
    }
    return SpecificationRecord(**facts | changes)


def test_only_drawn_paths_have_a_curve(context, make):
    stability = PathStabilityRecord(
        outcome="loyalty",
        predictor="trust",
        n=2,
        main=0.4,
        median=0.35,
        lowest=0.3,
        highest=0.4,
        n_same_sign=2,
        n_significant=2,
        stable=True,
        drawn=True,
    )
    found = RobustnessResult(
        specifications=(specification(0.4, main=True), specification(0.3, estimator="MLR")),
        stability=(stability,),
    )
    blocks = robustness(context, make.model(robustness=found), 1)
    assert [one.key for one in blocks if isinstance(one, Figure)] == ["figure_specifications_1_1"]
    none = found.model_copy(update={"stability": (stability.model_copy(update={"drawn": False}),)})
    blocks = robustness(context, make.model(robustness=none), 1)
    assert not [one for one in blocks if isinstance(one, Figure)]
    assert robustness(context, make.model(), 1) == []


def test_the_points_of_long_scales_are_not_told_apart(make):
    def keys(points):
        one = make.item("t1").model_copy(update={"counts": (3,) * points})
        document = compose(make.study(descriptives=(one,)), "en")
        return [block.key for block in document.blocks if isinstance(block, Figure)]

    assert "figure_answers_11" in keys(11)
    assert not any(key.startswith("figure_answers") for key in keys(31))
