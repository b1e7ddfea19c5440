"""Path diagrams of a study's models, as the report's writers need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams import DiagramOptions, figure_style, inline_svg
from loyaltysem.diagrams.drawing import draw_layout
from loyaltysem.diagrams.drawio import drawio_document
from loyaltysem.diagrams.layout import build_layout
from loyaltysem.diagrams.spec import diagram_spec
from loyaltysem.diagrams.tikz import tikz_document
from loyaltysem.report.context import ModelPictures, Picture
from loyaltysem.report.numbers import LEVEL, style_of
from loyaltysem.report.numbers import Kind as NumberKind
from loyaltysem.report.typesetter import png_beside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.options import Kind
    from loyaltysem.diagrams.spec import DiagramSpec
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.report.numbers import NumberStyle
    from loyaltysem.results import (
        DiagramRecord,
        ModelResult,
        ModerationResult,
        ParameterRecord,
        StudyResults,
    )


MOST_DECIMALS = 2
"""Decimals of a coefficient in a path diagram, where a study does not want fewer."""


def path_pictures(results: StudyResults, language: Language) -> dict[str, ModelPictures]:
    """Return the path diagrams of the models that converged, by model name.

    A model with paths between constructs gets its structural part for the text, where labels must
    be legible in a column, and the whole model for the appendix; a model without gets the whole.
    """
    numbers = style_of(results.study.style)
    return {
        model.name: _Drawer(model, language, results.study.diagram, numbers, position).pictures()
        for position, model in enumerate(results.models, start=1)
        if model.converged
    }


def editable_files(pictures: Mapping[str, ModelPictures]) -> dict[str, bytes]:
    """Return the files in which the path diagrams can be changed by hand, by their names."""
    drawn = [one for pair in pictures.values() for one in (pair.main, pair.full) if one]
    return {
        name: text.encode("utf-8") for picture in drawn for name, text in picture.editable.items()
    }


def path_spec(model: ModelResult, language: Language, kind: Kind) -> DiagramSpec:
    """Return a model's graph; its structural part shows which paths depend on a moderator.

    The products are not in the model as it was fitted: their paths come from the moderated models.
    """
    shown = _moderations(model) if kind == "structural" else {}
    products = tuple(_product_path(model, name, one) for name, one in shown.items())
    moderated = model.model_copy(update={"parameters": (*model.parameters, *products)})
    onto = {name: (one.moderator, one.predictor) for name, one in shown.items()}
    return diagram_spec(moderated, language=language, moderations=onto)


def _moderations(model: ModelResult) -> dict[str, ModerationResult]:
    """Return what can be drawn, by the product's name: latent moderators of readable paths."""
    return {
        f"{one.predictor}:{one.moderator}": one
        for one in model.moderation
        if one.readable and not one.moderator_name and one.predictor != one.moderator
    }


def _product_path(model: ModelResult, name: str, found: ModerationResult) -> ParameterRecord:
    """Return a product's path as a row of the model it was not fitted in."""
    like = next(one for one in model.parameters if (one.op, one.lhs) == ("~", found.outcome))
    values = found.product.model_dump(exclude={"role"})
    return like.model_copy(update={"rhs": name, "label": "", "free": True, **values})


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Draws one model; ``position`` is its rank among the models."""

    model: ModelResult
    language: Language
    wanted: DiagramRecord
    numbers: NumberStyle
    position: int

    def pictures(self) -> ModelPictures:
        full = self._picture("full", f"full-{self.position}")
        if not any(row.op == "~" for row in self.model.parameters):
            return ModelPictures(main=full)
        return ModelPictures(main=self._picture("structural", f"paths-{self.position}"), full=full)

    def _picture(self, kind: Kind, name: str) -> Picture:
        spec, look = path_spec(self.model, self.language, kind), figure_style(self.wanted.style)
        options = self._options(kind, {node.name for node in spec.nodes})
        layout = build_layout(spec, options, look)
        figure = draw_layout(layout, options, look)
        stem = f"figures/{name}.{self.language}"
        svg = inline_svg(figure, name)
        return Picture(
            svg=svg,
            png=png_beside(svg, self.wanted.dpi),
            editable={
                f"{stem}.tex": tikz_document(layout, options, look),
                f"{stem}.drawio": drawio_document(layout, options, look),
            },
        )

    def _options(self, kind: Kind, known: set[str]) -> DiagramOptions:
        """Return the study's wishes as far as they are about this model."""
        wanted = self.wanted
        shown = NumberKind.BOUNDED if wanted.standardized else NumberKind.ESTIMATE
        return DiagramOptions(
            kind=kind,
            digits=min(MOST_DECIMALS, self.numbers.decimals[shown]),
            stars=self.numbers.stars,
            level=LEVEL,
            leading_zero=self.numbers.leading_zero,
            standardized=wanted.standardized,
            covariances=wanted.covariances,
            r2=wanted.r2,
            means=wanted.means,
            positions={name: at for name, at in wanted.positions.items() if name in known},
            sides={name: side for name, side in wanted.sides.items() if name in known},
        )
