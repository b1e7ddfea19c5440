"""Is the questionnaire well designed? What a supervisor would mark in red before it is fielded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.questionnaire.design.remark import Remark, Weight
from loyaltysem.questionnaire.design.structure import minutes_to_fill_in, structure_remarks
from loyaltysem.questionnaire.design.wordings import wording_remarks

if TYPE_CHECKING:
    from loyaltysem.questionnaire.definition import Questionnaire

__all__ = ["Remark", "Weight", "judge_questionnaire", "minutes_to_fill_in"]


def judge_questionnaire(questionnaire: Questionnaire) -> tuple[Remark, ...]:
    """Return remarks on wording and design, in the order of the file.

    The rules are those of the textbooks on item writing (Dillman, Smyth & Christian, 2014;
    DeVellis, 2017) as far as they show in the words; they find candidates, and a reader decides.

    Parameters
    ----------
    questionnaire
        A questionnaire without contradictions, as :func:`read_questionnaire` gives it.

    Examples
    --------
    >>> from loyaltysem.questionnaire import read_questionnaire
    >>> remarks = judge_questionnaire(read_questionnaire("ecsi_mobile"))
    >>> sorted({remark.code for remark in remarks if remark.weight == "warning"})
    ['double_barrelled', 'few_items']
    """
    remarks = [*structure_remarks(questionnaire), *wording_remarks(questionnaire)]
    return tuple(sorted(remarks, key=_line))


def _line(remark: Remark) -> tuple[int, int]:
    place = remark.place
    return (place.line or 0, place.column or 0) if place else (0, 0)
