"""Files that are written whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED = ".unfinished-"
"""How the folders begin in which files grow until they are complete."""

ABANDONED = 3600.0
"""Age in seconds from which such a folder is one that a killed run has left."""


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """Yield a new folder beside a target, on the same disk; it is gone afterwards.

    Raises
    ------
    OSError
        The folder of the target cannot be written.
    """
    _sweep(target.parent)
    with TemporaryDirectory(
        dir=target.parent, prefix=UNFINISHED, ignore_cleanup_errors=True
    ) as scratch:
        yield Path(scratch)


def _sweep(folder: Path) -> None:
    """Remove what killed runs have left."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time() - left.lstat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def write_whole(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write one file into a folder that exists, all of it or nothing.

    Raises
    ------
    FileExistsError
        It exists and ``overwrite`` is false.
    OSError
        The disk does not take it: what was there before is unchanged.
    """
    path = path.resolve()  # a link keeps pointing to the file, which is replaced
    if path.exists() and not path.is_file():  # a terminal, a pipe: nothing to replace
        path.write_bytes(content)
        return
    with scratch_beside(path) as scratch:
        new = scratch / "file"
        new.write_bytes(content)
        if overwrite:
            new.replace(path)
        else:
            _move_to_new(new, path)


def _move_to_new(new: Path, path: Path) -> None:
    """Give a file its name, which nobody else may have taken meanwhile."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if path.exists():
            raise FileExistsError(path) from None
        new.rename(path)


def replace_folder(new: Path, folder: Path, *, overwrite: bool = True) -> None:
    """Put a complete folder in the place of another in one step.

    Parameters
    ----------
    new
        The complete folder, beside ``folder`` on the same disk. Afterwards what was in ``folder``
        is in ``new`` or gone.
    folder
        Where it is to stand.
    overwrite
        Whether what stands there may be replaced; an empty folder always may.

    Raises
    ------
    OSError
        It cannot be done; ``folder`` is as before.
    """
    if not folder.exists() or not (overwrite and any(folder.iterdir())):
        _move_to_nothing(new, folder)
    elif not _exchanged(new, folder):
        _move_by_two_steps(new, folder)


def _move_to_nothing(new: Path, folder: Path) -> None:
    if folder.exists() and os.name == "nt":
        folder.rmdir()
    new.rename(folder)  # fails where another run has filled the folder meanwhile


def _move_by_two_steps(new: Path, folder: Path) -> None:
    old = new.with_name("old")
    try:
        folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, and tell whether the system could."""
    if os.name != "posix":
        return False
    names, library = (os.fsencode(one), os.fsencode(other)), ctypes.CDLL(None)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        return bool(library.renameat2(here, names[0], here, names[1], exchange) == 0)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*names, 2) == 0)  # RENAME_SWAP
    return False
