"""``loyaltysem run``, ``demo`` and ``new``: the commands around a study."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for the results (default: the study's)."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace earlier results.")]
AllowOutside = Annotated[
    bool, typer.Option("--allow-outside", help="Let the study name files outside its folder.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, help="Processes for bootstrap samples (default: the study's); same numbers."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only where the files are.")]


class Service(StrEnum):
    """Services that run a study's repository."""

    GITHUB = "github"
    GITLAB = "gitlab"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(run)
    app.command()(demo)
    app.command()(new)
    app.command()(freeze)


def run(
    studies: Annotated[list[Path], typer.Argument(help="Study files, usually one study.yaml.")],
    output: Output = None,
    overwrite: Overwrite = False,
    allow_outside: AllowOutside = False,
    comparison: Annotated[
        Path | None, typer.Option(help="Folder for the comparison of several runs.")
    ] = None,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Run studies: read the answers, fit the models, write the reports; compare several."""
    _run(
        studies,
        output=output,
        overwrite=overwrite,
        allow_outside=allow_outside,
        comparison=comparison,
        workers=workers,
        quiet=quiet,
    )


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")] = Path(
        "loyaltysem-demo"
    ),
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Run the example study that ships with the package (simulated answers)."""
    from loyaltysem.study import example_study

    _run([example_study()], output=output, overwrite=overwrite, quiet=quiet)


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to create, e.g. my-thesis.")],
    example: Annotated[
        str, typer.Option("--from", help="Entry of the catalogue to start from.")
    ] = "six_factor_loyalty",
    ci: Annotated[
        Service | None, typer.Option(help="Add a workflow that checks the study on every push.")
    ] = None,
) -> None:
    """Start a study of your own: a folder with a study.yaml and example answers to replace."""
    from loyaltysem.study import new_study

    study = new_study(folder, ci=ci.value if ci else None, example=example)
    typer.echo(f"Created {study}. Try it: cd {folder} && loyaltysem run {study.name}")


def freeze(
    study: Annotated[Path, typer.Argument(help="The study file, usually study.yaml.")],
    n: Annotated[int | None, typer.Option("--n", min=1, help="Planned respondents.")] = None,
    allow_outside: AllowOutside = False,
) -> None:
    """Preregister: write down hypotheses, rules and analyses, hashed, before answers come in."""
    from loyaltysem.study import freeze_study

    frozen = freeze_study(study, planned_n=n, allow_outside=allow_outside)
    if frozen.answers_present:
        typer.secho("The data file exists already; the statement says so.", err=True)
    typer.echo(f"Written {frozen.path} (SHA-256 {frozen.sha256}). Deposit it where it is dated.")


def _run(
    studies: list[Path],
    *,
    output: Path | None,
    overwrite: bool,
    allow_outside: bool = False,
    comparison: Path | None = None,
    workers: int | None = None,
    quiet: bool,
) -> None:
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.cli.summary import print_paths, print_summary
    from loyaltysem.study import run_studies

    with shown_progress("Reading the study") as tell:
        batch = run_studies(
            studies,
            output=output,
            overwrite=overwrite,
            allow_outside=allow_outside,
            comparison=comparison,
            workers=workers,
            tell=tell,
        )
    for finished in batch.runs:
        if quiet:
            print_paths(finished.written)
        else:
            print_summary(finished.results, finished.written)
    print_paths(batch.comparison)
