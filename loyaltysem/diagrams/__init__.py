"""Path diagrams and statistical figures, drawn with matplotlib alone.

Nothing here touches matplotlib's global state: figures are made directly, settings hold only while
a figure is made or written.
"""

from loyaltysem.diagrams import charts
from loyaltysem.diagrams.fonts import font_notice
from loyaltysem.diagrams.options import DiagramOptions
from loyaltysem.diagrams.output import figure_bytes, inline_svg, save_figure
from loyaltysem.diagrams.overlap import overlaps
from loyaltysem.diagrams.paths import draw_paths, path_layout, save_paths
from loyaltysem.diagrams.spec import (
    DiagramSpec,
    Edge,
    Node,
    diagram_spec,
    diagram_spec_from_table,
)
from loyaltysem.diagrams.style import COLOUR, MONO, FigureStyle, figure_style

__all__ = [
    "COLOUR",
    "MONO",
    "DiagramOptions",
    "DiagramSpec",
    "Edge",
    "FigureStyle",
    "Node",
    "charts",
    "diagram_spec",
    "diagram_spec_from_table",
    "draw_paths",
    "figure_bytes",
    "figure_style",
    "font_notice",
    "inline_svg",
    "overlaps",
    "path_layout",
    "save_figure",
    "save_paths",
]
