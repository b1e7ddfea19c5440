"""What is needed to get the same numbers again: versions and hashes of everything that went in."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from loyaltysem.results import InputFile, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PACKAGES = ("numpy", "scipy", "pandas", "semopy", "pingouin", "matplotlib", "jinja2", "python-docx")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def provenance(inputs: Mapping[str, Path], seed: int | None = None) -> Provenance:
    """Return versions, role, name and hash of each input file, and the seed of random draws.

    Only file names are kept, no folders: they may hold a person's name.
    """
    files = [
        InputFile(role=role, name=path.name, sha256=file_sha256(path))
        for role, path in inputs.items()
    ]
    return Provenance(
        loyaltysem=version("loyaltysem"),
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
        inputs=tuple(files),
        seed=seed,
    )
