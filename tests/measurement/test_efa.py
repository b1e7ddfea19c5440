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


def test_factors_that_explain_nothing_are_refused():
    loadings = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.5])
    one = np.outer(loadings, loadings)
    np.fill_diagonal(one, 1)
    with pytest.raises(EstimationError) as caught:
        fit_efa(pd.DataFrame(one), 2, n=300, extraction="ml")
    assert caught.value.remedy == "Ask for at most 1."
    with pytest.raises(EstimationError, match="nothing in common"):
        fit_efa(pd.DataFrame(np.eye(6)), 2, n=300)
    assert fit_efa(pd.DataFrame(np.eye(6)), 2, n=300, extraction="pca").complexity.isna().sum() == 4


def test_factors_that_hardly_differ_are_told():
    pattern = np.kron(np.eye(2), np.full((4, 1), 0.7))
    R = pattern @ np.array([[1, 0.93], [0.93, 1]]) @ pattern.T
    np.fill_diagonal(R, 1)
    notices = {one.code: one for one in fit_efa(pd.DataFrame(R), 2, n=300, best=True).notices}
    notice = notices["factors_hardly_differ"]
    assert notice.facts["correlation"] == pytest.approx(0.93, abs=1e-3)


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
