"""Implied moments at lavaan's estimates equal lavaan's implied moments."""

import json
from pathlib import Path

import numpy as np
import pytest

from loyaltysem.syntax import build_table, model_matrices, with_exogenous_moments

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "cases"


def by_group(case, key):
    """Return the moments of each group of a golden case."""
    moments = case["extras"][key]
    return [moments[label] for label in case["group_labels"]] or [moments]


def frame(matrix, names):
    places = [matrix["rows"].index(name) for name in names]
    return np.array(matrix["values"])[np.ix_(places, places)]


def column(vector, names):
    values = (
        dict(zip(vector["rows"], np.ravel(vector["values"]), strict=True))
        if ("rows" in vector)
        else vector
    )
    return np.array([values[name] for name in names])


def implied(group, theta):
    beta, psi = group.beta.fill(theta), group.psi.fill(theta)
    inverse = np.linalg.inv(np.eye(len(group.latent)) - beta)
    total = group.lambda_.fill(theta) @ inverse
    cov = total @ psi @ total.T + group.theta.fill(theta)
    return cov, (group.nu.fill(theta) + total @ group.alpha.fill(theta))[:, 0]


@pytest.mark.parametrize(
    "name",
    ["sem_ml_poldem", "path_ml_observed", "mimic_fixedx_hs", "mimic_loyalty_meanstr",
     "mg_ml_hs_school_scalar", "second_order_cfa_ml", "sem_ml_mobi_ecsi", "mimic_randomx_hs"],
)  # fmt: skip
def test_golden_moments(name):
    if not GOLDEN.exists():
        pytest.skip("the reference numbers are not beside this checkout")
    case = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    resolved = case["options_resolved"]
    table = build_table(
        case["model"],
        group_labels=case["group_labels"] or ("",),
        fixed_x=resolved["fixed.x"],
        meanstructure=resolved["meanstructure"],
        group_equal=case["options"].get("group.equal", ()),
    )
    samples = by_group(case, "sampstat")
    table = with_exogenous_moments(
        table,
        [frame(s["cov"], table.exogenous) for s in samples],
        [column(s["mean"], table.exogenous) for s in samples] if table.meanstructure else None,
    )
    estimates = {(p["lhs"], p["op"], p["rhs"], p["group"]): p["est"] for p in case["parameters"]}
    theta = np.array([estimates[r.lhs, r.op, r.rhs, r.group] for r in table.free_rows])
    for group, expected in zip(
        model_matrices(table).groups, by_group(case, "implied"), strict=True
    ):
        cov, mean = implied(group, theta)
        np.testing.assert_allclose(cov, frame(expected["cov"], group.observed), rtol=1e-7)
        if table.meanstructure:
            np.testing.assert_allclose(mean, column(expected["mean"], group.observed), rtol=1e-7)


def cells(group, matrix):
    """Return the free cells of a matrix as (row name, column name) by parameter."""
    names = {"l": group.latent, "o": group.observed, "x": group.covariates, "1": ("1",)}
    sides = {"lambda_": "ol", "beta": "ll", "psi": "ll", "theta": "oo", "gamma": "lx",
             "nu": "o1", "alpha": "l1", "delta": "o1"}  # fmt: skip
    rows, cols = (names[side] for side in sides[matrix])
    found = getattr(group, matrix)
    return {(rows[i], cols[j]) for i, j in zip(found.row, found.col, strict=True)}


def only_group(text, **options):
    (group,) = model_matrices(build_table(text, **options)).groups
    return group


def test_every_free_parameter_has_its_cell():
    table = build_table("f =~ x1 + x2 + x3\ny ~ f + z\nz ~ 1\nx1 ~~ x2")
    (group,) = model_matrices(table).groups
    names = ("lambda_", "beta", "psi", "theta", "nu", "alpha", "tau", "delta", "gamma")
    found = np.concatenate([getattr(group, name).free for name in names])
    assert set(found) == set(range(table.n_free))


def test_regressed_variables_get_stand_ins():
    group = only_group("f =~ x1 + x2 + x3\ny ~ f + z")
    assert group.latent == ("f", "y", "z")
    assert group.stand_in.tolist() == [-1, -1, -1, 1, 2]
    assert cells(group, "beta") == {("y", "f"), ("y", "z")}
    assert np.isnan(group.psi.base[2, 2])
    assert cells(group, "theta") == {(x, x) for x in ("x1", "x2", "x3")}


def test_covariance_with_a_stand_in_makes_one():
    group = only_group("f =~ x1 + x2 + x3\ny ~ f\ny ~~ x1\nx1 ~~ x2")
    assert group.latent == ("f", "x1", "x2", "y")
    assert ("x1", "x2") in cells(group, "psi")
    assert ("x2", "f") in cells(group, "beta")


def test_conditional_covariates_leave_the_moments():
    group = only_group(
        "f =~ u1 + u2 + u3\nf ~ x\nu3 ~ x + z",
        ordered={"u1": 2, "u2": 1, "u3": 2},
        conditional_x=True,
    )
    assert group.observed == ("u1", "u2", "u3")
    assert group.covariates == ("x", "z")
    assert cells(group, "gamma") == {("f", "x"), ("u3", "x"), ("u3", "z")}
    assert group.tau_variable.tolist() == [0, 0, 1, 2, 2]
    assert group.ordinal.tolist() == [0, 1, 2]


def test_scales_are_free_where_thresholds_are_equal():
    options = {"ordered": {"u1": 2, "u2": 2, "u3": 2}, "group_labels": ("a", "b")}
    table = build_table("f =~ u1 + u2 + u3", group_equal=("loadings", "thresholds"), **options)
    first, second = model_matrices(table).groups
    assert cells(first, "delta") == set()
    assert len(cells(second, "delta")) == 3
    np.testing.assert_array_equal(first.delta.base, 1.0)


def test_filling_many_vectors_at_once():
    table = build_table("f =~ x1 + x2 + x3\nx1 ~~ x2")
    (group,) = model_matrices(table).groups
    theta = np.arange(2 * table.n_free, dtype=float).reshape(2, -1)
    filled = group.theta.fill(theta)
    assert filled.shape == (2, 3, 3)
    np.testing.assert_array_equal(filled, np.swapaxes(filled, 1, 2))
    assert not group.theta.base.flags.writeable
