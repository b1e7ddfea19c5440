"""What a check found, in the forms that machines read: JUnit XML and GitHub's annotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.study.checking.changes import Change
    from loyaltysem.study.checking.check import StudyCheck

_CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(checks: Iterable[StudyCheck]) -> bytes:
    """Return checks as a JUnit XML file: a suite for each study, a test case for each change."""
    root = ET.Element("testsuites", name="loyaltysem check")
    for check in checks:
        failures = str(len(check.changes))
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_plain(check.name),
            tests=str(max(len(check.changes), 1)),
            failures=failures,
            errors="0",
        )
        if check.passed:
            ET.SubElement(suite, "testcase", name="no number moved", classname="results")
        for change in check.changes:
            case = ET.SubElement(
                suite, "testcase", name=_plain(change.place), classname=change.kind
            )
            ET.SubElement(case, "failure", message=_plain(change.sentence), type=change.kind)
        if check.notes:
            ET.SubElement(suite, "system-out").text = _plain("\n".join(check.notes))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def github_annotations(check: StudyCheck, limit: int = 20) -> Iterator[str]:
    """Yield the lines that GitHub Actions shows beside the study file, the gravest first.

    GitHub shows few annotations of a step, so the rest of more than ``limit`` is counted only.
    """
    file = _property(str(check.study))
    for note in check.notes:
        yield f"::notice file={file}::{_message(note)}"
    for change in check.changes[:limit]:
        yield _annotation(check, f"{change.place} moved", change)
    rest = len(check.changes) - limit
    if rest > 0:
        yield f"::error file={file}::{rest} more differences"


def _annotation(check: StudyCheck, title: str, change: Change) -> str:
    file = _property(str(check.study))
    return f"::error file={file},title={_property(title)}::{_message(change.sentence)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    return _CONTROLS.sub("", text)
