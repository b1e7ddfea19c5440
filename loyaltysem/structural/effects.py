"""Direct, indirect and total effects of a fitted model, found from its own paths.

No ``:=`` is needed: every pair of variables that the regressions connect is taken, with each
specific indirect path. Standard errors come from the delta method with exact derivatives (Sobel
1982; Bollen 1987), intervals also from Monte Carlo draws (MacKinnon, Lockwood & Williams 2004) and
from the bootstrap, which do not take a product of coefficients for normally distributed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import (
    ConvergenceError,
    EstimationError,
    ModelSpecificationError,
    Notice,
    did_you_mean,
    listed,
)
from loyaltysem.estimation.estimates import check_level, with_inference
from loyaltysem.records import Shown
from loyaltysem.structural.effect_inference import EffectFunction, quantified, simulate
from loyaltysem.structural.effect_values import graph_effects, largest_loop
from loyaltysem.structural.path_graph import path_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.estimation import Bootstrap, Fit
    from loyaltysem.structural.effect_inference import Method, Quantities
    from loyaltysem.structural.effect_values import Effect
    from loyaltysem.structural.path_graph import PathGraph

FEWEST_DRAWS = 100
"""Bootstrap draws below which an interval would rest on two or three values."""

MONTE_CARLO_SEED = 1
"""Seed of Monte Carlo draws where none is named."""

MOST_PATHS = 2000
"""Specific indirect paths above which only totals are given."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Effects(Shown):
    """All effects of a fit.

    Attributes
    ----------
    effects
        What each of the k effects is.
    raw, standardized
        Their estimates in the variables' own units, and standardized (std.all).
    level
        Confidence level of the intervals.
    variables
        The variables that take part in a regression.
    notices
        What a reader must know: feedback loops, paths that were not listed.
    """

    effects: tuple[Effect, ...]
    raw: Quantities
    standardized: Quantities
    level: float
    variables: tuple[str, ...]
    notices: tuple[Notice, ...]

    @property
    def methods(self) -> tuple[Method, ...]:
        """The kinds of intervals at hand."""
        return tuple(self.raw.limits)

    def shown(self) -> Mapping[str, object]:
        """Return what is shown: the table of effects."""
        return {"level": self.level, "effects": self.table(), "notices": self.notices}

    def table(self, *, standardized: bool = False) -> pd.DataFrame:
        """Return one row per effect.

        Parameters
        ----------
        standardized
            Whether of the standardized effects (std.all) instead of the raw ones.

        Returns
        -------
        DataFrame
            ``group, from, to, kind, path, est, std_all, se, z, pvalue, ci_lower, ci_upper`` (delta
            method), then limits by method, as far as there are any: ``mc_lower, mc_upper``,
            ``boot_se``, ``perc_lower, …``, ``bc_lower, …``, ``bca_lower, …``. ``kind`` is direct,
            indirect (one specific path), total_indirect or total; ``path`` reads ``a -> m -> y``.
        """
        values = self.standardized if standardized else self.raw
        frame = pd.DataFrame(
            {
                "group": [one.group for one in self.effects],
                "from": [one.cause for one in self.effects],
                "to": [one.outcome for one in self.effects],
                "kind": [one.kind for one in self.effects],
                "path": [one.name for one in self.effects],
                "est": values.est,
                "std_all": self.standardized.est,
                "se": values.se,
            }
        )
        frame = with_inference(frame, self.level)
        if values.boot_se is not None:
            frame["boot_se"] = values.boot_se
        for method, (lower, upper) in values.limits.items():
            if method != "delta":
                frame[f"{method}_lower"], frame[f"{method}_upper"] = lower, upper
        return frame

    def between(self, cause: str, outcome: str, *, standardized: bool = False) -> pd.DataFrame:
        """Return the rows of :meth:`table` for one pair of variables.

        Raises
        ------
        ModelSpecificationError
            A variable takes part in no regression, or no path leads from one to the other.
        """
        for name in (cause, outcome):
            if name not in self.variables:
                raise ModelSpecificationError(
                    "No path of the model begins or ends at this variable",
                    found=name,
                    expected=listed(self.variables),
                    remedy=did_you_mean(name, self.variables),
                )
        frame = self.table(standardized=standardized)
        rows = frame[(frame["from"] == cause) & (frame["to"] == outcome)]
        if rows.empty:
            pairs = dict.fromkeys(f"{one.cause} -> {one.outcome}" for one in self.effects)
            raise ModelSpecificationError(
                "No path of the model leads from the one variable to the other",
                found=f"{cause} -> {outcome}",
                expected=listed(pairs),
            )
        return rows.reset_index(drop=True)


