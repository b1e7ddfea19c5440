"""A model with its hypotheses: the schema of ``models/*.yaml`` and what must hold within it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from loyaltysem.documents import Definition, Line, Text, load
from loyaltysem.errors import ModelSpecificationError, Place, did_you_mean, listed
from loyaltysem.library import named
from loyaltysem.syntax import parse_model
from loyaltysem.syntax.roles import Roles, find_roles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loyaltysem.documents import FieldPath
    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.syntax import Statements

_ARROW = re.compile(r"\s*(?:->|→)\s*")


def _path(text: str) -> str:
    names = _ARROW.split(text.strip())
    if len(names) < 2 or not all(re.fullmatch(r"\S+", name) for name in names):
        raise ValueError(
            "must be a path such as 'quality -> loyalty', or an indirect one such as"
            " 'quality -> satisfaction -> loyalty'"
        )
    return text


class Hypothesis(Definition):
    """What the researcher expects of one path.

    Attributes
    ----------
    id
        ``H1`` and so on.
    path
        ``predictor -> outcome``, in the names of the model text; an indirect effect names its
        mediators too: ``predictor -> mediator -> outcome``; the loading of a dimension on a
        second-order construct is ``construct -> dimension``.
    sign
        Expected sign of the effect.
    wording
        The hypothesis in words.
    source
        Where it comes from.
    """

    id: Line
    path: Annotated[Line, AfterValidator(_path)]
    sign: Literal["+", "-"]
    wording: Text
    source: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables along the path."""
        return tuple(_ARROW.split(self.path.strip()))

    @property
    def predictor(self) -> str:
        """The variable at the tail of the path."""
        return self.variables[0]

    @property
    def outcome(self) -> str:
        """The variable at the head of the path."""
        return self.variables[-1]

    @property
    def is_indirect(self) -> bool:
        """Whether it is about an effect by way of mediators."""
        return len(self.variables) > 2


class ModelDefinition(Definition):
    """A model as text, with its names and hypotheses.

    Attributes
    ----------
    name, title, source
        Its name in files, its title for the reader, the papers it comes from.
    questionnaire
        Name of the questionnaire whose items it uses.
    syntax
        Model text in lavaan's syntax; latent variables bear the codes of constructs.
    names
        Names of the latent variables that are no constructs of the questionnaire.
    hypotheses
        What is expected of the paths.
    """

    name: Line
    title: Text
    source: str = ""
    questionnaire: Line
    syntax: Line
    names: dict[Line, Text] = Field(default_factory=dict)
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def statements(self) -> Statements:
        """What the model text says; lines and columns are those of the file, if there is one."""
        place = self.place("syntax")
        return _parsed(self.text_in_file("syntax") or self.syntax, place.file if place else "model")

    @property
    def roles(self) -> Roles:
        """Which part each variable plays."""
        return find_roles(self.statements.elements)

    @property
    def items(self) -> tuple[str, ...]:
        """The observed variables, indicators first, in the order of the text."""
        return self.roles.observed


def read_model(path: Path | str) -> ModelDefinition:
    """Read a model and check that it does not contradict itself.

    Parameters
    ----------
    path
        A YAML file, or the name of a model: of the folder ``models`` here, or a shipped one.

    Raises
    ------
    StudyError
        There is no model of that name.
    DocumentError
        The file cannot be read or does not follow the schema (all faults at once).
    ModelSyntaxError
        The model text breaks the grammar; the line is that of the file.
    ModelSpecificationError
        A latent variable has a single indicator with a free error variance, a hypothesis speaks of
        a path that the model does not have, or an id stands twice (all faults at once).

    Examples
    --------
    >>> import loyaltysem as ls
    >>> model = ls.read_model("six_factor_loyalty")
    >>> len(model.hypotheses) > 0
    True
    """
    path = named("models", path)
    model = load(path, ModelDefinition)
    faults = [*_measurement_faults(model), *_hypothesis_faults(model)]
    if faults:
        raise ModelSpecificationError.together(faults, place=Place(path))
    return model


def check_against(model: ModelDefinition, questionnaire: Questionnaire) -> None:
    """Refuse a model that does not fit a questionnaire.

    Raises
    ------
    ModelSpecificationError
        The model is for another questionnaire, uses items or constructs that this one does not
        define, or lacks a text in one of its languages (all faults at once).
    """
    faults = [
        *_questionnaire_faults(model, questionnaire),
        *_item_faults(model, questionnaire),
        *_name_faults(model, questionnaire),
        *_translation_faults(model, questionnaire),
    ]
    if faults:
        whole = model.place() or Place(model.name)
        raise ModelSpecificationError.together(faults, place=Place(whole.file))


@lru_cache(maxsize=64)
def _parsed(text: str, file: str | Path) -> Statements:
    return parse_model(text, file)


