"""What model text says, before any default is added: elements and constraints.

``f =~ x1 + a*x2`` says two elements; ``a == b`` says one constraint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from loyaltysem.syntax.table import Operator
    from loyaltysem.syntax.tokens import Source

ConstraintOperator: TypeAlias = Literal[":=", "==", "<", ">"]

CONSTRAINT_OPERATORS: tuple[ConstraintOperator, ...] = (":=", "==", "<", ">")


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifiers:
    """What stands before the ``*`` of a term.

    Each field is empty, has one entry for all groups, or one entry per group. An entry of ``fixed``
    is the fixed value or None; of ``freed`` whether ``NA*`` frees the parameter; of ``start`` the
    start value or None; of ``label`` the label or ``""``.
    """

    fixed: tuple[float | None, ...] = ()
    freed: tuple[bool, ...] = ()
    start: tuple[float | None, ...] = ()
    label: tuple[str, ...] = ()

    def merged(self, other: Modifiers) -> Modifiers:
        """Return both together; where both speak of the same thing the later one wins."""
        return Modifiers(
            fixed=other.fixed or self.fixed,
            freed=other.freed or self.freed,
            start=other.start or self.start,
            label=other.label or self.label,
        )

    @property
    def widths(self) -> set[int]:
        """The lengths of the fields that are not empty."""
        return {len(f) for f in (self.fixed, self.freed, self.start, self.label) if f}


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One parameter that the text mentions; ``rhs`` of an intercept (``~1``) is empty."""

    lhs: str
    op: Operator
    rhs: str
    modifiers: Modifiers = Modifiers()
    line: int = 1
    column: int = 1

    def with_modifiers(self, modifiers: Modifiers) -> Element:
        """Return the element with further modifiers."""
        return replace(self, modifiers=self.modifiers.merged(modifiers))

    def __str__(self) -> str:
        return f"{self.lhs} ~ 1" if self.op == "~1" else f"{self.lhs} {self.op} {self.rhs}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A defined parameter or a constraint; both sides are expressions without blanks."""

    lhs: str
    op: ConstraintOperator
    rhs: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Everything that a model text says, in its order."""

    elements: tuple[Element, ...]
    constraints: tuple[Constraint, ...]
    source: Source

    def __hash__(self) -> int:
        """Return the hash of the text, which determines all else."""
        return hash(self.source)
