"""Where questionnaires, models, report styles and examples are found.

The four data folders stand at the top of a checkout and travel inside the package in a wheel; a
user's study folder has folders of the same names, which are looked into first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from loyaltysem.errors import LoyaltysemError, StudyError, did_you_mean, listed

Shelf = Literal["questionnaires", "models", "reports", "examples"]

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(shelf: Shelf | Literal["docs"]) -> Path:
    """Return the folder of that name that came with the package.

    Parameters
    ----------
    shelf
        ``questionnaires``, ``models``, ``reports``, ``examples``, or ``docs`` with the pages of the
        catalogue.

    Raises
    ------
    LoyaltysemError
        The installation is incomplete: the folder is neither in the package nor beside it.
    """
    for folder in (_PACKAGE / "shipped" / shelf, _PACKAGE.parent / shelf):
        if folder.is_dir():
            return folder
    raise LoyaltysemError(
        f"The installation is incomplete: its folder '{shelf}' is missing",
        remedy="Install the package again.",
    )


def available(shelf: Shelf, study_folder: Path | None = None) -> tuple[str, ...]:
    """Return the names that :func:`find` knows, the study's own first, without repetition.

    A definition is a ``.yaml`` file and is named without the ending; an example is a folder.
    """
    folders = [study_folder / shelf] if study_folder else []
    names = [name for folder in (*folders, shipped_folder(shelf)) for name in _names(folder, shelf)]
    return tuple(dict.fromkeys(names))


def find(shelf: Shelf, name: str, study_folder: Path | None = None) -> Path:
    """Return the file (for an example: the folder) that a name or path means.

    Parameters
    ----------
    shelf
        What kind of thing is looked for.
    name
        A path to a file (absolute, or relative to the study folder), or a plain name that is looked
        for as ``<study_folder>/<shelf>/<name>.yaml`` and then among the shipped ones.
    study_folder
        Folder of the study; the current folder when None.

    Raises
    ------
    StudyError
        Nothing of that name exists; the message lists what does.
    """
    base = study_folder or Path()
    for candidate in _candidates(shelf, name, base):
        if _fits(candidate, shelf):
            return candidate
    raise _not_found(shelf, name, base)


def named(shelf: Shelf, given: Path | str) -> Path:
    """Return a path as it is, and what a plain name means (see :func:`find`).

    Raises
    ------
    StudyError
        Nothing of that name exists; the message lists what does.
    """
    is_name = isinstance(given, str) and not _is_path(given)
    return find(shelf, str(given)) if is_name else Path(given)


def _candidates(shelf: Shelf, name: str, base: Path) -> list[Path]:
    """Return where a name may mean something, the first choice first.

    A plain name of an example is the catalogue's, even where a study made from it lies beside.
    """
    own = base / name
    if _is_path(name):
        return [own]
    ending = "" if shelf == "examples" else ".yaml"
    shelves = [folder / f"{name}{ending}" for folder in (base / shelf, shipped_folder(shelf))]
    return [*shelves, own] if shelf == "examples" else [own, *shelves]


def _names(folder: Path, shelf: Shelf) -> list[str]:
    if not folder.is_dir():
        return []
    if shelf == "examples":
        return sorted(path.name for path in folder.iterdir() if (path / "study.yaml").is_file())
    return sorted(path.stem for path in folder.glob("*.yaml"))


def _fits(path: Path, shelf: Shelf) -> bool:
    try:
        return (path / "study.yaml").is_file() if shelf == "examples" else path.is_file()
    except OSError:  # a name longer than any file may have
        return False


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.lower().endswith((".yaml", ".yml"))


def _not_found(shelf: Shelf, name: str, base: Path) -> StudyError:
    kind = shelf.removesuffix("s")
    if _is_path(name):
        return StudyError(
            f"The {kind} file '{name}' does not exist",
            remedy=f"Paths are read from the folder '{base.resolve().name}'.",
        )
    known = available(shelf, base)
    return StudyError(
        f"There is no {kind} named '{name}'",
        expected=listed(known),
        remedy=did_you_mean(name, known),
    )
