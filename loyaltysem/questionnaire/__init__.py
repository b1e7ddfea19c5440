"""What was asked: constructs, items, scales, languages, attention checks, demographics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.documents import load
from loyaltysem.questionnaire.consistency import check_consistency
from loyaltysem.questionnaire.definition import (
    AttentionCheck,
    Construct,
    Demographic,
    Item,
    Questionnaire,
    Scale,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "AttentionCheck",
    "Construct",
    "Demographic",
    "Item",
    "Questionnaire",
    "Scale",
    "check_consistency",
    "read_questionnaire",
]


def read_questionnaire(path: Path | str) -> Questionnaire:
    """Read a questionnaire and check that it does not contradict itself.

    Raises
    ------
    DocumentError
        The file cannot be read or does not follow the schema (all faults at once).
    QuestionnaireError
        It contradicts itself (all faults at once).
    """
    questionnaire = load(path, Questionnaire)
    check_consistency(questionnaire)
    return questionnaire
