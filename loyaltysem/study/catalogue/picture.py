"""The model of an entry as a picture, with the population values of its example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams import draw_paths, figure_bytes
from loyaltysem.estimation import fit
from loyaltysem.structural.simulation import implied_correlations

if TYPE_CHECKING:
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.study.catalogue.entry import Entry


def entry_picture(entry: Entry, language: Language) -> bytes:
    """Return the path diagram of the entry's model with its population values, as SVG.

    The model is fitted to the correlations that the population values imply, so that the estimates
    are these values.
    """
    implied = implied_correlations(entry.model, entry.population)
    at = [implied.names.index(item) for item in entry.model.items]
    items = list(entry.model.items)
    correlations = pd.DataFrame(implied.matrix[at][:, at], index=items, columns=items)
    fitted = fit(entry.model.syntax, sample_cov=correlations, n=entry.population.n)
    paths = any(element.op == "~" for element in entry.model.statements.elements)
    drawing = draw_paths(
        fitted,
        kind="structural" if paths else "full",
        language=language,
        names=entry.names(language),
        stars=(),
    )
    return figure_bytes(drawing, "svg")
