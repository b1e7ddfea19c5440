"""``loyaltysem report``: the report again, from stored results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(report)


def report(
    results: Annotated[Path, typer.Argument(help="A results.json, or the study that has run.")],
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", help="en, zh or en,zh (default: the study's)."),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--formats", "-f", help="Such as docx,pdf (default: the study's, else html,docx)."
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")] = Path(
        "report"
    ),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of the same names.")
    ] = False,
) -> None:
    """Make the report again from stored results: another language or format, nothing computed."""
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.cli.summary import print_reports
    from loyaltysem.study import report_again

    with shown_progress("Writing the report"):
        written = report_again(
            results,
            output,
            languages=_split(language),
            formats=_split(formats),
            overwrite=overwrite,
        )
    print_reports(written)


def _split(values: list[str] | None) -> list[str]:
    """Return what was given once or several times, with commas or without."""
    names = (name.strip() for value in values or () for name in value.split(","))
    return list(dict.fromkeys(name for name in names if name))
