"""The key ``robustness`` of a study."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from loyaltysem.documents import Definition, Line
from loyaltysem.study.settings.estimation import Estimator


def _without_repetition(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise ValueError("names the same twice")
    return values


class SpecificationsDefinition(Definition):
    """Which analyses are tried besides the study's own.

    Attributes
    ----------
    estimators
        By default ML, MLR and, where the answers have at most seven categories, WLSMV.
    missing
        Whether to try listwise deletion and all available answers, where answers are missing.
    careless
        Whether to leave out respondents with two or more signs of careless answering.
    weakest
        Whether to leave out the weakest item of each construct that has four or more.
    controls
        Predictors to leave out.
    paths
        Paths (``predictor -> outcome``) whose curve is drawn; by default up to three that are not
        stable, else the first hypothesis.
    """

    estimators: Annotated[tuple[Estimator, ...], AfterValidator(_without_repetition)] = ()
    missing: bool = True
    careless: bool = True
    weakest: bool = True
    controls: Annotated[tuple[Line, ...], AfterValidator(_without_repetition)] = ()
    paths: Annotated[tuple[Line, ...], AfterValidator(_without_repetition)] = ()


class RobustnessDefinition(Definition):
    """Whether conclusions hold under other programs and analyses.

    Attributes
    ----------
    second_engine
        Whether models are fitted again by semopy.
    specifications
        Which other analyses are tried.
    """

    second_engine: bool = False
    specifications: SpecificationsDefinition | None = None
