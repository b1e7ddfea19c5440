"""The scale on which an item is rated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from loyaltysem.documents import Definition, Text

ScaleType = Literal["likert", "semantic_differential", "slider", "nps", "count"]
"""How the points are offered: labelled points, points between two poles, a slider, 0 to 10, or a
number that is typed in."""


class Scale(Definition):
    """The whole numbers that are allowed as answers, and what is printed beside them.

    Attributes
    ----------
    type
        ``likert`` (labelled points), ``semantic_differential`` (points between the two poles that
        each item names), ``slider``, ``nps`` (willingness to recommend, 0 to 10), or ``count`` (how
        often something was done: a whole number that is typed in).
    lowest, highest
        Ends of the scale, 1 and 7 for a seven-point scale.
    step
        Distance between two points; 1 except on a slider.
    labels
        Text beside a point; both ends must have one, except between poles and of a count.
    """

    type: ScaleType = "likert"
    lowest: StrictInt = 1
    highest: StrictInt
    step: Annotated[StrictInt, Field(ge=1)] = 1
    labels: dict[StrictInt, Text] = Field(default_factory=dict)

    @property
    def points(self) -> range:
        """All allowed answers."""
        return range(self.lowest, self.highest + 1, self.step)

    def reversed(self, answer: float) -> float:
        """Return the answer seen from the other end: lowest + highest - answer."""
        return self.lowest + self.highest - answer


class Poles(Definition):
    """The two ends of one item of a semantic differential.

    Attributes
    ----------
    left, right
        Text at the lowest point, and at the highest.
    """

    left: Text
    right: Text
