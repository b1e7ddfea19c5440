"""``loyaltysem simulate``: answers drawn from a model with stated population values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(simulate)


def simulate(
    population: Annotated[Path, typer.Argument(help="YAML file with the population values.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV file to write.")] = Path(
        "responses_simulated.csv"
    ),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> None:
    """Simulate answers to a questionnaire, to rehearse a study before it is fielded."""
    from loyaltysem.structural.simulation import simulate_from_file, write_simulated

    answers = simulate_from_file(population)
    write_simulated(answers, output, overwrite=overwrite)
    typer.echo(f"Wrote {len(answers)} simulated respondents to {output}.")
