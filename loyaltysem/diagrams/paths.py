"""Path diagrams of structural equation models."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, get_args, runtime_checkable

import pandas as pd

from loyaltysem.diagrams.drawing import draw_layout
from loyaltysem.diagrams.drawio import drawio_document
from loyaltysem.diagrams.fonts import font_notice
from loyaltysem.diagrams.layout import build_layout
from loyaltysem.diagrams.options import DiagramOptions
from loyaltysem.diagrams.output import Format, save_figure, write_figure
from loyaltysem.diagrams.spec import DiagramSpec, diagram_spec, diagram_spec_from_table
from loyaltysem.diagrams.style import STARS, figure_style
from loyaltysem.diagrams.tikz import tikz_document
from loyaltysem.errors import LoyaltysemWarning, ReportError, listed
from loyaltysem.results import ModelResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.layout import Layout
    from loyaltysem.diagrams.options import Kind, Side
    from loyaltysem.diagrams.style import FigureStyle, StarRule, StyleName
    from loyaltysem.diagrams.wording import Language


@runtime_checkable
class HasEstimates(Protocol):
    """A fitted model: anything that gives its parameter table as a DataFrame."""

    def estimates(self) -> pd.DataFrame:
        """Return the parameter table."""


EDITABLE = {".tex": tikz_document, ".drawio": drawio_document}
"""Who writes the diagrams that are to be edited, by the ending of the file."""

Drawable = DiagramSpec | ModelResult | HasEstimates | pd.DataFrame


def draw_paths(
    model: Drawable,
    *,
    kind: Kind = "full",
    standardized: bool = True,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
    names: Mapping[str, str] | None = None,
    group: int = 1,
    moderations: Mapping[str, tuple[str, str]] | None = None,
    covariances: bool | None = None,
    r2: bool = True,
    means: bool = False,
    digits: int = 2,
    stars: StarRule = STARS,
    positions: Mapping[str, tuple[float, float]] | None = None,
    sides: Mapping[str, Side] | None = None,
) -> Figure:
    """Draw the path diagram of a model.

    Constructs are ovals in layers from left (exogenous) to right (outcomes), indicators boxes
    beside them. A line is as wide as its standardized coefficient is large; dashed means tested
    and not significant. The picture has the size of its content, with texts of 7 to 9 points.

    Parameters
    ----------
    model
        A fitted model, a stored model result, a parameter table (columns lhs, op, rhs, est, and
        where known std_all, pvalue, free, group), or a :class:`DiagramSpec`.
    kind, standardized, covariances, r2, means, digits, stars, positions, sides
        See :class:`DiagramOptions`.
    language
        Language of names and note: "en" or "zh".
    style
        "colour" (safe for colour-vision deficiency), "mono" (black and white) or a style.
    names
        Variable → name for the reader, for a fitted model or a table.
    group, moderations
        See :func:`diagram_spec`. ``language``, ``names``, ``group`` and ``moderations`` have no
        effect on a :class:`DiagramSpec`, which holds them already.

    Returns
    -------
    matplotlib.figure.Figure
        For :func:`save_figure` or :func:`figure_bytes`.

    Raises
    ------
    ReportError
        When an argument names what does not exist.

    Warns
    -----
    LoyaltysemWarning
        When a name needs a font that the machine lacks (see :func:`font_notice`).

    Examples
    --------
    >>> figure = draw_paths(table, kind="structural", style="mono")  # doctest: +SKIP
    >>> save_figure(figure, "paths.svg")  # doctest: +SKIP
    """
    spec = as_spec(model, language=language, names=names, group=group, moderations=moderations)
    options = DiagramOptions(
        kind=kind,
        standardized=standardized,
        digits=digits,
        stars=stars,
        covariances=covariances,
        r2=r2,
        means=means,
        positions=positions or {},
        sides=sides or {},
    )
    look = figure_style(style)
    notice = font_notice([*(node.label for node in spec.nodes), *spec.notes])
    if notice:
        warnings.warn(notice.text, LoyaltysemWarning, stacklevel=2)
    return draw_layout(build_layout(spec, options, look), options, look)


def save_paths(
    model: Drawable,
    path: str | Path,
    *,
    options: DiagramOptions | None = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
    names: Mapping[str, str] | None = None,
    group: int = 1,
    moderations: Mapping[str, tuple[str, str]] | None = None,
    dpi: int = 300,
) -> Path:
    """Write a path diagram to a file; its ending says in which format.

    Parameters
    ----------
    model, language, style, names, group, moderations
        As in :func:`draw_paths`.
    path
        A name that ends in .svg, .pdf or .png (a picture), .tex (TikZ, for LaTeX) or .drawio
        (diagrams.net): the last two to be edited.
    options
        What to show and where (see :class:`DiagramOptions`).
    dpi
        Resolution of a PNG.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ReportError
        When an argument names what does not exist, the ending is another one, or the file cannot be
        written.
    """
    options, look, path = options or DiagramOptions(), figure_style(style), Path(path)
    _check_ending(path)
    spec = as_spec(model, language=language, names=names, group=group, moderations=moderations)
    layout = build_layout(spec, options, look)
    if path.suffix.lower() in EDITABLE:
        text = EDITABLE[path.suffix.lower()](layout, options, look)
        return write_figure(path, text.encode("utf-8"))
    return save_figure(draw_layout(layout, options, look), path, dpi=dpi)


def _check_ending(path: Path) -> None:
    """Refuse a file whose name does not say in which format it is."""
    endings = [*(f".{name}" for name in get_args(Format)), *EDITABLE]
    if path.suffix.lower() not in endings:
        raise ReportError(
            f"A path diagram cannot be written to '{path.name}'",
            found=path.suffix or "no ending",
            expected=listed(endings),
        )


def path_layout(spec: DiagramSpec, options: DiagramOptions | None = None) -> Layout:
    """Return the layout that :func:`draw_paths` would draw, for its ``positions()``."""
    return build_layout(spec, options or DiagramOptions(), figure_style("colour"))


def as_spec(
    model: Drawable,
    *,
    language: Language = "en",
    names: Mapping[str, str] | None = None,
    group: int = 1,
    moderations: Mapping[str, tuple[str, str]] | None = None,
) -> DiagramSpec:
    """Return the graph of anything that :func:`draw_paths` can draw.

    Raises
    ------
    ReportError
        When ``model`` is none of these.
    """
    if isinstance(model, DiagramSpec):
        return model
    _check_mappings(names, moderations)
    if isinstance(model, ModelResult):
        return diagram_spec(model, language=language, group=group, moderations=moderations)
    table = _estimates(model) if isinstance(model, HasEstimates) else model
    if not isinstance(table, pd.DataFrame):
        raise ReportError(
            "Only a model can be drawn as a path diagram",
            found=type(model).__name__,
            expected="a fitted model, a model result, a parameter table or a DiagramSpec",
        )
    return diagram_spec_from_table(
        table, names=names, language=language, group=group, moderations=moderations
    )


def _check_mappings(names: object, moderations: object) -> None:
    """Refuse names that are not by variable, and moderations that are no pairs by product."""
    if names is not None and not isinstance(names, Mapping):
        raise ReportError(
            "Names are given by variable", found=type(names).__name__, expected="{variable: name}"
        )
    pairs = {} if moderations is None else moderations
    if not isinstance(pairs, Mapping) or any(
        isinstance(pair, str) or len(pair) != 2 for pair in pairs.values()
    ):
        raise ReportError(
            "Moderations are given by product variable",
            found=repr(moderations),
            expected="{product: (moderator, predictor)}",
        )


def _estimates(model: HasEstimates) -> pd.DataFrame:
    """Return the parameter table of a fitted model, with the names of its groups if it has any."""
    table = model.estimates()
    labels = getattr(getattr(model, "table", None), "group_labels", ())
    if len(labels) < 2:
        return table
    return table.assign(group_label=table["group"].map(dict(enumerate(labels, start=1))))