def _measurement_faults(model: ModelDefinition) -> Iterator[ModelSpecificationError]:
    """Find single indicators whose error variance the text leaves open."""
    elements = model.statements.elements
    fixed = {e.lhs for e in elements if e.op == "~~" and e.lhs == e.rhs and e.modifiers.fixed}
    for latent in model.roles.latent:
        indicators = [e for e in elements if e.op == "=~" and e.lhs == latent]
        if len(indicators) != 1 or indicators[0].rhs in {*fixed, latent}:
            continue
        only = indicators[0]
        yield ModelSpecificationError(
            f"Construct '{latent}' has the single item '{only.rhs}', so that its error cannot be"
            " told from the construct",
            place=_line_of(model, only.line),
            remedy=f"Use two items or more, or state the error: {only.rhs} ~~ 0*{only.rhs}.",
        )


def _hypothesis_faults(model: ModelDefinition) -> Iterator[ModelSpecificationError]:
    regressions, dimensions = list(_paths(model)), list(_dimensions(model))
    seen: set[str] = set()
    for k, hypothesis in enumerate(model.hypotheses):
        steps = [f"{cause} -> {outcome}" for cause, outcome in pairwise(hypothesis.variables)]
        paths = regressions if hypothesis.is_indirect else [*regressions, *dimensions]
        for path in (step for step in steps if step not in paths):
            yield ModelSpecificationError(
                f"Hypothesis {hypothesis.id} is about the path '{path}', which the model does not"
                " have",
                place=model.place("hypotheses", k, "path"),
                expected=listed(regressions or dimensions, 20) or "no path at all",
                remedy=did_you_mean(path, paths),
            )
        if hypothesis.id in seen:
            yield ModelSpecificationError(
                f"Two hypotheses bear the id '{hypothesis.id}'",
                place=model.place("hypotheses", k, "id"),
            )
        seen.add(hypothesis.id)


def _paths(model: ModelDefinition) -> Iterator[str]:
    return (f"{e.rhs} -> {e.lhs}" for e in model.statements.elements if e.op == "~")


def _dimensions(model: ModelDefinition) -> Iterator[str]:
    """Return the loadings of second-order constructs, as paths to their dimensions."""
    latent, elements = set(model.roles.latent), model.statements.elements
    return (f"{e.lhs} -> {e.rhs}" for e in elements if e.op == "=~" and e.rhs in latent)


def _questionnaire_faults(
    model: ModelDefinition, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    if model.questionnaire != questionnaire.name:
        yield ModelSpecificationError(
            f"Model '{model.name}' is written for another questionnaire",
            place=model.place("questionnaire"),
            found=f"'{model.questionnaire}'",
            expected=f"'{questionnaire.name}', the one of the study",
        )


def _item_faults(
    model: ModelDefinition, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    latent, defined = model.roles.latent, questionnaire.item_codes
    told: set[tuple[str, int]] = set()
    for element in model.statements.elements:
        measures = element.op == "=~"
        for name in (element.rhs,) if measures else (element.lhs, element.rhs):
            if not name or name in latent or name in defined or element.op == "|":
                continue
            if (name, element.line) in told:
                continue
            told.add((name, element.line))
            who = f"Construct '{element.lhs}' uses item" if measures else "The model uses"
            construct = next((c for c in questionnaire.constructs if c.code == element.lhs), None)
            own = tuple(item.code for item in construct.items) if construct else ()
            yield ModelSpecificationError(
                f"{who} '{name}', which questionnaire '{questionnaire.name}' does not define",
                place=_line_of(model, element.line),
                expected=listed((own if measures else latent) or defined),
                remedy=did_you_mean(name, [*own, *defined, *latent]),
            )


def _name_faults(
    model: ModelDefinition, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    constructs = [construct.code for construct in questionnaire.constructs]
    for latent in model.roles.latent:
        if latent in constructs or latent in model.names:
            continue
        line = next(e.line for e in model.statements.elements if e.lhs == latent)
        nearest = did_you_mean(latent, constructs)
        yield ModelSpecificationError(
            f"Latent variable '{latent}' is no construct of questionnaire '{questionnaire.name}'"
            " and has no name in the model",
            place=_line_of(model, line),
            expected=listed(constructs),
            remedy=nearest or f"Name it in every language under 'names: {latent}:'.",
        )
    for name in model.names:
        if name not in model.roles.latent:
            yield ModelSpecificationError(
                f"'{name}' is named, but is no latent variable of the model",
                place=model.place("names", name),
                expected=listed(model.roles.latent),
                remedy=did_you_mean(name, model.roles.latent),
            )


def _translation_faults(
    model: ModelDefinition, questionnaire: Questionnaire
) -> Iterator[ModelSpecificationError]:
    for at, text in _texts(model):
        missing = [language for language in questionnaire.languages if language not in text]
        if missing:
            yield ModelSpecificationError(
                f"The text '{next(iter(text.values()), '')}' is not translated",
                place=model.place(*at),
                found=listed(text),
                expected=listed(questionnaire.languages),
            )


def _texts(model: ModelDefinition) -> Iterator[tuple[FieldPath, Text]]:
    yield ("title",), model.title
    for name, text in model.names.items():
        yield ("names", name), text
    for k, hypothesis in enumerate(model.hypotheses):
        yield ("hypotheses", k, "wording"), hypothesis.wording


def _line_of(model: ModelDefinition, line: int) -> Place | None:
    """Return the place of a line of the model text."""
    place = model.place("syntax")
    if place is None:
        return None
    return Place(place.file, line) if model.text_in_file("syntax") else place
