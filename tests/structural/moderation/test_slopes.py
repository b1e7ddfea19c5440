"""Simple slopes against semTools, and by their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.structural.moderation import (
    johnson_neyman,
    significance_region,
    simple_slopes,
)
from loyaltysem.structural.products import product_indicators

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"

needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the shared reference numbers are not here"
)


@needs_golden
def test_simple_slopes_are_those_of_semtools():
    """Slopes only: probe2WayMC takes their variances in the order of the parameter table.

    Asked for (postpurchase, substitutes) where the table has (substitutes, postpurchase), it gives
    the slope of postpurchase at zero the standard error of substitutes' path.
    """
    case = json.loads((GOLDEN / "cases" / "interaction_dmc_loyalty.json").read_text("utf-8"))
    fitted = fit(case["model"], pd.read_csv(GOLDEN / case["data_file"]), meanstructure=True)
    expected = pd.DataFrame(case["extras"]["probe2WayMC"]["SimpleSlope"])
    found = simple_slopes(
        fitted, "loyaltyA", "postpurchase", "substitutes", "sxp", at=expected["substitutes"]
    )
    np.testing.assert_allclose(found["est"], expected["est"], atol=1e-7)
    errors = {row["rhs"]: row["se"] for row in case["parameters"] if row["op"] == "~"}
    assert found["se"][1] == pytest.approx(errors["postpurchase"], rel=1e-4)
    assert expected["se"][1] == pytest.approx(errors["substitutes"], rel=1e-9)


@pytest.fixture(scope="module")
def moderated():
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(300, 2)), columns=["x", "w"])
    data = product_indicators(data, ["x"], ["w"])
    data["y"] = 0.1 * data["x"] + 0.3 * data["x.w"] + rng.normal(size=300)
    return fit("y ~ x + w + x.w", data)


def test_significance_turns_at_the_johnson_neyman_points(moderated):
    names = ("y", "x", "w", "x.w")
    points = johnson_neyman(moderated, *names)
    assert len(points) == 2
    table = simple_slopes(moderated, *names, at=points)
    np.testing.assert_allclose(table["pvalue"], 0.05, atol=1e-9)


def test_the_slope_at_zero_is_the_path(moderated):
    table = simple_slopes(moderated, "y", "x", "w", "x.w", at=0.0)
    paths = moderated.estimates().set_index(["lhs", "op", "rhs"])
    assert table["est"].item() == pytest.approx(paths.loc[("y", "~", "x"), "est"])
    assert table["se"].item() == pytest.approx(paths.loc[("y", "~", "x"), "se"])


def test_an_unknown_moderator_is_named_with_what_there_is(moderated):
    with pytest.raises(EstimationError) as caught:
        simple_slopes(moderated, "y", "x", "z", "x.w", at=0.0)
    assert "'z'" in str(caught.value)
    assert "x, w, x.w" in str(caught.value.expected)


def test_the_square_of_a_variable_bends_its_slope_twice():
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"x": rng.normal(size=200)})
    data["x2"] = data["x"] ** 2
    data["y"] = 0.2 * data["x"] + 0.3 * data["x2"] + rng.normal(size=200)
    fitted = fit("y ~ x + x2", data)
    slope = simple_slopes(fitted, "y", "x", "x", "x2", at=1.0)["est"].item()
    assert slope == pytest.approx(fitted.est[0] + 2 * fitted.est[1])


@pytest.mark.parametrize(
    ("b1", "b3", "where"),
    [(0.0, 0.0, "nowhere"), (2.0, 0.0, "everywhere"), (0.0, 0.9, "outside"), (1.0, 0.3, "above")],
)
def test_the_region_names_the_side(b1, b3, where):
    """Data without chance: residuals orthogonal to all predictors."""
    rng = np.random.default_rng(7)
    raw = rng.normal(size=(400, 2))
    x, w = (raw - raw.mean(axis=0)).T
    design = np.column_stack([np.ones(400), x, w, x * w])
    noise = rng.normal(size=400)
    noise -= design @ np.linalg.lstsq(design, noise, rcond=None)[0]
    data = pd.DataFrame({"x": x, "w": w, "xw": x * w, "y": b1 * x + b3 * x * w + noise})
    fitted = fit("y ~ x + w + xw", data)
    region = significance_region(fitted, "y", "x", "w", "xw", sd=float(w.std()))
    assert region.significant == where
    assert 0 <= region.share <= 1
    middle = simple_slopes(fitted, "y", "x", "w", "xw", at=0.0)["pvalue"].item()
    assert (middle < 0.05) == (where in {"everywhere", "above"})
