import numpy as np
import pytest

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.hypothesis_tests import score_tests, wald_test

TIED = "f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6\ng ~ b*f + c*age"
FREE = TIED.replace("a*x2 + a*x3", "a*x2 + d*x3")


def test_score_test_approximates_the_change_in_chi_square(skewed_data):
    tied, free = fit(TIED, skewed_data), fit(FREE, skewed_data)
    tests = score_tests(tied)
    change = tied.tests[0].statistic - free.tests[0].statistic
    assert tests.total["chisq"].item() == pytest.approx(change, rel=0.1, abs=0.1)
    assert tests.univariate["chisq"].item() == pytest.approx(tests.total["chisq"].item())
    assert tests.total["df"].item() == 1


def test_constraints_are_released_one_by_one_and_together(skewed_data):
    grouped = fit(
        "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6",
        skewed_data,
        group="school",
        group_equal="loadings",
    )
    tests = score_tests(grouped)
    assert len(tests.univariate) == 4
    assert (tests.univariate["op"] == "==").all()
    assert tests.total["df"].item() == 4
    assert tests.total["chisq"].item() >= tests.univariate["chisq"].max()


def test_units_of_the_variables_do_not_matter(skewed_data):
    stretched = skewed_data.assign(x5=skewed_data["x5"] * 1e4, x6=skewed_data["x6"] * 1e-4)
    before, after = (score_tests(fit(TIED, data)) for data in (skewed_data, stretched))
    assert after.total["chisq"].item() == pytest.approx(before.total["chisq"].item(), rel=1e-6)


def test_score_tests_need_equality_constraints(skewed_data):
    with pytest.raises(EstimationError, match="no equality constraints"):
        score_tests(fit(FREE, skewed_data))
    with pytest.raises(EstimationError, match="< or >"):
        score_tests(fit(TIED + "\nb > -5", skewed_data))


def test_wald_test_of_one_parameter_is_its_squared_z(skewed_data):
    fitted = fit(FREE, skewed_data)
    z = fitted.estimates().query("label == 'b'")["z"].item()
    test = wald_test(fitted, "b == 0")
    assert test.statistic == pytest.approx(z**2)
    assert (test.df, test.constraints) == (1, ("b == 0",))


def test_wald_test_of_several_constraints(skewed_data):
    fitted = fit(FREE, skewed_data)
    rows = fitted.estimates().set_index("label")
    names = ["b", "c"]
    vcov = fitted.vcov_frame().loc[names, names].to_numpy()
    est = rows.loc[names, "est"].to_numpy()
    test = wald_test(fitted, "b == 0\nc == 0")
    assert test.statistic == pytest.approx(est @ np.linalg.solve(vcov, est))
    assert test.df == 2


def test_wald_test_of_a_function(skewed_data):
    fitted = fit(FREE + "\nab := a*b", skewed_data)
    z = fitted.estimates().query("lhs == 'ab'")["z"].item()
    assert wald_test(fitted, ["ab == 0"]).statistic == pytest.approx(z**2)


def test_robust_fits_have_robust_wald_tests(skewed_data):
    plain, robust = (fit(FREE, skewed_data, estimator=e) for e in ("ML", "MLR"))
    assert wald_test(robust, "b == c").statistic != pytest.approx(
        wald_test(plain, "b == c").statistic, rel=1e-3
    )


def test_wald_test_refuses_what_it_cannot_test(skewed_data):
    fitted = fit(FREE, skewed_data)
    with pytest.raises(EstimationError, match="needs equations"):
        wald_test(fitted, "b - c")
    with pytest.raises(EstimationError, match="depend on each other"):
        wald_test(fitted, ["b == c", "2*b == 2*c"])
    with pytest.raises(ModelSpecificationError):
        wald_test(fitted, "b == nothing")
    with pytest.raises(EstimationError):
        wald_test(fit(FREE, skewed_data, se="none"), "b == 0")


def test_reference_case(reference):
    case, data = reference("mg_ml_hs_school_scalar")
    equal = case["options"]["group.equal"]
    tests = score_tests(fit(case["model"], data, group="school", group_equal=equal))
    expected = case["extras"]["score_test"]
    assert tests.total["chisq"].item() == pytest.approx(expected["test"][0]["X2"], rel=1e-6)
    found = tests.univariate["chisq"].to_numpy()
    assert found == pytest.approx([row["X2"] for row in expected["uni"]], rel=1e-6)
