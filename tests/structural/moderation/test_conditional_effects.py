"""Moderated mediation by its definition, and against constraints that say the same."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.estimation import fit
from loyaltysem.structural.moderation import conditional_effects, moderated_fit
from loyaltysem.structural.products import product_indicators

from .conftest import MODEL


@pytest.fixture(scope="module")
def moderated(answers):
    return moderated_fit(MODEL, answers, outcome="Y", predictor="X", moderator="Z")


def test_the_second_step_is_moderated(moderated):
    (effect,) = moderated.indirect
    assert effect.path == "A -> X -> Y"
    table = moderated.fit.estimates().set_index(["lhs", "op", "rhs"])["est"]
    a, b1, b3 = table["X", "~", "A"], table["Y", "~", "X"], table["Y", "~", "X:Z"]
    np.testing.assert_allclose(effect.est, a * (b1 + b3 * np.array(effect.at)))
    assert effect.index == pytest.approx(a * b3)
    assert effect.index_pvalue < 0.01
    for low, high in effect.index_limits.values():
        assert low < effect.index < high


def test_the_first_step_can_be_moderated(answers):
    model = MODEL.replace("X ~ A\nY ~ X + Z + A", "Y ~ X + Z\nA ~ Y")
    found = moderated_fit(model, answers, outcome="Y", predictor="X", moderator="Z")
    (effect,) = found.indirect
    assert effect.path == "X -> Y -> A"


def test_errors_are_those_of_defined_parameters(answers):
    data = product_indicators(answers, ["x1", "x2", "x3"], ["z1", "z2", "z3"])
    text = MODEL.replace("X ~ A", "X ~ a*A").replace("Y ~ X + Z", "Y ~ b1*X + Z + b3*XZ")
    text += "XZ =~ x1.z1 + x2.z2 + x3.z3\nindex := a*b3\nhigh := a*(b1 + 0.7*b3)"
    fitted = fit(text, data)
    (effect,) = conditional_effects(fitted, "Y", "X", "XZ", (0.7,), moderator="Z")
    rows = fitted.estimates().set_index("label")
    assert effect.index == pytest.approx(rows.loc["index", "est"])
    assert effect.index_se == pytest.approx(rows.loc["index", "se"])
    assert effect.est[0] == pytest.approx(rows.loc["high", "est"])
    assert effect.se[0] == pytest.approx(rows.loc["high", "se"])
    low, high = effect.limits["mc"]
    assert high[0] - low[0] == pytest.approx(3.92 * effect.se[0], rel=0.1)


def test_nothing_leads_to_the_predictor(answers):
    model = MODEL.replace("X ~ A\n", "")
    found = moderated_fit(model, answers, outcome="Y", predictor="X", moderator="Z")
    assert found.indirect == ()
