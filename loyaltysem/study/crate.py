"""``ro-crate-metadata.json``: an output folder as a research object that repositories read.

RO-Crate 1.x is a JSON-LD description of a folder (https://w3id.org/ro/crate); OSF, Zenodo and
WorkflowHub read it.
"""

from __future__ import annotations

import mimetypes
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.results import StudyResults

METADATA = "ro-crate-metadata.json"

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".md": "text/markdown",
    ".qmd": "text/markdown",
    ".tex": "application/x-tex",
    ".typ": "text/plain",
}
ABOUT = {
    "results.json": "All numbers of the study, unrounded",
    "manifest.json": "Hashes, versions and seeds of the run",
}


def crate(results: StudyResults, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``.

    Parameters
    ----------
    results
        What the study found.
    manifest
        The folder's manifest: its files, inputs and times.
    """
    from rocrate.rocrate import ROCrate

    described = ROCrate(gen_preview=False)
    described.name = _in_english(results.study.title)
    described.description = (
        "Results of a questionnaire study: report, tables, figures and all numbers. "
        + ("The answers are simulated." if results.study.simulated else "")
    ).strip()
    described.datePublished = datetime.fromisoformat(manifest["started"])
    for entry in manifest["outputs"]:
        described.add_file(None, dest_path=entry["name"], properties=_properties(entry))
    described.add_jsonld(_program(manifest))
    described.add_jsonld(_run(manifest))
    generated: dict[str, Any] = described.metadata.generate()
    return generated


def _properties(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = entry["name"]
    ending = "." + name.rsplit(".", 1)[-1]
    return {
        "name": ABOUT.get(name, name),
        "encodingFormat": TYPES.get(ending) or mimetypes.guess_type(name)[0] or "text/plain",
        "contentSize": str(entry["bytes"]),
        "sha256": entry["sha256"],
    }


def _program(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": "#loyaltysem",
        "@type": "SoftwareApplication",
        "name": "loyaltysem",
        "version": manifest["loyaltysem"],
        "softwareRequirements": [
            f"Python {manifest['python']}",
            *(f"{name} {version}" for name, version in manifest["packages"].items()),
        ],
    }


def _run(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the run: what it took, what it made, by what."""
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "loyaltysem run",
        "startTime": manifest["started"],
        "instrument": {"@id": "#loyaltysem"},
        "result": [{"@id": entry["name"]} for entry in manifest["outputs"]],
        "description": "Inputs: "
        + "; ".join(f"{one['role']} {one['name']} {one['sha256']}" for one in manifest["inputs"]),
    }


def _in_english(text: Mapping[str, str]) -> str:
    return text.get("en") or next(iter(text.values()), "")
