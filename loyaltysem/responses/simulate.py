"""Answers that nobody gave: for rehearsing a study, and for examples that say so.

Each item has a latent response, normal with mean 0 and variance 1; thresholds cut it into the
points of the scale. What correlates, and how much, comes from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError
from loyaltysem.responses.headings import SIMULATED_HEADING
from loyaltysem.responses.simulate_questions import simulate_questions, without_unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire, Scale

    Answers = NDArray[np.int64]

SPREAD = 1.8
"""Outermost thresholds lie at -1.8 and 1.8 standard deviations when nothing is shifted."""

MOST_SKIPPED = 3
"""A respondent who skips items skips one to three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBehaviour:
    """How simulated respondents answer.

    Attributes
    ----------
    shift
        For each item, how many standard deviations the answers are shifted towards agreement with
        the construct; the farther, the more skewed they are.
    careless
        Share of respondents who answer without reading: half at random, half always the same.
    slips
        Share of the careful ones who fail an attention check by mistake.
    skippers
        Share of respondents who leave one to three items unanswered.
    missing
        Share of the answers to items that are missing completely at random, beside those skipped.
    thresholds
        For each item named the cuts of its latent response in standard deviations, ascending, one
        fewer than the scale has points; they stand in place of even ones, and are shifted no more.
    demographics
        For each demographic the probabilities of its options; equal ones when absent.
    """

    shift: NDArray[np.float64]
    careless: float = 0.0
    slips: float = 0.0
    skippers: float = 0.0
    missing: float = 0.0
    thresholds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    demographics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def simulate_answers(
    questionnaire: Questionnaire,
    correlations: NDArray[np.float64],
    behaviour: AnswerBehaviour,
    *,
    n: int,
    rng: Generator,
    moved: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> pd.DataFrame:
    """Simulate a file of answers, as respondents would have filled it in.

    Parameters
    ----------
    questionnaire
        What is asked.
    correlations
        Correlations (p, p) of the latent responses, in the order of the questionnaire's items;
        those of a reverse item are with the construct's direction, the file has it reversed.
    behaviour
        How they answer.
    n
        Number of respondents.
    rng
        Source of randomness; the same state gives the same answers.
    moved
        Changes the normal latent responses (n, p) before they are cut into answers, for what
        correlations cannot express.

    Returns
    -------
    DataFrame
        ``id``, demographics, items, attention checks, screening and other questions by code, and a
        column ``simulated`` that says ``yes`` in each row. What was skipped, or not asked because
        of a condition, is ``<NA>``.

    Raises
    ------
    ResponsesError
        The correlations are not those of any variables (not positive definite).
    """
    latent = _latent_responses(correlations, n, rng)
    latent = latent if moved is None else moved(latent)
    items = _careful(questionnaire, latent, behaviour)
    checks = _check_answers(questionnaire, behaviour, n, rng)
    careless = rng.random(n) < behaviour.careless
    scales = [*questionnaire.item_scales, *(questionnaire.scale for _ in checks.T)]
    answers = np.where(
        careless[:, np.newaxis], _careless(scales, n, rng), np.hstack([items, checks])
    )
    codes = [*questionnaire.item_codes, *(one.code for one in questionnaire.attention_checks)]
    frame = pd.DataFrame(answers, columns=codes).astype("Int64")
    skipped = _skipped(n, len(questionnaire.items), behaviour, rng)
    frame[list(questionnaire.item_codes)] = frame[list(questionnaire.item_codes)].mask(skipped)
    demographics = _demographics(questionnaire, behaviour, n, rng)
    ids = pd.DataFrame({"id": [f"S{k:0{len(str(n))}d}" for k in range(1, n + 1)]})
    others = simulate_questions(questionnaire, n, rng)
    whole = pd.concat([ids, demographics, frame, others, _marked(n)], axis=1)
    return without_unasked(questionnaire, whole)


def thresholds(scale: Scale, shift: float = 0.0) -> NDArray[np.float64]:
    """Return the cuts between the points of a scale: evenly from -1.8 to 1.8, less the shift.

    Examples
    --------
    >>> from loyaltysem.questionnaire import Scale
    >>> thresholds(Scale(highest=5, labels={}), shift=0.3)
    array([-2.1, -0.9,  0.3,  1.5])
    """
    return np.linspace(-SPREAD, SPREAD, len(scale.points) - 1) - shift


def _latent_responses(
    correlations: NDArray[np.float64], n: int, rng: Generator
) -> NDArray[np.float64]:
    """Return standard normal responses (n, p) with the correlations."""
    try:
        root = np.linalg.cholesky(correlations)
    except np.linalg.LinAlgError:
        raise ResponsesError(
            "The correlations to simulate from are not positive definite",
            remedy="Make correlations or paths smaller.",
        ) from None
    return np.asarray(rng.standard_normal((n, len(root))) @ root.T, dtype=np.float64)


def _careful(
    questionnaire: Questionnaire, latent: NDArray[np.float64], behaviour: AnswerBehaviour
) -> Answers:
    """Return the answers (n, p) of respondents who read, reverse items as they are asked."""
    answers = np.empty(latent.shape, dtype=np.int64)
    scales = questionnaire.item_scales
    for k, (item, scale) in enumerate(zip(questionnaire.items, scales, strict=True)):
        stated = behaviour.thresholds.get(item.code)
        cuts = thresholds(scale, float(behaviour.shift[k])) if stated is None else stated
        points = scale.lowest + scale.step * np.searchsorted(cuts, latent[:, k])
        answers[:, k] = scale.lowest + scale.highest - points if item.reverse else points
    return answers


def _check_answers(
    questionnaire: Questionnaire, behaviour: AnswerBehaviour, n: int, rng: Generator
) -> Answers:
    """Return the answers (n, checks): the correct one, or by slip a point beside it."""
    answers = np.empty((n, len(questionnaire.attention_checks)), dtype=np.int64)
    for k, check in enumerate(questionnaire.attention_checks):
        beside = check.correct + (1 if check.correct < questionnaire.scale.highest else -1)
        answers[:, k] = np.where(rng.random(n) < behaviour.slips, beside, check.correct)
    return answers


def _careless(scales: Sequence[Scale], n: int, rng: Generator) -> Answers:
    """Return answers (n, questions) given without reading."""
    lowest = np.array([scale.lowest for scale in scales])
    steps = np.array([scale.step for scale in scales])
    n_points = np.array([len(scale.points) for scale in scales])
    scattered = rng.integers(0, n_points, size=(n, len(scales)))
    position = rng.random((n, 1))
    straight = np.floor(position * n_points).astype(np.int64)
    at = np.where(rng.random((n, 1)) < 0.5, scattered, straight)
    return np.asarray(lowest + steps * at, dtype=np.int64)


def _skipped(n: int, p: int, behaviour: AnswerBehaviour, rng: Generator) -> NDArray[np.bool_]:
    """Return which answers (n, p) are left out."""
    skips = rng.random(n) < behaviour.skippers
    how_many = np.where(skips, rng.integers(1, MOST_SKIPPED + 1, size=n), 0)
    order = rng.random((n, p)).argsort(axis=1)
    skipped = order < how_many[:, np.newaxis]
    return skipped | (rng.random((n, p)) < behaviour.missing) if behaviour.missing else skipped


def _demographics(
    questionnaire: Questionnaire, behaviour: AnswerBehaviour, n: int, rng: Generator
) -> pd.DataFrame:
    columns = {}
    for demographic in questionnaire.demographics:
        options = list(demographic.options)
        stated = behaviour.demographics.get(demographic.code, dict.fromkeys(options, 1.0))
        weights = np.array([stated.get(option, 0.0) for option in options])
        columns[demographic.code] = rng.choice(options, size=n, p=weights / weights.sum())
    return pd.DataFrame(columns, index=range(n))


def _marked(n: int) -> pd.DataFrame:
    return pd.DataFrame({SIMULATED_HEADING: ["yes"] * n})
