import numpy as np
import pandas as pd
import pytest

from loyaltysem import LoyaltysemError, impute
from loyaltysem.estimation.imputation.augmentation import drawn_moments
from loyaltysem.estimation.incomplete.saturated import em_moments


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    values = rng.multivariate_normal([3, 4, 5], [[1, 0.6, 0.3], [0.6, 2, 0.5], [0.3, 0.5, 1]], 400)
    frame = pd.DataFrame(values, columns=["a", "b", "c"])
    late = frame["a"] > 3.5
    frame.loc[late & (rng.random(400) < 0.5), "b"] = np.nan
    frame.loc[rng.random(400) < 0.1, "c"] = np.nan
    return frame.assign(name="x", side=np.repeat(["left", "right"], 200))


def test_observed_values_and_other_columns_stay(data):
    found = impute(data, datasets=2, seed=1)
    assert found.variables == ("a", "b", "c")
    assert found.n_cells == int(data[["a", "b", "c"]].isna().sum().sum())
    for frame in found.frames:
        assert not frame[["a", "b", "c"]].isna().any().any()
        pd.testing.assert_frame_equal(frame.where(data.notna()), data)


def test_first_sets_stay_the_same_when_more_are_asked_for(data):
    few, more = (impute(data, datasets=m, seed=5, steps=5) for m in (2, 3))
    pd.testing.assert_frame_equal(few.frames[1], more.frames[1])
    other = impute(data, datasets=2, seed=6, steps=5)
    assert not few.frames[0].equals(other.frames[0])


def test_moments_of_many_imputations_are_those_of_em(data):
    """The gaps of b depend on a, so that means of the available values would be biased."""
    found = impute(data, datasets=40, seed=2, steps=20)
    values = np.array([frame[["a", "b", "c"]].to_numpy() for frame in found.frames])
    em = em_moments(data[["a", "b", "c"]].to_numpy())
    assert values.mean(axis=(0, 1)) == pytest.approx(em.mean, abs=0.03)
    covs = np.array([np.cov(one, rowvar=False, bias=True) for one in values])
    assert covs.mean(axis=0) == pytest.approx(em.cov, abs=0.06)
    assert abs(float(data["b"].mean()) - float(em.mean[1])) > 0.1


def test_posterior_of_the_moments_of_complete_data():
    rng = np.random.default_rng(3)
    values = rng.multivariate_normal([0, 1], [[1, 0.5], [0.5, 2]], 50)
    draws = [drawn_moments(values, rng) for _ in range(1200)]
    means, covs = (np.array(one) for one in zip(*draws, strict=True))
    cross = np.cov(values, rowvar=False) * 49
    assert covs.mean(axis=0) == pytest.approx(cross / (49 - 3), rel=0.08)
    assert means.mean(axis=0) == pytest.approx(values.mean(axis=0), abs=0.02)
    assert np.cov(means, rowvar=False) == pytest.approx(cross / (49 - 3) / 50, rel=0.25)


def test_groups_are_imputed_apart(data):
    shifted = data.assign(b=data["b"] + np.where(data["side"] == "left", 0.0, 20.0))
    frame = impute(shifted, datasets=2, seed=1, group="side", steps=10).frames[0]
    gaps = shifted["b"].isna()
    left = frame["side"] == "left"
    assert frame.loc[gaps & left, "b"].max() < 12 < frame.loc[gaps & ~left, "b"].min()


def test_rows_without_any_value_stay_empty(data):
    empty = data.copy()
    empty.loc[0, ["a", "b", "c"]] = np.nan
    found = impute(empty, datasets=2, seed=1, steps=5)
    assert found.frames[0].loc[0, ["a", "b", "c"]].isna().all()
    assert [notice.code for notice in found.notices] == ["empty_rows"]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, {"datasets": 1}),
        ({}, {"variables": ["a", "zzz"]}),
        ({"c": np.nan}, {}),
        ({"c": 3.0}, {}),
    ],
)
def test_what_cannot_be_imputed_is_refused(data, change, asked):
    with pytest.raises(LoyaltysemError):
        impute(data.assign(**change), **asked)


def test_too_few_rows_are_refused(data):
    with pytest.raises(LoyaltysemError, match="Too few rows"):
        impute(data.head(4))


def test_copied_column_is_refused(data):
    with pytest.raises(LoyaltysemError):
        impute(data.assign(d=2 * data["a"] + 1))
