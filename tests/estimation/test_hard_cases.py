"""Input that breaks other programs: a right answer with a word of warning, or one clear error."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, IdentificationError
from loyaltysem.estimation.fitting import fit

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden" / "data"
CFA = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~~ g"
NAMES = [f"x{k}" for k in range(1, 7)]
ECSI = """
image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
expectation =~ CUEX1 + CUEX2 + CUEX3
quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
value =~ PERV1 + PERV2
satisfaction =~ CUSA1 + CUSA2 + CUSA3
loyalty =~ CUSL1 + CUSL2 + CUSL3
complaints =~ CUSCO
expectation ~ image
quality ~ expectation
value ~ expectation + quality
satisfaction ~ image + expectation + quality + value
complaints ~ satisfaction
loyalty ~ image + satisfaction + complaints
"""


@pytest.fixture(params=["listwise", "fiml"])
def missing(request):
    return request.param


@pytest.fixture
def data():
    rng = np.random.default_rng(20)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=200)
    values = np.repeat(factors, 3, axis=1) + rng.normal(scale=0.8, size=(200, 6))
    return pd.DataFrame(values, columns=NAMES)


def codes(result):
    return {notice.code for notice in result.notices}


def mobi():
    path = GOLDEN / "mobi.csv"
    if not path.exists():
        pytest.skip("the golden data are not here")
    return pd.read_csv(path)


def test_textbook_satisfaction_index_converges_and_warns_of_inseparable_constructs():
    result = fit(ECSI, mobi())
    assert result.converged
    assert result.tests[0].statistic == pytest.approx(575.5712820, abs=1e-6)
    pairs = [n.facts for n in result.notices if n.code == "inseparable_constructs"]
    assert any({"expectation", "quality"} <= set(map(str, facts.values())) for facts in pairs)


def test_textbook_satisfaction_index_converges_with_missing_values():
    data = mobi().astype(float)
    gone = np.random.default_rng(6).random(data.shape) < 0.05
    result = fit(ECSI, data.mask(gone), missing="fiml")
    assert result.converged
    assert "inseparable_constructs" in codes(result)


@pytest.mark.parametrize("scale", [1e3, 1e-3, 1e6])
def test_scale_of_an_indicator_changes_no_standardized_number(data, missing, scale):
    plain = fit(CFA, data, missing=missing)
    scaled = fit(CFA, data.assign(x2=data.x2 * scale), missing=missing)
    first, second = (f.estimates()["std_all"].dropna().to_numpy() for f in (plain, scaled))
    assert second[: first.size] == pytest.approx(first, abs=1e-8)
    assert scaled.tests[0].statistic == pytest.approx(plain.tests[0].statistic, abs=1e-6)


def test_negative_variance_is_named_and_kept():
    cov = pd.DataFrame(
        [[1.0, 0.9, 0.75], [0.9, 1.0, 0.6], [0.75, 0.6, 1.0]],
        index=list("abc"),
        columns=list("abc"),
    )
    result = fit("f =~ a + b + c", sample_cov=cov, n=100)
    assert result.converged
    notice = next(n for n in result.notices if n.code == "negative_residual_variance")
    assert "'a'" in notice.text
    assert not result.admissible


def test_indefinite_matrix_is_refused():
    cov = pd.DataFrame(
        [[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]], index=list("abc"), columns=list("abc")
    )
    with pytest.raises(EstimationError, match="not positive definite"):
        fit("f =~ a + b + c", sample_cov=cov, n=100)


def test_unrelated_pairs_of_indicators_do_not_identify_their_factors():
    """Two indicators a factor need a correlated factor; the data say that it is zero."""
    rng = np.random.default_rng(21)
    first = rng.normal(size=(300, 1)) + rng.normal(size=(300, 2))
    first -= first.mean(axis=0)
    second = rng.normal(size=(300, 1)) + rng.normal(size=(300, 2))
    second -= second.mean(axis=0)
    second -= first @ np.linalg.lstsq(first, second, rcond=None)[0]
    data = pd.DataFrame(np.hstack([first, second]), columns=list("abcd"))
    result = fit("f =~ a + b\ng =~ c + d", data)
    assert "not_identified" in codes(result)
    assert np.isnan(result.estimates()["se"]).any()


def test_two_indicators_alone_are_refused_before_any_search(data):
    with pytest.raises(IdentificationError, match="'f'"):
        fit("f =~ x1 + x2", data)


def test_collinear_indicators_are_named(data, missing):
    with pytest.raises(EstimationError, match="x1, x2, x3"):
        fit(CFA, data.assign(x2=2 * data.x1 - data.x3), missing=missing)


def test_duplicated_indicator_with_gaps_is_named(data):
    broken = data.assign(x2=data.x1)
    broken.loc[:9, "x5"] = np.nan
    with pytest.raises(EstimationError, match="x1, x2"):
        fit(CFA, broken, missing="fiml")


def test_constant_indicator_is_named(data, missing):
    with pytest.raises(EstimationError, match="x5"):
        fit(CFA, data.assign(x5=3.0), missing=missing)


def test_indicator_without_values_is_named(data, missing):
    with pytest.raises(EstimationError, match="x5"):
        fit(CFA, data.assign(x5=np.nan), missing=missing)


def test_group_with_too_few_rows_is_named(data, missing):
    small = data.assign(shop=["north"] * 195 + ["south"] * 5)
    with pytest.raises(EstimationError, match=r"'south'.*too few"):
        fit(CFA, small, group="shop", missing=missing)


def test_group_of_one_is_named(data, missing):
    small = data.assign(shop=["north"] * 199 + ["south"])
    with pytest.raises(EstimationError, match="'south'"):
        fit(CFA, small, group="shop", missing=missing)


def test_rows_without_any_value_are_counted_and_change_nothing(data, missing):
    empty = pd.DataFrame(np.nan, index=range(7), columns=NAMES)
    longer = pd.concat([empty, data], ignore_index=True)
    result = fit(CFA, longer, missing=missing)
    assert result.n == 200
    assert next(n.facts["n_read"] for n in result.notices if n.code == "rows_left_out") == 207
    plain = fit(CFA, data, missing=missing)
    assert result.est == pytest.approx(plain.est, abs=1e-9)


def test_fewer_rows_than_variables_are_refused(data, missing):
    with pytest.raises(EstimationError, match="too few for 6 variables"):
        fit(CFA, data.iloc[:5], missing=missing)


@pytest.mark.parametrize("n", [0, 1])
def test_next_to_no_rows_are_refused(data, missing, n):
    with pytest.raises(EstimationError, match=f"{n} of {n} rows"):
        fit(CFA, data.iloc[:n], missing=missing)


def test_infinite_values_are_refused(data, missing):
    with pytest.raises(EstimationError, match="Infinite values in x3"):
        fit(CFA, data.assign(x3=np.inf), missing=missing)


def test_marker_with_the_wrong_sign_turns_the_factor_round(data):
    turned = fit(CFA, data.assign(x1=-data.x1))
    plain = fit(CFA, data)
    assert turned.converged
    assert turned.tests[0].statistic == pytest.approx(plain.tests[0].statistic, abs=1e-8)


def test_pure_noise_is_not_reported_as_a_finding():
    """Without any factor the search either settles or says that it did not."""
    noise = pd.DataFrame(np.random.default_rng(5).normal(size=(150, 6)), columns=NAMES)
    result = fit(CFA, noise)
    assert result.converged or "not_converged" in codes(result)
    assert result.tests[0].pvalue > 0.001


def test_the_search_leaves_the_saddle_of_a_phantom_variable(data):
    """Two paths in a row start at zero, where neither alone changes what the model implies."""
    phantom = "f =~ x1 + x2 + x3\nph =~ 0*x1\nph ~ a*f\nph ~~ 0*ph\nx4 ~ b*ph\na == b"
    direct = fit("f =~ x1 + x2 + x3\nx4 ~ c*f", data)
    found = fit(phantom, data)
    assert found.converged
    assert found.fmin == pytest.approx(direct.fmin, abs=1e-10)
    slope = direct.estimates().query("label == 'c'")["est"].item()
    both = found.estimates().query("label in ('a', 'b')")["est"].to_numpy()
    assert both.prod() == pytest.approx(slope, abs=1e-6)


def test_conditional_x_without_ordinal_variables_is_refused(data):
    with pytest.raises(EstimationError, match="Use fixed_x"):
        fit("x1 ~ x2", data, conditional_x=True)
