"""``loyaltysem questionnaire``: judge a questionnaire's design, export it; and its schema."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.questionnaire.design import Remark

FOUND_WARNINGS = 1

Name = Annotated[str, typer.Argument(help="Name of a questionnaire, or path of its YAML file.")]
Language = Annotated[str | None, typer.Option("--language", "-l", help="Language, e.g. en or zh.")]

app = typer.Typer(
    name="questionnaire",
    help="Judge a questionnaire's design; export it to survey platforms and paper.",
    no_args_is_help=True,
)


class Definition(StrEnum):
    """What has a JSON Schema."""

    questionnaire = "questionnaire"
    study = "study"
    model = "model"
    results = "results"


_CLASSES = {
    Definition.questionnaire: ("loyaltysem.questionnaire", "Questionnaire"),
    Definition.study: ("loyaltysem.study.definition", "StudyDefinition"),
    Definition.model: ("loyaltysem.structural.definition", "ModelDefinition"),
}


def register(parent: typer.Typer) -> None:
    """Add the commands to the application."""
    parent.add_typer(app)
    parent.command()(schema)


@app.command()
def check(
    name: Name,
    language: Language = "en",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when there is a warning.")
    ] = False,
) -> None:
    """Say what a reviewer would say about wording and design, with file and line."""
    from loyaltysem.questionnaire.design import judge_questionnaire, minutes_to_fill_in

    questionnaire = _read(name)
    remarks = judge_questionnaire(questionnaire)
    for remark in remarks:
        _print_remark(remark, language or "en")
    n_warnings = sum(remark.weight == "warning" for remark in remarks)
    minutes = max(minutes_to_fill_in(questionnaire, one) for one in questionnaire.languages)
    typer.echo(
        f"{questionnaire.name} {questionnaire.version}: {len(questionnaire.items)} items,"
        f" about {minutes:.0f} minutes; {n_warnings} warnings, {len(remarks) - n_warnings} advice."
        f" Content {questionnaire.content_hash()[:12]}."
    )
    if strict and n_warnings:
        raise typer.Exit(FOUND_WARNINGS)


@app.command()
def export(
    name: Name,
    to: Annotated[str, typer.Option("--to", help="Where to; see: platforms")],
    language: Language = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files.")] = False,
) -> None:
    """Write a questionnaire for a survey platform, for paper, or as a codebook."""
    from loyaltysem.questionnaire.export import (
        export_questionnaire,
        loss_sentence,
        write_export,
    )

    exported = export_questionnaire(_read(name), to, language=language)
    for path in write_export(exported, output, overwrite=overwrite):
        typer.echo(f"Wrote {path}.")
    for loss in exported.losses:
        typer.secho(f"Note: {loss_sentence(loss)}", fg=typer.colors.YELLOW, err=True)


@app.command()
def platforms() -> None:
    """List where a questionnaire can be exported to."""
    from loyaltysem.questionnaire.export import platforms as known

    for platform in known().values():
        languages = "all languages" if platform.multilingual else "one file per language"
        typer.echo(f"{platform.name:<14} {platform.title} ({languages})")


@app.command(name="list")
def list_() -> None:
    """List the questionnaires that can be named: the folder's own, then the shipped ones."""
    from loyaltysem.library import available

    for name in available("questionnaires", Path()):
        typer.echo(name)


def schema(
    of: Annotated[Definition, typer.Argument(help="Of which file.")],
) -> None:
    """Print a JSON Schema: by it an editor checks a YAML file, a program reads results.json."""
    from loyaltysem.documents.schema import json_schema

    if of is Definition.results:
        from loyaltysem.results.schema import results_schema

        typer.echo(results_schema(), nl=False)
        return
    module, name = _CLASSES[of]
    definition = getattr(import_module(module), name)
    typer.echo(json_schema(definition, f"loyaltysem {of}"), nl=False)


def _read(name: str) -> Questionnaire:
    from loyaltysem.library import find
    from loyaltysem.questionnaire import read_questionnaire

    return read_questionnaire(find("questionnaires", name))


def _print_remark(remark: Remark, language: str) -> None:
    place = remark.place
    where = f"{place.file}:{place.line}: " if place else ""
    color = typer.colors.YELLOW if remark.weight == "warning" else None
    typer.echo(where, nl=False)
    typer.secho(f"{remark.weight}: ", fg=color, nl=False)
    typer.echo(f"{remark.sentence(language)} [{remark.code}]")
