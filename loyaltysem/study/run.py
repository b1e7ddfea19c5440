"""Run a study: plan, compute, report, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.report import path_pictures, render_report
from loyaltysem.responses import complete_cases, read_responses
from loyaltysem.study.assemble import study_results
from loyaltysem.study.model_part import fit_model
from loyaltysem.study.output import write_output
from loyaltysem.study.plan import Plan, plan_study

if TYPE_CHECKING:
    from pathlib import Path

    from loyaltysem.responses import Responses
    from loyaltysem.results import ModelResult, StudyResults
    from loyaltysem.study.definition import Language

Tell = Callable[[str, int, int], None]
"""Called as ``tell(step, done, total)`` when a step begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRun:
    """A finished run: what was found, and the files that were written."""

    results: StudyResults
    written: tuple[Path, ...]


def run_study(
    path: Path,
    *,
    output: Path | None = None,
    overwrite: bool = False,
    tell: Tell | None = None,
) -> StudyRun:
    """Run a study from its file to its report.

    Parameters
    ----------
    path
        The study file.
    output
        Folder for the results instead of the study's own choice.
    overwrite
        Whether earlier results in that folder may be replaced.
    tell
        Called as ``tell(step, done, total)`` when a step begins.

    Raises
    ------
    LoyaltysemError
        Anything in the user's files does not allow the run; nothing is written then.
    """
    plan = plan_study(path, output=output, overwrite=overwrite)
    n_steps = 3 + len(plan.models_to_fit) + len(plan.definition.language)
    steps = _Steps(tell or _silent, n_steps)
    results = compute(plan, steps)
    files = {"results.json": results.to_json().encode()}
    for language in plan.definition.language:
        steps.begin(f"Writing the report ({language})")
        files |= _report(plan, results, language)
    steps.begin("Writing files")
    write_output(plan.output, files)
    return StudyRun(results=results, written=tuple(plan.output / name for name in files))


def _report(plan: Plan, results: StudyResults, language: Language) -> dict[str, bytes]:
    """Return the report in one language, and its path diagrams as files of their own."""
    pictures = path_pictures(results, language)
    files = render_report(
        results,
        language=language,
        formats=plan.definition.formats,
        folder=plan.folder,
        pictures=pictures,
    )
    for number, model in enumerate(pictures.values(), start=1):
        for kind, picture in (("paths", model.main), ("full", model.full)):
            if picture:
                stem = f"figures/{kind}-{number}.{language}"
                files |= {f"{stem}.svg": picture.svg.encode(), f"{stem}.png": picture.png}
    return files


def compute(plan: Plan, steps: _Steps) -> StudyResults:
    """Compute everything that a planned study asks for; nothing is written."""
    steps.begin("Reading the answers")
    responses = read_responses(plan.data, plan.questionnaire, invalid=plan.definition.invalid)
    responses = _analysed(plan, responses)
    models: list[ModelResult] = []
    for model in plan.models_to_fit:
        steps.begin(f"Fitting {model.name}")
        models.append(fit_model(plan, model, responses, steps.drawn))
    steps.begin("Describing the answers")
    return study_results(plan, responses, tuple(models))


def _analysed(plan: Plan, responses: Responses) -> Responses:
    """Leave out who lacks an answer that a model needs, unless missing answers are modelled."""
    if not plan.models_to_fit or plan.definition.missing != "listwise":
        return responses
    wanted = {item for model in plan.models_to_fit for item in model.items}
    items = [code for code in plan.questionnaire.item_codes if code in wanted]
    return complete_cases(responses, items)


class _Steps:
    """Counts the steps of a run and tells when one begins."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done, self._step = tell, total, 0, ""

    def begin(self, step: str) -> None:
        self._tell(step, self._done, self._total)
        self._done, self._step = self._done + 1, step

    def drawn(self, done: int, draws: int) -> None:
        """Tell how far the bootstrap within the step is."""
        self._tell(f"{self._step}: {done:,} of {draws:,} draws", self._done - 1, self._total)


def _silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""
