"""The output folder: all of a run or nothing, and never over earlier work without being told."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from loyaltysem.errors import StudyError, listed
from loyaltysem.files import replace_folder, scratch_beside, write_whole
from loyaltysem.report.scripts.needs import ANSWERS_CSV, ANSWERS_DAT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
METADATA = "ro-crate-metadata.json"
"""The two files that say what the others are."""

EXTRACTED = (f"reproduce/{ANSWERS_CSV}", f"reproduce/{ANSWERS_DAT}")
"""Answers that were extracted beside the scripts, and can be again."""

LEFT_BY_SYSTEMS = (".", "~$", "Thumbs.db", "desktop.ini")
"""How files begin that file managers and word processors leave behind."""


def check_output(folder: Path, *, overwrite: bool, marker: str = "results.json") -> None:
    """Refuse early a folder that cannot take the results.

    ``marker`` is the file by which an earlier output is known.

    Raises
    ------
    StudyError
        The folder holds files and ``overwrite`` is False; it holds files that no run wrote; it is
        a file; or it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(
            "The output folder is a file",
            found=folder,
            remedy="Name another folder with --output.",
        )
    if folder.is_dir() and any(folder.iterdir()):
        _check_replaceable(folder, marker, overwrite=overwrite)
    _check_writable(folder)


def _check_replaceable(folder: Path, marker: str, *, overwrite: bool) -> None:
    if not overwrite:
        raise StudyError(
            "The output folder is not empty, and earlier results are not overwritten unasked",
            found=folder,
            remedy="Give --overwrite to replace them, or another folder with --output.",
        )
    if not (folder / marker).is_file():
        raise StudyError(
            f"The output folder holds files but no {marker}, so it is no earlier output",
            found=folder,
            remedy="Name another folder with --output; this one is left as it is.",
        )
    foreign = _foreign(folder)
    if foreign:
        raise StudyError(
            "The output folder holds files that no run wrote, and replacing it would remove them",
            found=listed(foreign, 5),
            remedy="Move them elsewhere, or name another folder with --output.",
        )


def _foreign(folder: Path) -> list[str]:
    """Return files that the folder's manifest does not list, apart from what systems leave."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        outputs = {one["name"] for one in manifest["outputs"]}
        listed_there = outputs | {MANIFEST, METADATA, *EXTRACTED}
    except (OSError, ValueError, TypeError, KeyError):
        return []
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        name.as_posix()
        for name in names
        if name.as_posix() not in listed_there and not name.name.startswith(LEFT_BY_SYSTEMS)
    )


def _check_writable(folder: Path) -> None:
    parent = next(place for place in (folder, *folder.parents) if place.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise StudyError(
            "The output folder cannot be written",
            found=folder,
            remedy=f"Check the permissions of {parent}, or name another folder with --output.",
        )


def write_file(path: Path, content: bytes) -> None:
    """Write one file, with the folders that it needs; all of it or nothing.

    Raises
    ------
    StudyError
        The disk does not take it, or its folder cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as fault:
        raise StudyError(f"The file '{path}' cannot be written: {fault.strerror}") from None


def write_output(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = True) -> None:
    """Write all files, then put them in place of the folder in one step.

    Files are written into a new folder beside the target, which takes the target's name only when
    it is complete; an interrupted run leaves what was there before.

    Raises
    ------
    StudyError
        The disk does not take the files (full, read-only, removed); or there are results in the
        folder and ``overwrite`` is false, as when another run was quicker.
    """
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with scratch_beside(folder) as scratch:
            _fill(scratch / "new", files)
            replace_folder(scratch / "new", folder, overwrite=overwrite)
    except OSError as fault:
        raise StudyError(
            "The results cannot be written; what was in the output folder before is unchanged",
            found=f"{fault.strerror} ({folder})",
            remedy="Free some space or name another folder with --output.",
        ) from fault


def _fill(scratch: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        target = scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
