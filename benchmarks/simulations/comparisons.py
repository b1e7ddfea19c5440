"""Groups and interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import Cell, Reading, Run
from benchmarks.simulations.latent_interaction import LOADING, MODEL, answers
from loyaltysem.structural.groups import invariance, latent_means, path_differences
from loyaltysem.structural.moderation import moderated_fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

N = 400
SHIFT = 0.4
OMEGA = 0.25
WIDTH = float(ndtri(0.975))


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


def paths(rng: np.random.Generator) -> Iterator[Reading]:
    """Paths that are the same in both groups."""
    found = path_differences(
        population.MEDIATION, two_groups(rng), group="group", paths=[("X", "M")], correction="none"
    )
    row = found.pairs.iloc[0]
    yield Reading(target="Δχ² test of an equal path", pvalue=row["pvalue"])
    yield Reading(target="Wald test of an equal path", pvalue=row["pvalue_wald"])


def interaction(method: str, omega: float) -> Run:
    """Return the analysis of a latent interaction; with ``omega`` 0, as a test of it."""

    def run(rng: np.random.Generator) -> Iterator[Reading]:
        data = answers(N, omega, rng)
        found = moderated_fit(MODEL, data, outcome="Y", predictor="X", moderator="Z", method=method)
        row = found.paths.iloc[-1]
        if omega:
            yield Reading(
                target="interaction X × Z",
                truth=omega / LOADING,
                est=row["est"],
                lower=row["est"] - WIDTH * row["se"],
                upper=row["est"] + WIDTH * row["se"],
            )
            return
        yield Reading(target="Wald test of the interaction", pvalue=row["pvalue"])
        if found.test:
            yield Reading(target="likelihood-ratio test", pvalue=found.test["pvalue"])

    return run


def _interaction_cell(method: str, title: str, omega: float) -> Cell:
    name = method if omega else f"{method}-null"
    kind = "Latent interaction" if omega else "No interaction"
    run = interaction(method, omega)
    return Cell(name=name, title=f"{kind}, {title}", n=N, run=run)


CELLS = (
    Cell(name="invariance", title="Two groups of 200, invariance true", n=N, run=measurement),
    Cell(name="group-paths", title="Two groups of 200, equal paths", n=N, run=paths),
    _interaction_cell("lms", "LMS", OMEGA),
    _interaction_cell("lms", "LMS", 0.0),
    _interaction_cell("products", "product indicators", OMEGA),
    _interaction_cell("products", "product indicators", 0.0),
)
