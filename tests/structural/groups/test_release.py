"""Partial invariance."""

import numpy as np
import pytest

from loyaltysem import fit, invariance
from loyaltysem.errors import ModelSpecificationError

SCHOOL_MODEL = """
visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9
"""


def test_items_that_differ_are_released_in_turn(school):
    found = invariance(SCHOOL_MODEL, school, group="school", release=True)
    assert [one.parameter for one in found.releases] == ["x3~1", "x7~1"]
    assert found.rung("scalar").partial
    # cfa(..., group.equal = c("loadings", "intercepts"), group.partial = c("x3~1", "x7~1"))
    assert found.rung("scalar").indices.chisq == pytest.approx(129.422, abs=1e-3)
    assert found.rung("scalar").indices.df == 58
    assert found.rung("scalar").step.difference.statistic == pytest.approx(5.3789, abs=1e-3)
    assert found.reached.level.name == "strict"
    assert "invariance_release_explorative" in {notice.code for notice in found.notices}


def test_a_released_loading_takes_its_intercept_along(simulated, rng):
    data = simulated(rng, 500, loading=-0.5)
    model = "f =~ x1 + x2 + x3 + x4"
    found = invariance(model, data, group="who", release=True, levels=["metric", "scalar"])
    assert [(one.parameter, one.because) for one in found.releases] == [
        ("f=~x2", "score"),
        ("x2~1", "loading"),
    ]
    assert found.rung("scalar").released == ("f=~x2", "x2~1")


def test_two_invariant_indicators_stay(simulated, rng):
    data = simulated(rng, 500)
    second = data["who"] == "b"
    data.loc[second, "x1"] += 0.9
    data.loc[second, "x2"] -= 0.9
    data.loc[second, "x3"] += 1.8
    model = "f =~ x1 + x2 + x3 + x4"
    found = invariance(model, data, group="who", release=True, criterion="chisq")
    released = {one.parameter for one in found.releases if one.level == "scalar"}
    assert len(released) == 2
    assert not found.rung("scalar").is_kept("chisq")
    assert found.reached.level.name == "metric"


def test_the_users_own_exceptions_hold_from_the_start(school):
    found = invariance(SCHOOL_MODEL, school, group="school", partial=["x3~1", "x7~1"])
    table = found.table().set_index("level")
    assert table.loc["scalar", "chisq"] == pytest.approx(129.422, abs=1e-3)
    assert found.releases == ()
    assert not found.rung("scalar").partial
    with pytest.raises(ModelSpecificationError, match="does not have"):
        invariance(SCHOOL_MODEL, school, group="school", partial=["x33~1"])


def test_released_thresholds_leave_the_item_on_its_own(loyalty):
    """With its thresholds free an item keeps its intercept and residual variance fixed."""
    model = "image =~ im1 + im2 + im3 + im4"
    options = {"group": "gender", "ordered": True, "levels": ["thresholds"]}
    full = invariance(model, loyalty, **options)
    part = invariance(model, loyalty, partial=["im2|"], **options)
    assert full.rung("thresholds").indices.df - part.rung("thresholds").indices.df == 4
    assert part.rung("thresholds").fit.converged
    configural = fit(model, loyalty, group="gender", ordered=True, parameterization="theta")
    assert part.rung("configural").indices.chisq == pytest.approx(
        configural.measures()["chisq.scaled"], rel=1e-6
    )


def test_ordinal_items_with_other_intercepts_are_released(simulated, rng):
    data = simulated(rng, 400, intercept=0.8)
    items = ["x1", "x2", "x3", "x4"]
    data[items] = np.digitize(data[items], [-0.8, 0.0, 0.8])
    found = invariance(
        "f =~ x1 + x2 + x3 + x4",
        data,
        group="who",
        ordered=True,
        release=True,
        levels=["thresholds", "metric", "scalar"],
    )
    assert [one.parameter for one in found.releases] == ["x2~1"]
    assert found.rung("scalar").is_kept("chen")
    released = found.rung("scalar").fit.estimates()
    shift = released[(released["op"] == "~1") & (released["lhs"] == "x2")].set_index("group")
    assert shift.loc[1, "est"] == 0
    assert shift.loc[2, "est"] > 0.5
