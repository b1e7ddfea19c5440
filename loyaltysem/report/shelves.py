"""Where templates and style sheets are found: a study's own ``reports/`` before the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path


def shelves(folder: Path | None) -> list[Path]:
    """Return the ``reports/`` folders in the order in which they are searched."""
    return [*([folder / "reports"] if folder else []), shipped_folder("reports")]


def shelved_text(name: str, folder: Path | None) -> tuple[str, Path | None]:
    """Return a file's text, and its path where it is the study's own.

    Parameters
    ----------
    name
        Path below ``reports/``, such as ``templates/report.typ``.
    folder
        The study's folder.
    """
    shelf = next(shelf for shelf in shelves(folder) if (shelf / name).is_file())
    text = (shelf / name).read_text(encoding="utf-8")
    return text, shelf / name if shelf != shipped_folder("reports") else None
