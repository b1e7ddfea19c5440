"""Product indicators against semTools::indProd, and by their definitions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
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
