"""``loyaltysem responses``: what is in a file of answers, and what becomes of each column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.responses import Responses

File = Annotated[Path, typer.Argument(help="File of answers, of any platform.")]
Asked = Annotated[
    str,
    typer.Option("--questionnaire", "-q", help="Name of the questionnaire, or its YAML file."),
]

app = typer.Typer(
    name="responses",
    help="Read files of answers; write them without personal data.",
    no_args_is_help=True,
)


def register(parent: typer.Typer) -> None:
    """Add the commands to the application."""
    parent.add_typer(app)


@app.command()
def read(
    file: File,
    questionnaire: Asked,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="What headings stand for, as it was saved.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option("--save-mapping", help="Write the mapping to this YAML file.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write the answers by codes (.csv or .xlsx).")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files.")] = False,
) -> None:
    """Say which platform a file is from, which column is which question, and who stays in."""
    from loyaltysem.library import find
    from loyaltysem.questionnaire import read_questionnaire
    from loyaltysem.responses import read_responses
    from loyaltysem.responses.platforms import platform_title
    from loyaltysem.responses.saving import save_answers, save_mapping_of

    asked = read_questionnaire(find("questionnaires", questionnaire))
    try:
        responses = read_responses(file, asked, mapping=mapping)
    finally:
        if save_mapping:
            path = save_mapping_of(file, asked, save_mapping, mapping, overwrite=overwrite)
            typer.echo(f"Wrote {path}.")
    typer.echo(f"{responses.file}: {platform_title(responses.platform)}")
    _print_matches(responses)
    _print_account(responses)
    if to:
        typer.echo(f"Wrote {save_answers(responses, to, overwrite=overwrite)}.")


@app.command()
def anonymise(
    file: File,
    to: Annotated[Path, typer.Argument(help="Where to write (.csv, .xlsx or .parquet).")],
    questionnaire: Annotated[
        str | None,
        typer.Option("--questionnaire", "-q", help="Write by its codes, its questions alone."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="Keep a column that looks personal.")
    ] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="Drop a further column.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Fix the random order.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> None:
    """Write the answers without personal data, in random order, to be shared."""
    from loyaltysem.library import find
    from loyaltysem.questionnaire import read_questionnaire
    from loyaltysem.responses.anonymising import anonymise as anonymised

    asked = read_questionnaire(find("questionnaires", questionnaire)) if questionnaire else None
    done = anonymised(
        file,
        to,
        questionnaire=asked,
        keep=keep or (),
        drop=drop or (),
        seed=seed,
        overwrite=overwrite,
    )
    _print_table(
        ("column", "what became of it", "why"),
        [(one.heading, one.action, one.reason) for one in done.columns],
    )
    typer.echo(f"Wrote {done.path}: {done.n} respondents in random order.")
    if done.n_texts_lost:
        typer.echo(
            f"{done.n_texts_lost} texts in place of a number or beside an option were left out."
        )
    if done.smallest_group is not None:
        alike = (
            "one respondent" if done.smallest_group == 1 else f"{done.smallest_group} respondents"
        )
        typer.echo(
            f"The smallest group alike in all characteristics has {alike}; a group of few can be"
            " recognised."
        )


@app.command()
def extract(
    study: Annotated[Path, typer.Argument(help="The study file.")],
    to: Annotated[Path, typer.Argument(help="Folder, such as output/reproduce.")],
    sample: Annotated[str | None, typer.Option("--sample", help="Which of its samples.")] = None,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the study name files outside its folder.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the files.")] = False,
) -> None:
    """Write the answers as a study analyses them, items alone, for R, Mplus and Python."""
    from loyaltysem.study.extracting import extract_answers

    for path in extract_answers(
        study, to, sample=sample, allow_outside=allow_outside, overwrite=overwrite
    ):
        typer.echo(f"Wrote {path}.")


def _print_matches(responses: Responses) -> None:
    rows = [(match.heading, match.code or "–", match.how) for match in responses.matches]
    _print_table(("column", "question", "matched by"), rows)


def _print_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(" ".join(text.split())) for text in row))
    Console().print(table)


def _print_account(responses: Responses) -> None:
    excluded = responses.ledger.exclusions()
    reasons = ", ".join(f"{n} {code.replace('_', ' ')}" for code, n in excluded.items())
    typer.echo(
        f"{responses.n_read} read = {responses.n_analysed} analysed"
        f" + {responses.n_read - responses.n_analysed} excluded{f' ({reasons})' if reasons else ''}"
    )
    totals = responses.ledger.totals()
    for row in totals[totals["action"] != "excluded"].to_dict("records"):
        code, action = row["code"].replace("_", " "), row["action"].replace("_", " ")
        typer.echo(
            f"  {code}: {row['cells']} answers of {row['respondents']} respondents, {action}"
        )
    for notice in responses.notices:
        typer.secho(f"Note: {notice.text}", fg=typer.colors.YELLOW, err=True)
