import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ResponsesError
from loyaltysem.measurement.efa import fit_efa


def answers(n=300, weak=False, seed=11):
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 2))
    pattern = np.kron(np.eye(2), np.full((4, 1), 0.8))
    if weak:
        pattern[3] = [0.1, 0.1]
        pattern[7] = [0.6, 0.6]
    rows = factors @ pattern.T + 0.6 * rng.normal(size=(n, 8))
    return pd.DataFrame(rows, columns=[f"q{i}" for i in range(1, 9)])


def test_simple_structure_is_found():
    found = fit_efa(answers(), 2)
    assert found.n == 300
    assert found.sorted_loadings().notna().sum(axis=1).tolist() == [1] * 8
    assert set(found.sorted_loadings().index[:4]) in (
        {"q1", "q2", "q3", "q4"},
        {"q5", "q6", "q7", "q8"},
    )
    assert not found.verdicts()[["weak", "cross_loading", "low_communality"]].to_numpy().any()
    assert found.notices == ()


def test_structure_is_pattern_times_factor_correlations():
    found = fit_efa(answers(), 2, rotation="promax")
    np.testing.assert_allclose(found.structure, found.loadings @ found.phi)
    assert fit_efa(answers(), 2, rotation="varimax").phi is None


def test_variance_explained_is_the_same_before_and_after_rotation():
    found = fit_efa(answers(), 2, rotation="varimax")
    after, before = found.variance["ss_loadings"].sum(), found.variance_before["ss_loadings"].sum()
    assert after == pytest.approx(before) == pytest.approx(found.communalities.sum())


def test_poor_items_are_flagged_not_dropped():
    verdicts = fit_efa(answers(weak=True), 2).verdicts()
    assert verdicts.index[verdicts["weak"]].tolist() == ["q4"]
    assert verdicts.index[verdicts["cross_loading"]].tolist() == ["q8"]
    assert verdicts.loc["q4", "low_communality"]
    assert len(verdicts) == 8


def test_a_correlation_matrix_serves_as_well():
    rows = answers()
    of_matrix, of_rows = fit_efa(rows.corr(), 2, n=300), fit_efa(rows, 2)
    np.testing.assert_allclose(of_matrix.loadings, of_rows.loadings)
    assert of_matrix.measures == pytest.approx(of_rows.measures)
    with pytest.raises(EstimationError, match="correlation matrix"):
        fit_efa(rows, 2, n=300)


def test_too_many_factors_are_refused():
    with pytest.raises(EstimationError) as caught:
        fit_efa(answers(), 5)
    assert caught.value.expected == "1 to 4 factors"


def test_too_many_factors_leave_some_without_items():
    codes = [notice.code for notice in fit_efa(answers(), 3).notices]
    assert "factor_with_few_items" in codes


def test_fewer_respondents_than_items():
    few = answers(n=7)
    assert "fewer_respondents_than_items" in [n.code for n in fit_efa(few, 2).notices]
    with pytest.raises(EstimationError, match="singular"):
        fit_efa(few, 2, extraction="ml")


def test_pairs_never_answered_together_are_told():
    rows = answers()
    rows.loc[:149, "q1"] = np.nan
    rows.loc[150:, "q2"] = np.nan
    with pytest.raises(EstimationError, match="same respondents"):
        fit_efa(rows, 2)


def test_constant_item_is_named():
    with pytest.raises(ResponsesError) as caught:
        fit_efa(answers().assign(q9=3), 2)
    assert caught.value.found == "q9"
