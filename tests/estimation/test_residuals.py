import numpy as np
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.asymptotics import vech
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.residuals import (
    residual_covariance,
    residual_frames,
    residual_groups,
    residual_summary,
)
from loyaltysem.estimation.robust import moment_information

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f\nage ~ g"


@pytest.fixture(scope="module")
def fitted(skewed_data):
    return fit(MODEL, skewed_data, meanstructure=True)


def only(frames):
    (frame,) = frames.values()
    return frame


def test_raw_residuals_are_differences(fitted):
    found = only(residual_frames(fitted))
    pair = fitted.problem.moment_pairs(fitted.point)[0]
    assert found["cov"].to_numpy() == pytest.approx(pair.cov - pair.implied_cov)
    assert found["mean"].to_numpy() == pytest.approx(pair.mean - pair.implied_mean)


def test_covariance_of_residuals_projects_the_parameters_out(fitted):
    (group,) = residual_groups(fitted)
    moments = group.moments
    information = moment_information([moments])
    bread = inverse_within(fitted.problem.constraints, information, fitted.theta)
    q = np.eye(len(moments.gamma)) - moments.jacobian @ bread @ moments.jacobian.T @ moments.weight
    expected = q @ moments.gamma @ q.T
    found = residual_covariance(group, bread)
    assert found == pytest.approx(expected, abs=1e-10)
    left_over = moments.jacobian.T @ moments.weight @ found
    assert left_over == pytest.approx(0.0, abs=1e-9)


def test_standardized_residuals_are_z_values(fitted):
    (group,) = residual_groups(fitted)
    bread = np.linalg.inv(moment_information([group.moments]))
    variances = np.diagonal(residual_covariance(group, bread))[7:]
    z = vech(only(residual_frames(fitted, "standardized"))["cov"].to_numpy())
    raw = vech(group.pair.cov - group.pair.implied_cov)
    large = np.abs(raw) > 1e-3
    assert z[large] == pytest.approx(raw[large] / np.sqrt(variances[large]))
    assert z[~large] == pytest.approx(0.0, abs=0.1)


def test_normalized_residuals_are_smaller_than_standardized(fitted):
    normalized = only(residual_frames(fitted, "normalized"))["cov"].to_numpy()
    standardized = only(residual_frames(fitted, "standardized"))["cov"].to_numpy()
    assert (np.abs(normalized) <= np.abs(standardized) + 1e-9).all()


def test_units_do_not_matter(fitted, skewed_data):
    stretched = fit(MODEL, skewed_data.assign(x2=skewed_data["x2"] * 1e-3), meanstructure=True)
    for kind in ("cor.bollen", "cor.bentler", "standardized"):
        before = only(residual_frames(fitted, kind))["cov"].to_numpy()
        after = only(residual_frames(stretched, kind))["cov"].to_numpy()
        assert after == pytest.approx(before, abs=1e-5)


def test_groups_come_by_label(skewed_data):
    grouped = fit(MODEL, skewed_data, group="school")
    frames = residual_frames(grouped, "standardized")
    assert list(frames) == ["west", "east"]
    assert list(residual_summary(grouped)) == ["west", "east"]
    alone = fit(MODEL, skewed_data[skewed_data["school"] == "east"], meanstructure=True)
    assert frames["east"]["cov"].to_numpy() == pytest.approx(
        only(residual_frames(alone, "standardized"))["cov"].to_numpy(), abs=1e-6
    )


@pytest.mark.parametrize(("kind", "measure"), [("rmr", "rmr"), ("srmr", "srmr"), ("crmr", "crmr")])
def test_summary_starts_with_the_fit_measure(fitted, kind, measure):
    table = only(residual_summary(fitted, kind))
    assert list(table.columns) == ["cov", "mean", "total"]
    assert table.loc[kind, "total"] == pytest.approx(fitted.measures()[measure])
    assert table.loc[kind, "mean"] == pytest.approx(0.0, abs=1e-8)
    assert table.loc[f"u{kind}", "mean"] == 0.0
    assert table.loc[f"u{kind}.ci.lower", "cov"] < table.loc[f"u{kind}", "cov"]


def test_correlation_residuals_have_the_sampling_error_of_correlations(fitted):
    """The standard error of CRMR must not change when the variables are standardized first."""
    table = only(residual_summary(fitted, "crmr"))
    data = fitted.moments.groups[0].data
    scaled = (data - data.mean(axis=0)) / data.std(axis=0)
    import pandas as pd

    again = fit(MODEL, pd.DataFrame(scaled, columns=fitted.moments.names), meanstructure=True)
    found = only(residual_summary(again, "crmr"))
    assert found["cov"].to_numpy() == pytest.approx(table["cov"].to_numpy(), rel=1e-5)


def test_unknown_kind_is_refused(fitted):
    with pytest.raises(EstimationError) as caught:
        residual_frames(fitted, "nice")
    assert caught.value.found == "'nice'"


@pytest.mark.parametrize("name", ["cfa_ml_hs", "mlm_cfa_loyalty", "mimic_fixedx_hs", "fiml_cfa"])
def test_reference_cases(reference, name):
    case, data = reference(name)
    options = case["options"]
    missing = options.get("missing", "listwise")
    fitted = fit(case["model"], data, estimator=options["estimator"], missing=missing)
    expected = case["extras"]["residuals"]
    for kind in ("normalized", "standardized"):
        found = only(residual_frames(fitted, kind))["cov"]
        values = np.array(expected[kind]["cov"]["values"], dtype=float)
        assert found.to_numpy() == pytest.approx(values, rel=1e-4, abs=1e-4)
    summary = only(residual_summary(fitted))
    values = np.array(expected["summary"]["values"], dtype=float)
    known = np.isfinite(values)
    assert summary.to_numpy()[known] == pytest.approx(values[known], rel=1e-4, abs=1e-5)
