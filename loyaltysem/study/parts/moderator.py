"""Observed moderators of a study: where their values come from, and what cannot be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import StudyError, did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.questionnaire import Demographic, Questionnaire
    from loyaltysem.responses import Responses
    from loyaltysem.results import Text
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.moderation import ModerationDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedModerator:
    """A moderator by respondent, its name for the reader, names of its two options."""

    answers: pd.Series
    name: Text
    options: tuple[Text, ...] = ()


def observed_moderator(responses: Responses, wanted: ModerationDefinition) -> ObservedModerator:
    """Return the values of a moderator that is no latent variable.

    A demographic's options become 0 (the reference) and 1; who chose another one is missing. A
    construct is the mean answer to its items.
    """
    questionnaire = responses.questionnaire
    for demographic in questionnaire.demographics:
        if demographic.code == wanted.moderator:
            return _two_options(responses, demographic, wanted)
    if wanted.moderator in responses.answers:
        values = responses.answers[wanted.moderator]
        name = dict.fromkeys(questionnaire.languages, wanted.moderator)
        return ObservedModerator(answers=values, name=name)
    construct = questionnaire.construct_named(wanted.moderator)
    values = responses.construct_answers(construct.code).mean(axis=1)
    return ObservedModerator(answers=values, name=construct.name)


def _two_options(
    responses: Responses, demographic: Demographic, wanted: ModerationDefinition
) -> ObservedModerator:
    options = wanted.levels or tuple(demographic.options)
    answers = responses.demographics[demographic.code].astype(object)
    places = {option: float(k) for k, option in enumerate(options)}
    return ObservedModerator(
        answers=answers.map(places).astype(float),
        name=demographic.name,
        options=tuple(demographic.options[option] for option in options),
    )


def moderator_names(questionnaire: Questionnaire) -> list[str]:
    """Return everything observed that may be a moderator."""
    demographics = [one.code for one in questionnaire.demographics]
    constructs = [one.code for one in questionnaire.constructs]
    return [*demographics, *constructs, *questionnaire.item_codes]


def check_levels(plan: Plan, number: int, wanted: ModerationDefinition) -> None:
    """Refuse a demographic without two options, and ``levels`` where they do not belong.

    Raises
    ------
    StudyError
        With the place in the study file.
    """
    demographics = {one.code: one for one in plan.questionnaire.demographics}
    place = plan.definition.place("moderation", number, "levels")
    place = place or plan.definition.place("moderation", number, "moderator")
    if wanted.moderator not in demographics:
        if wanted.levels:
            raise StudyError(
                "'levels' is for demographics",
                place=place,
                found=f"'{wanted.moderator}'",
                expected=listed(demographics),
            )
        return
    options = demographics[wanted.moderator].options
    for option in wanted.levels or ():
        if option not in options:
            raise StudyError(
                f"'{wanted.moderator}' has no option '{option}'",
                place=place,
                expected=listed(options, 20),
                remedy=did_you_mean(option, options),
            )
    if wanted.levels is None and len(options) != 2:
        raise StudyError(
            f"'{wanted.moderator}' has {len(options)} options, of which a moderator compares two",
            place=place,
            expected=listed(options, 20),
            remedy="Name two with 'levels: [reference, other]', or compare 'groups'.",
        )


def with_column(answers: pd.DataFrame, code: str, moderator: ObservedModerator) -> pd.DataFrame:
    """Return the answers with the moderator's values, without respondents who lack one."""
    values = moderator.answers.reindex(answers.index).to_numpy(dtype=float)
    known: pd.DataFrame = answers.assign(**{code: values}).loc[~np.isnan(values)]
    return known
