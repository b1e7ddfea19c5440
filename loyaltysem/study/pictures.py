"""The path diagrams of a study, for its report and as files of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams import draw_paths, figure_bytes, inline_svg
from loyaltysem.report import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.results import ModelResult, StudyResults
    from loyaltysem.study.definition import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Path diagrams in one language: by model name for the report, and as files to be written."""

    by_model: Mapping[str, Picture]
    files: Mapping[str, bytes]


def path_pictures(results: StudyResults, language: Language) -> Pictures:
    """Draw the path diagram of every model that has estimates."""
    by_model: dict[str, Picture] = {}
    files: dict[str, bytes] = {}
    for number, model in enumerate(results.models, start=1):
        stem = f"{number}-{_file_name(model.name)}.{language}"
        svg, inline, png = _drawn(model, language, prefix=f"paths-{number}")
        by_model[model.name] = Picture(svg=inline, png=png)
        files |= {f"figures/paths-{stem}.svg": svg, f"figures/paths-{stem}.png": png}
    return Pictures(by_model=by_model, files=files)


def _drawn(model: ModelResult, language: Language, *, prefix: str) -> tuple[bytes, str, bytes]:
    figure = draw_paths(model, language=language)
    return figure_bytes(figure, "svg"), inline_svg(figure, prefix), figure_bytes(figure, "png")


def _file_name(name: str) -> str:
    """Return a name that every file system takes: letters, digits, hyphens, at most 40."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:40] or "model"
