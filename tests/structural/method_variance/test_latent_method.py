"""The unmeasured method factor against lavaan 0.6-14, and where it finds nothing."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.estimation import fit
from loyaltysem.structural.method_variance import method_factor
from loyaltysem.structural.method_variance.latent_method import factor_name, with_method_factor
from loyaltysem.syntax import build_table

from .conftest import answers

STRUCTURE = """
a =~ a1 + a2 + a3 + a4
b =~ b1 + b2 + b3 + b4
c =~ c1 + c2 + c3 + c4
b ~ a
c ~ b
"""


@pytest.fixture(scope="module")
def with_method():
    return method_factor(fit(STRUCTURE, answers(method=0.6)))


def test_the_ladder_of_models_is_that_of_lavaan(hs_fit):
    """cfa(..., std.lv = TRUE): traits alone, one factor, and traits with a method factor M.

    M =~ 1*x1 + ... + 1*x9 with M ~~ NA*M, and M =~ NA*x1 + ... with M ~~ 1*M; M ~~ 0 * traits.
    """
    found = method_factor(hs_fit)
    reference = {
        "traits": (85.305522, 24, 21),
        "single_factor": (312.264159, 27, 18),
        "equal": (54.896833, 23, 22),
        "free": (26.014261, 15, 30),
    }
    for name, (chisq, df, npar) in reference.items():
        row = found.models.loc[name]
        assert (row["chisq"], row["df"], row["npar"]) == (pytest.approx(chisq, abs=1e-4), df, npar)
    # lavaan too warns of both method models: a covariance matrix that cannot be, a Heywood case
    assert set(found.models["state"][["equal", "free"]]) == {"improper"}
    assert found.chosen is None
    assert np.isnan(found.method_share)
    assert [notice.code for notice in found.notices] == ["method_model_unusable"] * 2


def test_the_scaled_difference_is_that_of_lavaan(hs):
    """lavTestLRT(equal, traits) with MLR gives 30.312 from lavaan's own, less exact optimum."""
    found = method_factor(
        fit("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9", hs,
            estimator="MLR")
    )  # fmt: skip
    step = found.steps.set_index(["less", "more"]).loc[("equal", "traits")]
    assert step["chisq"] == pytest.approx(30.3158, abs=5e-3)
    assert step["df"] == 1


def test_method_variance_is_found_and_measured(with_method):
    step = with_method.steps.set_index(["less", "more"]).loc[("equal", "traits")]
    assert step["pvalue"] < 0.001
    # in truth .36 of about 1.5, the items' variance
    assert with_method.method_share == pytest.approx(0.22, abs=0.08)
    assert (with_method.loadings["adjusted"] < with_method.loadings["loading"]).mean() > 0.9
    assert (with_method.correlations["adjusted"] < with_method.correlations["correlation"]).all()


def test_paths_stand_beside_those_with_a_method_factor(with_method):
    assert list(zip(with_method.paths["predictor"], with_method.paths["outcome"], strict=True)) == [
        ("a", "b"),
        ("b", "c"),
    ]
    assert with_method.paths["adj_std_all"].notna().all()


def test_without_method_variance_nothing_changes():
    found = method_factor(fit(STRUCTURE, answers(method=0.0)))
    step = found.steps.set_index(["less", "more"]).loc[("equal", "traits")]
    assert step["pvalue"] > 0.05
    assert abs(found.steps.set_index(["less", "more"]).loc[("equal", "traits"), "cfi"]) < 0.01


def test_held_correlations_cost_fit_only_where_they_are_biased(with_method):
    free = with_method.steps.set_index(["less", "more"]).loc[("free", "traits")]
    assert free["chisq"] > 0
    assert np.isnan(free["pvalue"])
    restricted = with_method.steps[with_method.steps["more"] == "restricted"].iloc[0]
    assert restricted["df"] == 3
    assert restricted["chisq"] > 0


def test_the_method_factor_takes_a_free_name():
    table = build_table("method =~ x1 + x2 + x3\ng =~ x4 + x5 + x6")
    assert factor_name(table) == "method_"
    wider = with_method_factor(table, "equal")
    assert wider.latent[-1] == "method_"
    assert wider.n_free == table.n_free + 1


def test_several_groups_are_refused(hs):
    with pytest.raises(ModelSpecificationError, match="one group") as caught:
        method_factor(fit("visual =~ x1 + x2 + x3", hs, group="school"))
    assert caught.value.found == "2 groups"


def test_incomplete_answers_are_searched_from_their_moments():
    data = answers(method=0.6, n=300)[["a1", "a2", "a3", "b1", "b2", "b3"]]
    data = data.mask(np.random.default_rng(1).random(data.shape) < 0.03)
    fitted = fit("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", data, missing="fiml")
    found = method_factor(fitted)
    assert found.models.loc["traits", "n"] == 300
    assert found.models.loc["equal", "df"] == found.models.loc["traits", "df"] - 1
