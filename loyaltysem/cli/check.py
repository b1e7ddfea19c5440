"""``loyaltysem check``: has a number moved since the results were stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loyaltysem.study import StudyCheck

MOVED = 3
"""Exit code when a number moved."""


Studies = Annotated[list[Path], typer.Argument(help="Study files.")]
Against = Annotated[
    Path | None, typer.Option(help="Stored results.json (default: in the study's output folder).")
]
Junit = Annotated[Path | None, typer.Option(help="Write the outcome as JUnit XML.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(check)


def check(
    studies: Studies,
    against: Against = None,
    junit: Junit = None,
    github: Annotated[bool, typer.Option("--github", help="Print GitHub annotations.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Accept: run again and replace the stored results.")
    ] = False,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the study name files outside its folder.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes for bootstrap samples (default: the study's)."),
    ] = None,
) -> None:
    """Run studies again and compare with their stored results: exit 0 the same, 3 moved."""
    from loyaltysem.cli.changes import print_check
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.study import check_study, read_study, run_study
    from loyaltysem.study.checking import github_annotations, junit_xml
    from loyaltysem.study.output import write_file

    jobs = [(path, sample) for path in studies for sample in read_study(path).samples or (None,)]
    _refuse_one_for_several(len(jobs), against)
    checks = []
    for study, sample in jobs:
        with shown_progress("Reading the study") as tell:
            checks.append(
                check_study(
                    study,
                    against=against,
                    sample=sample,
                    allow_outside=allow_outside,
                    workers=workers,
                    tell=tell,
                )
            )
        print_check(checks[-1])
        for line in github_annotations(checks[-1]) if github else ():
            typer.echo(line)
    if junit:
        write_file(junit, junit_xml(checks))
    for moved in _moved(checks):
        if not update:
            raise typer.Exit(MOVED)
        with shown_progress("Running the study again") as tell:
            run_study(
                moved.study,
                sample=moved.sample,
                overwrite=True,
                allow_outside=allow_outside,
                workers=workers,
                tell=tell,
            )
        typer.echo(f"The stored results of {moved.name} were replaced.")


def _refuse_one_for_several(n_runs: int, against: Path | None) -> None:
    if against and n_runs > 1:
        raise typer.BadParameter("--against goes with a single study of one sample")


def _moved(checks: list[StudyCheck]) -> list[StudyCheck]:
    return [one for one in checks if not one.passed]
