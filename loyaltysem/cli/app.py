"""The application, its exit codes, and how faults are told.

Exit codes: 0 done, 1 an internal fault, 2 a mistake in what the user gave, 3 a
checked number moved, 130 interrupted, 143 told to end.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from loyaltysem.cli import (
    catalogue,
    check,
    fit,
    measure,
    questionnaire,
    report,
    responses,
    simulate,
    study,
)
from loyaltysem.errors import LoyaltysemError

if TYPE_CHECKING:
    from types import FrameType, TracebackType

USER_MISTAKE = 2
INTERRUPTED = 130
TERMINATED = 143

app = typer.Typer(
    name="loyaltysem",
    help="Survey and structural-model research: from questionnaire to finished results chapter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from loyaltysem import __version__

        typer.echo(f"loyaltysem {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Survey and structural-model research: from questionnaire to finished results chapter."""


study.register(app)
fit.register(app)
simulate.register(app)
check.register(app)
report.register(app)
catalogue.register(app)
measure.register(app)
questionnaire.register(app)
responses.register(app)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.excepthook = _report_fault
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except LoyaltysemError as error:
        typer.secho(f"Error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(USER_MISTAKE)
    except KeyboardInterrupt:
        _say_interrupted()
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code in {INTERRUPTED, TERMINATED}:  # typer has caught an interruption already
            _say_interrupted()
        raise


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End as after an interruption, with unfinished files removed."""
    sys.exit(TERMINATED)


def _say_interrupted() -> None:
    typer.secho("Interrupted; nothing was written of what was not finished.", err=True)


def _report_fault(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """Print the traceback of an internal fault, and say that it is ours; Python exits with 1."""
    sys.__excepthook__(kind, fault, trace)
    typer.secho(
        "\nThis is a fault in loyaltysem, not in your files. Please report the lines above.",
        fg=typer.colors.RED,
        err=True,
    )
