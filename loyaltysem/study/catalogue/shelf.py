"""Where the pages and pictures of the catalogue lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path


def page_file(name: str, language: str) -> Path:
    """Return where an entry's page lies among the documents, be it there yet or not."""
    return shipped_folder("docs") / "catalogue" / f"{name}.{language}.md"


def picture_file(name: str, language: str) -> Path:
    """Return where an entry's path diagram lies, be it there yet or not."""
    return page_file(name, language).with_suffix(".svg")
