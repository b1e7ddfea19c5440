"""Difference tests where models are nested, weights where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import compare, fit
from loyaltysem.structural.model_choice import choose_model, information_weights, is_nested

MEASUREMENT = "\n".join(f"{c} =~ {c}1 + {c}2 + {c}3" for c in "abc")


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(9)
    a = rng.normal(size=250)
    b = 0.5 * a + rng.normal(size=250)
    c = 0.4 * b + 0.2 * a + rng.normal(size=250)
    scores = {"a": a, "b": b, "c": c}
    return pd.DataFrame(
        {f"{x}{k}": s + 0.6 * rng.normal(size=250) for x, s in scores.items() for k in (1, 2, 3)}
    )


@pytest.fixture(scope="module")
def fits(data):
    return {
        "partial": fit(f"{MEASUREMENT}\nb ~ a\nc ~ a + b", data),
        "full": fit(f"{MEASUREMENT}\nb ~ a\nc ~ b", data),
        "turned": fit(f"{MEASUREMENT}\nb ~ c\nc ~~ 0*a\nb ~ a", data),
    }


def test_nested_pairs_are_tested_as_compare_does(fits):
    tests = choose_model(fits).tests.set_index(["less", "more"])
    expected = compare(fits["partial"], fits["full"]).iloc[-1]
    assert tests.loc[("partial", "full"), "chisq"] == pytest.approx(expected["Chisq diff"])
    assert tests.loc[("partial", "full"), "pvalue"] == pytest.approx(expected["Pr(>Chisq)"])


def test_models_of_the_same_df_are_weighed_but_not_tested(fits):
    found = choose_model({name: fits[name] for name in ("full", "turned")})
    assert found.tests.empty
    weights = found.models["aic_weight"]
    assert weights.sum() == pytest.approx(1)
    assert weights["full"] > weights["turned"]
    difference = found.models["aic"] - found.models["aic"].min()
    np.testing.assert_allclose(found.models["aic_difference"], difference)


def test_nesting_is_judged_by_what_the_narrower_model_implies(fits):
    assert is_nested(fits["partial"], fits["full"]) is True
    assert is_nested(fits["full"], fits["partial"]) is False


def test_other_items_have_no_weights(fits, data):
    fewer = fit("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nb ~ a", data)
    found = choose_model({"partial": fits["partial"], "fewer": fewer})
    assert found.models["aic_weight"].isna().all()
    assert [notice.code for notice in found.notices] == ["models_not_comparable"]


def test_one_model_is_no_choice(fits):
    with pytest.raises(EstimationError, match="two models"):
        choose_model({"full": fits["full"]})


def test_weights_sum_to_one_however_large_the_criterion():
    weights = information_weights([41000.0, 41002.0])
    assert weights.tolist() == pytest.approx([0.7310586, 0.2689414])
