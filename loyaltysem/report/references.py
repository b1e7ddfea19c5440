"""The works that a report may cite, from ``reports/references.yaml``."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from loyaltysem.documents import Definition, Document, Line, read_document
from loyaltysem.errors import ReportError
from loyaltysem.library import shipped_folder
from loyaltysem.report.bibliography import SHORT_FORM, Work, reference_line
from loyaltysem.report.markup import parse_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loyaltysem.report.bibliography import Reference


def read_references(folder: Path | None = None) -> dict[str, Reference]:
    """Return the works by their short form such as 'Kline (2016)'.

    Parameters
    ----------
    folder
        A study's folder; entries of its ``reports/references.yaml`` are added or take precedence.
        Such an entry may be the finished reference as marked-up text.

    Raises
    ------
    DocumentError
        A work lacks a part that its reference needs.
    ReportError
        An entry is neither text nor a work, or a tag in it is unknown or not closed.
    """
    own = folder / "reports" / "references.yaml" if folder else None
    return {**_shipped(), **(_entries(own) if own and own.is_file() else {})}


@cache
def _shipped() -> Mapping[str, Reference]:
    """Return the shipped references; they are read once in a process."""
    return MappingProxyType(_entries(shipped_folder("reports") / "references.yaml"))


class _Works(Definition):
    """The entries of a file that are no finished text."""

    references: dict[Line, Work]


def _entries(path: Path) -> dict[str, Reference]:
    document = read_document(path)
    if not isinstance(document.data, dict):
        raise ReportError(
            "A list of references is a block of keys and works", place=document.place()
        )
    for key, entry in document.data.items():
        if not isinstance(entry, str | dict) or not isinstance(key, str):
            raise ReportError(
                f"The reference '{key}' is not a work",
                place=document.place(key),
                expected="authors, title, journal and so on, or the whole reference as text",
            )
    texts = {key: entry for key, entry in document.data.items() if isinstance(entry, str)}
    found: dict[str, Reference] = {**texts, **_Works.from_document(_parts(document)).references}
    for key, work in found.items():
        _refuse_unreadable(key, work, document)
    return found


def _refuse_unreadable(key: str, work: Reference, document: Document) -> None:
    try:
        parse_line(reference_line(work, "en"))
    except ReportError as error:
        raise ReportError(
            f"The reference '{key}' cannot be printed: {str(error).rstrip('.')}",
            place=document.place(key),
        ) from None


def _parts(document: Document) -> Document:
    """Return the works of a file, each with the year that its key names."""
    works = {
        key: {**_year(key), **entry}
        for key, entry in document.data.items()
        if isinstance(entry, dict)
    }
    places = {("references", *at): place for at, place in document.places.items()}
    return Document(
        path=document.path, data={"references": works}, places=places, blocks=document.blocks
    )


def _year(key: str) -> dict[str, str]:
    short = SHORT_FORM.fullmatch(key)
    return {"year": short["year"]} if short else {}
