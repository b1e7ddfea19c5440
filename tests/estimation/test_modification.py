import numpy as np
import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.modification import candidates, modification_indices

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


@pytest.fixture(scope="module")
def frame(two_factor_fit):
    return modification_indices(two_factor_fit)


def names(rows):
    return {f"{row.lhs}{row.op}{row.rhs}" for row in rows}


def test_candidates_are_what_could_be_added(two_factor_fit):
    found = names(candidates(two_factor_fit.table))
    assert {"f=~x4", "g=~x1", "x1~~x2", "x3~~x6", "f~g", "f~~g"} <= found
    assert {"f=~x1", "g=~x4"} <= found  # fixed loadings of the markers
    assert "x1~~x1" not in found
    assert "x2~~x1" not in found
    assert not any("~1" in name for name in found)


def test_intercepts_are_candidates_with_a_mean_structure(skewed_data):
    table = fit(MODEL, skewed_data, meanstructure=True).table
    assert {"f~1", "g~1"} <= names(candidates(table))


def test_moments_of_fixed_covariates_are_no_candidates(skewed_data):
    table = fit(MODEL + " + age", skewed_data).table
    found = names(candidates(table))
    assert "age~~age" not in found
    assert "f~age" in found
    assert "f=~age" not in found


def test_index_approximates_the_change_in_chi_square(two_factor_fit, skewed_data, frame):
    rows = frame[(frame["op"] == "~~") & (frame["lhs"].str.startswith("x"))].head(3)
    for row in rows.itertuples():
        freed = fit(f"{MODEL}\n{row.lhs} ~~ {row.rhs}", skewed_data)
        change = two_factor_fit.tests[0].statistic - freed.tests[0].statistic
        estimate = freed.estimates().query("lhs == @row.lhs and rhs == @row.rhs")["est"].item()
        assert row.mi == pytest.approx(change, rel=0.15, abs=0.2)
        assert row.epc == pytest.approx(estimate, rel=0.25, abs=0.02)


def test_index_is_the_score_test_by_its_definition(two_factor_fit, skewed_data):
    freed = fit(f"{MODEL}\nx1 ~~ x4", skewed_data)
    place = next(row.free for row in freed.table.rows if (row.lhs, row.rhs) == ("x1", "x4"))
    known = [k for k in range(len(freed.theta)) if k != place - 1]
    theta = np.insert(two_factor_fit.theta, place - 1, 0.0)
    point = freed.problem.objective.at(theta)
    information, slope = point.information(), point.gradient()[place - 1]
    left = information[place - 1, place - 1] - information[place - 1, known] @ np.linalg.solve(
        information[np.ix_(known, known)], information[known, place - 1]
    )
    frame = modification_indices(two_factor_fit)
    row = frame[(frame["lhs"] == "x1") & (frame["rhs"] == "x4")].iloc[0]
    assert row["mi"] == pytest.approx(400 * slope**2 / left)
    assert row["epc"] == pytest.approx(-slope / left)


def test_parameters_that_cannot_be_identified_are_left_out(frame):
    listed = set(zip(frame["lhs"], frame["op"], frame["rhs"], strict=True))
    assert ("f", "~", "g") not in listed
    assert ("f", "~~", "g") not in listed


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_units_of_the_variables_do_not_matter(skewed_data, frame, unit):
    stretched = skewed_data.assign(x2=skewed_data["x2"] * unit, x5=skewed_data["x5"] * unit)
    found = modification_indices(fit(MODEL, stretched))
    key = ["lhs", "op", "rhs"]
    both = frame.merge(found, on=key, how="outer", validate="one_to_one")
    assert both["mi_y"].to_numpy() == pytest.approx(both["mi_x"].to_numpy(), rel=1e-4, abs=1e-4)
    assert both["sepc_all_y"].to_numpy() == pytest.approx(
        both["sepc_all_x"].to_numpy(), rel=1e-4, abs=1e-5
    )


def test_largest_index_comes_first(frame):
    assert frame["mi"].is_monotonic_decreasing


def test_selection_by_size_and_operator(two_factor_fit):
    found = modification_indices(two_factor_fit, minimum=0.5, op=("=~",))
    assert set(found["op"]) <= {"=~"}
    assert (found["mi"] >= 0.5).all()


def test_blocks_make_no_difference(two_factor_fit, frame, monkeypatch):
    monkeypatch.setattr("loyaltysem.estimation.modification.BLOCK", 4)
    again = modification_indices(two_factor_fit)
    assert again["mi"].to_numpy() == pytest.approx(frame["mi"].to_numpy())


def test_constraints_stay_in_force(skewed_data):
    tied = fit("f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6\ng ~ f", skewed_data)
    loose = fit(MODEL, skewed_data)
    key = ["lhs", "op", "rhs"]
    merged = modification_indices(tied).merge(modification_indices(loose), on=key)
    assert not np.allclose(merged["mi_x"], merged["mi_y"], rtol=1e-3)


def test_groups_are_told_apart(skewed_data):
    grouped = fit(MODEL, skewed_data, group="school")
    frame = modification_indices(grouped, sort=False)
    assert set(frame["group"]) == {1, 2}
    alone = modification_indices(
        fit(MODEL, skewed_data[skewed_data["school"] == "east"], meanstructure=True), sort=False
    )
    found = frame[frame["group"] == 2]
    assert found["mi"].to_numpy() == pytest.approx(alone["mi"].to_numpy(), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("name", ["cfa_ml_hs", "sem_ml_poldem", "mimic_fixedx_hs", "dwls_cfa_hs"])
def test_reference_cases(reference, name):
    case, data = reference(name)
    fitted = fit(case["model"], data, estimator=case["options"]["estimator"])
    frame = modification_indices(fitted).set_index(["lhs", "op", "rhs"])
    for row in case["extras"]["modindices_top20"]:
        found = frame.loc[(row["lhs"], row["op"], row["rhs"])]
        for column in ("mi", "epc", "sepc_lv", "sepc_all", "sepc_nox"):
            assert found[column] == pytest.approx(row[column], rel=1e-5, abs=1e-6)
