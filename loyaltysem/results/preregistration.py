"""What was planned before the answers came in, and what became of it."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class DeviationRecord(Record):
    """One difference between plan and study.

    ``kind``: changed (done in another way than planned), exploratory (not planned), dropped
    (planned, not done). ``subject`` is what it is about (hypothesis, model, analysis, setting,
    questionnaire, sample_size), ``name`` which one.
    """

    kind: Literal["changed", "exploratory", "dropped"]
    subject: Literal["hypothesis", "model", "analysis", "setting", "questionnaire", "sample_size"]
    name: str
    planned: str
    now: str


class PreregistrationResult(Record):
    """The statement that was frozen, and all deviations from it.

    ``frozen`` is its date (ISO 8601, UTC), ``sha256`` its hash; ``answers_present`` tells whether
    the data file existed when it was written; ``kept`` counts what was done as planned.
    """

    frozen: str
    sha256: str
    answers_present: bool
    planned_n: int | None
    kept: int
    deviations: tuple[DeviationRecord, ...]
