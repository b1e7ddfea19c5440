import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.alpha import alpha_analysis, alpha_se, bootstrap_alpha, consistency
from loyaltysem.measurement.reliability import reliability


@pytest.fixture
def answers():
    rng = np.random.default_rng(7)
    trait = rng.normal(size=(200, 1))
    return pd.DataFrame(np.round(trait + rng.normal(size=(200, 4)), 1), columns=list("abcd"))


def test_agrees_with_the_short_account(answers):
    full, short = alpha_analysis(answers), reliability(answers, "trait")
    assert full.scale.alpha == pytest.approx(short.alpha)
    assert full.feldt_ci == pytest.approx(short.ci)
    assert full.items["r_drop"].tolist() == pytest.approx([i.item_total for i in short.items])
    assert full.if_deleted["alpha"].tolist() == pytest.approx(
        [i.alpha_if_deleted for i in short.items]
    )


def test_parallel_items_in_closed_form():
    # alpha of k items that all correlate r is Spearman-Brown's formula
    r, k = 0.3, 5
    found = consistency(np.full((k, k), r) + (1 - r) * np.eye(k))
    assert found.alpha == pytest.approx(k * r / (1 + (k - 1) * r))
    assert found.signal_to_noise == pytest.approx(found.alpha / (1 - found.alpha))
    assert found.var_r == pytest.approx(0, abs=1e-15)


def test_standard_error_shrinks_with_the_root_of_n(answers):
    C = answers.cov()
    assert alpha_se(C, 100) == pytest.approx(2 * alpha_se(C, 400))


def test_bootstrap_surrounds_alpha_and_repeats(answers):
    lower, upper = bootstrap_alpha(answers, draws=400, seed=3)
    alpha = alpha_analysis(answers).scale.alpha
    assert lower < alpha < upper
    assert (lower, upper) == bootstrap_alpha(answers, draws=400, seed=3)
    se = alpha_analysis(answers).scale.se
    assert upper - lower == pytest.approx(2 * 1.96 * se, rel=0.25)


def test_items_that_cancel_out_have_no_alpha():
    rows = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]})
    found = alpha_analysis(rows)
    assert np.isnan(found.scale.alpha)
    assert np.isnan(found.scale.se)
    assert found.feldt_ci is None
    assert found.items["r_drop"].tolist() == pytest.approx([-1, -1])


def test_missing_answers_count_pairwise(answers):
    answers.iloc[3, 0] = np.nan
    found = alpha_analysis(answers)
    assert found.n == 200
    assert found.items["n"].tolist() == [199, 200, 200, 200]


def test_a_single_item_is_refused(answers):
    with pytest.raises(ResponsesError, match="single item"):
        alpha_analysis(answers[["a"]])
    with pytest.raises(ResponsesError, match="two items"):
        bootstrap_alpha(answers[["a"]])
