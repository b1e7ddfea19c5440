"""Effects of fitted models: against lavaan's defined parameters, by every method."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation import bootstrap, fit
from loyaltysem.structural.effects import effects, has_indirect_paths

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"

needs_golden = pytest.mark.skipif(
    not GOLDEN.exists(), reason="the reference numbers (../shared/golden) are not beside this tree"
)

DEFINED = {
    "sem_ml_loyalty_full": {
        "ind_service": ("indirect", "service -> postpurchase -> loyalty"),
        "ind_price": ("indirect", "price -> postpurchase -> loyalty"),
        "ind_image": ("indirect", "image -> postpurchase -> loyalty"),
        "ind_product": ("total_indirect", "product -> loyalty"),
        "tot_service": ("total", "service -> loyalty"),
        "tot_image": ("total", "image -> loyalty"),
    },
    "sem_ml_loyalty_mediation": {
        "indirect": ("indirect", "service -> postpurchase -> affective"),
        "total": ("total", "service -> affective"),
    },
}


def golden_fit(name):
    case = json.loads((GOLDEN / f"cases/{name}.json").read_text("utf-8"))
    options = {key.replace(".", "_"): value for key, value in case["options"].items()}
    return case, fit(case["model"], pd.read_csv(GOLDEN / case["data_file"]), **options)


@needs_golden
@pytest.mark.parametrize("name", DEFINED)
def test_defined_parameters_of_lavaan_are_found_without_defining_them(name):
    case, fitted = golden_fit(name)
    found = effects(fitted, monte_carlo=0)
    table = found.table().set_index(["kind", "path"])
    rows = {row["lhs"]: row for row in case["parameters"] if row["op"] == ":="}
    for defined, key in DEFINED[name].items():
        effect, expected = table.loc[key], rows[defined]
        assert effect["est"] == pytest.approx(expected["est"], rel=1e-4, abs=1e-5)
        assert effect["se"] == pytest.approx(expected["se"], rel=1e-3, abs=1e-5)
        assert effect["z"] == pytest.approx(expected["z"], rel=2e-3, abs=2e-3)
        assert effect["pvalue"] == pytest.approx(expected["pvalue"], rel=1e-2, abs=1e-4)
        assert effect["ci_lower"] == pytest.approx(expected["ci_lower"], rel=1e-3, abs=2e-4)
        assert effect["ci_upper"] == pytest.approx(expected["ci_upper"], rel=1e-3, abs=2e-4)
        assert effect["std_all"] == pytest.approx(expected["std_all"], rel=1e-4, abs=1e-5)


@needs_golden
def test_bootstrap_agrees_with_lavaan_as_far_as_random_draws_do():
    """Standard errors to 8 %, limits to .25 standard errors: both sides are 2000 random draws."""
    case = json.loads((GOLDEN / "cases/bootstrap_se_loyalty_mediation.json").read_text("utf-8"))
    fitted = fit(case["values"]["model"], pd.read_csv(GOLDEN / case["data_file"]))
    draws = bootstrap(fitted, 2000, seed=1)
    table = effects(fitted, draws=draws, monte_carlo=0).table().set_index(["kind", "path"])
    rows = {row["lhs"]: row for row in case["values"]["loose_sim"]["parameters"]}
    for defined, key in DEFINED["sem_ml_loyalty_mediation"].items():
        effect, expected = table.loc[key], rows[defined]
        assert effect["boot_se"] == pytest.approx(expected["boot_se"], rel=0.08)
        for limit in ("perc_lower", "perc_upper", "bca_lower", "bca_upper"):
            assert effect[limit] == pytest.approx(expected[limit], abs=0.25 * expected["boot_se"])


MEDIATION = """
    a =~ x1 + x2 + x3
    m =~ x4 + x5 + x6
    y =~ x7 + x8 + x9
    m ~ p*a
    y ~ q*m + r*a
    indirect := p*q
    total := p*q + r
