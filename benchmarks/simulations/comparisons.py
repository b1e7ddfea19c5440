"""Groups of respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import Cell, Reading
from loyaltysem.structural.groups import invariance, latent_means, path_differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

N = 400
SHIFT = 0.4


def two_groups(rng: np.random.Generator, shift: float = 0.0) -> pd.DataFrame:
    """Return two groups of 200 of the same population, but for a higher mean of X in the second."""
    drawn = population.scores(rng, N)
    group = np.repeat(["first", "second"], N // 2)
    drawn["x"] = drawn["x"] + shift * (group == "second")
    return population.items(rng, drawn).assign(group=group)


def measurement(rng: np.random.Generator) -> Iterator[Reading]:
    """Invariance in truth; a latent mean that differs by .4 standard deviations."""
    found = invariance(population.MEASUREMENT, two_groups(rng, SHIFT), group="group")
    for row in found.table().to_dict("records"):
        if row["level"] != "configural":
            yield Reading(target=f"Δχ² test, {row['level']}", pvalue=row["pvalue_diff"])
    means = latent_means(found, correction="none").table.set_index("latent")
    row = means.loc["X"]
    sign = 1.0 if row["reference"] == "first" else -1.0
    yield Reading(
        target="latent mean difference (d)",
        truth=sign * SHIFT,
        est=row["d"],
        lower=row["d_lower"],
        upper=row["d_upper"],
    )
    yield Reading(target="latent means, no difference", pvalue=means.loc["Y", "pvalue"])


def ordinal_measurement(rng: np.random.Generator) -> Iterator[Reading]:
    """Invariance in truth of one construct's five-point items."""
    score = rng.normal(size=N)
    data = population.in_categories(population.items(rng, {"x": score}, count=4))
    data["group"] = np.repeat(["first", "second"], N // 2)
    found = invariance("X =~ x1 + x2 + x3 + x4", data, group="group", ordered=True)
    for row in found.table().to_dict("records"):
        if row["level"] != "configural":
            yield Reading(target=f"scaled Δχ² test, {row['level']}", pvalue=row["pvalue_diff"])
    means = latent_means(found, correction="none").table
    yield Reading(target="latent means, no difference", pvalue=means["pvalue"].iloc[0])


def paths(rng: np.random.Generator) -> Iterator[Reading]:
    """Paths that are the same in both groups."""
    found = path_differences(
        population.MEDIATION, two_groups(rng), group="group", paths=[("X", "M")], correction="none"
    )
    row = found.pairs.iloc[0]
    yield Reading(target="Δχ² test of an equal path", pvalue=row["pvalue"])
    yield Reading(target="Wald test of an equal path", pvalue=row["pvalue_wald"])


CELLS = (
    Cell(name="invariance", title="Two groups of 200, invariance true", n=N, run=measurement),
    Cell(
        name="ordinal-invariance",
        title="Two groups of 200, invariance true, five-point items, WLSMV",
        n=N,
        run=ordinal_measurement,
    ),
    Cell(name="group-paths", title="Two groups of 200, equal paths", n=N, run=paths),
)
