"""``loyaltysem catalogue``: the loyalty models of the field, ready to start from."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.study.catalogue import Entry

LACKING = 1
"""Exit code when an entry lacks something."""

Language = Annotated[str, typer.Option("--language", "-l", help="en or zh.")]
Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder for pages and pictures.")]
Target = Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")]

app = typer.Typer(
    name="catalogue",
    help="The loyalty models of the field, ready to start from.",
    add_completion=False,
)


def register(parent: typer.Typer) -> None:
    """Add the commands to the application."""
    parent.add_typer(app)


@app.callback(invoke_without_command=True)
def listing(context: typer.Context, language: Language = "en") -> None:
    """List all entries with constructs, items and minutes to answer."""
    if context.invoked_subcommand:
        return
    from rich.console import Console

    from loyaltysem.study.catalogue import catalogue

    Console().print(_table(catalogue(), _language(language)))


def _table(entries: tuple[Entry, ...], language: Literal["en", "zh"]) -> Table:
    from rich.table import Table

    from loyaltysem.report.wording import read_words

    words = read_words(language)
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(words.label("entry.model"), overflow="fold")
    for key in ("constructs", "items", "minutes"):
        table.add_column(words.label(f"entry.{key}"), justify="right", no_wrap=True)
    for entry in entries:
        figures = (len(entry.questionnaire.constructs), entry.n_items)
        table.add_row(
            f"[bold]{entry.name}[/]\n  {entry.model.title[language]}",
            *map(str, figures),
            str(math.ceil(entry.minutes(language))),
        )
    return table


@app.command()
def show(name: str, language: Language = "en") -> None:
    """Print an entry: hypotheses, questionnaire, and where its files and its diagram are."""
    from rich.console import Console

    from loyaltysem.cli.markdown import in_terminal
    from loyaltysem.library import find
    from loyaltysem.study.catalogue import catalogue_entry, entry_page, page_file, picture_file

    entry, language = catalogue_entry(name), _language(language)
    lines = [line for line in entry_page(entry, language).splitlines() if not _is_picture(line)]
    Console().print(in_terminal(lines))
    typer.echo()
    _print_path("questionnaire", find("questionnaires", entry.study.questionnaire, entry.folder))
    _print_path("model", find("models", entry.study.model[0], entry.folder))
    _print_path("population", entry.folder / "population.yaml")
    _print_path("example study", entry.folder / "study.yaml")
    _print_path("page", page_file(entry.name, language))
    _print_path("diagram", picture_file(entry.name, language))


def _is_picture(line: str) -> bool:
    return line.startswith("![")


def _print_path(label: str, path: Path) -> None:
    there = "" if path.is_file() else "  (not there yet: loyaltysem catalogue pages)"
    typer.echo(f"{label:<14} {path.resolve()}{there}")


@app.command()
def pages(
    names: Annotated[list[str] | None, typer.Argument()] = None, output: Folder = Path()
) -> None:
    """Write a page and a diagram of each entry named, in both languages; a list of all, too.

    Without a name all entries are written.
    """
    from loyaltysem.study.catalogue import catalogue, catalogue_entry, index_page
    from loyaltysem.study.output import write_file

    for entry in map(catalogue_entry, names) if names else catalogue():
        _write_page(entry, output)
    write_file(output / "README.md", index_page(catalogue()).encode())


def _write_page(entry: Entry, output: Path) -> None:
    from loyaltysem.study.catalogue import entry_page, entry_picture
    from loyaltysem.study.output import write_file

    for language in ("en", "zh"):
        stem = f"{entry.name}.{language}"
        write_file(output / f"{stem}.md", entry_page(entry, language).encode())
        write_file(output / f"{stem}.svg", entry_picture(entry, language))
        typer.echo(output / f"{stem}.md")


@app.command()
def check(names: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Say what entries (default: all) still lack; exit 1 when one lacks something."""
    from loyaltysem.library import available

    found = 0
    for name in names or available("examples"):
        sentences = _lacking(name)
        found += len(sentences)
        typer.echo(f"{name}: {f'{len(sentences)} lacking' if sentences else 'complete'}")
        for sentence in sentences:
            typer.echo(f"  - {sentence}")
    if found:
        raise typer.Exit(LACKING)


def _lacking(name: str) -> tuple[str, ...]:
    """Return what an entry lacks; faults in its files, so that they cannot be used, go first."""
    from loyaltysem.errors import LoyaltysemError
    from loyaltysem.library import find
    from loyaltysem.study.catalogue import catalogue_entry, lacks

    find("examples", name)
    try:
        return lacks(catalogue_entry(name))
    except LoyaltysemError as error:
        return tuple(str(fault) for fault in error.faults or (error,))


@app.command()
def combine(
    parts: Annotated[
        list[str],
        typer.Argument(help="ENTRY:CONSTRUCT (or QUESTIONNAIRE:CONSTRUCT), several of them."),
    ],
    name: Annotated[str, typer.Option("--name", help="Name of the new questionnaire.")],
    title: Annotated[str, typer.Option("--title", help="Its title (default: its name).")] = "",
    title_zh: Annotated[str, typer.Option("--title-zh", help="Its title in Chinese.")] = "",
    output: Target = None,
) -> None:
    """Put constructs of several entries together into one questionnaire."""
    from loyaltysem.errors import StudyError
    from loyaltysem.questionnaire import parse_questionnaire
    from loyaltysem.questionnaire.combining import combine_questionnaires
    from loyaltysem.study.output import write_file

    target = output or Path(f"{name}.yaml")
    if target.exists():
        raise StudyError(f"The file '{target}' exists", remedy="Choose another name.")
    chosen = [_part(part) for part in parts]
    titles = {"en": title or name, "zh": title_zh or title or name}
    combination = combine_questionnaires(chosen, name=name, title=titles)
    parse_questionnaire(combination.text, target)  # refused before a file of it exists
    write_file(target, combination.text.encode())
    for (of, old), new in combination.renamed.items():
        typer.echo(f"renamed   {of}: {old} is {new}")
    for of, code in combination.left_out:
        typer.echo(f"left out  {of}: {code}, of which another one with other options stands there")
    first = chosen[0][0].name
    typer.echo(
        f"Written {target}. Instructions, consent and attention checks are those of '{first}':"
    )
    typer.echo("read them again, see that all items speak of the same thing, and pre-test it.")


def _part(part: str) -> tuple[Questionnaire, str]:
    """Return what ``ENTRY:CONSTRUCT`` means."""
    from loyaltysem.errors import StudyError
    from loyaltysem.library import available, find
    from loyaltysem.questionnaire import read_questionnaire
    from loyaltysem.study.catalogue import catalogue_entry

    of, colon, construct = part.rpartition(":")
    if not colon:
        raise StudyError(f"'{part}' names no construct", expected="ENTRY:CONSTRUCT")
    if of in available("examples") and of not in available("questionnaires", Path()):
        return catalogue_entry(of).questionnaire, construct
    return read_questionnaire(find("questionnaires", of)), construct


def _language(given: str) -> Literal["en", "zh"]:
    from loyaltysem.errors import StudyError

    languages: dict[str, Literal["en", "zh"]] = {"en": "en", "zh": "zh"}
    if given not in languages:
        raise StudyError(f"There is no language '{given}'", expected="en, zh")
    return languages[given]
