import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit
from loyaltysem.measurement.discriminant import constrained_correlation_tests
from loyaltysem.structural.construct_pairs import constrained_pairs
from loyaltysem.structural.measurement_model import measurement_table, refit

MODEL = "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nc =~ c1 + c2 + c3"


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(9)
    a, c = rng.normal(size=(2, 250))
    traits = np.repeat(
        np.column_stack([a, a + 0.05 * rng.normal(size=250), c - 0.4 * a]), 3, axis=1
    )
    rows = traits + 0.6 * rng.normal(size=(250, 9))
    return pd.DataFrame(rows, columns=[f"{name}{k}" for name in "abc" for k in (1, 2, 3)])


def test_constructs_that_are_one_are_not_distinct(answers):
    free = fit(MODEL, answers)
    table = constrained_pairs(refit(free, measurement_table(free.table)))
    assert table["distinct"].tolist() == [False, True, True]
    assert table["correlation"].tolist()[0] > 0.9
    assert (table["pvalue_holm"] >= table["pvalue"]).all()


def test_the_differences_are_those_of_models_written_out(answers):
    free = fit(MODEL, answers)
    table = constrained_pairs(refit(free, measurement_table(free.table)))
    written = constrained_correlation_tests(MODEL, answers)
    assert table["chisq_diff"].to_numpy() == pytest.approx(
        written["chisq_diff"].to_numpy(), abs=1e-4
    )
    assert table["df_diff"].tolist() == [1, 1, 1]
