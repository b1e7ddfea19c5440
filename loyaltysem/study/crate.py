"""``ro-crate-metadata.json``: an output folder as a research object that repositories read.

RO-Crate 1.x is a JSON-LD description of a folder (https://w3id.org/ro/crate); OSF, Zenodo and
WorkflowHub read it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from loyaltysem.study.output import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.results import StudyResults

TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".drawio": "application/xml",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types by ending, the same on every system; all others are plain text."""

TERMS = {"sha256": "https://schema.org/sha256"}
"""Terms that version 1.1 of RO-Crate does not know; it is the one that all repositories read."""

ABOUT = {
    "results.json": "All numbers of the study, unrounded",
    MANIFEST: "Hashes, versions and seeds of the run",
}


def crate(results: StudyResults, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``.

    Parameters
    ----------
    results
        What the study found.
    manifest
        The folder's manifest: its files, inputs, authors, licence and times.
    """
    from rocrate.rocrate import ROCrate

    described = ROCrate(gen_preview=False, version="1.1")
    described.metadata.extra_terms.update(TERMS)
    described.name = _in_english(results.study.title)
    described.description = (
        "Results of a questionnaire study: report, tables, figures and all numbers. "
        + ("The answers are simulated." if results.study.simulated else "")
    ).strip()
    described.datePublished = datetime.fromisoformat(manifest["started"])
    for entry in manifest["outputs"]:
        described.add_file(None, dest_path=entry["name"], properties=_properties(entry))
    account = {"name": ABOUT[MANIFEST], "encodingFormat": TYPES[".json"]}
    described.add_file(None, dest_path=MANIFEST, properties=account)
    licence = _licence(manifest["license"])
    authors = [_author(one) for one in manifest["authors"]]
    inputs = [_input(one) for one in manifest["inputs"]]
    for entity in (licence, *authors, *filter(None, map(_affiliation, manifest["authors"]))):
        described.add_jsonld(dict(entity))
    for entity in (*inputs, _program(manifest), _run(manifest, inputs, authors)):
        described.add_jsonld(dict(entity))
    described.root_dataset["license"] = {"@id": licence["@id"]}
    if authors:
        described.root_dataset["author"] = _references(authors)
    generated: dict[str, Any] = described.metadata.generate()
    return generated


def _references(entities: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"@id": one["@id"]} for one in entities]


def _licence(named: str | None) -> dict[str, Any]:
    """Return a licence: by its address, by its SPDX name, or what holds without one."""
    if named is None:
        return {
            "@id": "#license",
            "@type": "CreativeWork",
            "name": "No licence is stated",
            "description": "No licence is stated; ask the authors before you use these results.",
        }
    if named.startswith(("https://", "http://")):
        return {"@id": named, "@type": "CreativeWork", "name": named}
    if re.fullmatch(r"[A-Za-z0-9.+-]+", named):
        address = f"https://spdx.org/licenses/{named}"
        return {"@id": address, "@type": "CreativeWork", "name": named}
    return {"@id": "#license", "@type": "CreativeWork", "name": named, "description": named}


def _author(one: Mapping[str, str]) -> dict[str, Any]:
    identity = f"https://orcid.org/{one['orcid']}" if "orcid" in one else f"#{quote(one['name'])}"
    person = {"@id": identity, "@type": "Person", "name": one["name"]}
    place = _affiliation(one)
    return person | ({"affiliation": {"@id": place["@id"]}} if place else {})


def _affiliation(one: Mapping[str, str]) -> dict[str, Any] | None:
    name = one.get("affiliation")
    return {"@id": f"#{quote(name)}", "@type": "Organization", "name": name} if name else None


def _input(one: Mapping[str, str]) -> dict[str, Any]:
    """Return an input file, which is not in the folder: answers may not be published."""
    return {
        "@id": f"#input-{quote(one['role'])}",
        "@type": "CreativeWork",
        "name": one["name"],
        "description": f"Input of the run: {one['role']}. The file is not part of this folder.",
        "sha256": one["sha256"],
    }


def _properties(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = entry["name"]
    ending = "." + name.rsplit(".", 1)[-1]
    return {
        "name": ABOUT.get(name, name),
        "encodingFormat": TYPES.get(ending, "text/plain"),
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


def _run(
    manifest: Mapping[str, Any],
    inputs: Iterable[Mapping[str, Any]],
    authors: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the run: what it took, what it made, by what."""
    started = datetime.fromisoformat(manifest["started"])
    ended = started + timedelta(seconds=manifest["seconds"])
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "loyaltysem run",
        "startTime": started.isoformat(timespec="seconds"),
        "endTime": ended.isoformat(timespec="seconds"),
        "instrument": {"@id": "#loyaltysem"},
        "object": _references(inputs),
        "result": [{"@id": entry["name"]} for entry in manifest["outputs"]],
    }
    by = _references(authors)
    return run | ({"agent": by} if by else {})


def _in_english(text: Mapping[str, str]) -> str:
    return text.get("en") or next(iter(text.values()), "")
