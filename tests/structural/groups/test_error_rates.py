"""Error rates in a small simulation: rejections of true hypotheses, coverage of intervals.

The bounds are those of a binomial count with 5 % at 1 in 1,000 on either side; the full simulation
is a command of the benchmarks.
"""

import numpy as np
from scipy.stats import binom

from loyaltysem import invariance, latent_means, path_differences

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f"
REPLICATIONS = 25


def test_true_hypotheses_are_rejected_as_often_as_they_should(simulated):
    rng = np.random.default_rng(7)
    rejected = {"metric": 0, "scalar": 0, "path": 0, "mean": 0}
    for _ in range(REPLICATIONS):
        data = simulated(rng, 150, mean=0.3)
        found = invariance(MODEL, data, group="who", levels=["metric", "scalar"])
        steps = found.table().set_index("level")["pvalue_diff"]
        rejected["metric"] += steps["metric"] < 0.05
        rejected["scalar"] += steps["scalar"] < 0.05
        means = latent_means(found).table.set_index("latent")
        rejected["mean"] += not means.loc["f", "d_lower"] < 0.3 < means.loc["f", "d_upper"]
        rejected["path"] += path_differences(MODEL, data, group="who").pairs["pvalue"][0] < 0.05
    most = binom.ppf(0.999, REPLICATIONS, 0.05)
    assert all(count <= most for count in rejected.values()), rejected
    assert sum(rejected.values()) > 0
