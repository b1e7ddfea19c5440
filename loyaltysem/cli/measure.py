"""``loyaltysem measure``: the quality of a questionnaire by its answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(measure)


def measure(
    questionnaire: Annotated[
        str, typer.Argument(help="A questionnaire's file, or the name of a shipped one.")
    ],
    data: Annotated[Path, typer.Argument(help="The answers: CSV or Excel.")],
    format_: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = (
        Format.table
    ),
    factors: Annotated[
        int | None, typer.Option("--factors", min=1, help="Number of factors to extract.")
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=100_000, help="Bootstrap draws of intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the random draws.")] = 2026,
) -> None:
    """Analyse the answers to a questionnaire: reliability, factors, validity, items."""
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.study.measuring import measure as measure_answers
    from loyaltysem.study.settings.factors import FactorsDefinition

    wanted = FactorsDefinition() if factors is None else FactorsDefinition(n=factors)
    with shown_progress("Measuring"):
        found = measure_answers(questionnaire, data, draws=draws, seed=seed, factors=wanted)
    if format_ is Format.json:
        typer.echo(found.to_json(), nl=False)
        return
    from loyaltysem.cli.measured import print_measured

    print_measured(found)
