"""``manifest.json``: what went into an output folder, what came out, and how to get it again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_info

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.results import StudyResults
    from loyaltysem.study.plan import Plan

MANIFEST_VERSION = "1.0"
EPOCH = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a run began and how long it took, in seconds."""

    started: datetime
    seconds: float


def now() -> datetime:
    """Return the time, or what the environment variable ``SOURCE_DATE_EPOCH`` says it is."""
    epoch = os.environ.get(EPOCH, "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def manifest(
    plan: Plan, results: StudyResults, files: Mapping[str, bytes], clock: Clock
) -> dict[str, Any]:
    """Return the content of ``manifest.json``.

    Parameters
    ----------
    plan
        The study's.
    results
        What it found.
    files
        Content of the other files of the output folder, by name.
    clock
        When the run began and how long it took.
    """
    provenance = results.provenance
    return {
        "format": "loyaltysem-manifest",
        "version": MANIFEST_VERSION,
        "started": clock.started.isoformat(timespec="seconds"),
        "seconds": round(clock.seconds, 1),
        "authors": [one.model_dump(exclude_none=True) for one in plan.definition.authors],
        "license": plan.definition.license,
        "study": plan.inputs["study"].read_text(encoding="utf-8-sig"),
        "questionnaire": {
            "name": results.questionnaire.name,
            "sha256": results.questionnaire.sha256,
        },
        "inputs": [one.model_dump() for one in provenance.inputs],
        "outputs": [file_entry(name, content) for name, content in sorted(files.items())],
        "respondents": {
            "read": results.sample.n_read,
            "analysed": results.sample.n_analysed,
            "excluded": {one.code: one.n for one in results.sample.exclusions},
        },
        "seeds": provenance.seeds,
        "loyaltysem": provenance.loyaltysem,
        "python": provenance.python,
        "packages": provenance.packages,
        "platform": _platform(),
    }


def _platform() -> dict[str, Any]:
    """Return what numbers may depend on beside versions; nothing that names machine or person."""
    libraries = {
        f"{one.get('internal_api')} {one.get('version')} {one.get('architecture', '')}".strip()
        for one in threadpool_info()
        if one.get("user_api") == "blas"
    }
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_implementation(),
        "linear_algebra": sorted(libraries),
    }


def file_entry(name: str, content: bytes) -> dict[str, Any]:
    """Return name, SHA-256 and size in bytes of a file."""
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "sha256": digest, "bytes": len(content)}


def written_json(values: Mapping[str, Any]) -> bytes:
    """Return values as the bytes of a JSON file that a person can read."""
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()
