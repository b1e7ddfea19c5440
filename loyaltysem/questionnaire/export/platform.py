"""What a platform is, and what an export gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loyaltysem.questionnaire.form import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that the platform's file cannot hold, and that is to be set by hand.

    ``code`` names the kind (a key under ``losses`` in ``questionnaires/interface``), ``facts`` its
    particulars.
    """

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The files of an export, by name, and what they leave out."""

    files: Mapping[str, bytes]
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Somewhere a questionnaire can go.

    Attributes
    ----------
    name
        As it is asked for: ``xlsform``.
    title
        As it is called: ``XLSForm (KoBoToolbox, ODK)``.
    multilingual
        One file holds all languages; if not, there is one file per language.
    write
        Called with the form and the (first) language.
    """

    name: str
    title: str
    multilingual: bool
    write: Callable[[Form, str], Exported]
