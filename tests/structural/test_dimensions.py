"""Rival models of dimensions against lavaan 0.6-14."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.estimation import fit
from loyaltysem.structural.dimensions import compare_dimensions

DATA = Path(__file__).parents[2].parent / "shared" / "golden" / "data" / "loyalty_open.csv"
FOUR = """
sq =~ sq1 + sq2 + sq3 + sq4 + sq5
pr =~ pr1 + pr2 + pr3 + pr4
im =~ im1 + im2 + im3 + im4
pq =~ pq1 + pq2 + pq3 + pq4
"""


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    if not DATA.is_file():
        pytest.skip("the shared reference data are not here")
    return pd.read_csv(DATA)


@pytest.fixture(scope="module")
def four(data):
    return compare_dimensions(fit(FOUR, data))


def test_the_models_are_those_of_lavaan(four):
    """cfa() of the four factors, with g =~ sq + pr + im + pq, and orthogonal with g over all."""
    reference = {
        "correlated": (129.7398160, 113, 26164.68992),
        "second_order": (130.5283407, 115, 26161.47844),
        "bifactor": (111.3453926, 102, 26168.29550),
    }
    for name, (chisq, df, aic) in reference.items():
        assert four.models.loc[name, "chisq"] == pytest.approx(chisq, abs=1e-4)
        assert four.models.loc[name, "df"] == df
        assert four.models.loc[name, "aic"] == pytest.approx(aic, abs=1e-3)
    assert four.target == pytest.approx(129.7398160 / 130.5283407, abs=1e-6)


def test_indices_are_those_of_lavaans_standardized_loadings(four):
    bifactor = four.indices["bifactor"]
    assert bifactor.omega == pytest.approx(0.92004420, abs=1e-5)
    assert bifactor.omega_hierarchical == pytest.approx(0.68215419, abs=1e-5)
    assert bifactor.ecv == pytest.approx(0.42105537, abs=1e-5)
    # semTools::reliabilityL2 on unstandardized loadings: .6778
    assert four.indices["second_order"].omega_hierarchical == pytest.approx(0.678, abs=2e-3)


def test_narrower_models_fit_worse(four):
    assert (four.steps["chisq"] > 0).all()
    assert four.steps["df"].tolist() == [6, 6, 2, 13]


def test_three_dimensions_cannot_test_a_second_order_factor(data):
    found = compare_dimensions(fit(FOUR, data), ["sq", "pr", "im"])
    models = found.models["chisq"]
    assert models["correlated"] == pytest.approx(models["second_order"], abs=1e-6)
    assert np.isnan(found.target)
    assert "second_order_untestable" in [notice.code for notice in found.notices]


def test_a_structural_model_is_read_by_its_measurement_part(data, four):
    structural = fit(FOUR + "pq ~ sq + im\npr ~ pq", data)
    found = compare_dimensions(structural)
    pd.testing.assert_series_equal(
        found.models["chisq"], four.models["chisq"], check_exact=False, rtol=1e-6
    )


def test_unknown_and_single_dimensions_are_refused(data):
    fitted = fit(FOUR, data)
    with pytest.raises(ModelSpecificationError) as caught:
        compare_dimensions(fitted, ["sq", "prr"])
    assert caught.value.remedy == "Did you mean 'pr'?"
    with pytest.raises(ModelSpecificationError, match="two or more"):
        compare_dimensions(fitted, ["sq"])
