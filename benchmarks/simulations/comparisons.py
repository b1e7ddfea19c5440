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

    from loyaltysem.structural.groups import Invariance

N = population.N
CAUTIOUS = (
    "each test by itself keeps its level (above), but far out in its tail, where Holm's method "
    "looks, it is cautious, since its variance comes from the same skewed answers; it errs on the "
    "safe side"
)
ONE = "X =~ x1 + x2 + x3 + x4"
SHIFT = 0.4


def two_groups(rng: np.random.Generator, shift: float = 0.0) -> pd.DataFrame:
    """Return two groups of 200 of the same population, but for a higher mean of X in the second."""
    drawn = population.scores(rng, N)
    group = np.repeat(["first", "second"], N // 2)
    drawn["x"] = drawn["x"] + shift * (group == "second")
    return population.items(rng, drawn).assign(group=group)


def ordinal_groups(rng: np.random.Generator) -> pd.DataFrame:
    """Return five-point answers of two groups of the same population to one construct's items."""
    data = population.in_categories(population.items(rng, {"x": rng.normal(size=N)}, count=4))
    return data.assign(group=np.repeat(["first", "second"], N // 2))


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
    found = invariance(ONE, ordinal_groups(rng), group="group", ordered=True)
    for row in found.table().to_dict("records"):
        if row["level"] != "configural":
            yield Reading(target=f"scaled Δχ² test, {row['level']}", pvalue=row["pvalue_diff"])
    means = latent_means(found, correction="none").table
    yield Reading(target="latent means, no difference", pvalue=means["pvalue"].iloc[0])


def items(rng: np.random.Generator) -> Iterator[Reading]:
    """Which item breaks a level, where none does."""
    found = invariance(population.MEASUREMENT, two_groups(rng), group="group")
    yield from _item_readings(found)


def skewed_items(rng: np.random.Generator) -> Iterator[Reading]:
    """The same with skewed errors and MLR, whose score tests are corrected."""
    data = population.items(rng, population.scores(rng, N), errors=population.skewed)
    data["group"] = np.repeat(["first", "second"], N // 2)
    found = invariance(population.MEASUREMENT, data, group="group", estimator="MLR")
    yield from _item_readings(found)


def ordinal_items(rng: np.random.Generator) -> Iterator[Reading]:
    """The same with five-point answers to the items of one construct."""
    found = invariance(ONE, ordinal_groups(rng), group="group", ordered=True)
    yield from _item_readings(found)


def _item_readings(found: Invariance) -> Iterator[Reading]:
    """Yield every score test of an item, and whether Holm's correction lets any of them pass."""
    for level, tests in found.item_tests.items():
        for pvalue in tests["pvalue"]:
            yield Reading(target=f"score tests of the items, {level}", pvalue=pvalue)
        smallest = tests["pvalue_adjusted"].min()
        yield Reading(target=f"any item by Holm's method, {level}", pvalue=smallest)


def paths(rng: np.random.Generator) -> Iterator[Reading]:
    """Paths that are the same in both groups: one by one, and any of them."""
    found = path_differences(population.MEDIATION, two_groups(rng), group="group")
    row = found.pairs.set_index(["from", "to"]).loc[("X", "M")]
    yield Reading(target="Δχ² test of an equal path", pvalue=row["pvalue"])
    yield Reading(target="Wald test of an equal path", pvalue=row["pvalue_wald"])
    yield Reading(target="Δχ² test that all paths are equal", pvalue=found.overall.pvalue)
    smallest = found.pairs["pvalue_adjusted"].min()
    yield Reading(target="any of three paths by Holm's method", pvalue=smallest)


CELLS = (
    Cell(name="invariance", title="Two groups of 200, invariance true", n=N, run=measurement),
    Cell(
        name="ordinal-invariance",
        title="Two groups of 200, invariance true, five-point items, WLSMV",
        n=N,
        run=ordinal_measurement,
    ),
    Cell(name="group-items", title="Two groups of 200, which item differs: none", n=N, run=items),
    Cell(
        name="skewed-group-items",
        title="Two groups of 200, which item differs: none, skewed errors, MLR",
        n=N,
        run=skewed_items,
        why={f"any item by Holm's method, {level}": CAUTIOUS for level in ("metric", "strict")},
    ),
    Cell(
        name="ordinal-group-items",
        title="Two groups of 200, which five-point item differs: none, WLSMV",
        n=N,
        run=ordinal_items,
    ),
    Cell(name="group-paths", title="Two groups of 200, equal paths", n=N, run=paths),
)
