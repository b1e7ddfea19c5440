"""The confirmatory factor analysis behind each model: its fit, loadings, convergent validity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Heading, Paragraph, Run
from loyaltysem.report.sections.chapters import converged, has_paths, part_heading
from loyaltysem.report.sections.fit import fit_table, fit_text
from loyaltysem.report.sections.measurement import loadings

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult


def confirmatory(context: Context) -> list[Block]:
    """Return the chapter on the measurement part of the structural models; nothing without one.

    A model that has no paths is a measurement model itself and has a chapter of its own.
    """
    blocks = [
        block
        for index, model in converged(context)
        if has_paths(model)
        for block in (*_fit(context, model, index), *loadings(context, model, index))
    ]
    heading = Heading(key="confirmatory", level=1, text=context.say("confirmatory.heading"))
    return [heading, *blocks] if blocks else []


def _fit(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the fit of the measurement model; nothing where it was not fitted by itself."""
    found = model.measurement
    if found is None:
        return []
    key = f"table_measurement_{index}"
    caption = context.say("measurement_model.fit_caption", title=context.text(model.title))
    introduction = context.say(
        "measurement_model.text",
        admissible=found.admissible,
        n=found.n,
        pooled=model.pooled is not None,
    )
    between = Run(context.words.label("fit.between"))
    text = (*introduction, between, *fit_text(context, found, key))
    return [
        part_heading(context, f"measurement_{index}", model, "measurement_model.heading"),
        Paragraph(text=text),
        fit_table(context, found, key=key, caption=caption),
    ]
