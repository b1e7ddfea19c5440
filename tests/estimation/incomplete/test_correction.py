"""The corrected factors against the matrices they are defined by (Zhang & Savalei 2023)."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.asymptotics import block_diagonal, normal_theory_weight
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.incomplete.correction import fiml_basis
from loyaltysem.estimation.incomplete.robust import moment_information

MODEL = "f =~ a + b + c + d"


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(30)
    values = rng.normal(size=(160, 4)) + rng.normal(size=(160, 1)) + 0.3 * rng.normal(size=(160, 1))
    values[:, 1] += 0.5 * values[:, 0]
    values[rng.random((160, 4)) < 0.15] = np.nan
    frame = pd.DataFrame(values, columns=list("abcd"))
    return frame.assign(shop=np.where(np.arange(160) % 3, "north", "south")).dropna(how="all")


def explicit_factor(result, df, *, robust):
    """Trace formulas with all matrices formed, as lavaan writes them."""
    shares = result.moments.weights
    groups, points = result.moments.groups, result.point.groups
    information = [moment_information(g, "observed", mean=g.mean, cov=g.cov) for g in groups]
    weighted = block_diagonal(*[f * w for f, w in zip(shares, information, strict=True)])
    complete = block_diagonal(
        *[
            f * normal_theory_weight(np.linalg.inv(g.cov), meanstructure=True)
            for f, g in zip(shares, groups, strict=True)
        ]
    )
    delta = np.concatenate(
        [
            jacobian(places, at.implied, means=True)
            for places, at in zip(result.problem.structures, points, strict=True)
        ]
    )
    K = result.problem.constraints.K
    bread = K @ np.linalg.inv(K.T @ delta.T @ weighted @ delta @ K) @ K.T
    U = weighted - weighted @ delta @ bread @ delta.T @ weighted
    inverse = np.linalg.inv(weighted)
    if not robust:
        return np.trace(complete @ inverse @ U @ inverse) / df
    gammas = []
    for share, own, group in zip(shares, information, groups, strict=True):
        meat = moment_information(group, "first.order", mean=group.mean, cov=group.cov)
        gammas.append(np.linalg.inv(own) @ meat @ np.linalg.inv(own) / share)
    return np.trace(U @ inverse @ complete @ inverse @ U @ block_diagonal(*gammas)) / df


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("options", [{}, {"group": "shop", "group_equal": "loadings"}])
def test_factor_is_the_trace_that_defines_it(data, estimator, options):
    result = fit(MODEL, data, missing="fiml", estimator=estimator, **options)
    basis = fiml_basis(result.problem, result.point, result.tests[0])
    expected = explicit_factor(result, result.df, robust=estimator == "MLR")
    assert basis.c_hat == pytest.approx(expected, rel=1e-9)
    assert basis.scaled_chisq == pytest.approx(basis.chisq / expected, rel=1e-9)


def test_nothing_missing_needs_no_correction(data):
    result = fit(MODEL, data.dropna(), missing="fiml")
    basis = fiml_basis(result.problem, result.point, result.tests[0])
    assert basis.c_hat == pytest.approx(1.0, abs=1e-8)
    assert basis.chisq == pytest.approx(result.tests[0].statistic, abs=1e-8)
    assert basis.null_chisq == pytest.approx(result.baseline[0].statistic, abs=1e-8)


def test_saturated_model_has_no_factor(data):
    result = fit("f =~ a + b + c", data, missing="fiml")
    assert np.isnan(fiml_basis(result.problem, result.point, result.tests[0]).c_hat)
    assert "cfi.robust" not in result.measures()
