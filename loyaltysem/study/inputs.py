"""The files that make up a study, and where they may lie: it may come from somebody else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from loyaltysem.errors import Place, StudyError
from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.study.definition import StudyDefinition

PREREGISTRATION = "preregistration.json"
"""File in a study's folder with its frozen plan."""

OWN_REPORTS = ("cutoffs.yaml", "references.yaml", "wording/*.yaml", "templates/*", "styles/*")
"""Files in a study's folder ``reports/`` that take the place of shipped ones."""

LONGEST_NAME = 255
"""Bytes that the name of a file may have on all systems."""

NETWORK = ("\\\\", "//")
"""How names of files on other computers begin."""


def further_inputs(definition: StudyDefinition, folder: Path) -> dict[str, Path]:
    """Return by their roles the files beside study, questionnaire, models and answers.

    Parameters
    ----------
    definition
        The study.
    folder
        Its folder.
    """
    named = {
        "mapping": definition.mapping,
        "retest": definition.retest and definition.retest.data,
        "behaviour": definition.behaviour and definition.behaviour.data,
    }
    found = {role: folder / name for role, name in named.items() if name}
    if (folder / PREREGISTRATION).is_file():
        found["preregistration"] = folder / PREREGISTRATION
    own = folder / "reports"
    for pattern in OWN_REPORTS:
        for path in sorted(own.glob(pattern)):
            if path.is_file():
                found[f"reports/{path.relative_to(own).as_posix()}"] = path
    return found


def check_names(definition: StudyDefinition, folder: Path, *, allow_outside: bool) -> None:
    """Refuse names that no file can have, and those of places outside the study's folder.

    Raises
    ------
    StudyError
        With the place where the name stands.
    """
    for key, name in _named(definition):
        if any(len(os.fsencode(part)) > LONGEST_NAME for part in Path(name).parts):
            raise StudyError(f"'{key}' is longer than any file's name", place=definition.place(key))
        if allow_outside:
            continue
        if name.startswith(NETWORK) or not _inside(folder / name, folder):
            raise StudyError(
                f"'{key}' names a place outside the study's folder",
                place=definition.place(key),
                found=name,
                remedy="Move the file into the folder, or allow this with --allow-outside.",
            )


def check_inside(inputs: Mapping[str, Path], folder: Path) -> None:
    """Refuse files that only seem to lie in the study's folder: links to others.

    Raises
    ------
    StudyError
        With the file's role and place.
    """
    shipped = [shipped_folder("questionnaires"), shipped_folder("models")]
    for role, path in inputs.items():
        if role != "study" and not any(_inside(path, place) for place in (folder, *shipped)):
            raise StudyError(
                f"The {role} file is a link to a place outside the study's folder",
                place=Place(path),
                remedy="Copy the file into the folder, or allow this with --allow-outside.",
            )


def check_apart(output: Path, inputs: Mapping[str, Path]) -> None:
    """Refuse an output folder that holds an input: replacing the one would remove the other.

    Raises
    ------
    StudyError
        With the input that stands in the folder.
    """
    for role, path in inputs.items():
        if _inside(path, output.resolve()):
            raise StudyError(
                f"The output folder holds the {role} file, which it would replace",
                found=output,
                remedy="Name another folder with 'output:' or --output.",
            )


def _named(definition: StudyDefinition) -> Iterator[tuple[str, str]]:
    yield "questionnaire", definition.questionnaire
    yield from (("model", name) for name in definition.model)
    yield "output", definition.output
    yield from (("samples", name) for name in definition.samples.values())
    others = {
        "data": definition.data,
        "mapping": definition.mapping,
        "retest": definition.retest and definition.retest.data,
        "behaviour": definition.behaviour and definition.behaviour.data,
    }
    yield from ((key, name) for key, name in others.items() if name)


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder)
