"""``loyaltysem check``: has a number moved since the results were stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysem.errors import LoyaltysemError

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
    from loyaltysem.study import read_study

    jobs = [(path, sample) for path in studies for sample in read_study(path).samples or (None,)]
    _refuse_what_does_not_go_together(len(jobs), against, update=update)
    options = {"allow_outside": allow_outside, "workers": workers}
    checks = _checked(jobs, junit, github=github, against=against, **options)
    moved = [one for one in checks if not one.passed]
    if moved and not update:
        raise typer.Exit(MOVED)
    for study in dict.fromkeys(one.study for one in moved):
        _run_again(study, **options)


def _refuse_what_does_not_go_together(n_runs: int, against: Path | None, *, update: bool) -> None:
    if against and n_runs > 1:
        raise typer.BadParameter("--against goes with a single study of one sample")
    if against and update:
        raise typer.BadParameter("--update replaces the study's own results: leave out --against")


def _checked(
    jobs: list[tuple[Path, str | None]], junit: Path | None, *, github: bool, **options: Any
) -> list[StudyCheck]:
    """Check and print one after the other; JUnit tells of one that could not be checked, too."""
    from loyaltysem.cli.changes import print_check
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.study import check_study
    from loyaltysem.study.checking import github_annotations, junit_xml
    from loyaltysem.study.output import write_file

    checks: list[StudyCheck] = []
    for study, sample in jobs:
        try:
            with shown_progress("Reading the study") as tell:
                checks.append(check_study(study, sample=sample, tell=tell, **options))
        except LoyaltysemError as fault:
            if junit:
                write_file(junit, junit_xml(checks, fault=(str(study), str(fault))))
            raise
        print_check(checks[-1])
        for line in github_annotations(checks[-1]) if github else ():
            typer.echo(line)
    if junit:
        write_file(junit, junit_xml(checks))
    return checks


def _run_again(study: Path, **options: Any) -> None:
    """Replace the stored results, of all samples and with their comparison where there are some."""
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.study import run_studies

    with shown_progress("Running the study again") as tell:
        run_studies([study], overwrite=True, tell=tell, **options)
    typer.echo(f"The stored results of {study} were replaced.")
