import numpy as np
import pytest

from loyaltysem.estimation.asymptotics import normal_theory_weight, vech
from loyaltysem.estimation.residual_indices import (
    MomentPair,
    goodness_of_fit,
    normal_theory_gfi,
    residual_measures,
)

COV = np.array([[4.0, 1.0, 0.6], [1.0, 1.0, 0.2], [0.6, 0.2, 9.0]])
IMPLIED = np.array([[4.0, 0.8, 0.6], [0.8, 1.21, 0.0], [0.6, 0.0, 9.0]])
MEANS = {"mean": np.array([1.0, 2.0, 3.0]), "implied_mean": np.array([1.0, 2.5, 3.0])}


def pair(share=1.0, **more):
    return MomentPair(share=share, cov=COV, implied_cov=IMPLIED, **more)


def test_root_mean_squares_by_hand():
    measures = residual_measures([pair()])
    raw = np.array([0, 0.2, 0, -0.21, 0.2, 0])
    assert measures["rmr"] == pytest.approx(np.sqrt(np.mean(raw**2)))
    scaled = np.array([0, 0.2 / 2, 0, -0.21, 0.2 / 3, 0])
    assert measures["srmr"] == pytest.approx(np.sqrt(np.mean(scaled**2)))
    correlations = [0.5 - 0.8 / (2 * 1.1), 0.0, 0.2 / 3]
    assert measures["crmr"] == pytest.approx(np.sqrt(np.mean(np.square(correlations))))
    assert measures["srmr_mplus"] == pytest.approx(
        np.sqrt((np.sum(np.square(correlations)) + 0.21**2) / 6)
    )
    assert measures["rmr_nomean"] == measures["rmr"]


def test_means_count_when_they_are_modelled():
    measures = residual_measures([pair(**MEANS)])
    without = residual_measures([pair()])
    assert measures["srmr_bentler_nomean"] == without["srmr"]
    assert measures["srmr"] == pytest.approx(np.sqrt((without["srmr"] ** 2 * 6 + 0.25) / 9))
    assert measures["crmr"] == pytest.approx(np.sqrt((without["crmr"] ** 2 * 3 + 0.25) / 6))


def test_groups_are_weighted_by_size():
    same = MomentPair(share=0.75, cov=COV, implied_cov=COV)
    measures = residual_measures([same, pair(0.25)])
    assert measures["srmr"] == pytest.approx(residual_measures([pair()])["srmr"] / 4)


def test_ordinal_variables_have_no_variances_to_miss():
    thresholds = {"thresholds": np.zeros(4), "implied_thresholds": np.full(4, 0.1)}
    measures = residual_measures([pair(**thresholds)])
    assert measures["srmr"] == measures["srmr_bentler_nomean"]
    assert "srmr_mplus" not in measures
    among = np.array([0.2 / 2, 0.0, 0.2 / 3])
    assert measures["srmr"] == pytest.approx(np.sqrt(np.sum(among**2) / 6))
    assert pair(**thresholds).n_moments == 7


def test_scale_of_the_variables_changes_srmr_not_at_all():
    units = np.diag([1000.0, 1.0, 0.001])
    scaled = MomentPair(share=1.0, cov=units @ COV @ units, implied_cov=units @ IMPLIED @ units)
    before, after = residual_measures([pair()]), residual_measures([scaled])
    for name in ("srmr", "crmr", "srmr_mplus"):
        assert after[name] == pytest.approx(before[name], rel=1e-12)


@pytest.mark.parametrize("more", [{}, MEANS])
def test_short_way_to_gfi(more):
    group = pair(**more)
    means = bool(more)
    inverse = np.linalg.inv(IMPLIED)
    weight = normal_theory_weight(inverse, meanstructure=means)
    expected = goodness_of_fit(
        [1.0], [group.vector(means=means)], [group.implied_vector(means=means)], [weight]
    )
    assert normal_theory_gfi([group], [inverse]) == pytest.approx(expected)


def test_gfi_with_fixed_covariates_leaves_their_moments_out():
    inverse = np.linalg.inv(IMPLIED)
    weight = normal_theory_weight(inverse, fixed=(0, 2))
    expected = goodness_of_fit([1.0], [vech(COV)], [vech(IMPLIED)], [weight])
    assert normal_theory_gfi([pair()], [inverse], (0, 2)) == pytest.approx(expected)


def test_gfi_with_diagonal_weights():
    found = goodness_of_fit([1.0], [np.array([2.0, 1.0])], [np.array([1.0, 1.0])], [np.ones(2)])
    assert found == pytest.approx(1 - 1 / 5)


def test_moment_deviation_is_the_mean_of_casewise_deviations():
    group = pair(**MEANS)
    lean = MEANS["mean"] - MEANS["implied_mean"]
    expected = np.concatenate([lean, vech(COV + np.outer(lean, lean) - IMPLIED)])
    assert group.moment_deviation == pytest.approx(expected)
    assert pair().moment_deviation == pytest.approx(vech(COV - IMPLIED))
