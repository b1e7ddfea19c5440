"""Several studies, or one study in several samples, in one go, and their comparison."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import StudyError, listed
from loyaltysem.report.batch import compose_batch
from loyaltysem.report.render import render_document
from loyaltysem.study.definition import read_study
from loyaltysem.study.manifest import written_json
from loyaltysem.study.output import check_output, write_output
from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import StudyRun, run_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loyaltysem.results import StudyResults
    from loyaltysem.study.definition import Language, StudyDefinition
    from loyaltysem.study.run import Tell

COMPARISON = Path("comparison")
MARKER = "comparison.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """Finished runs, in the order asked for, and the files of their comparison, if any."""

    runs: tuple[StudyRun, ...]
    comparison: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    path: Path
    definition: StudyDefinition
    sample: str | None
    output: Path | None


def run_studies(
    paths: Sequence[Path],
    *,
    output: Path | None = None,
    overwrite: bool = False,
    allow_outside: bool = False,
    comparison: Path | None = None,
    workers: int | None = None,
    tell: Tell | None = None,
) -> BatchRun:
    """Run studies one after the other; with more than one run, compare them in one report.

    Everything that can be refused cheaply is refused before the first study is computed.

    Parameters
    ----------
    paths
        The study files; one with ``samples`` is run once for each.
    output
        Folder for the results; with several study files each gets a folder of its own inside,
        named by the folder of the study, or by the study file where they share one.
    overwrite
        Whether earlier results may be replaced.
    allow_outside
        Whether studies may name files outside their folders.
    comparison
        Folder for the comparison; None for ``comparison`` in the output folder of a study with
        samples, else in ``output`` or the current folder.
    workers
        Processes that draw bootstrap samples, instead of the studies' own choices.
    tell
        Called as ``tell(step, done, total)`` when a step begins.

    Raises
    ------
    LoyaltysemError
        A study cannot be run; those before it have been written by then, unless the fault could
        be seen at once. Two runs would write into one folder, or have no language in common.
    """
    folders = _folders(paths, output)
    jobs = [job for path, own in zip(paths, folders, strict=True) for job in _jobs(path, own)]
    target = comparison or _comparison_folder(paths, output, jobs)
    plans = [
        plan_study(job.path, output=job.output, sample=job.sample, allow_outside=allow_outside)
        for job in jobs
    ]
    _refuse_one_folder_for_two(jobs, [plan.output for plan in plans])
    for plan in plans:
        check_output(plan.output, overwrite=overwrite)
    if len(jobs) > 1:
        _common_languages(jobs)
        check_output(target, overwrite=overwrite, marker=MARKER)
    runs = tuple(
        run_study(
            job.path,
            output=job.output,
            sample=job.sample,
            overwrite=overwrite,
            allow_outside=allow_outside,
            workers=workers,
            tell=tell,
        )
        for job in jobs
    )
    if len(runs) < 2:
        return BatchRun(runs=runs)
    return BatchRun(runs=runs, comparison=_compare(jobs, runs, target, overwrite=overwrite))


def _folders(paths: Sequence[Path], output: Path | None) -> list[Path | None]:
    """Return where each study file writes when all write into one folder; None for its own."""
    if output is None or len(paths) == 1:
        return [output] * len(paths)
    names = [path.resolve().parent.name for path in paths]
    return [output / name for name in (names if _differ(names) else [one.stem for one in paths])]


def _jobs(path: Path, output: Path | None) -> Iterable[_Job]:
    definition = read_study(path)
    for sample in definition.samples or (None,):
        yield _Job(path=path, definition=definition, sample=sample, output=output)


def _refuse_one_folder_for_two(jobs: Sequence[_Job], outputs: Sequence[Path]) -> None:
    first: dict[Path, Path] = {}
    for job, output in zip(jobs, outputs, strict=True):
        other = first.get(output.resolve())
        if other:
            raise StudyError(
                f"'{other}' and '{job.path}' would write into the same folder",
                place=job.definition.place("output"),
                found=output.name,
                remedy="Give each study an 'output:' of its own, or one folder with --output.",
            )
        first[output.resolve()] = job.path


def _comparison_folder(paths: Sequence[Path], output: Path | None, jobs: Sequence[_Job]) -> Path:
    if output:
        return output / COMPARISON
    if len(paths) == 1 and len(jobs) > 1:
        return paths[0].resolve().parent / jobs[0].definition.output / COMPARISON
    return COMPARISON


def _compare(
    jobs: Sequence[_Job], runs: Sequence[StudyRun], target: Path, *, overwrite: bool
) -> tuple[Path, ...]:
    languages = _common_languages(jobs)
    files = {MARKER: written_json(_figures(_named(jobs, runs, languages[0])))}
    for language in languages:
        named = _named(jobs, runs, language)
        document = compose_batch(named, language)
        files |= render_document(document, jobs[0].definition.formats, stem="comparison")
    write_output(target, files, overwrite=overwrite)
    return tuple(target / name for name in files)


def _common_languages(jobs: Sequence[_Job]) -> tuple[Language, ...]:
    languages = tuple(
        language
        for language in jobs[0].definition.language
        if all(language in job.definition.language for job in jobs)
    )
    if not languages:
        raise StudyError(
            "The studies have no language in common, so they cannot be compared in one report",
            found="; ".join(listed(job.definition.language) for job in jobs),
        )
    return languages


def _figures(studies: Mapping[str, StudyResults]) -> dict[str, Any]:
    """Return what the comparison shows, unrounded."""
    kept = {"name", "n", "fit", "hypotheses", "parameters"}
    return {
        "format": "loyaltysem-comparison",
        "studies": {
            name: {
                "n_read": one.sample.n_read,
                "n_analysed": one.sample.n_analysed,
                "alpha": {scale.construct_code: scale.alpha for scale in one.reliability},
                "models": [model.model_dump(mode="json", include=kept) for model in one.models],
            }
            for name, one in studies.items()
        },
    }


def _named(
    jobs: Sequence[_Job], runs: Sequence[StudyRun], language: str
) -> Mapping[str, StudyResults]:
    """Return results by sample, title or folder: the first of these that tells all apart."""
    samples = [job.sample or "" for job in jobs]
    titles = [run.results.study.title[language] for run in runs]
    folders = [str(job.path.resolve().parent.name) for job in jobs]
    joined = [" · ".join(filter(None, pair)) for pair in zip(folders, samples, strict=True)]
    numbers = [str(number) for number in range(1, len(jobs) + 1)]
    choices = (samples, titles, folders, joined)
    names = next((some for some in choices if all(some) and _differ(some)), numbers)
    return dict(zip(names, (run.results for run in runs), strict=True))


def _differ(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)
