import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, LoyaltysemError
from loyaltysem.measurement.normality import distance_quantiles, henze_zirkler, mahalanobis, mardia


@pytest.fixture
def answers():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(60, 3)) @ rng.normal(size=(3, 3)), columns=list("abc"))
    frame.iloc[7, 1] = np.nan
    return frame


def test_divisors_of_mardia_differ_by_powers_of_the_sample_size(answers):
    plain, with_n = mardia(answers), mardia(answers, divisor_n=True)
    n = plain.n
    assert n == 59
    assert with_n.skewness / plain.skewness == pytest.approx((n / (n - 1)) ** 3)
    assert with_n.kurtosis / plain.kurtosis == pytest.approx((n / (n - 1)) ** 2)


def test_mardia_does_not_depend_on_units_or_blocks(answers):
    moved = answers * [1.0, -20.0, 300.0] + [5.0, 1.0, 2.0]
    assert mardia(moved).skewness == pytest.approx(mardia(answers).skewness)


def test_skewed_answers_are_not_normal(answers):
    skewed = np.exp(answers)
    assert mardia(skewed).skewness_pvalue < 1e-6
    assert henze_zirkler(skewed).pvalue < 1e-4


def test_henze_zirkler_accepts_normal_answers(answers):
    assert henze_zirkler(answers).n == 59
    assert henze_zirkler(answers).pvalue > 0.01


def test_distances_as_by_definition(answers):
    complete = answers.dropna()
    centred = complete - complete.mean()
    inverse = np.linalg.inv(complete.cov())
    found = mahalanobis(answers)
    expected = np.einsum("ij,jk,ik->i", centred, inverse, centred)
    np.testing.assert_allclose(found["distance"].dropna(), expected)
    assert found["distance"].isna().to_numpy().nonzero()[0].tolist() == [7]


def test_fewer_respondents_than_items_is_told(answers):
    with pytest.raises(EstimationError, match="singular") as caught:
        mardia(answers.head(3))
    assert caught.value.found == "3 complete respondents, 3 items"


def test_skewness_by_moments_is_skewness_by_pairs():
    """Beyond p² respondents the sum over pairs gives way to the third moments."""
    rng = np.random.default_rng(6)
    answers = pd.DataFrame(rng.exponential(size=(60, 3)), columns=list("abc"))
    centred = (answers - answers.mean()).to_numpy()
    inverse = np.linalg.inv(np.cov(centred, rowvar=False))
    assert mardia(answers).skewness == pytest.approx(((centred @ inverse @ centred.T) ** 3).mean())


def test_quantiles_of_distances_keep_the_largest():
    rng = np.random.default_rng(2)
    answers = pd.DataFrame(rng.normal(size=(900, 4)), columns=list("abcd"))
    expected, observed = distance_quantiles(answers, most=100)
    assert len(expected) == len(observed) == 100
    assert observed.max() == pytest.approx(mahalanobis(answers)["distance"].max())
    assert np.corrcoef(expected, observed)[0, 1] > 0.98
    assert (np.diff(expected) > 0).all()


def test_why_there_is_no_test_is_told(answers):
    first = answers.columns[0]
    cases = (
        (answers.head(2), "too_few_respondents", {"n": 2, "needed": answers.shape[1] + 1}),
        (answers.assign(copy=answers[first]), "dependent", {"variables": [first, "copy"]}),
        (answers.assign(flat=1.0), "constant", {"variables": ["flat"]}),
        (
            answers.assign(empty=np.nan),
            "too_few_respondents",
            {"n": 0, "needed": answers.shape[1] + 2},
        ),
    )
    for table, code, facts in cases:
        with pytest.raises(LoyaltysemError) as caught:
            mardia(table)
        assert (caught.value.reason.code, caught.value.reason.facts) == (code, facts)
