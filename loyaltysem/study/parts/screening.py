"""Who stays in: signs of careless answering, and exclusions for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError, listed
from loyaltysem.measurement.careless import careless_answers
from loyaltysem.responses import exclude_marked
from loyaltysem.study.settings.careless import CarelessDefinition

if TYPE_CHECKING:
    from loyaltysem.measurement.careless import CarelessAccount
    from loyaltysem.responses import Responses
    from loyaltysem.responses.ledger import EntryCode
    from loyaltysem.study.plan import Plan

SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:s|sec|secs|seconds?|秒)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The answers before and after exclusions for careless answering.

    ``account`` is None where the study does not ask for the signs.
    """

    read: Responses
    account: CarelessAccount | None
    kept: Responses


def settings(plan: Plan) -> CarelessDefinition:
    """Return what the study says of careless answering."""
    return plan.definition.careless or CarelessDefinition()


def wanted(plan: Plan) -> bool:
    """Tell whether signs of careless answering are looked for."""
    return plan.definition.careless is not None or "careless" in plan.definition.analyses


def answers_read(plan: Plan) -> Responses:
    """Read the study's answers, with the columns by which careless answering is told."""
    careless = plan.definition.careless
    return plan.responses(extra=careless.extra if careless else ())


def screened(plan: Plan, responses: Responses) -> Screening:
    """Look for signs of careless answering, and leave out whom the study excludes for them.

    Raises
    ------
    ResponsesError
        The column of times holds none, or nobody is left.
    """
    if not wanted(plan):
        return Screening(read=responses, account=None, kept=responses)
    chosen = settings(plan)
    account = account_of(responses, chosen)
    marked = account.flagged(chosen.exclude, chosen.least) if chosen.exclude else None
    marks: dict[EntryCode, pd.Series] = {}
    if marked is not None:
        marks = {one: account.flags[one] & marked for one in chosen.exclude}
    kept = exclude_marked(responses, marks) if marks else responses
    return Screening(read=responses, account=account, kept=kept)


def account_of(responses: Responses, chosen: CarelessDefinition) -> CarelessAccount:
    """Return the signs of careless answering in the answers as they were given."""
    questionnaire = responses.questionnaire
    scales = zip(questionnaire.items, questionnaire.item_scales, strict=True)
    ends = {item.code: (float(one.lowest), float(one.highest)) for item, one in scales}
    reverse = [item.code for item in questionnaire.items if item.reverse]
    given = responses.answers.copy()
    for code in reverse:
        given[code] = sum(ends[code]) - given[code]
    return careless_answers(
        given,
        {one.code: [item.code for item in one.items] for one in questionnaire.constructs},
        reverse=reverse,
        scale=ends,
        seconds=_duration(responses, chosen),
        devices=_devices(responses, chosen),
        rules=chosen.flags.rules(),
    )


def _duration(responses: Responses, chosen: CarelessDefinition) -> pd.Series | None:
    """Return the times in the column that the study names, else those the platform recorded."""
    if chosen.seconds:
        return _named_seconds(responses.extra[chosen.seconds])
    recorded = responses.technical.get("seconds")
    return None if recorded is None else _seconds(recorded)


def _devices(responses: Responses, chosen: CarelessDefinition) -> pd.DataFrame | None:
    """Return what tells devices apart: the columns that the study names, else the addresses."""
    if chosen.devices:
        return responses.extra[list(chosen.devices)]
    recorded = [name for name in ("ip", "device") if name in responses.technical]
    return responses.technical[recorded] if recorded else None


def _seconds(texts: pd.Series) -> pd.Series:
    """Return times from text such as ``312``, ``312.5 s`` or ``312秒``; NaN where there is none."""
    found = [SECONDS.fullmatch(str(text).strip()) for text in texts]
    return pd.Series([float(one[1]) if one else np.nan for one in found], index=texts.index)


def _named_seconds(texts: pd.Series) -> pd.Series:
    """Return times from the column that the study names, which must have some."""
    seconds = _seconds(texts)
    if seconds.isna().all():
        raise ResponsesError(
            f"The column '{texts.name}' holds no times in seconds",
            found=listed(repr(str(text)) for text in texts.unique()[:5]),
            expected="numbers such as 312 or 312.5",
        )
    return seconds
