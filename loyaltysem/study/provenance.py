"""What is needed to get the same numbers again: versions and hashes of everything that went in."""

from __future__ import annotations

import hashlib
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from loyaltysem.results import InputFile, Provenance
from loyaltysem.structural.effects import MONTE_CARLO_SEED
from loyaltysem.study.parts.constructs import sampling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from loyaltysem.results import ModelResult
    from loyaltysem.study.plan import Plan

RESAMPLED = {"reliability", "factors", "validity"}
"""Analyses with random draws of their own."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def provenance(inputs: Mapping[str, Path]) -> Provenance:
    """Return versions, and role, name and hash of each input file.

    Only file names are kept, no folders: they may hold a person's name.
    """
    files = [
        InputFile(role=role, name=path.name, sha256=file_sha256(path))
        for role, path in inputs.items()
    ]
    return Provenance(
        loyaltysem=version("loyaltysem"),
        python=platform.python_version(),
        packages=_packages(),
        inputs=tuple(files),
    )


def _packages() -> dict[str, str]:
    """Return the versions of all packages that loyaltysem asks for."""
    wanted = (one for one in requires("loyaltysem") or () if "extra ==" not in one)
    names = (re.split(r"[^\w.-]", one)[0] for one in wanted)
    return {name: found for name in sorted(names) for found in _version(name)}


def _version(name: str) -> Iterable[str]:
    try:
        return [version(name)]
    except PackageNotFoundError:
        return []


def seeds(plan: Plan, models: Iterable[ModelResult]) -> dict[str, int]:
    """Return the seeds of a study's random draws by what was drawn."""
    wanted, found = plan.definition, dict[str, int]()
    if wanted.bootstrap or RESAMPLED.intersection(wanted.analyses):
        found["resampling"] = sampling(plan)["seed"]
    if not wanted.bootstrap and any(one.effects or one.moderation for one in models):
        found["monte_carlo"] = MONTE_CARLO_SEED
    if wanted.missing_answers.method == "mi":
        found["imputation"] = wanted.missing_answers.seed
    return found
