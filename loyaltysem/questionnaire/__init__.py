"""What was asked: constructs, items, scales, pages, languages; judged, and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.documents import load, parse_document
from loyaltysem.library import named
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
    "parse_questionnaire",
    "read_questionnaire",
]


def read_questionnaire(path: Path | str) -> Questionnaire:
    """Read a questionnaire and check that it does not contradict itself.

    Parameters
    ----------
    path
        A YAML file, or the name of a questionnaire: of the folder ``questionnaires`` here, or a
        shipped one.

    Raises
    ------
    StudyError
        There is no questionnaire of that name.
    DocumentError
        The file cannot be read or does not follow the schema (all faults at once).
    QuestionnaireError
        It contradicts itself (all faults at once).

    Examples
    --------
    >>> import loyaltysem as ls
    >>> asked = ls.read_questionnaire("ecommerce_loyalty")
    >>> type(asked).__name__
    'Questionnaire'
    """
    return _checked(load(named("questionnaires", path), Questionnaire))


def parse_questionnaire(text: str, path: Path) -> Questionnaire:
    """Read the text of a questionnaire as :func:`read_questionnaire` reads a file.

    Parameters
    ----------
    text
        YAML.
    path
        The file that it will stand in, for messages.

    Raises
    ------
    DocumentError, QuestionnaireError
        As :func:`read_questionnaire`.
    """
    return _checked(Questionnaire.from_document(parse_document(text, path)))


def _checked(questionnaire: Questionnaire) -> Questionnaire:
    check_consistency(questionnaire)
    return questionnaire
