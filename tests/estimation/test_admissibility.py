"""Notices: each says what is wrong and names the construct or indicator."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.fitting import fit


def codes(found):
    return {notice.code for notice in found.notices}


def test_a_clean_solution_has_no_notices(two_factor_fit):
    assert two_factor_fit.notices == ()
    assert two_factor_fit.admissible


def test_a_heywood_case_is_named(reference):
    case, data = reference("path_heywood")
    found = fit(case["model"], data)
    (notice,) = [n for n in found.notices if n.code == "negative_residual_variance"]
    worst = found.estimates().query("op == '~~' and lhs == rhs").nsmallest(1, "est")
    assert notice.facts["variable"] == worst["lhs"].iloc[0]
    assert notice.facts["value"] == pytest.approx(worst["est"].iloc[0])
    assert not found.admissible


def correlated(first, second):
    """Return the covariance matrix of two factors with these loadings that correlate at 1.1."""
    names = [f"x{k}" for k in range(1, 7)]
    cov = 0.5 * np.outer([*first, *second], [*first, *second]) + np.diag([0.6] * 6)
    cov[:3, 3:] *= 1.1
    cov[3:, :3] *= 1.1
    return pd.DataFrame(cov, index=names, columns=names)


def test_constructs_that_correlate_above_one_are_flagged():
    cov = correlated([1.0, 0.9, 0.8], [1.0, 0.8, 1.1])
    found = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", sample_cov=cov, n=300)
    assert "latent_cov_not_positive_definite" in codes(found)
    (pair,) = [n for n in found.notices if n.code == "inseparable_constructs"]
    assert {pair.facts["first"], pair.facts["second"]} == {"f", "g"}
    assert pair.facts["correlation"] == pytest.approx(1.1, abs=1e-6)


def test_an_impossible_factor_variance_names_the_construct():
    cov = pd.DataFrame([[2.0, -0.5, -0.5], [-0.5, 2.0, -0.5], [-0.5, -0.5, 2.0]])
    cov.columns = cov.index = ["x1", "x2", "x3"]
    found = fit("f =~ 1*x1 + 1*x2 + 1*x3", sample_cov=cov, n=200)
    (notice,) = [n for n in found.notices if n.code == "negative_latent_variance"]
    assert notice.facts["variable"] == "f"


def test_dropped_rows_are_counted(skewed_data):
    data = skewed_data.assign(x1=skewed_data["x1"].where(skewed_data.index >= 5))
    found = fit("f =~ x1 + x2 + x3 + x4", data)
    (notice,) = [n for n in found.notices if n.code == "rows_left_out"]
    assert notice.facts["n_read"] - notice.facts["n"] == 5
