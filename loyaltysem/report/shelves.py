"""Where templates and style sheets are found: a study's own ``reports/`` before the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Place, ReportError
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

    Raises
    ------
    ReportError
        The study's own file is no text.
    """
    shelf = next(shelf for shelf in shelves(folder) if (shelf / name).is_file())
    try:
        text = (shelf / name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ReportError(
            f"The file is not UTF-8 text (byte {error.start})",
            place=Place(shelf / name),
            remedy="Save it as UTF-8 in the editor.",
        ) from None
    return text, shelf / name if shelf != shipped_folder("reports") else None
