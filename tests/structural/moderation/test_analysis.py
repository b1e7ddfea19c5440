"""A moderation analysis: one story by every method, numbers that follow from each other."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.errors import ConvergenceError, EstimationError, ModelSpecificationError
from loyaltysem.structural.moderation import moderated_fit, simple_slopes

from .conftest import MODEL

NAMES = {"outcome": "Y", "predictor": "X", "moderator": "Z"}


@pytest.fixture(scope="module")
def lms(answers):
    return moderated_fit(MODEL, answers, **NAMES)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"products": "all_pairs"},
        {"centring": "residual"},
        {"centring": "mean"},
    ],
)
def test_product_indicators_tell_the_same_story(lms, answers, options):
    other = moderated_fit(MODEL, answers, **NAMES, method="products", **options)
    assert other.supported
    assert other.test is None
    assert other.paths["std_all"].iloc[-1] == pytest.approx(lms.paths["std_all"].iloc[-1], abs=0.06)
    np.testing.assert_allclose(other.slopes["std"], lms.slopes["std"], atol=0.1)
    assert other.r2 > other.r2_linear


def test_slopes_follow_from_paths(lms):
    assert lms.supported
    b1, b2, b3 = lms.paths["est"]
    np.testing.assert_allclose(lms.slopes["est"], b1 + b3 * lms.slopes["value"])
    np.testing.assert_allclose(lms.slopes["sds"], [-1, 0, 1])
    assert lms.slopes["value"].iloc[2] == pytest.approx(lms.sd[1])
    assert lms.slopes["std"].iloc[1] == pytest.approx(lms.paths["std_all"].iloc[0])
    at = lms.lines[lms.lines["moderator"] == lms.slopes["value"].iloc[0]]
    rise = np.diff(at["outcome"]) / np.diff(at["predictor"])
    assert rise.item() == pytest.approx(lms.slopes["est"].iloc[0])
    middle = at["outcome"].mean()
    assert middle == pytest.approx(b2 * lms.slopes["value"].iloc[0])


def test_the_band_and_the_region_agree(lms):
    region, curve = lms.region, lms.curve
    apart = (curve["ci_lower"] > 0) | (curve["ci_upper"] < 0)
    assert region.significant in {"above", "outside"}
    inner = [point for point in region.points if region.low < point < region.high]
    turns = curve["value"][1:][np.diff(apart.astype(int)) != 0]
    assert len(turns) == len(inner)
    assert 0.5 < region.share < 1


def test_other_values_can_be_asked_for(answers, lms):
    other = moderated_fit(MODEL, answers, **NAMES, at=(-2, 2), level=0.9)
    np.testing.assert_allclose(other.slopes["value"], [-2 * lms.sd[1], 2 * lms.sd[1]])
    width = other.slopes["ci_upper"] - other.slopes["est"]
    np.testing.assert_allclose(width / other.slopes["se"], 1.6449, atol=1e-4)


@pytest.mark.parametrize("method", ["lms", "products"])
def test_an_observed_moderator_is_centred(answers, method):
    found = moderated_fit(
        MODEL, answers, outcome="Y", predictor="X", moderator="age", method=method
    )
    assert found.centre == pytest.approx(answers["age"].mean())
    assert found.sd[1] == pytest.approx(answers["age"].std(ddof=0))
    assert found.supported
    assert found.notices == ()
    shifted = moderated_fit(
        MODEL,
        answers.assign(age=answers["age"] * 12 + 1),
        outcome="Y",
        predictor="X",
        moderator="age",
        method=method,
    )
    np.testing.assert_allclose(shifted.slopes["est"], found.slopes["est"], atol=1e-5)


def test_a_moderator_of_two_values_is_shown_at_both(answers):
    found = moderated_fit(MODEL, answers, outcome="Y", predictor="X", moderator="woman")
    share = answers["woman"].mean()
    np.testing.assert_allclose(found.slopes["value"], [-share, 1 - share])
    assert found.region is None
    assert len(found.curve) == 2


def test_the_predictor_may_moderate_itself(answers):
    found = moderated_fit(MODEL, answers, outcome="Y", predictor="X", moderator="X")
    assert list(found.paths["rhs"]) == ["X", "X:X"]
    b1, b3 = found.paths["est"]
    np.testing.assert_allclose(found.slopes["est"], b1 + 2 * b3 * found.slopes["value"])
    bend = found.lines["outcome"].to_numpy()[[0, 20, 40]]
    assert bend[1] == pytest.approx(0.0)
    assert bend[0] + bend[2] == pytest.approx(2 * b3 * (2 * found.sd[0]) ** 2)
    assert found.indirect == ()


def test_a_moderator_without_a_path_gets_one(answers):
    model = MODEL.replace("Y ~ X + Z + A", "Y ~ X + A\nX ~~ Z")
    found = moderated_fit(model, answers, **NAMES)
    assert list(found.paths["rhs"]) == ["X", "Z", "X:Z"]


def test_robust_errors_and_bootstrap(answers, lms):
    robust = moderated_fit(MODEL, answers, **NAMES, estimator="MLR")
    assert robust.fit.errors == "robust"
    np.testing.assert_allclose(robust.paths["est"], lms.paths["est"], atol=1e-6)
    drawn = moderated_fit(MODEL, answers, **NAMES, method="products", bootstrap=150, seed=1)
    effect = drawn.indirect[0]
    assert set(effect.limits) == {"delta", "mc", "perc"}
    low, high = effect.index_limits["perc"]
    assert low < effect.index < high


def test_products_get_robust_errors_unless_others_are_asked_for(answers):
    found = {
        asked: moderated_fit(MODEL, answers, **NAMES, method="products", estimator=asked)
        for asked in (None, "MLR", "ML")
    }
    assert found[None].paths.equals(found["MLR"].paths)
    np.testing.assert_allclose(found[None].paths["est"], found["ML"].paths["est"])
    assert not np.allclose(found[None].paths["se"], found["ML"].paths["se"], rtol=0.01)


def test_slopes_of_a_fit_can_be_asked_for_directly(lms):
    found = simple_slopes(lms.fit, "Y", "X", "Z", "X:Z", at=0.0)
    assert found["est"].item() == pytest.approx(lms.paths["est"].iloc[0])


@pytest.mark.parametrize(
    ("changed", "words", "named"),
    [
        ({"moderator": "W"}, "moderator 'W'", "X, Z, A, Y"),
        ({"moderator": "agee"}, "moderator 'agee'", "Did you mean 'age'?"),
        ({"outcome": "Z"}, "outcome 'Z'", "X, Y"),
        ({"predictor": "y1"}, "no path from 'y1' to 'Y'", "X, Z, A"),
        ({"moderator": "Y"}, "to itself", "X, Z, A"),
        ({"moderator": "z1"}, "moderator 'z1' is an indicator", "an indicator of 'Z'"),
        ({"outcome": "X", "predictor": "A", "moderator": "Y"}, "consequence of 'X'", "before"),
    ],
)
def test_names_that_are_not_there(answers, changed, words, named):
    with pytest.raises(ModelSpecificationError, match=words) as caught:
        moderated_fit(MODEL, answers, **{**NAMES, **changed})
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "plsc"}, "Unknown method"),
        ({"products": "some"}, "Unknown products"),
        ({"method": "products", "centring": "median"}, "Unknown centring"),
        ({"estimator": "GLS"}, "maximum likelihood"),
        ({"level": 95}, "level of confidence"),
        ({"at": ()}, "need values"),
        ({"at": (0.0, float("nan"))}, "need values"),
        ({"method": "products", "bootstrap": 99}, "too few bootstrap draws"),
    ],
)
def test_requests_that_cannot_be(answers, options, words):
    with pytest.raises(EstimationError, match=words):
        moderated_fit(MODEL, answers, **NAMES, **options)


def test_data_that_do_not_do(answers):
    flat = answers.assign(age=3.0)
    with pytest.raises(EstimationError, match="does not vary"):
        moderated_fit(MODEL, flat, outcome="Y", predictor="X", moderator="age")
    words = answers.assign(age=np.where(answers["age"] > 40, "old", "young"))
    with pytest.raises(EstimationError, match="is not numeric") as caught:
        moderated_fit(MODEL, words, outcome="Y", predictor="X", moderator="age")
    assert "'old'" in str(caught.value)
    with pytest.raises((EstimationError, ConvergenceError)):
        moderated_fit(MODEL, answers.iloc[:30], **NAMES)
    with pytest.raises(ModelSpecificationError, match="has a product already"):
        moderated_fit(MODEL + "Y ~ X:A", answers, **NAMES)


def test_second_order_constructs_have_no_products(answers):
    model = MODEL.replace("Y ~ X + Z + A", "G =~ Z + A\nY ~ X + G").replace("X ~ A\n", "")
    with pytest.raises(EstimationError, match="second-order"):
        moderated_fit(model, answers, outcome="Y", predictor="X", moderator="G", method="products")
