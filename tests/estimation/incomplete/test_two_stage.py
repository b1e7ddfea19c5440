"""Reference numbers: lavaan 0.6-14, missing = "two.stage" (em.h1.tol = 1e-12)."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem import LoyaltysemError, compare, fit

MODEL = """
service =~ sq1 + sq2 + sq3 + sq4 + sq5
postpurchase =~ pp1 + pp2 + pp3 + pp4
affective =~ la1 + la2 + la3
postpurchase ~ a*service
affective ~ b*postpurchase + c*service
indirect := a*b
"""

ROWS = [("postpurchase", "~", "service"), ("la2", "~~", "la2"), ("indirect", ":=", "a*b")]


@pytest.fixture(scope="module")
def answers(reference):
    return reference("fiml_cfa")[1]


@pytest.fixture(scope="module")
def two_factors():
    rng = np.random.default_rng(4)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 300)
    data = pd.DataFrame(
        {f"x{k + 1}": factors[:, k // 3] + rng.normal(scale=0.8, size=300) for k in range(6)}
    )
    data["age"] = 0.5 * factors[:, 0] + rng.normal(size=300)
    return data.mask(pd.DataFrame(rng.random(data.shape) < 0.1, columns=data.columns))


@pytest.mark.parametrize(
    ("missing", "chisq_scaled", "factor", "rmsea_robust", "errors"),
    [
        ("two.stage", 60.06004, 1.124354, 0.02234609, [0.0521554147, 0.1844931502, 0.0433372872]),
        (
            "robust.two.stage",
            57.62204,
            1.171926,
            0.01950432,
            [0.0474346306, 0.2006755907, 0.0434033706],
        ),
    ],
)
def test_lavaans_two_stage(answers, missing, chisq_scaled, factor, rmsea_robust, errors):
    fitted = fit(MODEL, answers, missing=missing)
    measures, rows = fitted.measures(), fitted.estimates().set_index(["lhs", "op", "rhs"])
    assert measures["chisq"] == pytest.approx(67.52877, rel=1e-5)
    assert measures["logl"] == pytest.approx(-9003.080, abs=2e-3)
    assert measures["gfi"] == pytest.approx(0.9896293, abs=1e-6)
    assert measures["chisq.scaled"] == pytest.approx(chisq_scaled, rel=1e-5)
    assert measures["chisq.scaling.factor"] == pytest.approx(factor, rel=1e-5)
    assert measures["rmsea.robust"] == pytest.approx(rmsea_robust, rel=1e-4)
    assert rows.loc[ROWS, "est"].tolist() == pytest.approx(
        [0.5328251032, 1.7158391962, 0.2182794834], rel=1e-5
    )
    assert rows.loc[ROWS, "se"].tolist() == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize(
    ("missing", "chisq_scaled", "factor"),
    [
        ("two.stage", 2079.432418734, 1.110678393),
        ("robust.two.stage", 2104.913162632, 1.097233224),
    ],
)
def test_the_baseline_is_corrected_like_the_model_written_out(
    answers, missing, chisq_scaled, factor
):
    """The numbers are lavaan's for the independence model as a model of its own."""
    fitted = fit(MODEL, answers, missing=missing)
    independence = "\n".join(f"{name} ~~ {name}" for name in fitted.table.observed)
    measures, written_out = (
        fitted.measures(),
        fit(independence, answers, missing=missing).measures(),
    )
    for name in ("chisq", "chisq.scaled", "chisq.scaling.factor"):
        assert measures[f"baseline.{name}"] == pytest.approx(written_out[name], rel=1e-8)
    assert measures["baseline.chisq.scaled"] == pytest.approx(chisq_scaled, rel=1e-5)
    assert measures["baseline.chisq.scaling.factor"] == pytest.approx(factor, rel=1e-5)


def test_nothing_missing_gives_maximum_likelihood(two_factors):
    data = two_factors.dropna()
    model = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
    plain = fit(model, data, meanstructure=True)
    staged = fit(model, data, missing="em")
    assert staged.est == pytest.approx(plain.est, abs=1e-6)
    assert staged.measures()["chisq"] == pytest.approx(plain.measures()["chisq"], rel=1e-6)


def test_covariates_are_modelled(two_factors):
    fitted = fit("f =~ x1 + x2 + x3\nf ~ age", two_factors, missing="two.stage")
    age = fitted.estimates().query("lhs == 'age' and op == '~~'")
    assert fitted.n == len(two_factors)
    assert age["se"].iloc[0] > 0


def test_nested_models_compare_by_scaled_differences(two_factors):
    free = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", two_factors, missing="two.stage")
    tied = fit("f =~ x1 + a*x2 + a*x3\ng =~ x4 + b*x5 + b*x6", two_factors, missing="two.stage")
    table = compare(free, tied)
    assert table.attrs["method"] == "satorra.bentler.2001"
    assert table["Df diff"].iloc[1] == 2
    assert 0 < table["Pr(>Chisq)"].iloc[1] <= 1


def test_bootstrap_refits_both_stages(two_factors):
    fitted = fit(
        "f =~ x1 + x2 + x3", two_factors, missing="two.stage", se="bootstrap", bootstrap=20, seed=1
    )
    assert fitted.draws is not None
    assert np.isfinite(fitted.se[1])


@pytest.mark.parametrize(
    "asked",
    [
        {"estimator": "MLM"},
        {"fixed_x": True},
        {"se": "robust"},
        {"test": "yuan.bentler"},
    ],
)
def test_what_contradicts_it_is_refused(two_factors, asked):
    with pytest.raises(LoyaltysemError) as caught:
        fit("f =~ x1 + x2 + x3", two_factors, missing="two.stage", **asked)
    assert caught.value.remedy
