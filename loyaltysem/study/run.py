"""Run a study: plan, compute, report, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from loyaltysem.errors import LoyaltysemError
from loyaltysem.report import render_report
from loyaltysem.study.assemble import study_results
from loyaltysem.study.crate import crate
from loyaltysem.study.manifest import Clock, manifest, now, written_json
from loyaltysem.study.output import MANIFEST, METADATA, check_output, write_output
from loyaltysem.study.parts import MODEL_PARTS, STUDY_PARTS, FittedModel, Material
from loyaltysem.study.parts.model import fit_model, model_result
from loyaltysem.study.parts.screening import answers_read, screened
from loyaltysem.study.parts.treatment import analysed, imputed, with_imputed_cells
from loyaltysem.study.plan import Plan, plan_study
from loyaltysem.study.provenance import provenance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loyaltysem.results import ModelResult, StudyResults

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
    sample: str | None = None,
    allow_outside: bool = False,
    workers: int | None = None,
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
    sample
        Which of the study's ``samples``; None for a study with one data file.
    allow_outside
        Whether the study may name files outside its own folder.
    workers
        Processes that draw bootstrap samples, instead of the study's own choice.
    tell
        Called as ``tell(step, done, total)`` when a step begins.

    Raises
    ------
    LoyaltysemError
        Anything in the user's files does not allow the run; nothing is written then, except that
        ``results.json`` is kept where only the report failed.
    """
    started, clock = now(), perf_counter()
    plan = plan_study(
        path, output=output, sample=sample, allow_outside=allow_outside, workers=workers
    )
    check_output(plan.output, overwrite=overwrite)
    steps = _Steps(tell or _silent, _n_steps(plan))
    results = _compute(plan, steps)
    files = {"results.json": results.to_json().encode()}
    try:
        files |= _reports(plan, results, steps)
    except Exception as error:  # a long analysis is not lost over a template
        write_output(plan.output, files, overwrite=overwrite)
        if isinstance(error, LoyaltysemError):
            _tell_what_is_kept(error, plan)
        raise
    steps.begin("Writing files")
    files |= _account(plan, results, files, Clock(started=started, seconds=perf_counter() - clock))
    write_output(plan.output, files, overwrite=overwrite)
    return StudyRun(results=results, written=tuple(plan.output / name for name in files))


def _reports(plan: Plan, results: StudyResults, steps: _Steps) -> dict[str, bytes]:
    """Return the files of the report in all languages."""
    files: dict[str, bytes] = {}
    for language in plan.definition.language:
        steps.begin(f"Writing the report ({language})")
        files |= render_report(
            results, language=language, formats=plan.definition.formats, folder=plan.folder
        )
    return files


def _tell_what_is_kept(error: LoyaltysemError, plan: Plan) -> None:
    kept = f"The results are kept in '{plan.output / 'results.json'}'."
    again = f"'loyaltysem report {plan.inputs['study']}' makes the report from them."
    error.remedy = " ".join(part for part in (error.remedy, kept, again) if part)


def _account(
    plan: Plan, results: StudyResults, files: Mapping[str, bytes], clock: Clock
) -> dict[str, bytes]:
    """Return the files that say what the others are and how they came about."""
    account = manifest(plan, results, files, clock)
    return {
        MANIFEST: written_json(account),
        METADATA: written_json(crate(results, account)),
    }


def _n_steps(plan: Plan) -> int:
    n_parts = 1 + sum(part.wanted(plan) for part in MODEL_PARTS)
    n_own = sum(part.wanted(plan) for part in STUDY_PARTS)
    return 2 + n_parts * len(plan.models_to_fit) + n_own + len(plan.definition.language)


def compute_study(plan: Plan, tell: Tell | None = None) -> StudyResults:
    """Compute everything that a planned study asks for; nothing is written."""
    return _compute(plan, _Steps(tell or _silent, _n_steps(plan)))


def _compute(plan: Plan, steps: _Steps) -> StudyResults:
    """Compute with one thread of linear algebra: matrices this small only lose by sharing."""
    with threadpool_limits(limits=1, user_api="blas"):
        return _computed(plan, steps)


def _computed(plan: Plan, steps: _Steps) -> StudyResults:
    steps.begin("Reading the answers")
    origin = provenance(plan.inputs)
    screening = screened(plan, answers_read(plan))
    responses = analysed(plan, screening.kept)
    copies = imputed(plan, responses, steps.within)
    responses = with_imputed_cells(plan, responses, copies)
    fitted: list[FittedModel] = []
    for model in plan.models_to_fit:
        steps.begin(f"Fitting {model.name}")
        fitted.append(fit_model(plan, model, responses, copies))
    material = Material(
        plan=plan,
        responses=responses,
        models=tuple(fitted),
        tell=steps.within,
        screening=screening,
        imputations=copies,
    )
    models = tuple(_model_result(material, one, steps) for one in fitted)
    parts = {}
    for part in STUDY_PARTS:
        if part.wanted(plan):
            steps.begin(part.step)
            parts[part.field] = part.compute(material)
    return study_results(plan, responses, models, parts, origin)


def _model_result(material: Material, fitted: FittedModel, steps: _Steps) -> ModelResult:
    """Return a fitted model with all that its parts found."""
    parts = {}
    for part in MODEL_PARTS:
        if part.wanted(material.plan):
            steps.begin(f"{part.step} ({fitted.definition.name})")
            parts[part.field] = part.compute(material, fitted)
    return model_result(material.plan, fitted, parts)


class _Steps:
    """Counts the steps of a run and tells when one begins."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done, self._step = tell, total, 0, ""

    def begin(self, step: str) -> None:
        self._tell(step, self._done, self._total)
        self._done, self._step = self._done + 1, step

    def within(self, done: int, total: int) -> None:
        """Tell how far a long step is."""
        self._tell(f"{self._step}: {done:,} of {total:,}", self._done - 1, self._total)


def _silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""
