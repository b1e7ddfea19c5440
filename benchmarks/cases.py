"""What is timed: models, simulated data, and the options of both programs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.library import find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.structural.definition import read_model
from loyaltysem.structural.simulation import read_population, simulate_responses

if TYPE_CHECKING:
    from pathlib import Path

N = 400
SHARE_MISSING = 0.05
LARGEST_PART = 100_000
"""Respondents that are simulated at once; larger samples are put together."""

BOOTSTRAP = "bootstrap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call that a user makes, in both programs.

    Attributes
    ----------
    name, title
        For the command line, and for people.
    goal
        How many times as fast as lavaan it should be.
    model, data
        Lavaan syntax and rows.
    options
        Keyword arguments of `loyaltysem.fit`; ``sem`` understands the same ones.
    draws, draws_lavaan
        Bootstrap draws of each program; 0 for a single fit.
    repeats, repeats_lavaan
        Timed calls of each program after one that is not timed.
    """

    name: str
    title: str
    goal: float
    model: str
    data: pd.DataFrame
    options: dict[str, Any] = field(default_factory=dict)
    draws: int = 0
    draws_lavaan: int = 0
    repeats: int = 15
    repeats_lavaan: int = 9


def model_text() -> str:
    """Return the six-factor model without affective commitment.

    It has 34 indicators, 10 latent variables and 91 parameters: the model of all timings so far.
    """
    text = str(read_model(find("models", "six_factor_loyalty")).syntax)
    return re.sub(r"^\s*commitment\s*=~.*\n| \+ commitment\b", "", text, flags=re.MULTILINE)


def measurement_part(model: str) -> str:
    """Return the six antecedents as correlated factors: 24 indicators."""
    lines = re.findall(r"^\s*\w+\s*=~.+$", model, re.MULTILINE)
    return "\n".join(line.strip() for line in lines[:6])


def indicators(model: str) -> list[str]:
    """Return the items (two capitals and a digit) in the order of the model."""
    return re.findall(r"\b[A-Z]{2}\d\b", model)


def simulated_file(n: int, seed: int = 1) -> pd.DataFrame:
    """Return a file of answers of ``n`` respondents from the example's population."""
    path = find("examples", "six_factor_loyalty") / "population.yaml"
    population = read_population(path)
    model = read_model(find("models", population.model))
    questionnaire = read_questionnaire(find("questionnaires", population.questionnaire))
    parts = []
    for start in range(0, n, LARGEST_PART):
        update = {"n": min(LARGEST_PART, n - start), "seed": seed + start}
        part = population.model_copy(update=update)
        parts.append(simulate_responses(model, questionnaire, part))
    return pd.concat(parts, ignore_index=True)


def answers(n: int, seed: int = 1) -> pd.DataFrame:
    """Return ``n`` complete rows of item answers, 1 to 5."""
    items = indicators(model_text())
    drawn = simulated_file(n + n // 10 + 10, seed)[items].dropna()
    return drawn.head(n).astype(float).reset_index(drop=True)


def with_gaps(data: pd.DataFrame, share: float = SHARE_MISSING, seed: int = 1) -> pd.DataFrame:
    """Return the rows with a share of the answers missing completely at random."""
    return data.mask(np.random.default_rng(seed).random(data.shape) < share)


def comparisons() -> list[Case]:
    """Return the cases in which lavaan is timed too."""
    model, data = model_text(), answers(N)
    part = measurement_part(model)
    gaps = with_gaps(data)
    return [
        Case(name="ml", title="ML", goal=20, model=model, data=data),
        Case(
            name="mlr",
            title="MLR (robust)",
            goal=10,
            model=model,
            data=data,
            options={"estimator": "MLR"},
            repeats=9,
            repeats_lavaan=3,
        ),
        Case(
            name="wlsmv",
            title="WLSMV, 34 ordinal indicators",
            goal=20,
            model=model,
            data=data,
            options={"estimator": "WLSMV", "ordered": True},
            repeats=5,
            repeats_lavaan=2,
        ),
        Case(
            name="fiml24",
            title="FIML, 5 % missing, 24 indicators",
            goal=50,
            model=part,
            data=gaps[indicators(part)],
            options={"missing": "fiml"},
            repeats=5,
            repeats_lavaan=1,
        ),
        Case(
            name="fiml34",
            title="FIML, 5 % missing, 34 indicators",
            goal=50,
            model=model,
            data=gaps,
            options={"missing": "fiml"},
            repeats=5,
            repeats_lavaan=1,
        ),
        Case(
            name=BOOTSTRAP,
            title="Bootstrap, 5,000 draws",
            goal=50,
            model=model,
            data=data,
            draws=5000,
            draws_lavaan=100,
            repeats=2,
            repeats_lavaan=2,
        ),
        Case(
            name="ordinal_bootstrap",
            title="Bootstrap, WLSMV, 500 draws",
            goal=50,
            model=model,
            data=data,
            options={"estimator": "WLSMV", "ordered": True},
            draws=500,
            draws_lavaan=5,
            repeats=2,
            repeats_lavaan=1,
        ),
        Case(
            name="fiml_bootstrap",
            title="Bootstrap, FIML, 5 % missing, 24 indicators, 200 draws",
            goal=50,
            model=part,
            data=gaps[indicators(part)],
            options={"missing": "fiml"},
            draws=200,
            draws_lavaan=4,
            repeats=2,
            repeats_lavaan=1,
        ),
    ]


def write_case(case: Case, folder: Path) -> None:
    """Write model and rows of a case where both programs read them."""
    (folder / f"{case.name}.txt").write_text(case.model + "\n", encoding="utf-8")
    case.data.to_csv(folder / f"{case.name}.csv", index=False)
