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


def junit_xml(checks: Iterable[StudyCheck], fault: tuple[str, str] | None = None) -> bytes:
    """Return checks as a JUnit XML file: a suite for each study, a test case for each change.

    Parameters
    ----------
    checks
        What was found.
    fault
        A study that could not be checked, and why.
    """
    root = ET.Element("testsuites", name="loyaltysem check")
    for check in checks:
        cases = [(change.place, change.kind, change.sentence) for change in check.changes]
        suite = _suite(root, check.name, tests=max(len(cases), 1), failures=len(cases))
        if not cases:
            ET.SubElement(suite, "testcase", name="no number moved", classname="results")
        for place, kind, sentence in cases:
            case = ET.SubElement(suite, "testcase", name=_plain(place), classname=kind)
            ET.SubElement(case, "failure", message=_plain(sentence), type=kind)
        if check.notes:
            ET.SubElement(suite, "system-out").text = _plain("\n".join(check.notes))
    if fault:
        suite = _suite(root, fault[0], tests=1, errors=1)
        case = ET.SubElement(suite, "testcase", name="the study can be checked", classname="study")
        ET.SubElement(case, "error", message=_plain(fault[1]), type="fault")
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(
    root: ET.Element, name: str, *, tests: int, failures: int = 0, errors: int = 0
) -> ET.Element:
    counts = {"tests": tests, "failures": failures, "errors": errors}
    facts = {"name": _plain(name), **{key: str(n) for key, n in counts.items()}}
    return ET.SubElement(root, "testsuite", facts)


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
