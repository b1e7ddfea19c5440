"""Reading moments from rows and from matrices, and refusing what cannot be used."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.matrix_moments import moments_from_matrix
from loyaltysem.estimation.moments import (
    check_positive_definite,
    moments_from_data,
    numeric_values,
)


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(20, 3)), columns=["a", "b", "c"])
    frame["g"] = ["late", "early"] * 10
    return frame


def test_moments_have_divisor_n_in_the_models_order(data):
    moments = moments_from_data(data, ["c", "a"])
    np.testing.assert_allclose(moments.groups[0].cov, np.cov(data[["c", "a"]].T, ddof=0))
    np.testing.assert_allclose(moments.groups[0].mean, data[["c", "a"]].mean())
    assert (moments.n, moments.n_read, moments.notices) == (20, 20, ())


def test_groups_stand_in_order_of_first_appearance(data):
    moments = moments_from_data(data, ["a", "b"], group="g")
    assert [group.label for group in moments.groups] == ["late", "early"]
    np.testing.assert_allclose(moments.weights, [0.5, 0.5])


def test_numeric_group_labels_lose_their_fraction(data):
    moments = moments_from_data(data.assign(g=[2.0, 1.0] * 10), ["a"], group="g")
    assert [group.label for group in moments.groups] == ["2", "1"]


def test_incomplete_rows_are_left_out_and_counted(data):
    data.loc[3, "a"] = np.nan
    data.loc[5, "b"] = np.nan
    moments = moments_from_data(data, ["a", "b"])
    assert moments.n == 18
    assert moments.notices[0].facts["n_read"] == 20
    kept = moments_from_data(data, ["a", "b"], listwise=False)
    assert kept.n == 20
    assert np.isfinite(kept.groups[0].cov).all()


def test_the_moments_cannot_be_written_to(data):
    with pytest.raises(ValueError, match="read-only"):
        moments_from_data(data, ["a"]).groups[0].cov[0, 0] = 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.drop(columns="a"), "do not have"),
        (lambda d: d.assign(a="often"), "not numeric"),
        (lambda d: d.assign(a=1.0), "No variance in a"),
        (lambda d: d.assign(a=np.nan), "No values at all in a"),
        (lambda d: d.assign(a=np.where(d.index == 2, np.inf, d.a)), "Infinite values in a"),
        (lambda d: pd.concat([d, d[["a"]]], axis=1), "more than one column 'a'"),
        (lambda d: d.assign(a=[1.0, *[np.nan] * 19]), "Only 1 of 20 rows"),
    ],
)
def test_data_that_cannot_be_used_are_refused(data, change, words):
    with pytest.raises(EstimationError, match=words):
        moments_from_data(change(data), ["a", "b"])


def test_an_unknown_group_column_is_named_with_its_neighbour(data):
    with pytest.raises(EstimationError) as caught:
        moments_from_data(data.rename(columns={"g": "gender"}), ["a"], group="gendre")
    assert caught.value.remedy == "Did you mean 'gender'?"


def test_nullable_columns_are_read(data):
    data["a"] = pd.array([1, 2, None, *range(17)], dtype="Int64")
    assert np.isnan(numeric_values(data, ["a"])[2, 0])


def test_a_duplicated_variable_is_named(data):
    data["copy"] = data["a"]
    with pytest.raises(EstimationError, match="linear dependence among a, copy"):
        check_positive_definite(moments_from_data(data, ["a", "b", "copy"]))


def test_too_few_rows_are_named(data):
    with pytest.raises(EstimationError, match="2 complete rows are too few for 3 variables"):
        check_positive_definite(moments_from_data(data.head(2), ["a", "b", "c"]))


def test_a_printed_matrix_gives_the_moments_of_its_data(data):
    names = ["b", "a"]
    cov = data[["a", "b", "c"]].cov()
    found = moments_from_matrix(cov, names, n=20, mean=data[["a", "b", "c"]].mean())
    expected = moments_from_data(data, names)
    np.testing.assert_allclose(found.groups[0].cov, expected.groups[0].cov)
    np.testing.assert_allclose(found.groups[0].mean, expected.groups[0].mean)
    assert found.has_means


def test_correlations_with_standard_deviations_and_half_a_matrix(data):
    names = ["a", "b", "c"]
    lower = np.tril(data[names].corr())
    found = moments_from_matrix(lower, names, n=20, sd=data[names].std())
    expected = moments_from_data(data, names)
    np.testing.assert_allclose(found.groups[0].cov, expected.groups[0].cov)


def test_several_matrices_are_groups(data):
    cov = data[["a", "b"]].cov()
    moments = moments_from_matrix({"x": cov, "y": 2 * cov}, ["a", "b"], n=[20, 30])
    assert [group.label for group in moments.groups] == ["x", "y"]
    assert moments.n_per_group == (20, 30)


@pytest.mark.parametrize(
    ("cov", "words"),
    [
        (np.eye(3), "does not fit the model"),
        ([[1.0, 0.5], [0.2, 1.0]], "not symmetric"),
        ([[1.0, 0.5], [0.5, -1.0]], "variance of b is not positive"),
        ([[1.0, np.nan], [np.nan, 1.0]], "missing entries"),
        (pd.DataFrame(np.eye(2), columns=["a", "x"]), "lacks b"),
    ],
)
def test_matrices_that_cannot_be_used_are_refused(cov, words):
    with pytest.raises(EstimationError, match=words):
        moments_from_matrix(cov, ["a", "b"], n=50)


def test_values_too_large_to_compute_with_are_named() -> None:
    data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, -1e200, 2.0]})
    with pytest.raises(EstimationError, match=r"beyond 1e\+70 in b"):
        moments_from_data(data, ["a", "b"])
