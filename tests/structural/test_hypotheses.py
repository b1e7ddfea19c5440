"""Hypotheses are judged by sign and p, and not at all where the estimate cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from loyaltysem.structural.collinearity import doubtful_paths, suppressed_paths
from loyaltysem.structural.hypotheses import IndirectEffect, judge


@dataclass(frozen=True)
class Expectation:
    id: str
    predictor: str
    outcome: str
    sign: str
    mediators: tuple[str, ...] = ()

    @property
    def variables(self):
        return (self.predictor, *self.mediators, self.outcome)

    @property
    def is_indirect(self):
        return bool(self.mediators)


def effect(lower: float | None, upper: float | None) -> IndirectEffect:
    return IndirectEffect(
        est=0.1, se=0.05, z=2.0, pvalue=0.04, std_all=0.1, lower=lower, upper=upper
    )


def estimates(**paths: tuple[float, float, float]) -> pd.DataFrame:
    rows = [
        {
            "lhs": name.split("_")[1],
            "op": "~",
            "rhs": name.split("_")[0],
            "est": est,
            "se": 0.1,
            "z": est / 0.1,
            "pvalue": p,
            "std_all": std,
        }
        for name, (est, p, std) in paths.items()
    ]
    return pd.DataFrame(rows)


def correlations(**pairs: float) -> pd.DataFrame:
    names = sorted({part for pair in pairs for part in pair.split("_")})
    table = pd.DataFrame(0.0, index=names, columns=names)
    for name in names:
        table.loc[name, name] = 1.0
    for pair, r in pairs.items():
        a, b = pair.split("_")
        table.loc[a, b] = table.loc[b, a] = r
    return table


@pytest.mark.parametrize(
    ("est", "p", "verdict"),
    [(0.3, 0.01, "supported"), (0.3, 0.05, "not_supported"), (-0.3, 0.01, "opposite")],
)
def test_verdict_by_sign_and_p(est, p, verdict):
    (judged,) = judge(
        [Expectation("H1", "a", "b", "+")], estimates(a_b=(est, p, est)), {}, converged=True
    )
    assert judged.verdict == verdict
    assert judged.est == est


def test_a_negative_expectation_is_met_by_a_negative_path():
    (judged,) = judge(
        [Expectation("H1", "a", "b", "-")], estimates(a_b=(-0.3, 0.01, -0.3)), {}, converged=True
    )
    assert judged.verdict == "supported"


def test_nothing_is_judged_without_convergence_or_standard_error():
    table = estimates(a_b=(0.3, 0.01, 0.3))
    (judged,) = judge([Expectation("H1", "a", "b", "+")], table, {}, converged=False)
    assert (judged.verdict, judged.reason) == ("not_judged", "not_converged")
    table["pvalue"] = float("nan")
    (judged,) = judge([Expectation("H1", "a", "b", "+")], table, {}, converged=True)
    assert (judged.verdict, judged.reason) == ("not_judged", "no_standard_error")


def test_twin_predictors_are_not_judged():
    r = correlations(a_b=0.97, a_c=0.5, b_c=0.5, a_d=0.1, b_d=0.1, c_d=0.3)
    table = estimates(a_c=(0.9, 0.2, 0.9), b_c=(-0.4, 0.5, -0.4), d_c=(0.2, 0.01, 0.2))
    doubts = doubtful_paths(table, r)
    assert set(doubts) == {("a", "c"), ("b", "c")}
    assert doubts["a", "c"].constructs == ("a", "b")
    hypotheses = [Expectation("H1", "a", "c", "+"), Expectation("H2", "d", "c", "+")]
    first, second = judge(hypotheses, table, doubts, converged=True)
    assert (first.verdict, first.reason, first.constructs) == (
        "not_judged",
        "collinear",
        ("a", "b"),
    )
    assert second.verdict == "supported"


def test_predictor_and_outcome_that_are_one_construct():
    doubts = doubtful_paths(estimates(a_b=(1.0, 0.0, 0.995)), correlations(a_b=0.995))
    assert doubts["a", "b"].reason == "inseparable"
    assert doubtful_paths(estimates(a_b=(0.9, 0.0, 0.94)), correlations(a_b=0.97)) == {}


def test_a_standardized_path_beyond_one_explodes():
    doubts = doubtful_paths(estimates(a_b=(3.0, 0.001, 3.27)), correlations(a_b=0.9))
    assert doubts["a", "b"].reason == "exploding"


def test_singular_predictors_are_collinear():
    r = correlations(a_b=0.6, a_c=0.8, b_c=0.0, a_d=0.5, b_d=0.4, c_d=0.4)
    table = estimates(a_d=(0.1, 0.1, 0.1), b_d=(0.1, 0.1, 0.1), c_d=(0.1, 0.1, 0.1))
    assert {doubt.reason for doubt in doubtful_paths(table, r).values()} == {"collinear"}


@pytest.mark.parametrize(
    ("interval", "verdict", "reason"),
    [
        ((0.01, 0.2), "supported", ""),
        ((-0.01, 0.2), "not_supported", ""),
        ((-0.2, -0.01), "opposite", ""),
        ((None, None), "not_judged", "no_interval"),
    ],
)
def test_an_indirect_effect_is_judged_by_its_interval(interval, verdict, reason):
    hypothesis = Expectation("H1", "a", "c", "+", mediators=("b",))
    table = estimates(a_b=(0.3, 0.01, 0.3), b_c=(0.3, 0.01, 0.3))
    effects = {("a", "b", "c"): effect(*interval)}
    (judged,) = judge([hypothesis], table, {}, converged=True, indirect=effects)
    assert (judged.verdict, judged.reason) == (verdict, reason)
    assert (judged.lower, judged.upper) == interval


def test_an_indirect_effect_over_a_path_that_cannot_be_read_is_not_judged():
    r = correlations(a_b=0.99, b_c=0.5, a_c=0.5)
    table = estimates(a_b=(0.9, 0.01, 0.99), b_c=(0.3, 0.01, 0.3))
    hypothesis = Expectation("H1", "a", "c", "+", mediators=("b",))
    effects = {("a", "b", "c"): effect(0.1, 0.2)}
    (judged,) = judge(
        [hypothesis], table, doubtful_paths(table, r), converged=True, indirect=effects
    )
    assert (judged.verdict, judged.reason) == ("not_judged", "inseparable")


def test_a_path_against_its_correlation_is_a_suppression():
    r = correlations(a_b=0.8, a_c=0.2, b_c=0.6)
    table = estimates(a_c=(-0.4, 0.01, -0.4), b_c=(0.9, 0.01, 0.9))
    (found,) = suppressed_paths(table, r)
    assert (found.predictor, found.outcome, found.correlation) == ("a", "c", 0.2)
    table["pvalue"] = 0.5
    assert suppressed_paths(table, r) == ()


def test_the_loading_of_a_dimension_is_judged_like_a_path():
    table = estimates(affective_loyalty=(0.8, 0.001, 0.8)).assign(op="=~")
    (judged,) = judge([Expectation("H1", "loyalty", "affective", "+")], table, {}, converged=True)
    assert (judged.verdict, judged.std_all) == ("supported", 0.8)
