"""Which respondents belong to which group of a study."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import StudyError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.errors import Place
    from loyaltysem.questionnaire import Demographic, Questionnaire
    from loyaltysem.responses import Responses
    from loyaltysem.results import Text
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.groups import GroupsDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Respondents in groups.

    ``codes`` (a series by respondent) holds the group's code, or None for who belongs to none;
    ``names`` the groups in order, the reference first; ``n_missing`` counts who gave no answer,
    ``n_left_out`` who gave one that is not compared.
    """

    name: Text
    codes: pd.Series
    names: dict[str, Text]
    n_missing: int
    n_left_out: int


def grouping(responses: Responses, wanted: GroupsDefinition) -> Grouping:
    """Return the groups that a study asks for."""
    questionnaire = responses.questionnaire
    for demographic in questionnaire.demographics:
        if demographic.code == wanted.by:
            return _by_options(responses, demographic, wanted)
    return _by_number(_numbers(responses, wanted.by), _name(questionnaire, wanted.by), wanted)


def _by_options(
    responses: Responses, demographic: Demographic, wanted: GroupsDefinition
) -> Grouping:
    answers = responses.demographics[demographic.code]
    chosen = wanted.levels or tuple((code,) for code in demographic.options)
    home = {option: "+".join(group) for group in chosen for option in group}
    codes = pd.Series([home.get(one) for one in answers], index=answers.index, dtype=object)
    present = set(codes.dropna())
    return Grouping(
        name=demographic.name,
        codes=codes,
        names={
            "+".join(group): _together([demographic.options[option] for option in group])
            for group in chosen
            if "+".join(group) in present
        },
        n_missing=int(answers.isna().sum()),
        n_left_out=int((codes.isna() & answers.notna()).sum()),
    )


def _together(names: Sequence[Text]) -> Text:
    return {language: " / ".join(one[language] for one in names) for language in names[0]}


def _numbers(responses: Responses, by: str) -> pd.Series:
    """Return the answers to an item, or the mean answer to a construct's items."""
    if by in responses.answers:
        return responses.answers[by]
    return responses.construct_answers(by).mean(axis=1)


def _by_number(numbers: pd.Series, name: Text, wanted: GroupsDefinition) -> Grouping:
    cuts = [float(numbers.median())] if wanted.split == "median" else list(wanted.split or ())
    labels = _ranges(cuts)
    places = np.searchsorted(cuts, numbers.to_numpy(dtype=float), side="left")
    known = numbers.notna().to_numpy()
    codes = [labels[place] if there else None for place, there in zip(places, known, strict=True)]
    present = {one for one in codes if one}
    languages = list(name)
    return Grouping(
        name=name,
        codes=pd.Series(codes, index=numbers.index, dtype=object),
        names={label: dict.fromkeys(languages, label) for label in labels if label in present},
        n_missing=int((~known).sum()),
        n_left_out=0,
    )


def _ranges(cuts: Sequence[float]) -> list[str]:
    """Return names of the ranges between cuts: ``≤ 3``, ``> 3, ≤ 5``, ``> 5``."""
    first, last = f"≤ {cuts[0]:g}", f"> {cuts[-1]:g}"
    between = [f"> {low:g}, ≤ {high:g}" for low, high in pairwise(cuts)]
    return [first, *between, last]


def _name(questionnaire: Questionnaire, code: str) -> Text:
    """Return the name of a construct, or the wording of an item."""
    for construct in questionnaire.constructs:
        if construct.code == code:
            return construct.name
        for item in construct.items:
            if item.code == code:
                return dict.fromkeys(questionnaire.languages, code)
    raise ValueError(f"'{code}' was not checked before")


# --- what is refused at planning time ----------------------------------------------------------


def check_grouping(plan: Plan) -> None:
    """Refuse a grouping that the questionnaire cannot give.

    Raises
    ------
    StudyError
        ``by`` is unknown, an option is unknown, or ``split`` is missing or out of place.
    """
    wanted = plan.definition.groups
    if wanted is None:
        return
    demographics = {one.code: one for one in plan.questionnaire.demographics}
    if wanted.by in demographics:
        _check_options(plan, demographics[wanted.by], wanted)
        return
    constructs = [one.code for one in plan.questionnaire.constructs]
    if wanted.by not in {*constructs, *plan.questionnaire.item_codes}:
        known = [*demographics, *constructs, *plan.questionnaire.item_codes]
        raise StudyError(
            f"The respondents cannot be grouped by '{wanted.by}', which the questionnaire does not"
            " ask",
            place=_place(plan, "by"),
            expected=listed([*demographics, *constructs], 20) + ", or an item",
            remedy=did_you_mean(wanted.by, known),
        )
    if wanted.split is None or wanted.levels is not None:
        raise StudyError(
            f"'{wanted.by}' has answers on a scale, which make groups only by a cut",
            place=_place(plan, "by"),
            remedy="Add 'split: median', or the numbers to cut at; 'levels' is for demographics.",
        )


def _check_options(plan: Plan, demographic: Demographic, wanted: GroupsDefinition) -> None:
    if wanted.split is not None:
        raise StudyError(
            f"'{demographic.code}' has options, no numbers to split",
            place=_place(plan, "split"),
            remedy="Choose and join options with 'levels: [[a, b], c]'.",
        )
    for option in [one for group in wanted.levels or () for one in group]:
        if option not in demographic.options:
            raise StudyError(
                f"'{demographic.code}' has no option '{option}'",
                place=_place(plan, "levels"),
                expected=listed(demographic.options, 20),
                remedy=did_you_mean(option, demographic.options),
            )


def _place(plan: Plan, key: str) -> Place | None:
    return plan.definition.place("groups", key)
