"""How a chart is looked over without eyes: what it writes, and whether that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from loyaltysem.diagrams.style import COLOUR, settings_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INSIDE = 0.75
"""By how many points a text may reach over the edge: its box is larger than its letters."""


class Look:
    """The visible texts of a figure and their boxes in points."""

    def __init__(self, figure: Figure) -> None:
        with settings_of(COLOUR):
            figure.set_dpi(72)
            renderer = FigureCanvasAgg(figure).get_renderer()
            figure.draw_without_rendering()
            ticks, drawn = _tick_texts(figure)
            shown = [
                text
                for text in figure.findobj(Text)
                if text.get_text().strip()
                and text.get_visible()
                and (text not in ticks or text in drawn)
            ]
            self.boxes = [(text, text.get_window_extent(renderer)) for text in shown]
        self.width, self.height = figure.get_size_inches() * 72

    @property
    def texts(self) -> list[str]:
        """What stands in the figure."""
        return [text.get_text() for text, _ in self.boxes]

    def clipped(self) -> list[str]:
        """Return texts that reach out of the figure."""
        return [
            text.get_text()
            for text, box in self.boxes
            if min(box.x0, box.y0) < -INSIDE
            or box.x1 > self.width + INSIDE
            or box.y1 > self.height + INSIDE
        ]

    def covered(self) -> list[tuple[str, str]]:
        """Return pairs of texts that lie over each other by more than the air in their boxes."""
        return [
            (first.get_text(), second.get_text())
            for rank, (first, one) in enumerate(self.boxes)
            for second, other in self.boxes[rank + 1 :]
            if min(one.x1, other.x1) - max(one.x0, other.x0) > 1
            and min(one.y1, other.y1) - max(one.y0, other.y0) > 3
        ]


def _tick_texts(figure: Figure) -> tuple[set[Text], set[Text]]:
    """Return all texts of ticks, and those that are drawn: ticks beyond the axis are not."""
    every, drawn = set(), set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                every |= {tick.label1, tick.label2}
                if axes.axison and low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    drawn |= {tick.label1, tick.label2}
    return every, drawn


@pytest.fixture
def look():
    """Return what looks a figure over."""
    return Look
