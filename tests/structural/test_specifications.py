"""One model under several analyses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit
from loyaltysem.structural.specifications import (
    Outcome,
    Specification,
    all_specifications,
    fitted_outcome,
    may_be_ordinal,
    path_stability,
    run_specifications,
    standardized_paths,
    weakest_items,
    without_items,
    without_predictors,
)
from loyaltysem.syntax import parse_model

MODEL = parse_model(
    """
    trust =~ t1 + t2 + t3 + t4
    loyal =~ l1 + l2 + l3
    loyal ~ trust + age
    t1 ~~ t2
    """
)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Answers of 300 people: t4 says least of trust, age matters nothing, some answers lack."""
    rng = np.random.default_rng(20)
    trust = rng.normal(size=300)
    loyal = 0.6 * trust + 0.8 * rng.normal(size=300)
    strength = {"t1": 0.9, "t2": 0.8, "t3": 0.8, "t4": 0.4, "l1": 0.9, "l2": 0.8, "l3": 0.7}
    columns = {
        item: size * (trust if item[0] == "t" else loyal) + 0.6 * rng.normal(size=300)
        for item, size in strength.items()
    }
    frame = pd.DataFrame({**columns, "age": rng.normal(size=300)})
    frame.loc[:14, "t3"] = np.nan
    return frame


@pytest.fixture(scope="module")
def main(answers):
    return fit(MODEL, answers)


def test_every_combination_once():
    found = all_specifications(
        estimators=["ML", "MLR"], gaps=["listwise", "available"], respondents=["a", "b"]
    )
    assert len(found) == len(set(found)) == 8
    assert found[0] == Specification(estimator="ML", respondents="a")


def test_the_weakest_item_is_that_of_the_smallest_loading(main):
    assert weakest_items(main) == ("t4",)
    assert weakest_items(main, least=3) == ("t4", "l3")
    assert weakest_items(main, least=5) == ()


def test_what_is_said_of_an_item_goes_with_it():
    assert not any({"t1"} & {one.lhs, one.rhs} for one in without_items(MODEL, ["t1"]).elements)
    rest = [str(one) for one in without_predictors(MODEL, ["age"]).elements]
    assert "loyal ~ trust" in rest
    assert "loyal ~ age" not in rest


def test_outcomes_are_those_of_single_fits(answers):
    specifications = all_specifications(
        estimators=["ML", "MLR"], gaps=["listwise", "available"], items=["all", "without_weakest"]
    )
    found = run_specifications(MODEL, {"": answers}, specifications, weakest=["t4"])
    by_hand = fit(without_items(MODEL, ["t4"]), answers, estimator="MLR", missing="fiml")
    last = found[-1]
    assert last.specification.gaps == "available"
    assert last.n == 300
    assert found[0].n == 285
    pd.testing.assert_frame_equal(last.paths, standardized_paths(by_hand))
    assert last.measures["cfi"] == pytest.approx(by_hand.measures()["cfi"])


def test_controls_are_left_out(answers):
    found = run_specifications(
        MODEL,
        {"": answers},
        all_specifications(estimators=["ML"], controls=["with", "without"]),
        control_variables=["age"],
    )
    assert [len(one.paths) for one in found] == [2, 1]


def test_what_cannot_be_fitted_says_why(answers):
    found = run_specifications(
        MODEL, {"": answers}, [Specification(estimator="GLS", gaps="available")]
    )
    assert found[0].status == "refused"
    assert found[0].reason
    assert found[0].paths.empty


def test_progress_is_told(answers):
    told = []
    run_specifications(
        MODEL,
        {"": answers},
        all_specifications(estimators=["ML", "MLR"]),
        tell=lambda *steps: told.append(steps),
    )
    assert told == [(0, 2), (1, 2)]


def outcome(name: str, est: float, pvalue: float) -> Outcome:
    paths = pd.DataFrame([{"outcome": "y", "predictor": "x", "est": est, "pvalue": pvalue}])
    one = Specification(estimator=name)
    return Outcome(specification=one, status="fitted", n=9, paths=paths, measures={})


@pytest.mark.parametrize(
    ("others", "stable", "same", "significant"),
    [
        ([(0.3, 0.01), (0.5, 0.001)], True, 3, 3),
        ([(0.3, 0.2), (0.5, 0.001)], False, 3, 2),
        ([(-0.3, 0.01), (0.5, 0.001)], False, 2, 2),
    ],
)
def test_stable_is_who_agrees_in_sign_and_significance(others, stable, same, significant):
    outcomes = [
        outcome("ML", 0.4, 0.01),
        *(outcome(f"E{k}", *values) for k, values in enumerate(others)),
    ]
    (found,) = path_stability(outcomes, Specification(estimator="ML"))
    assert found.main == 0.4
    assert (found.stable, found.n_same_sign, found.n_significant) == (stable, same, significant)
    assert found.lowest == min(0.4, *(est for est, _ in others))


def test_a_path_that_is_never_significant_is_stable():
    outcomes = [outcome("ML", 0.01, 0.9), outcome("MLR", 0.02, 0.8)]
    (found,) = path_stability(outcomes, Specification(estimator="ML"))
    assert found.stable
    assert found.n_significant == 0


def test_without_estimates_there_is_no_stability():
    empty = outcome("ML", 0.4, 0.01)
    gone = Outcome(
        specification=empty.specification,
        status="not_converged",
        paths=empty.paths.iloc[:0],
        measures={},
    )
    assert path_stability([gone], empty.specification) == ()


def test_a_proper_fit_is_fitted(main):
    one = Specification(estimator="ML")
    assert fitted_outcome(main, one).status == "fitted"


def test_ordinal_are_few_whole_numbers():
    assert may_be_ordinal(pd.DataFrame({"a": [1, 2, 7, np.nan]}))
    assert not may_be_ordinal(pd.DataFrame({"a": [1.5, 2]}))
    assert not may_be_ordinal(pd.DataFrame({"a": range(8)}))
