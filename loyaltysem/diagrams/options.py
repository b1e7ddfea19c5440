"""What the user may choose about a path diagram."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from loyaltysem.diagrams.structure import MEASUREMENT, ends
from loyaltysem.diagrams.style import STARS
from loyaltysem.errors import ReportError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.diagrams.spec import DiagramSpec
    from loyaltysem.diagrams.style import StarRule

MOST_DIGITS = 10

Kind = Literal["full", "structural"]
Side = Literal["left", "right", "top", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramOptions:
    """What to show of a model, and where.

    Parameters
    ----------
    kind
        "full" with the indicators, "structural" without.
    standardized
        Completely standardized coefficients (True) or raw ones.
    digits
        Decimals of coefficients and R².
    stars
        Limits of p and their marks.
    level
        From this p on a line is dashed; None for the loosest of the limits of ``stars``.
    leading_zero
        Whether standardized coefficients, R² and limits of p have a zero before the point.
    covariances
        Whether to draw the covariances of exogenous variables; None draws them when there are at
        most four such variables, three beside indicators (or nothing but covariances, as in a
        factor model).
    r2
        Whether to write R² into what is explained.
    means
        Whether to write intercepts and means, when the model estimates them.
    positions
        Variable → (x, y) in inches, x to the right, y upwards; the others are placed automatically.
    sides
        Construct → the side on which its indicators stand.
    """

    kind: Kind = "full"
    standardized: bool = True
    digits: int = 2
    stars: StarRule = STARS
    level: float | None = None
    leading_zero: bool = False
    covariances: bool | None = None
    r2: bool = True
    means: bool = False
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)

    def check(self, spec: DiagramSpec) -> None:
        """Refuse choices that do not exist or that name unknown variables.

        Raises
        ------
        ReportError
            With what was found and what is allowed.
        """
        _one_of("kind of path diagram", [self.kind], get_args(Kind))
        _one_of("side", self.sides.values(), get_args(Side))
        _check_switches(self)
        names = [node.name for node in spec.nodes]
        _one_of("variable in this diagram", self.positions, names)
        measured = dict.fromkeys(ends(edge)[0] for edge in spec.edges if edge.kind in MEASUREMENT)
        _one_of("construct with indicators in this diagram", self.sides, measured)
        for name, place in self.positions.items():
            _check_place(name, place)
        if type(self.digits) is not int or not 0 <= self.digits <= MOST_DIGITS:
            raise ReportError(
                "The decimals of a path diagram are a whole number",
                found=str(self.digits),
                expected=f"0 to {MOST_DIGITS}",
            )

    @property
    def limit(self) -> float:
        """The p below which a coefficient is called significant."""
        loosest = max((limit for limit, _ in self.stars), default=0.05)
        return loosest if self.level is None else self.level


def _check_switches(options: DiagramOptions) -> None:
    """Refuse what only looks like yes or no: any text would count as yes."""
    for name in ("standardized", "covariances", "r2", "means"):
        value = getattr(options, name)
        automatic = name == "covariances" and value is None
        if not (isinstance(value, bool) or automatic):
            raise ReportError(
                f"A path diagram is drawn with or without '{name}'",
                found=repr(value),
                expected="True, False or None" if name == "covariances" else "True or False",
            )


def _check_place(name: str, place: object) -> None:
    """Refuse what are not two finite numbers."""
    try:
        x, y = (float(value) for value in place)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ReportError(
            f"The position of '{name}' is not a place",
            found=repr(place),
            expected="two numbers (x, y) in inches",
        )


def _one_of(what: str, found: Iterable[str], allowed: Iterable[str]) -> None:
    allowed = list(allowed)
    for name in found:
        if name not in allowed:
            raise ReportError(
                f"There is no {what} '{name}'",
                found=name,
                expected=listed(allowed),
                remedy=did_you_mean(name, allowed),
            )