"""


GROUPS = "a =~ x1 + x2 + x3\n m =~ x4 + x5 + x6\n y =~ x7 + x8 + x9\n m ~ a\n y ~ m"


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 200
    a = rng.normal(size=n)
    m = 0.5 * a + rng.normal(size=n)
    y = 0.4 * m + 0.2 * a + rng.normal(size=n)
    columns = {
        f"x{3 * k + j + 1}": latent * (1.0 - 0.1 * j) + 0.6 * rng.normal(size=n)
        for k, latent in enumerate((a, m, y))
        for j in range(3)
    }
    return pd.DataFrame(columns).assign(
        group=np.where(np.arange(n) % 2, "one", "two"), u=a, v=m, w=y
    )


@pytest.fixture(scope="module")
def fitted(data):
    return fit(MEDIATION, data)


@pytest.fixture(scope="module")
def draws(fitted):
    return bootstrap(fitted, 300, seed=3)


KEYS = {"indirect": ("indirect", "a -> m -> y"), "total": ("total", "a -> y")}


def test_standardized_effects_are_those_of_defined_parameters(fitted):
    expected = fitted.standardized().set_index("lhs")
    table = effects(fitted, monte_carlo=0).table(standardized=True).set_index(["kind", "path"])
    for name, key in KEYS.items():
        assert table.loc[key, "est"] == pytest.approx(expected.loc[name, "est_std"], abs=1e-10)
        assert table.loc[key, "se"] == pytest.approx(expected.loc[name, "se"], abs=1e-10)


@pytest.mark.parametrize("method", ["perc", "bc", "bca"])
@pytest.mark.parametrize("standardized", [False, True])
def test_bootstrap_intervals_are_those_of_defined_parameters(fitted, draws, method, standardized):
    expected = draws.table(method, standardized=standardized).set_index("lhs")
    table = effects(fitted, draws=draws, monte_carlo=0).table(standardized=standardized)
    table = table.set_index(["kind", "path"])
    for name, key in KEYS.items():
        for end in ("lower", "upper"):
            limit = expected.loc[name, f"ci_{end}"]
            assert table.loc[key, f"{method}_{end}"] == pytest.approx(limit, abs=1e-9)
        assert table.loc[key, "boot_se"] == pytest.approx(expected.loc[name, "se"], abs=1e-12)


def test_monte_carlo_agrees_with_the_delta_method_for_a_single_coefficient(fitted):
    table = effects(fitted).table().set_index(["kind", "path"])
    direct = table.loc["direct", "a -> m"]
    assert direct["mc_lower"] == pytest.approx(direct["ci_lower"], abs=0.01)
    assert direct["mc_upper"] == pytest.approx(direct["ci_upper"], abs=0.01)
    indirect = table.loc["indirect", "a -> m -> y"]
    assert indirect["mc_lower"] > indirect["ci_lower"]  # a product of positive ones leans right
    assert indirect["mc_upper"] > indirect["ci_upper"]


def test_the_seed_settles_the_monte_carlo_draws(fitted):
    tables = [effects(fitted, monte_carlo=700, seed=seed).table() for seed in (1, 1, 2)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0]["mc_lower"].equals(tables[2]["mc_lower"])


def test_a_fit_with_bootstrap_errors_brings_its_draws(data):
    own = fit(MEDIATION, data, se="bootstrap", bootstrap=150, seed=1)
    assert {"perc", "bc", "bca"} <= set(effects(own, monte_carlo=0).methods)


def test_equal_coefficients_leave_monte_carlo_intact(data):
    equal = fit(GROUPS.replace("y ~ m", "y ~ q*m + q*a"), data)
    table = effects(equal, monte_carlo=2000).table().set_index(["kind", "path"])
    ends = table.loc[[("direct", "m -> y"), ("direct", "a -> y")], ["mc_lower", "mc_upper"]]
    np.testing.assert_allclose(*ends.to_numpy())


def test_groups_have_effects_of_their_own(data):
    found = effects(fit(GROUPS, data, group="group"))
    table = found.table()
    assert set(table["group"]) == {1, 2}
    assert len(found.between("a", "y")) == 2 * 3


def test_observed_variables_are_followed_too(data):
    table = effects(fit("v ~ u\n w ~ v + u", data), monte_carlo=500).table(standardized=True)
    indirect = table.set_index("kind").loc["indirect"]
    slopes = np.linalg.lstsq(
        np.column_stack([data["v"], data["u"], np.ones(len(data))]), data["w"], rcond=None
    )[0]
    alpha = np.polyfit(data["u"], data["v"], 1)[0]
    scale = data["u"].std() / data["w"].std()
    assert indirect["est"] == pytest.approx(alpha * slopes[0] * scale, abs=1e-6)
    assert indirect["mc_lower"] < indirect["est"] < indirect["mc_upper"]


def test_feedback_has_totals_but_no_specific_paths(data):
    cause = np.random.default_rng(1).normal(size=len(data))
    shifted = data.assign(b=cause, w=data["w"] + cause)
    found = effects(fit("v ~ u + w\n w ~ v + b", shifted), monte_carlo=0)
    assert [notice.code for notice in found.notices] == ["effects_with_feedback"]
    assert set(found.table()["kind"]) == {"direct", "total_indirect", "total"}


def test_ordinal_outcomes_have_effects(data):
    cut = data[["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"]].apply(
        lambda column: pd.cut(column, [-np.inf, -0.6, 0.6, np.inf], labels=False)
    )
    found = effects(fit(MEDIATION, cut, ordered=True), monte_carlo=500)
    row = found.between("a", "y").set_index("kind").loc["indirect"]
    assert row["mc_lower"] < row["est"] < row["mc_upper"]


def test_unconnected_variables_and_unknown_names_are_refused(fitted):
    found = effects(fitted, monte_carlo=0)
    with pytest.raises(ModelSpecificationError) as caught:
        found.between("y", "a")
    assert "a -> m, a -> y, m -> y" in str(caught.value)
    with pytest.raises(ModelSpecificationError) as caught:
        found.between("A", "y")
    assert "Did you mean 'a'?" in str(caught.value)


def test_a_measurement_model_has_no_effects(data):
    with pytest.raises(ModelSpecificationError, match="no regressions"):
        effects(fit("a =~ x1 + x2 + x3", data))


def test_draws_must_fit(fitted, draws, data):
    other = fit(MEDIATION, data.iloc[:150])
    with pytest.raises(EstimationError, match="another fit"):
        effects(other, draws=draws)
    with pytest.raises(EstimationError, match="too few"):
        effects(fitted, draws=bootstrap(fitted, 20, seed=1))
    with pytest.raises(EstimationError, match="nonparametric"):
        effects(fitted, draws=bootstrap(fitted, 100, seed=1, kind="bollen.stine"))


def test_levels_and_monte_carlo_draws_must_be_sensible(fitted):
    with pytest.raises(EstimationError, match="level of confidence"):
        effects(fitted, level=95)
    for number in (-1, 99):
        with pytest.raises(EstimationError, match="too few Monte Carlo draws"):
            effects(fitted, monte_carlo=number)


def test_mediators_are_recognised(fitted, data):
    assert has_indirect_paths(fitted)
    assert not has_indirect_paths(fit("w ~ u + v", data))


def test_without_standard_errors_effects_have_no_intervals(data):
    found = effects(fit(MEDIATION, data, se="none"))
    assert found.methods == ("delta",)
    assert found.table()["ci_lower"].isna().all()
