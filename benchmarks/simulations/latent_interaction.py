"""Latent interactions with known truth: bias, coverage, type I error and power.

X, Z and Y are each measured by three indicators (reliability .64);
Y = .4 X + .3 Z + omega X Z + error, cor(X, Z) = .3. With omega = 0 the share of significant
products is the type I error. Run with ``python -m benchmarks.simulations.latent_interaction``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from loyaltysem.errors import LoyaltysemError
from loyaltysem.structural.moderation import moderated_fit

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = """
X =~ x1 + x2 + x3
Z =~ z1 + z2 + z3
Y =~ y1 + y2 + y3
Y ~ X + Z
"""

LOADING, ERROR, RESIDUAL, CORRELATION = 0.8, 0.6, 0.7, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell of the simulation found, of the product's path in the model's units.

    ``bias`` is relative to the truth (absolute where that is 0), ``se_ratio`` the mean standard
    error over the standard deviation of the estimates, ``coverage`` that of 95 % intervals,
    ``rejected`` the share of p < .05 by Wald's test and ``rejected_lr`` by the likelihood ratio
    (LMS). ``failed`` replications gave no estimate.
    """

    method: str
    n: int
    omega: float
    replications: int
    failed: int
    mean: float
    bias: float
    se_ratio: float
    coverage: float
    rejected: float
    rejected_lr: float | None


def answers(n: int, omega: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return indicators of a model with a latent interaction."""
    cov = [[1.0, CORRELATION], [CORRELATION, 1.0]]
    x, z = rng.multivariate_normal([0.0, 0.0], cov, size=n).T
    y = 0.4 * x + 0.3 * z + omega * x * z + rng.normal(0.0, RESIDUAL, n)
    factors = {"x": x, "z": z, "y": y}
    return pd.DataFrame(
        {
            f"{name}{k}": LOADING * factor + rng.normal(0.0, ERROR, n)
            for name, factor in factors.items()
            for k in (1, 2, 3)
        }
    )


def cell(method: str, *, n: int, omega: float, replications: int, seed: int) -> Cell:
    """Return one cell; each replication has a seed of its own."""
    found = []
    for stream in np.random.SeedSequence(seed).spawn(replications):
        data = answers(n, omega, np.random.default_rng(stream))
        try:
            fitted = moderated_fit(
                MODEL, data, outcome="Y", predictor="X", moderator="Z", method=method
            )
        except LoyaltysemError:
            continue
        row = fitted.paths.iloc[-1]
        found.append((row["est"], row["se"], fitted.test["chisq"] if fitted.test else np.nan))
    return _summary(np.array(found), method, n, omega, replications)


def _summary(found: np.ndarray, method: str, n: int, omega: float, replications: int) -> Cell:
    """Return the summary of estimates, standard errors and likelihood ratios (r, 3).

    The first loading of each factor is fixed at 1, so that the factors are 0.8 times those of the
    population and omega becomes 0.8 omega / 0.64.
    """
    truth = omega * LOADING / LOADING**2
    est, se, ratio = found.T
    off = est.mean() - truth
    width = norm.ppf(0.975) * se
    return Cell(
        method=method,
        n=n,
        omega=omega,
        replications=replications,
        failed=replications - len(found),
        mean=float(est.mean()),
        bias=float(off / truth if truth else off),
        se_ratio=float(se.mean() / est.std(ddof=1)),
        coverage=float((np.abs(est - truth) <= width).mean()),
        rejected=float((np.abs(est) > width).mean()),
        rejected_lr=float((ratio > chi2.ppf(0.95, 1)).mean()) if method == "lms" else None,
    )


def cells(replications: int, seed: int = 20240501) -> list[Cell]:
    """Return all cells: both methods, with and without an interaction, at n = 400."""
    return [
        cell(method, n=400, omega=omega, replications=replications, seed=seed + k)
        for method in ("lms", "products")
        for k, omega in enumerate((0.25, 0.0))
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the simulation and print its cells as JSON, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2000)
    for found in cells(parser.parse_args(arguments).replications):
        print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    main()
