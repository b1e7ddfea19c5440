"""What was asked: constructs, items, scales, pages, languages; judged, and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.documents import load
from loyaltysem.questionnaire.arrangement import form_of
from loyaltysem.questionnaire.consistency import check_consistency
from loyaltysem.questionnaire.definition import Questionnaire, Translation
from loyaltysem.questionnaire.form import Form
from loyaltysem.questionnaire.questions import (
    AttentionCheck,
    Construct,
    Demographic,
    Item,
    Question,
    Screening,
    Section,
)
from loyaltysem.questionnaire.scale import Poles, Scale

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "AttentionCheck",
    "Construct",
    "Demographic",
    "Form",
    "Item",
    "Poles",
    "Question",
    "Questionnaire",
    "Scale",
    "Screening",
    "Section",
    "Translation",
    "check_consistency",
    "form_of",
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

    Examples
    --------
    >>> import loyaltysem as ls
    >>> from loyaltysem.library import find
    >>> asked = ls.read_questionnaire(find("questionnaires", "ecommerce_loyalty"))
    >>> type(asked).__name__
    'Questionnaire'
    """
    questionnaire = load(path, Questionnaire)
    check_consistency(questionnaire)
    return questionnaire
