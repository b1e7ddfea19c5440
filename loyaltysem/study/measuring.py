"""Everything about a questionnaire's quality that needs no model, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from loyaltysem.errors import LoyaltysemError
from loyaltysem.library import find
from loyaltysem.measurement.correlations import correlations
from loyaltysem.measurement.ordinal_reliability import MOST_CATEGORIES
from loyaltysem.questionnaire import Questionnaire, read_questionnaire
from loyaltysem.responses import Responses, read_responses
from loyaltysem.results.measured import MeasurementResults, PolychoricPair
from loyaltysem.study.assemble import questionnaire_info
from loyaltysem.study.parts.constructs import DRAWS, SEED, all_constructs, varying_constructs
from loyaltysem.study.parts.correlations import correlated
from loyaltysem.study.parts.discriminant import distinguished
from loyaltysem.study.parts.factors import explored
from loyaltysem.study.parts.items import analysed_items
from loyaltysem.study.parts.reliability import reliabilities
from loyaltysem.study.plain import notice_records
from loyaltysem.study.settings.factors import FactorsDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


def measure(
    questionnaire: Questionnaire | Path | str,
    data: Responses | Path | str,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    factors: FactorsDefinition | None = None,
) -> MeasurementResults:
    """Analyse how good a questionnaire is, by the answers to it.

    Parameters
    ----------
    questionnaire
        A questionnaire, its file, or the name of a shipped one.
    data
        Responses, or a file of answers; respondents with missing answers stay, each analysis uses
        what it can.
    draws, seed
        Bootstrap draws of the intervals of alpha and HTMT, and their seed.
    factors
        How the items are explored; by parallel analysis, minres and oblimin when None.

    Returns
    -------
    MeasurementResults
        Reliability of every construct, item analysis, exploratory factors, correlations of scores,
        HTMT and cross-loadings, polychoric correlations; and what a reader must know. What could
        not be computed is None or left out, and a notice says why.

    Raises
    ------
    LoyaltysemError
        The questionnaire or the answers cannot be read.

    Examples
    --------
    >>> measure("ecommerce_loyalty", "answers.csv").reliability[0].alpha  # doctest: +SKIP
    """
    asked = _questionnaire(questionnaire)
    responses = data if isinstance(data, Responses) else read_responses(data, asked)
    with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads cost more
        return _measured(asked, responses, draws, seed, factors or FactorsDefinition())


def _questionnaire(given: Questionnaire | Path | str) -> Questionnaire:
    if isinstance(given, Questionnaire):
        return given
    return read_questionnaire(find("questionnaires", str(given)))


def _measured(
    asked: Questionnaire,
    responses: Responses,
    draws: int,
    seed: int,
    factors: FactorsDefinition,
) -> MeasurementResults:
    answers, constructs = responses.answers, all_constructs(asked)
    scales = reliabilities(answers, constructs, asked, draws=draws, seed=seed)
    items = analysed_items(answers, constructs, asked)
    found = explored(answers, constructs, factors, seed=seed)
    pairs = distinguished(answers, constructs, draws=draws, seed=seed)
    parts = {
        "reliability": scales.record,
        "items": items.record,
        "factors": found.record,
        "discriminant": pairs.record,
    }
    told = [notice_records(responses.notices)]
    told += [part.notices for part in (scales, items, found, pairs)]
    notices = {(one.code, one.text): one for some in told for one in some}
    return MeasurementResults(
        questionnaire=questionnaire_info(asked),
        n_read=responses.n_read,
        n=responses.n_analysed,
        correlations=correlated(answers, constructs),
        polychoric=_polychoric(answers, constructs),
        notices=tuple(notices.values()),
        **parts,
    )


def _polychoric(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]]
) -> tuple[PolychoricPair, ...]:
    """Return the polychoric correlations of items; none where they are not ordinal."""
    kept, _ = varying_constructs(answers, constructs)
    items = [item for own in kept.values() for item in own]
    if len(items) < 2 or (answers[items].nunique() > MOST_CATEGORIES).any():
        return ()
    try:
        matrix = correlations(answers[items], "polychoric").to_numpy()
    except LoyaltysemError:
        return ()
    rows, columns = np.tril_indices(len(items), -1)
    return tuple(
        PolychoricPair(first=items[j], second=items[i], r=float(matrix[i, j]))
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
    )
