"""fit(): inputs, options and the tables of a fit."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, IdentificationError, LoyaltysemError
from loyaltysem.estimation.fitting import fit
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.parser import parse_model

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ b*f"


def test_text_statements_and_table_give_the_same_fit(skewed_data, two_factor_fit):
    for model in (parse_model(MODEL), build_table(MODEL)):
        np.testing.assert_array_equal(fit(model, skewed_data).theta, two_factor_fit.theta)


def test_a_matrix_gives_the_fit_of_its_data(skewed_data, two_factor_fit):
    columns = list(two_factor_fit.table.observed)
    found = fit(MODEL, sample_cov=skewed_data[columns].cov(), n=400)
    np.testing.assert_allclose(found.theta, two_factor_fit.theta, atol=1e-10)
    np.testing.assert_allclose(found.se, two_factor_fit.se, atol=1e-10)
    assert found.measures()["aic"] == pytest.approx(two_factor_fit.measures()["aic"])


def test_a_matrix_with_means_gives_the_intercepts(skewed_data):
    columns = [f"x{k}" for k in range(1, 7)]
    means = skewed_data[columns].mean()
    cov = skewed_data[columns].cov()
    found = fit(MODEL, sample_cov=cov, sample_mean=means, n=400, meanstructure=True)
    expected = fit(MODEL, skewed_data, meanstructure=True)
    np.testing.assert_allclose(found.theta, expected.theta, atol=1e-9)


def test_groups_from_matrices_are_those_from_data(skewed_data):
    parts = dict(list(skewed_data.groupby("school", sort=False)))
    columns = [f"x{k}" for k in range(1, 7)]
    found = fit(
        MODEL,
        sample_cov={name: part[columns].cov() for name, part in parts.items()},
        sample_mean={name: part[columns].mean() for name, part in parts.items()},
        n=[len(part) for part in parts.values()],
        group_equal=["loadings"],
    )
    expected = fit(MODEL, skewed_data, group="school", group_equal=["loadings"])
    np.testing.assert_allclose(found.theta, expected.theta, atol=1e-9)


def test_means_bring_a_mean_structure_and_groups_without_them_have_none(skewed_data):
    columns = [f"x{k}" for k in range(1, 7)]
    parts = {name: part[columns] for name, part in skewed_data.groupby("school", sort=False)}
    one = {"sample_cov": skewed_data[columns].cov(), "n": 400}
    assert (
        fit(MODEL, **one, sample_mean=skewed_data[columns].mean()).npar
        == fit(MODEL, **one).npar + 6
    )
    groups = {
        "sample_cov": {name: part.cov() for name, part in parts.items()},
        "n": [len(part) for part in parts.values()],
    }
    assert not fit(MODEL, **groups).table.meanstructure
    with pytest.raises(EstimationError, match="without means"):
        fit(MODEL, **groups, group_equal=["intercepts"])


def test_vectors_without_names_stand_in_the_order_of_the_matrix(skewed_data):
    turned = ["x5", "x1", "x6", "x2", "x4", "x3"]
    found = fit(
        MODEL,
        sample_cov=skewed_data[turned].corr(),
        sample_mean=skewed_data[turned].mean().tolist(),
        sample_sd=skewed_data[turned].std().tolist(),
        n=400,
    )
    expected = fit(MODEL, skewed_data, meanstructure=True)
    np.testing.assert_allclose(found.theta, expected.theta, atol=1e-9)


def test_each_group_has_its_own_standard_deviations(skewed_data):
    parts = dict(list(skewed_data.groupby("school", sort=False)))
    columns = [f"x{k}" for k in range(1, 7)]
    found = fit(
        MODEL,
        sample_cov=[part[columns].corr() for part in parts.values()],
        sample_sd=[part[columns].std() for part in parts.values()],
        sample_mean=[part[columns].mean() for part in parts.values()],
        n=[len(part) for part in parts.values()],
    )
    expected = fit(MODEL, skewed_data, group="school")
    np.testing.assert_allclose(found.theta, expected.theta, atol=1e-9)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"data": [1, 2]}, "The data are not a table.*Found: list.*read_csv"),
        ({"data": "answers.csv"}, "The data are not a table"),
        ({"model": None}, "The model is not a model.*NoneType"),
        ({"model": pd.DataFrame()}, "The model comes first"),
        ({"estimator": 3}, "estimator is not a name"),
        ({"missing": None}, "missing is not a name"),
        ({"std_lv": "no"}, "std_lv is neither on nor off.*'no'"),
        ({"estimater": "MLR"}, "no option 'estimater'.*'estimator'"),
        ({"std.lv": True}, "no option 'std.lv'.*'std_lv'"),
        ({"weights": "w"}, "no option 'weights'"),
    ],
)
def test_a_wrong_argument_is_named(asked, words, skewed_data):
    arguments = {"model": MODEL, "data": skewed_data, **asked}
    with pytest.raises(LoyaltysemError, match=words):
        fit(**arguments)


def test_what_holds_statements_is_a_model(skewed_data, two_factor_fit):
    definition = SimpleNamespace(statements=parse_model(MODEL))
    np.testing.assert_array_equal(fit(definition, skewed_data).theta, two_factor_fit.theta)


def test_wishart_and_normal_likelihood_differ_by_their_divisor(skewed_data, two_factor_fit):
    found = fit(MODEL, skewed_data, likelihood="wishart")
    np.testing.assert_allclose(
        found.estimates()["std_all"], two_factor_fit.estimates()["std_all"], atol=1e-9
    )
    ratio = found.tests[0].statistic / two_factor_fit.tests[0].statistic
    assert ratio == pytest.approx(399 / 400)
    np.testing.assert_allclose(found.vcov[0, 0] * 399, two_factor_fit.vcov[0, 0] * 400)


def test_equal_labels_are_equal_and_cost_one_parameter(skewed_data, two_factor_fit):
    found = fit("f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6\ng ~ f", skewed_data)
    rows = found.estimates()
    first, second = rows.loc[rows["label"] == "a", "est"]
    assert first == second
    assert found.df == two_factor_fit.df + 1
    assert "==" not in set(rows["op"])


def test_defined_parameters_have_delta_method_errors(skewed_data, two_factor_fit):
    found = fit(MODEL + "\nb2 := b^2", skewed_data)
    rows = found.estimates().set_index("label")
    assert rows.loc["b2", "est"] == pytest.approx(rows.loc["b", "est"] ** 2)
    expected = 2 * abs(rows.loc["b", "est"]) * rows.loc["b", "se"]
    assert rows.loc["b2", "se"] == pytest.approx(expected)


def test_fixing_covariates_changes_no_other_estimate(skewed_data):
    fixed = fit(MODEL + "\ng ~ age", skewed_data)
    free = fit(MODEL + "\ng ~ age", skewed_data, fixed_x=False)
    assert fixed.tests[0].statistic == pytest.approx(free.tests[0].statistic, abs=1e-8)
    assert free.npar == fixed.npar + 1
    gain = free.logl - free.unrestricted_logl
    assert fixed.logl - fixed.unrestricted_logl == pytest.approx(gain, abs=1e-8)
    row = fixed.estimates().query("lhs == 'age' and op == '~~'").iloc[0]
    assert row["exo"]
    assert row["est"] == pytest.approx(skewed_data["age"].var(ddof=0))


def test_nothing_is_computed_that_was_not_asked(skewed_data):
    found = fit(MODEL, skewed_data, se="none", test="none")
    assert found.vcov is None
    assert found.tests == found.baseline == ()
    assert found.estimates()["se"].isna().all()
    with pytest.raises(EstimationError, match="no covariance matrix of the estimates"):
        found.vcov_frame()


def test_standard_errors_of_the_three_kinds_agree_roughly(skewed_data, two_factor_fit):
    for information in ("observed", "first.order"):
        other = fit(MODEL, skewed_data, information=information)
        free = two_factor_fit.estimates()["free"].to_numpy()
        shown = other.estimates()["se"].to_numpy()[free]
        np.testing.assert_allclose(shown, two_factor_fit.se[free], rtol=0.6)
        assert np.abs(shown - two_factor_fit.se[free]).max() > 1e-4


def test_tables_carry_names(two_factor_fit):
    assert list(two_factor_fit.vcov_frame().columns)[:2] == ["f=~x2", "f=~x3"]
    assert "b" in two_factor_fit.vcov_frame().index
    frames = two_factor_fit.implied()[""]
    assert list(frames) == ["cov"]
    assert list(frames["cov"].columns) == [f"x{k}" for k in range(1, 7)]
    correlations = two_factor_fit.latent_correlations()
    assert correlations.loc["f", "f"] == pytest.approx(1.0)
    std = two_factor_fit.estimates().query("label == 'b'")["std_all"].iloc[0]
    assert correlations.loc["g", "f"] == pytest.approx(std)
    assert two_factor_fit.r2()["g"] == pytest.approx(std**2)


def test_a_fit_is_immutable(two_factor_fit):
    with pytest.raises(dataclasses.FrozenInstanceError):
        two_factor_fit.converged = False
    with pytest.raises(ValueError, match="read-only"):
        two_factor_fit.theta[0] = 0.0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "either data or a covariance matrix"),
        ({"sample_cov": np.eye(6)}, "needs the number of rows"),
        ({"sample_cov": np.eye(6), "n": [10, 20]}, "number of rows"),
        ({"sample_cov": np.eye(6), "n": 100, "estimator": "MLR"}, "Raw data are needed"),
        ({"sample_cov": np.eye(6), "n": 100, "missing": "fiml"}, "rows of raw data"),
    ],
)
def test_inputs_that_do_not_suffice_are_refused(asked, words):
    with pytest.raises(EstimationError, match=words):
        fit(MODEL, **asked)


def test_too_few_rows_for_wls_are_refused(skewed_data):
    with pytest.raises(EstimationError, match="WLS needs more rows than sample moments"):
        fit(MODEL, skewed_data.head(20), estimator="WLS")


def test_models_without_a_solution_are_refused_before_fitting(skewed_data):
    with pytest.raises(IdentificationError, match="'f'"):
        fit("f =~ NA*x1 + x2 + x3 + x4", skewed_data)


def test_a_group_with_too_few_rows_is_named(skewed_data):
    data = pd.concat([skewed_data.query("school == 'west'"), skewed_data.tail(4)])
    with pytest.raises(EstimationError, match="group 'east'"):
        fit(MODEL, data, group="school")
