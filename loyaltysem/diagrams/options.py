"""What the user may choose about a path diagram."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from loyaltysem.diagrams.style import STARS
from loyaltysem.errors import ReportError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.diagrams.spec import DiagramSpec
    from loyaltysem.diagrams.style import StarRule

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
        Limits of p and their marks; a p at or above the loosest limit makes the line dashed.
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
        names = [node.name for node in spec.nodes]
        _one_of("variable in this diagram", [*self.positions, *self.sides], names)

    @property
    def limit(self) -> float:
        """The p below which a coefficient is called significant."""
        return max((limit for limit, _ in self.stars), default=0.05)


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
