"""Product indicators and simple slopes against semTools, and by their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.structural.moderation import johnson_neyman, simple_slopes
from loyaltysem.structural.products import product_indicators

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
FIRST, SECOND = ["su1", "su2", "su3"], ["pp1", "pp2", "pp3"]

needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the shared reference numbers are not here"
)


@needs_golden
@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("loyalty_open_indprod.csv", {}),
        ("loyalty_open_indprod_allpairs.csv", {"matched": False}),
        ("loyalty_open_indprod_residc.csv", {"centring": "residual"}),
    ],
)
def test_products_are_those_of_semtools(file, options):
    data = pd.read_csv(GOLDEN / "data" / "loyalty_open.csv")
    reference = pd.read_csv(GOLDEN / "data" / file)
    ours = product_indicators(data, FIRST, SECOND, **options)
    made = [name for name in reference.columns if "." in name]
    assert [name for name in ours.columns if "." in name] == made
    np.testing.assert_allclose(ours[made], reference[made], atol=1e-10)


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


def test_double_centred_products_have_mean_zero_and_keep_missing_answers():
    data = pd.DataFrame({"a": [1.0, 2.0, np.nan, 5.0], "b": [2.0, 4.0, 1.0, 0.0]})
    product = product_indicators(data, ["a"], ["b"])["a.b"]
    assert product.mean() == pytest.approx(0.0, abs=1e-12)
    assert product.isna().tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("first", "second", "options", "words"),
    [
        (["a"], ["c"], {}, "not in the data"),
        (["a", "b"], ["a"], {}, "as many indicators"),
        (["a"], ["b"], {"centring": "median"}, "Unknown centring"),
    ],
)
def test_products_that_cannot_be_made(first, second, options, words):
    data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 4.0, 1.0]})
    with pytest.raises(EstimationError, match=words):
        product_indicators(data, first, second, **options)
    with pytest.raises(EstimationError, match="already have"):
        product_indicators(product_indicators(data, ["a"], ["b"]), ["a"], ["b"])
