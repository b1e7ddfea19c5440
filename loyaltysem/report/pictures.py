"""Path diagrams of a study's models, as the report's writers need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.diagrams import draw_paths, figure_bytes, inline_svg
from loyaltysem.report.context import ModelPictures, Picture

if TYPE_CHECKING:
    from loyaltysem.diagrams.options import Kind
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.results import ModelResult, StudyResults


def path_pictures(results: StudyResults, language: Language) -> dict[str, ModelPictures]:
    """Return the path diagrams of the models that converged, by model name.

    A model with paths between constructs gets its structural part for the text, where labels must
    be legible in a column, and the whole model for the appendix; a model without gets the whole.
    """
    return {
        model.name: _pictures(model, language, position)
        for position, model in enumerate(results.models, start=1)
        if model.converged
    }


def _pictures(model: ModelResult, language: Language, position: int) -> ModelPictures:
    full = _picture(model, language, "full", f"full-{position}")
    if not any(row.op == "~" for row in model.parameters):
        return ModelPictures(main=full)
    structural = _picture(model, language, "structural", f"paths-{position}")
    return ModelPictures(main=structural, full=full)


def _picture(model: ModelResult, language: Language, kind: Kind, prefix: str) -> Picture:
    figure = draw_paths(model, kind=kind, language=language)
    return Picture(svg=inline_svg(figure, prefix), png=figure_bytes(figure, "png"))
