"""A report made again from stored results: another language, other formats, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from loyaltysem.errors import StudyError, listed
from loyaltysem.report import render_report
from loyaltysem.results import read_results
from loyaltysem.study.definition import read_study
from loyaltysem.study.output import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from loyaltysem.diagrams.wording import Language

RESULTS = "results.json"
USUAL = ("html", "docx")
"""Formats where neither the user nor a study names any."""


def report_again(
    path: Path,
    output: Path,
    *,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the report of a study from its stored results.

    Parameters
    ----------
    path
        A stored ``results.json`` or its folder; or the study file, whose results are taken from
        its output folder and whose own wording and templates are used then.
    output
        Folder for the report.
    languages, formats
        As for :func:`loyaltysem.render_report`; the study's own choice where none is given.
    overwrite
        Whether files of the same names may be replaced.

    Returns
    -------
    tuple of Path
        The files that were written.

    Raises
    ------
    LoyaltysemError
        There are no stored results, or files stand in the way.
    """
    results, formats, folder = _stored(path, tuple(formats))
    stored = read_results(results)
    files: dict[Path, bytes] = {}
    for language in cast("Sequence[Language]", languages or stored.study.languages):
        made = render_report(stored, language=language, formats=formats, folder=folder)
        files |= {output / name: content for name, content in made.items()}
    _refuse_what_is_there(files, overwrite=overwrite)
    for target, content in files.items():
        write_file(target, content)
    return tuple(files)


def _stored(path: Path, formats: tuple[str, ...]) -> tuple[Path, tuple[str, ...], Path | None]:
    """Return where the results are, the formats, and the study's folder if it is known."""
    if path.is_dir():
        path /= RESULTS
    if path.suffix.lower() == ".json":
        return path, formats or USUAL, None
    definition, folder = read_study(path), path.resolve().parent
    places = [folder / definition.output / sample for sample in definition.samples or ("",)]
    if len(places) > 1:
        raise StudyError(
            "The study has several samples, each with results of its own",
            found=listed(definition.samples),
            remedy=f"Name one of them, such as {places[0] / RESULTS}.",
        )
    results = places[0] / RESULTS
    if not results.is_file():
        raise StudyError(
            f"There are no results to report at '{results}'",
            remedy=f"Run the study first (loyaltysem run {path}), or name a {RESULTS}.",
        )
    return results, formats or definition.formats, folder


def _refuse_what_is_there(files: dict[Path, bytes], *, overwrite: bool) -> None:
    there = [path for path in files if path.exists()]
    if there and not overwrite:
        raise StudyError(
            "The output folder has a report already, which is not overwritten unasked",
            found=listed(map(str, there), 3),
            remedy="Give --overwrite to replace it, or another folder with --output.",
        )
