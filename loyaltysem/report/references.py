"""The works that a report may cite, from ``reports/references.yaml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from loyaltysem.documents import Line, read_document
from loyaltysem.errors import ReportError
from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path


def read_references(folder: Path | None = None) -> dict[str, Line]:
    """Return full references, as marked-up text, by their short form such as 'Kline (2016)'.

    Parameters
    ----------
    folder
        A study's folder; entries of its ``reports/references.yaml`` are added or take precedence.

    Raises
    ------
    ReportError
        An entry is not text.
    """
    own = folder / "reports" / "references.yaml" if folder else None
    return _shipped() | (_entries(own) if own and own.is_file() else {})


@cache
def _shipped() -> dict[str, Line]:
    """Return the shipped references; they are read once in a process."""
    return _entries(shipped_folder("reports") / "references.yaml")


def _entries(path: Path) -> dict[str, Line]:
    document = read_document(path)
    if not isinstance(document.data, dict):
        raise ReportError(
            "A list of references is a block of keys and texts", place=document.place()
        )
    for key, text in document.data.items():
        if not isinstance(text, str):
            raise ReportError(f"The reference '{key}' is not text", place=document.place(key))
    return document.data
