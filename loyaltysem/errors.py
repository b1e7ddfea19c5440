"""Errors and warnings that a user can meet, one root each, shaped by stage.

An error is built from facts (what is wrong, where, what was found, what is allowed, what to do);
its sentence is put together here, so that every message has the same shape and tests can look at
the facts instead of the prose.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's own files something stands; lines and columns count from 1."""

    file: str | Path
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return ``file, line 3, column 7`` with the parts that are known."""
        parts = [str(self.file)]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something could not be computed, for readers of every language.

    The report words it as ``because.<code>``, filled with the ``facts``: plain numbers, names and
    lists of them.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class LoyaltysemError(Exception):
    """Root of every error that a user's input can cause.

    Parameters
    ----------
    problem
        What is wrong, as a sentence without its full stop.
    place
        Where it stands.
    found, expected
        What was met there and what is allowed.
    remedy
        What to do about it, as a sentence.
    reason
        The same for the reader of a report, if the rest of the study can go on without it.
    """

    usual_reason: ClassVar[Reason | None] = None

    def __init__(
        self,
        problem: str,
        *,
        place: Place | None = None,
        found: object = None,
        expected: object = None,
        remedy: str | None = None,
        reason: Reason | None = None,
    ) -> None:
        self.problem = problem
        self.place = place
        self.found = found
        self.expected = expected
        self.remedy = remedy
        self.reason = reason or self.usual_reason
        self.faults: tuple[LoyaltysemError, ...] = ()
        super().__init__(problem)

    @classmethod
    def together(cls, faults: Sequence[LoyaltysemError], *, place: Place) -> Self:
        """Return one error for all faults of a file; a single fault stays as it is worded.

        ``faults`` of the result holds them one by one, in the order given.
        """
        if len(faults) == 1:
            (only,) = faults
            error = cls(
                only.problem,
                place=only.place,
                found=only.found,
                expected=only.expected,
                remedy=only.remedy,
                reason=only.reason,
            )
        else:
            error = cls(f"{len(faults)} faults were found", place=place)
        error.faults = tuple(faults)
        return error

    def __str__(self) -> str:
        """Return the whole message: problem, place, found, expected, remedy."""
        where = f" ({self.place})" if self.place else ""
        sentences = [f"{self.problem.rstrip('.')}{where}."]
        if self.found is not None:
            sentences.append(f"Found: {self.found}.")
        if self.expected is not None:
            sentences.append(f"Allowed: {self.expected}.")
        if self.remedy:
            sentences.append(self.remedy)
        listing = [f"\n  - {fault}" for fault in self.faults] if len(self.faults) > 1 else []
        return " ".join(sentences) + "".join(listing)


class DocumentError(LoyaltysemError):
    """A YAML file cannot be read or does not follow its schema."""


class StudyError(LoyaltysemError):
    """A study asks for something that cannot be run."""


class QuestionnaireError(LoyaltysemError):
    """A questionnaire definition contradicts itself."""


class ResponsesError(LoyaltysemError):
    """The answers cannot be read or do not fit the questionnaire."""


class ModelSpecificationError(LoyaltysemError):
    """Model text cannot be understood, or names what does not exist."""


class ModelSyntaxError(ModelSpecificationError):
    """Model text breaks the grammar; the message shows the line with a caret under the place.

    Parameters
    ----------
    problem
        What is wrong, as a sentence without its full stop.
    excerpt
        The user's line and, below it, the caret.
    facts
        ``place``, ``found``, ``expected`` and ``remedy`` as for every error.
    """

    def __init__(self, problem: str, *, excerpt: str = "", **facts: Any) -> None:
        super().__init__(problem, **facts)
        self.excerpt = excerpt

    def __str__(self) -> str:
        """Return the message followed by the excerpt on lines of its own."""
        message = super().__str__()
        return f"{message}\n{self.excerpt}" if self.excerpt else message


class IdentificationError(ModelSpecificationError):
    """The model has no unique solution, whatever the data."""


class EstimationError(LoyaltysemError):
    """The data do not allow what was asked of them."""


class ConvergenceError(EstimationError):
    """No optimum was found; nothing that was computed can be trusted."""

    usual_reason = Reason("not_converged")


class ReportError(LoyaltysemError):
    """A report cannot be written."""


class LoyaltysemWarning(UserWarning):
    """Root of every warning."""


class ImproperSolutionWarning(LoyaltysemWarning):
    """The estimates lie outside the range that their meaning allows."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a result must know; it travels with the result into the report.

    ``code`` names the kind (the report words it in the reader's language), ``facts`` hold the
    particulars, ``text`` is the English sentence.
    """

    code: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return ``Did you mean 'x'?`` for the closest known name (whatever its case), or None."""
    meant = closest(name, known)
    return None if meant is None else f"Did you mean '{meant}'?"


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is written most like a name (whatever its case), if any is."""
    folded = {other.casefold(): other for other in reversed(list(known))}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def listed(names: Iterable[object], limit: int = 12) -> str:
    """Return names joined by commas, cut after ``limit`` with the count of the rest."""
    shown = [str(name) for name in names]
    rest = len(shown) - limit
    return ", ".join(shown[:limit]) + (f", … ({rest} more)" if rest > 0 else "")
