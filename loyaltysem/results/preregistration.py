"""What was planned before the answers came in, and what became of it."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class PlanPoint(Record):
    """One point of a plan, or one that the study has beside its plan.

    ``kind``: kept (done as planned), changed (done in another way), dropped (planned, not done),
    exploratory (done, not planned). ``subject`` is what it is about, ``name`` which one: the id of
    a hypothesis, the name of a model or an analysis, the code of a question, or a key of the study
    (``careless.exclude``). ``planned`` and ``now`` are what was and is to be done.
    """

    kind: Literal["kept", "changed", "dropped", "exploratory"]
    subject: Literal[
        "sample_size", "hypothesis", "model", "analysis", "exclusion", "setting", "question"
    ]
    name: str
    planned: str
    now: str


class PreregistrationResult(Record):
    """The statement that was frozen, and what became of each of its points.

    ``frozen`` is its date (ISO 8601, UTC), ``sha256`` its hash; ``answers_present`` tells whether
    the data file existed when it was written.
    """

    frozen: str
    sha256: str
    answers_present: bool
    planned_n: int | None
    points: tuple[PlanPoint, ...]

    @property
    def kept(self) -> tuple[PlanPoint, ...]:
        """What was done as planned."""
        return tuple(one for one in self.points if one.kind == "kept")

    @property
    def deviations(self) -> tuple[PlanPoint, ...]:
        """What was done in another way, not done, or not planned."""
        return tuple(one for one in self.points if one.kind != "kept")
