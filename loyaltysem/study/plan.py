"""From a study file to everything a run needs; all that can be refused cheaply is refused here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.errors import StudyError
from loyaltysem.library import find
from loyaltysem.questionnaire import Questionnaire, read_questionnaire
from loyaltysem.responses import read_responses
from loyaltysem.structural.definition import ModelDefinition, check_against, read_model
from loyaltysem.study.definition import StudyDefinition, read_study
from loyaltysem.study.inputs import check_apart, check_inside, check_names, further_inputs
from loyaltysem.study.parts import MODEL_PARTS, STUDY_PARTS, ModelPart, StudyPart
from loyaltysem.study.settings.diagram import check_diagram

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from loyaltysem.responses import Responses


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A study with all its files found, read and checked against one another.

    ``inputs`` maps the role of each file (study, questionnaire, model, data and so on) to its path.
    """

    definition: StudyDefinition
    folder: Path
    output: Path
    data: Path
    mapping: Path | None = None
    questionnaire: Questionnaire
    models: tuple[ModelDefinition, ...]
    inputs: Mapping[str, Path]

    def responses(self, data: Path | None = None, extra: Sequence[str] = ()) -> Responses:
        """Read the study's answers, or those of another file that is laid out alike.

        Raises
        ------
        ResponsesError
            The file cannot be read (see :func:`~loyaltysem.read_responses`).
        """
        return read_responses(
            data or self.data,
            self.questionnaire,
            invalid=self.definition.invalid,
            extra=extra,
            mapping=self.mapping,
        )

    @property
    def models_to_fit(self) -> tuple[ModelDefinition, ...]:
        """The models, none where the study does not ask for them."""
        return self.models if "model" in self.definition.analyses else ()


def plan_study(
    path: Path,
    *,
    output: Path | None = None,
    sample: str | None = None,
    allow_outside: bool = False,
    with_answers: bool = True,
    workers: int | None = None,
) -> Plan:
    """Read a study and all it names, and refuse what cannot be run.

    Parameters
    ----------
    path
        The study file.
    output
        Folder for the results instead of the study's own choice.
    sample
        Which of the study's ``samples``; None for a study with one data file.
    allow_outside
        Whether the study may name files outside its own folder.
    with_answers
        Whether the data file must exist.
    workers
        Processes that draw bootstrap samples, instead of the study's own choice; the numbers are
        the same.

    Raises
    ------
    LoyaltysemError
        A file is missing, wrong, or outside the study's folder, or the files contradict one
        another.
    """
    definition = _with_workers(read_study(path), workers)
    folder = path.resolve().parent
    check_names(definition, folder, allow_outside=allow_outside)
    questionnaire_path = find("questionnaires", definition.questionnaire, folder)
    model_paths = [find("models", name, folder) for name in definition.model]
    data = folder / definition.data_of(sample)
    files = {"questionnaire": questionnaire_path, "data": data}
    further = further_inputs(definition, folder)
    if not allow_outside:
        check_inside(files | {f"model {at.stem}": at for at in model_paths} | further, folder)
    questionnaire = read_questionnaire(questionnaire_path)
    models = tuple(read_model(model_path) for model_path in model_paths)
    for model in models:
        check_against(model, questionnaire)
    check_diagram(definition, models)
    _check_engine(definition)
    _check_languages(definition, questionnaire)
    if with_answers:
        _check_data_file(definition, data)
    named = {f"model {one.name}": at for one, at in zip(models, model_paths, strict=True)}
    plan = Plan(
        definition=definition,
        folder=folder,
        output=(output or folder / definition.output) / (sample or ""),
        data=data,
        questionnaire=questionnaire,
        models=models,
        mapping=further.get("mapping"),
        inputs={"study": path, **files, **named, **further},
    )
    check_apart(plan.output, plan.inputs)
    if data.is_file():
        _check_parts(plan)
    return plan


def _check_engine(definition: StudyDefinition) -> None:
    """Refuse ordered categories for the second engine, which does not have them."""
    if definition.is_ordinal and definition.engine != "native":
        raise StudyError(
            f"estimator: {definition.estimator} needs the native engine",
            place=definition.place("engine"),
            remedy="Remove 'engine: semopy', or take the answers as numbers with estimator: MLR.",
        )


def _with_workers(definition: StudyDefinition, workers: int | None) -> StudyDefinition:
    if workers is None or definition.bootstrap is None:
        return definition
    bootstrap = definition.bootstrap.model_copy(update={"workers": workers})
    return definition.model_copy(update={"bootstrap": bootstrap})


def _check_parts(plan: Plan) -> None:
    """Let every analysis that is wanted refuse what it cannot do."""
    parts: tuple[StudyPart | ModelPart, ...] = (*STUDY_PARTS, *MODEL_PARTS)
    for part in parts:
        if part.wanted(plan):
            part.check(plan)


def _check_data_file(definition: StudyDefinition, data: Path) -> None:
    if not data.is_file():
        raise StudyError(
            f"The data file '{data.name}' does not exist",
            place=definition.place("samples" if definition.samples else "data"),
            remedy=f"Paths are read from the folder of the study, '{data.parent.name}'.",
        )


def _check_languages(definition: StudyDefinition, questionnaire: Questionnaire) -> None:
    """Refuse a language that the questionnaire or the study's title does not have."""
    for language in definition.language:
        if language not in questionnaire.languages:
            raise StudyError(
                f"The questionnaire '{questionnaire.name}' has no texts in '{language}'",
                place=definition.place("language"),
                expected=", ".join(questionnaire.languages),
            )
        if language not in definition.title:
            raise StudyError(
                f"The study has no title in '{language}', a language of its report",
                place=definition.place("title"),
                remedy=f"Add '{language}:' to the title.",
            )
