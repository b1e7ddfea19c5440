"""Answers that nobody gave to the questions beside items and demographics, and skip logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.questionnaire import form_of
from loyaltysem.questionnaire.conditions import holds
from loyaltysem.questionnaire.form import entry_condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.random import Generator

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.questionnaire.conditions import Answer
    from loyaltysem.questionnaire.form import Entry, Form

WIDEST_NUMBER = 100
"""Numbers without a stated limit are drawn from 0 to 100, or this far from the limit stated."""


def simulate_questions(questionnaire: Questionnaire, n: int, rng: Generator) -> pd.DataFrame:
    """Return answers (n rows) to consent, screening and all other questions, at random.

    Options are equally likely, several are ticked one time in two, numbers are whole and uniform
    between their limits; texts and dates stay empty.
    """
    columns: dict[str, object] = {}
    for entry in form_of(questionnaire).entries:
        if entry.role in {"consent", "screening", "question"}:
            columns |= _drawn(entry, n, rng)
    return pd.DataFrame(columns, index=range(n))


def _drawn(entry: Entry, n: int, rng: Generator) -> Mapping[str, object]:
    if entry.kind == "multiple":
        return {name: _whole(rng.integers(2, size=n)) for name in entry.columns}
    if entry.kind == "ranking":
        ranks = rng.random((n, len(entry.options))).argsort(axis=1).argsort(axis=1) + 1
        return {name: _whole(ranks[:, k]) for k, name in enumerate(entry.columns)}
    if entry.kind == "number":
        lowest, highest = _limits(entry)
        return {entry.code: _whole(rng.integers(lowest, highest + 1, size=n))}
    if entry.options:
        return {entry.code: rng.choice(list(entry.accept or entry.options), size=n)}
    return {entry.code: pd.array([pd.NA] * n, dtype="string")}


def _whole(numbers: object) -> pd.Series:
    return pd.Series(numbers).astype("Int64")


def _limits(entry: Entry) -> tuple[int, int]:
    lowest, highest = entry.lowest, entry.highest
    if lowest is None:
        lowest = 0.0 if highest is None or highest >= 0 else highest - WIDEST_NUMBER
    if highest is None:
        highest = lowest + WIDEST_NUMBER
    return int(np.ceil(lowest)), max(int(np.floor(highest)), int(np.ceil(lowest)))


def without_unasked(questionnaire: Questionnaire, answers: pd.DataFrame) -> pd.DataFrame:
    """Return answers in which a question whose condition does not hold is unanswered.

    Conditions look back only, so questions are taken in the order of asking.
    """
    form = form_of(questionnaire)
    conditional = [
        (entry, condition)
        for page in form.pages
        for entry in page.entries
        if (condition := entry_condition(page, entry)) is not None
    ]
    if not conditional:
        return answers
    result = answers.copy()
    for entry, condition in conditional:
        told = _told(form, result)
        unasked = np.array([not holds(condition, one) for one in told])
        for name in entry.columns:
            result[name] = result[name].mask(unasked)
    return result


def _told(form: Form, answers: pd.DataFrame) -> list[dict[str, Answer]]:
    """Return the answers of each respondent by question, as conditions look at them."""
    columns: dict[str, list[Answer]] = {}
    for entry in form.entries:
        if entry.kind == "multiple":
            ticked = answers[list(entry.columns)].eq(1).fillna(value=False).to_numpy(dtype=bool)
            options = np.array(list(entry.options), dtype=object)
            columns[entry.code] = [tuple(options[row]) for row in ticked]
        elif entry.kind != "ranking":
            column = answers[entry.code]
            columns[entry.code] = [
                None if gone else str(value)
                for value, gone in zip(column, column.isna(), strict=True)
            ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
