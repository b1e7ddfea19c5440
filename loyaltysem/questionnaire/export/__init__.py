"""A questionnaire for the platforms on which it is answered, and for paper."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from loyaltysem.errors import QuestionnaireError, did_you_mean, listed
from loyaltysem.files import write_whole
from loyaltysem.questionnaire.arrangement import form_of
from loyaltysem.questionnaire.export import platforms as _folder
from loyaltysem.questionnaire.export.platform import Exported, Loss, Platform
from loyaltysem.questionnaire.wording import interface, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from loyaltysem.questionnaire.definition import Questionnaire

__all__ = [
    "Exported",
    "Loss",
    "Platform",
    "export_questionnaire",
    "loss_sentence",
    "platforms",
    "write_export",
]


@cache
def platforms() -> dict[str, Platform]:
    """Return all platforms by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(_folder.__path__))
    modules = [import_module(f"{_folder.__name__}.{name}") for name in names]
    found: list[Platform] = [module.PLATFORM for module in modules]
    return {platform.name: platform for platform in sorted(found, key=lambda one: one.name)}


def export_questionnaire(
    questionnaire: Questionnaire, to: str, *, language: str | None = None
) -> Exported:
    """Write a questionnaire for a platform.

    Parameters
    ----------
    questionnaire
        What is asked.
    to
        Name of the platform; see :func:`platforms`.
    language
        The language, where a file holds one; the first to be shown, where it holds all. The
        questionnaire's first when None.

    Returns
    -------
    Exported
        The files as bytes, and what they leave out. The same questionnaire gives the same bytes.

    Raises
    ------
    QuestionnaireError
        There is no such platform, or the questionnaire has no such language.
    """
    if to not in platforms():
        raise QuestionnaireError(
            f"There is no platform '{to}'",
            expected=listed(platforms(), 20),
            remedy=did_you_mean(to, platforms()),
        )
    spoken = questionnaire.languages
    chosen = language or spoken[0]
    if chosen not in spoken:
        raise QuestionnaireError(
            f"The questionnaire '{questionnaire.name}' has no texts in '{chosen}'",
            expected=listed(spoken),
            remedy=did_you_mean(chosen, spoken),
        )
    return platforms()[to].write(form_of(questionnaire), chosen)


def write_export(exported: Exported, folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the files of an export into a folder, and return their paths.

    Raises
    ------
    QuestionnaireError
        A file exists and may not be replaced, or cannot be written.
    """
    paths = tuple(folder / name for name in exported.files)
    existing = [path.name for path in paths if path.exists()]
    if existing and not overwrite:
        raise QuestionnaireError(
            f"The file '{existing[0]}' exists", remedy="Choose another folder, or say --overwrite."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, exported.files.values(), strict=True):
            write_whole(path, content)
    except OSError as error:
        raise QuestionnaireError(
            f"The folder '{folder}' cannot be written to: {error.strerror}"
        ) from None
    return paths


def loss_sentence(loss: Loss, language: str = "en") -> str:
    """Return in words what an export leaves out."""
    return sentence(interface(language).losses[loss.code], loss.facts)
