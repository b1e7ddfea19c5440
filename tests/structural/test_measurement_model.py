"""The measurement part of a model, and other tables of the same answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation import fit
from loyaltysem.structural.measurement_model import (
    indicator_blocks,
    measurement_table,
    refit,
    unit_scaled,
)
from loyaltysem.syntax import build_table

MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
s =~ 1*x7
x7 ~~ 0*x7
h =~ f + g
x1 ~~ x2
h ~ s + x8
"""


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    shared = rng.normal(size=(200, 1))
    columns = [f"x{k}" for k in range(1, 9)]
    return pd.DataFrame(rng.normal(size=(200, 8)) + shared, columns=columns)


def test_paths_second_order_constructs_and_covariates_are_left_out():
    table = measurement_table(build_table(MODEL))
    assert table.latent == ("f", "g", "s")
    assert table.observed == tuple(f"x{k}" for k in range(1, 8))
    rows = {str(row): row for row in table.rows}
    assert rows["x1 ~~ x2"].free
    assert rows["x7 ~~ x7"].ustart == 0
    assert rows["f ~~ g"].free


def test_the_scale_is_set_by_variances():
    table = measurement_table(build_table(MODEL))
    assert all(row.ustart == 1 for row in table.rows if row.op == "~~" and row.lhs in table.latent
               and row.lhs == row.rhs)  # fmt: skip
    assert all(row.free for row in table.rows if row.op == "=~")


def test_the_scale_does_not_change_the_fit(data):
    table = build_table("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6")
    marker = fit(table, data)
    assert refit(marker, unit_scaled(table)).tests[0].statistic == pytest.approx(
        marker.tests[0].statistic, abs=1e-8
    )


def test_a_part_of_the_variables_is_fitted_to_the_same_rows(data):
    whole = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", data)
    table = build_table("f =~ x1 + x2 + x3 + x4")
    expected = fit("f =~ x1 + x2 + x3 + x4", data)
    assert refit(whole, table).tests[0].statistic == pytest.approx(expected.tests[0].statistic)
    from_matrix = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", sample_cov=data.cov(), n=200)
    assert refit(from_matrix, table).tests[0].statistic == pytest.approx(
        expected.tests[0].statistic
    )


def test_other_variables_cannot_be_fitted(data):
    whole = fit("f =~ x1 + x2 + x3", data)
    with pytest.raises(EstimationError) as caught:
        refit(whole, build_table("f =~ x1 + x2 + x9"))
    assert caught.value.found == "x9"


def test_a_model_without_latent_variables_has_no_measurement_part():
    with pytest.raises(ModelSpecificationError, match="nothing to measure"):
        measurement_table(build_table("x1 ~ x2"))


def test_blocks_list_observed_indicators_only():
    assert list(indicator_blocks(build_table(MODEL))) == ["f", "g", "s"]


def test_a_model_scaled_by_variances_stays_so(data):
    text = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
    marker, unit = fit(text, data), fit(text + "\ng ~ f", data, std_lv=True)
    again = refit(unit, measurement_table(unit.table))
    assert again.vcov is not None
    assert again.tests[0].statistic == pytest.approx(marker.tests[0].statistic, abs=1e-8)
