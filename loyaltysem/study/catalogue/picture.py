"""The model of an entry as a picture, with the population values of its example."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams import DiagramSpec, diagram_spec_from_table, draw_paths, figure_bytes
from loyaltysem.estimation import fit
from loyaltysem.structural.simulation import implied_correlations

if TYPE_CHECKING:
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.estimation import Fit
    from loyaltysem.study.catalogue.entry import Entry


def entry_picture(entry: Entry, language: Language) -> bytes:
    """Return the path diagram of the entry's model with its population values, as SVG."""
    structural = any(element.op == "~" for element in entry.model.statements.elements)
    drawing = draw_paths(
        _graph(entry, language), kind="structural" if structural else "full", stars=()
    )
    return figure_bytes(drawing, "svg")


def _graph(entry: Entry, language: Language) -> DiagramSpec:
    """Return the model as a graph; population values are tested by nobody, so there is no p."""
    fitted = _exact_fit(entry)
    values = fitted.standardized()[["lhs", "op", "rhs", "est_std"]]
    products = {
        f"{one.predictor}:{one.moderator}": (one.moderator, one.predictor)
        for one in entry.study.moderation
        if f"{one.predictor}:{one.moderator} -> {one.outcome}" in entry.population.interactions
    }
    rows = pd.concat([values, _product_rows(entry)], ignore_index=True)
    graph = diagram_spec_from_table(
        rows.rename(columns={"est_std": "std_all"}).assign(est=rows["est_std"]),
        names=entry.names(language),
        language=language,
        moderations=products,
    )
    explained = fitted.r2()
    nodes = (replace(node, r2=explained.get(node.name)) for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


def _exact_fit(entry: Entry) -> Fit:
    """Fit the model to what the population values imply, which it meets exactly."""
    implied = implied_correlations(entry.model, entry.population)
    at = [implied.names.index(item) for item in entry.model.items]
    items = list(entry.model.items)
    correlations = pd.DataFrame(implied.matrix[at][:, at], index=items, columns=items)
    return fit(entry.model.syntax, sample_cov=correlations, n=entry.population.n)


def _product_rows(entry: Entry) -> pd.DataFrame:
    """Return the paths of products, which the model's own text does not have."""
    rows = []
    for path, value in entry.population.interactions.items():
        product, outcome = path.split(" -> ")
        rows.append({"lhs": outcome, "op": "~", "rhs": product, "est_std": value})
    return pd.DataFrame(rows, columns=["lhs", "op", "rhs", "est_std"])
