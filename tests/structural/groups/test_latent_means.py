"""Latent mean differences against lavaan."""

import pytest

from loyaltysem import invariance, latent_means
from loyaltysem.errors import EstimationError

SCHOOL_MODEL = """
visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9
"""

# parameterEstimates(cfa(model, HS, group = "school", group.equal = c("loadings", "intercepts"))):
# est, se, z of the means of the second group
LAVAAN = {
    "ML": {"visual": (-0.148, 0.122, -1.211), "speed": (-0.177, 0.090, -1.968)},
    "MLR": {"visual": (-0.148, 0.140, -1.053), "speed": (-0.177, 0.104, -1.712)},
}


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_differences_are_the_means_that_lavaan_estimates(school, estimator):
    found = invariance(SCHOOL_MODEL, school, group="school", estimator=estimator)
    means = latent_means(found)
    table = means.table.set_index("latent")
    for latent, values in LAVAAN[estimator].items():
        ours = table.loc[latent, ["est", "se", "z"]].tolist()
        assert ours == pytest.approx(values, abs=5.1e-4)
    assert table["unit"].tolist() == ["x1", "x4", "x7"]
    assert not means.supported
    assert not means.partial


def test_effect_size_divides_by_the_pooled_latent_deviation(simulated, rng):
    data = simulated(rng, 2000, mean=0.5)
    found = invariance("f =~ x1 + x2 + x3 + x4", data, group="who", levels=["metric", "scalar"])
    means = latent_means(found)
    row = means.table.iloc[0]
    fit = found.rung("scalar").fit
    estimates = fit.estimates().set_index(["op", "lhs", "rhs", "group"])["est"]
    variances = [estimates["~~", "f", "f", group] for group in (1, 2)]
    assert row["d"] == pytest.approx(estimates["~1", "f", "", 2] / (sum(variances) / 2) ** 0.5)
    assert row["d"] == pytest.approx(0.5, abs=0.1)
    assert row["d_lower"] < 0.5 < row["d_upper"]
    assert means.supported


def test_unit_is_the_first_indicator_with_equal_loadings(school):
    found = invariance(SCHOOL_MODEL, school, group="school", partial=["visual=~x1", "x1~1"])
    means = latent_means(found)
    assert means.table.set_index("latent").loc["visual", "unit"] == "x2"
    assert means.partial


def test_pairs_of_three_groups(school):
    thirds = school.assign(third=[f"g{k % 3}" for k in range(len(school))])
    table = latent_means(invariance(SCHOOL_MODEL, thirds, group="third")).table
    visual = table[table["latent"] == "visual"].set_index(["reference", "group"])["est"]
    assert visual["g0", "g2"] == pytest.approx(visual["g0", "g1"] + visual["g1", "g2"])


def test_the_scalar_level_is_needed(school):
    found = invariance(SCHOOL_MODEL, school, group="school", levels=["metric"])
    with pytest.raises(EstimationError, match="scalar"):
        latent_means(found)
