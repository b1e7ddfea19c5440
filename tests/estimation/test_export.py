import json

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.estimation.export import EXTRAS, export_fit, plain, records

MODEL = "f =~ x1 + x2 + x3 + x4\nd := 1 + 2"


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(120, 1)) + 0.8 * rng.normal(size=(120, 4))
    frame = pd.DataFrame(values, columns=["x1", "x2", "x3", "x4"])
    return frame.assign(sex=np.where(np.arange(120) < 70, "women", "men"))


def test_everything_is_json(data):
    values = export_fit(fit(MODEL, data), list(EXTRAS))
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert set(values["extras"]) == set(EXTRAS)


def test_matrices_and_vectors():
    frame = pd.DataFrame([[1.0, np.nan]], index=["a"], columns=["b", "c"])
    assert plain(frame) == {"rows": ["a"], "cols": ["b", "c"], "values": [[1.0, None]]}
    assert plain(pd.Series({"a": np.inf, "b": np.int64(2)})) == {"a": None, "b": 2.0}
    assert records(frame) == [{"b": 1.0, "c": None}]


def test_without_groups_values_stand_alone(data):
    extras = export_fit(fit(MODEL, data), ["r2", "implied", "cov_lv"])["extras"]
    assert set(extras["r2"]) == {"x1", "x2", "x3", "x4"}
    assert set(extras["implied"]) == {"cov"}
    assert extras["cov_lv"]["rows"] == ["f"]


def test_groups_stand_by_label(data):
    fitted = fit("f =~ x1 + x2 + x3 + x4", data, group="sex", group_equal=["loadings"])
    names = ["r2", "implied", "cov_lv", "factor_scores_first10", "residuals", "score_test"]
    values = export_fit(fitted, names)
    assert values["group_labels"] == ["women", "men"]
    assert values["n_per_group"] == [70, 50]
    assert values["npar"] == 24
    assert values["fit"]["npar"] == 21
    for name in ("r2", "implied", "cov_lv"):
        assert list(values["extras"][name]) == ["women", "men"]
    assert len(values["extras"]["factor_scores_first10"]["bartlett"]["men"]["values"]) == 10
    assert values["extras"]["score_test"]["test"][0]["df"] == 3
    second = [p for p in values["parameters"] if p["group"] == 2]
    assert {p["group_label"] for p in second} == {"men"}


def test_order_of_groups_is_that_of_the_data(data):
    fitted = fit("f =~ x1 + x2 + x3 + x4", data, group="sex")
    r2 = export_fit(fitted, ["r2"])["extras"]["r2"]
    np.testing.assert_allclose(list(r2["women"].values()), fitted.r2()["women"].to_numpy())


def test_an_extra_that_does_not_exist_for_the_fit_says_why(data):
    extras = export_fit(fit(MODEL, data), ["thresholds", "r2"])["extras"]
    assert "ordinal" in extras["thresholds"]["error"]
    assert "x1" in extras["r2"]


def test_unknown_extra_is_refused(data):
    with pytest.raises(EstimationError) as caught:
        export_fit(fit(MODEL, data), ["residual"])
    assert caught.value.remedy == "Did you mean 'residuals'?"


def test_defined_parameters_have_group_one_without_groups(data):
    parameters = export_fit(fit(MODEL, data))["parameters"]
    assert [p["group"] for p in parameters if p["op"] == ":="] == [1]
