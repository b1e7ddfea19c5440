"""Simulated answers from a model with stated population values."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from loyaltysem.documents import Definition, Line, Text, load
from loyaltysem.errors import ModelSpecificationError, Place, StudyError, did_you_mean, listed
from loyaltysem.files import write_whole
from loyaltysem.library import find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.responses.simulate import AnswerBehaviour, simulate_answers
from loyaltysem.structural.definition import check_against, read_model
from loyaltysem.structural.simulated_products import bending, possible_products

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.structural.definition import ModelDefinition

Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(gt=-1, lt=1)]
Weight = Annotated[float, Field(ge=0)]


class Population(Definition):
    """Population values to simulate from; everything is standardized.

    Attributes
    ----------
    questionnaire, model
        Their names.
    source
        Where the values come from, by language; those that nobody measured are said to be invented.
    n, seed
        Number of respondents, seed of the random numbers.
    loadings
        By indicator (an item, or a first-order construct of a second-order one).
    paths
        By path, ``predictor -> outcome``.
    interactions
        By product and outcome, ``a:b -> outcome``; each adds its part to the outcome's variance
        of 1.
    correlations
        Between exogenous constructs, ``a ~~ b``; what is not stated is 0.
    shift, shifts
        Shift of the answers towards agreement in standard deviations: of all items, and in addition
        of single items.
    careless, slips, skippers
        Shares of respondents, see :class:`~loyaltysem.responses.simulate.AnswerBehaviour`.
    missing
        Share of answers that are missing completely at random.
    thresholds
        By item: cuts of its latent response between the points, in place of even ones.
    demographics
        Weights of the options of each demographic; equal when not stated.
    """

    questionnaire: Line
    model: Line
    source: Text = Field(default_factory=dict)
    n: Annotated[int, Field(ge=1, le=1_000_000)]
    seed: Annotated[int, Field(ge=0)]
    loadings: dict[Line, Correlation]
    paths: dict[Line, float] = Field(default_factory=dict)
    interactions: dict[Line, float] = Field(default_factory=dict)
    correlations: dict[Line, Correlation] = Field(default_factory=dict)
    shift: float = 0.0
    shifts: dict[Line, float] = Field(default_factory=dict)
    careless: Share = 0.0
    slips: Share = 0.0
    skippers: Share = 0.0
    missing: Share = 0.0
    thresholds: dict[Line, tuple[float, ...]] = Field(default_factory=dict)
    demographics: dict[Line, dict[Line, Weight]] = Field(default_factory=dict)


def read_population(path: Path | str) -> Population:
    """Read population values.

    Raises
    ------
    DocumentError
        The file cannot be read or does not follow the schema (all faults at once).
    """
    return load(path, Population)


def simulate_from_file(path: Path) -> pd.DataFrame:
    """Simulate the answers that a file of population values describes.

    The questionnaire and the model are looked for beside the file (in its folder's
    ``questionnaires/`` and ``models/``) and then among the shipped ones.
    """
    population = read_population(path)
    questionnaire = read_questionnaire(
        find("questionnaires", population.questionnaire, path.parent)
    )
    model = read_model(find("models", population.model, path.parent))
    check_against(model, questionnaire)
    return simulate_responses(model, questionnaire, population)


def write_simulated(answers: pd.DataFrame, path: Path, *, overwrite: bool = False) -> None:
    """Write simulated answers as CSV (UTF-8, one line end on all systems).

    Raises
    ------
    StudyError
        The file exists and may not be replaced, or cannot be written.
    """
    text = answers.to_csv(index=False, lineterminator="\n")
    try:
        write_whole(path, text.encode(), overwrite=overwrite)
    except FileExistsError:
        raise StudyError(
            f"The file '{path}' exists", remedy="Choose another name, or say --overwrite."
        ) from None
    except OSError as error:
        raise StudyError(f"The file '{path}' cannot be written: {error.strerror}") from None


def simulate_responses(
    model: ModelDefinition, questionnaire: Questionnaire, population: Population
) -> pd.DataFrame:
    """Simulate a file of answers from a model; the same seed gives the same answers.

    Returns
    -------
    DataFrame
        As :func:`~loyaltysem.responses.simulate.simulate_answers` gives it. Items that the model
        does not use are answered independently of all others.

    Raises
    ------
    ModelSpecificationError
        The population values lack a loading or path of the model, state one that it does not have,
        or explain more than all of a construct's variance.
    """
    _check_values(model, questionnaire, population)
    implied = implied_correlations(model, population)
    codes = questionnaire.item_codes
    correlations = np.eye(len(codes))
    used = [k for k, code in enumerate(codes) if code in implied.names]
    at = [implied.names.index(codes[k]) for k in used]
    correlations[np.ix_(used, used)] = implied.matrix[np.ix_(at, at)]
    behaviour = AnswerBehaviour(
        shift=np.array([population.shift + population.shifts.get(code, 0.0) for code in codes]),
        careless=population.careless,
        slips=population.slips,
        skippers=population.skippers,
        missing=population.missing,
        thresholds=population.thresholds,
        demographics=population.demographics,
    )
    rng = np.random.default_rng(population.seed)
    return simulate_answers(
        questionnaire,
        correlations,
        behaviour,
        n=population.n,
        rng=rng,
        moved=bending(model, population, implied, codes) if population.interactions else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpliedCorrelations:
    """Correlations (m, m) of all variables of a model, latent and observed, by name."""

    names: tuple[str, ...]
    matrix: NDArray[np.float64]


def implied_correlations(model: ModelDefinition, population: Population) -> ImpliedCorrelations:
    """Return the correlations that standardized population values imply.

    Variables enter in causal order. With effects b of earlier variables x, a new variable y has
    ``cor(y, earlier) = b' cor(x, earlier)``, and what ``b' cor(x, x) b`` leaves of its variance of
    1 is error (Wright's tracing rules).

    Raises
    ------
    ModelSpecificationError
        The model has a cycle, the values explain more than all of a variable's variance, or no
        variables can have the stated correlations.
    """
    effects = _effects(model, population)
    names: list[str] = []
    R = np.empty((0, 0))
    for name in _causal_order(model, effects):
        b = np.array([effects[name].get(earlier, 0.0) for earlier in names])
        r = R @ b if effects[name] else _stated(name, names, population)
        explained = float(b @ R @ b)
        if explained >= 1:
            raise ModelSpecificationError(
                f"The population values explain {explained:.0%} of the variance of '{name}'",
                place=_strongest_path_to(name, population),
                expected="less than 100%, for the rest is error variance",
                remedy="Make the paths to it, or the correlations of its predictors, smaller.",
            )
        R = np.block([[R, r[:, np.newaxis]], [r, np.ones((1, 1))]])
        names.append(name)
        if not effects[name] and np.linalg.eigvalsh(R)[0] <= 0:
            raise ModelSpecificationError(
                f"No variables can correlate as is stated of '{name}' and the others",
                place=population.place("correlations"),
                expected="a positive definite matrix",
                remedy="Make the correlations smaller, or less different from one another.",
            )
    return ImpliedCorrelations(names=tuple(names), matrix=R)


def _strongest_path_to(name: str, population: Population) -> Place | None:
    paths = {key: abs(b) for key, b in population.paths.items() if key.endswith(f"-> {name}")}
    return population.place("paths", max(paths, key=lambda key: paths[key])) if paths else None


def _effects(model: ModelDefinition, population: Population) -> dict[str, dict[str, float]]:
    """Return for each variable of the model the effects on it, by predictor."""
    effects: dict[str, dict[str, float]] = {
        name: {} for name in (*model.roles.latent, *model.roles.observed)
    }
    for element in model.statements.elements:
        if element.op == "=~":
            effects[element.rhs][element.lhs] = population.loadings[element.rhs]
        elif element.op == "~":
            effects[element.lhs][element.rhs] = population.paths[f"{element.rhs} -> {element.lhs}"]
    return effects


def _causal_order(
    model: ModelDefinition, effects: Mapping[str, Mapping[str, float]]
) -> Iterator[str]:
    """Yield causes before consequences, what has no cause first, otherwise in the model's order.

    Were an exogenous variable to follow an endogenous one, its correlation with it would be taken
    for a stated one, and not be what the correlations of their causes imply.
    """
    waiting, done = sorted(effects, key=lambda name: bool(effects[name])), set[str]()
    while waiting:
        ready = next((name for name in waiting if done.issuperset(effects[name])), None)
        if ready is None:
            raise ModelSpecificationError(
                f"Model '{model.name}' has a cycle, from which nothing can be simulated",
                place=model.place("syntax"),
                found=listed(waiting),
            )
        waiting.remove(ready)
        done.add(ready)
        yield ready


def _stated(name: str, others: list[str], population: Population) -> NDArray[np.float64]:
    """Return the stated correlations of an exogenous variable with those before it."""
    stated = population.correlations
    pairs = [(f"{name} ~~ {other}", f"{other} ~~ {name}") for other in others]
    return np.array([stated.get(first, stated.get(second, 0.0)) for first, second in pairs])


def _check_values(
    model: ModelDefinition, questionnaire: Questionnaire, population: Population
) -> None:
    elements, exogenous = model.statements.elements, model.roles.latent_exogenous
    demographics = {one.code: one.options for one in questionnaire.demographics}
    faults = [
        *_key_faults(population, "loadings", [e.rhs for e in elements if e.op == "=~"]),
        *_key_faults(population, "paths", [f"{e.rhs} -> {e.lhs}" for e in elements if e.op == "~"]),
        *_unknown_keys(population, "interactions", possible_products(model)),
        *_unknown_keys(
            population, "correlations", [f"{a} ~~ {b}" for a in exogenous for b in exogenous]
        ),
        *_unknown_keys(population, "shifts", questionnaire.item_codes),
        *_unknown_keys(population, "demographics", demographics),
        *_unknown_keys(population, "thresholds", questionnaire.item_codes),
        *_option_faults(population, questionnaire),
        *_threshold_faults(population, questionnaire),
    ]
    if faults:
        whole = population.place() or Place("population")
        raise ModelSpecificationError.together(faults, place=Place(whole.file))


def _option_faults(
    population: Population, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    options = {one.code: list(one.options) for one in questionnaire.demographics}
    for code, shares in population.demographics.items():
        for option in shares:
            if code in options and option not in options[code]:
                yield ModelSpecificationError(
                    f"The demographic '{code}' has no option '{option}'",
                    place=population.place("demographics", code, option),
                    expected=listed(options[code]),
                    remedy=did_you_mean(option, options[code]),
                )


def _threshold_faults(
    population: Population, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    scales = dict(zip(questionnaire.item_codes, questionnaire.item_scales, strict=True))
    for code, cuts in population.thresholds.items():
        n = len(scales[code].points) - 1 if code in scales else len(cuts)
        if len(cuts) != n or any(a >= b for a, b in itertools.pairwise(cuts)):
            yield ModelSpecificationError(
                f"The thresholds of '{code}' do not cut its scale",
                place=population.place("thresholds", code),
                found=listed(cuts),
                expected=f"{n} numbers in ascending order",
            )


def _key_faults(
    population: Population, field: str, wanted: list[str]
) -> Iterator[ModelSpecificationError]:
    missing = [name for name in wanted if name not in getattr(population, field)]
    if missing:
        yield ModelSpecificationError(
            f"The population values lack {field} of the model",
            place=population.place(field),
            expected=listed(missing),
        )
    yield from _unknown_keys(population, field, wanted)


def _unknown_keys(
    population: Population, field: str, known: Iterable[str]
) -> Iterator[ModelSpecificationError]:
    known = list(known)
    for name in getattr(population, field):
        if name not in known:
            yield ModelSpecificationError(
                f"'{name}' under '{field}' means nothing here",
                place=population.place(field, name),
                expected=listed(known),
                remedy=did_you_mean(name, known),
            )