def effects(
    fit: Fit,
    *,
    draws: Bootstrap | None = None,
    level: float = 0.95,
    monte_carlo: int = 20_000,
    seed: int = MONTE_CARLO_SEED,
) -> Effects:
    """Return direct, specific indirect, total indirect and total effects of a fitted model.

    Parameters
    ----------
    fit
        The fit; its regressions (``~``) are the paths. What a construct's items or dimensions show
        of it (``=~``) is measurement and no effect.
    draws
        A bootstrap of the fit, from :func:`~loyaltysem.estimation.bootstrap`; a fit with
        ``se="bootstrap"`` brings its own. Gives percentile, bias-corrected and (maximum likelihood
        on complete data) accelerated intervals.
    level
        Confidence level.
    monte_carlo
        Draws from the normal distribution of the estimates for Monte Carlo intervals, at least
        ``FEWEST_DRAWS``; 0 for none.
    seed
        Seed of the Monte Carlo draws.

    Raises
    ------
    ModelSpecificationError
        The model has no regressions.
    ConvergenceError
        The fit did not converge.
    EstimationError
        The bootstrap is of another fit, was drawn under the model, or has fewer than
        ``FEWEST_DRAWS`` draws; there are fewer Monte Carlo draws; ``level`` is no share.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> model = '''
    ... price =~ PR1 + PR2 + PR3 + PR4
    ... image =~ IM1 + IM2 + IM3 + IM4
    ... value =~ PE1 + PE2 + PE3 + PE4
    ... value ~ a*image
    ... price ~ b*value + image
    ... '''
    >>> found = ls.effects(ls.fit(model, answers))
    >>> found.table()["kind"].unique().tolist()
    ['direct', 'total', 'indirect', 'total_indirect']
    """
    check_level(level)
    _check_number(monte_carlo)
    graphs = _graphs(fit)
    draws = fit.draws if draws is None else draws
    if draws is not None:
        _check_draws(fit, draws)
    counts = [0 if graph.in_circle else graph.count_paths() for graph in graphs]
    listable = sum(counts) <= MOST_PATHS
    found = tuple(
        graph_effects(graph, specific=listable and not graph.in_circle) for graph in graphs
    )
    function = EffectFunction(fit=fit, graphs=graphs, effects=found)
    simulated = simulate(function, monte_carlo, seed)
    return Effects(
        effects=tuple(effect for group in found for effect in group),
        raw=quantified(function, simulated, draws, level),
        standardized=quantified(function, simulated, draws, level, standardized=True),
        level=level,
        variables=tuple(dict.fromkeys(name for graph in graphs for name in graph.variables)),
        notices=(*_loop_notices(fit, graphs), *_unlisted(sum(counts))),
    )


def has_indirect_paths(fit: Fit) -> bool:
    """Tell whether some path of a fitted model leads over a mediator."""
    groups = range(1, fit.table.n_groups + 1)
    return any(
        effect.kind == "total_indirect"
        for group in groups
        for effect in graph_effects(path_graph(fit.table, group), specific=False)
    )


def _graphs(fit: Fit) -> tuple[PathGraph, ...]:
    """Return the graphs of all groups, or say why there are no effects."""
    if not fit.converged:
        raise ConvergenceError(
            "Effects need a converged fit", remedy="Simplify the model, or give start values."
        )
    graphs = tuple(path_graph(fit.table, group + 1) for group in range(fit.table.n_groups))
    if not any(graph.edges for graph in graphs):
        raise ModelSpecificationError(
            "The model has no regressions, so there are no effects",
            remedy="Add the paths to the model text, such as 'loyalty ~ quality'.",
        )
    return graphs


def _check_draws(fit: Fit, draws: Bootstrap) -> None:
    if draws.kind != "nonparametric":
        raise EstimationError(
            "Intervals of effects need a nonparametric bootstrap",
            found=draws.kind,
            remedy="Bollen-Stine draws are made under the model; they test it and nothing else.",
        )
    if draws.fit.table != fit.table or not np.array_equal(draws.fit.theta, fit.theta):
        raise EstimationError("The bootstrap is that of another fit")
    if len(draws.theta) < FEWEST_DRAWS:
        raise too_few_draws(f"{len(draws.theta)} draws with estimates")


def too_few_draws(found: str) -> EstimationError:
    """Return the error that says how many bootstrap draws intervals need."""
    return EstimationError(
        "There are too few bootstrap draws for intervals",
        found=found,
        expected=f"{FEWEST_DRAWS} or more; 5000 are customary",
    )


def _check_number(monte_carlo: int) -> None:
    if monte_carlo and monte_carlo < FEWEST_DRAWS:
        raise EstimationError(
            "There are too few Monte Carlo draws for intervals",
            found=f"{monte_carlo}",
            expected=f"{FEWEST_DRAWS} or more; 0 for no such intervals",
        )


def _loop_notices(fit: Fit, graphs: tuple[PathGraph, ...]) -> list[Notice]:
    """Say that circles have no specific paths, and where their total effects do not settle."""
    looped = [graph for graph in graphs if graph.in_circle]
    if not looped:
        return []
    names = list(dict.fromkeys(name for graph in looped for name in graph.in_circle))
    text = (
        f"{listed(names)} lead back to themselves, so that indirect paths have no end; only "
        "direct, total indirect and total effects are given."
    )
    found = [Notice("effects_with_feedback", text, {"variables": names})]
    size = max(largest_loop(graph, fit.est) for graph in looped)
    if size >= 1:
        text = "The feedback does not die out (eigenvalue of one or more): no total effects exist."
        found.append(Notice("feedback_without_end", text, {"eigenvalue": size}))
    return found


def _unlisted(count: int) -> list[Notice]:
    if count <= MOST_PATHS:
        return []
    text = (
        f"The model has {count} specific indirect paths, more than {MOST_PATHS}; only "
        "direct, total indirect and total effects are given."
    )
    return [Notice("indirect_paths_unlisted", text, {"count": count, "most": MOST_PATHS})]
