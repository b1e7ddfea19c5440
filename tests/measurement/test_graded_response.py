import numpy as np
import pandas as pd
import pytest
from scipy.integrate import simpson
from scipy.stats import norm

from loyaltysem.errors import EstimationError, ResponsesError
from loyaltysem.measurement.graded_response import category_probabilities, graded_response

SLOPES = (1.5, 2.2, 0.8)
LOCATIONS = ((-1.0, 0.0, 1.0), (-0.5, 0.5), (-2.0, -0.5, 1.0))


def drawn(n, seed=3):
    rng = np.random.default_rng(seed)
    trait = rng.standard_normal(n)
    columns = {}
    for item, (slope, locations) in enumerate(zip(SLOPES, LOCATIONS, strict=True)):
        below = category_probabilities(slope, locations, trait).cumsum(axis=1)[:, :-1]
        columns[f"i{item}"] = 1 + (rng.random((n, 1)) > below).sum(axis=1)
    return pd.DataFrame(columns)


def test_a_large_sample_gives_the_parameters_back():
    found = graded_response(drawn(8000))
    error = (found.items["discrimination"] - np.array(SLOPES)) / found.items["se"]
    assert found.converged
    assert error.abs().max() < 3
    assert found.items.loc["i0", ["b1", "b2", "b3"]].tolist() == pytest.approx(
        LOCATIONS[0], abs=0.1
    )
    assert np.isnan(found.items.loc["i1", "b3"])


def test_the_likelihood_is_the_integral_over_the_trait():
    answers = drawn(100, seed=5)
    found = graded_response(answers)
    trait = np.linspace(-9, 9, 3001)
    joint = np.tile(norm.pdf(trait), (len(answers), 1))
    for item, own in found.items.iterrows():
        locations = own.filter(regex="^b").dropna().to_numpy()
        place = np.unique(answers[item], return_inverse=True)[1]
        joint *= category_probabilities(own["discrimination"], locations, trait)[:, place].T
    loglik = np.log(simpson(joint, x=trait)).sum()
    assert found.loglik == pytest.approx(loglik, abs=1e-4)


def test_no_other_parameters_near_by_are_likelier():
    answers = drawn(400)
    best = graded_response(answers)
    again = graded_response(pd.concat([answers, answers], ignore_index=True))
    assert again.loglik == pytest.approx(2 * best.loglik, rel=1e-7)
    ratio = best.items["se"] / again.items["se"]
    assert ratio.tolist() == pytest.approx([np.sqrt(2)] * 3, rel=1e-2)


def test_information_adds_up():
    found = graded_response(drawn(300))
    table = found.information
    assert np.allclose(table[["i0", "i1", "i2"]].sum(axis=1), table["total"])
    assert np.allclose(table["se"] ** -2, table["total"])
    assert table["i1"].max() == table[["i0", "i1", "i2"]].to_numpy().max()
    assert 0 < found.reliability < 1


def test_missing_answers_do_not_count():
    answers = drawn(400).astype(float)
    answers.iloc[:40, 0] = np.nan
    answers.iloc[0] = np.nan
    found = graded_response(answers)
    assert found.n == 399
    assert found.converged


def test_an_item_that_is_not_reversed_is_told():
    answers = drawn(400)
    (notice,) = graded_response(answers.assign(i2=5 - answers["i2"])).notices
    assert notice.facts["items"] == ["i2"]


def test_refusals():
    with pytest.raises(ResponsesError, match="three items"):
        graded_response(drawn(50)[["i0", "i1"]])
    rows = np.random.default_rng(1).normal(size=(50, 3))
    with pytest.raises(EstimationError, match="too many"):
        graded_response(pd.DataFrame(rows, columns=list("abc")))
