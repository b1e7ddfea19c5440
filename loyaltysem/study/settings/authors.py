"""The keys ``authors`` and ``license`` of a study: who is to be cited, and what others may do."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from loyaltysem.documents import Definition, Line


def _orcid(text: str) -> str:
    """Check form and check digit (ISO 7064, 11-2)."""
    bare = text.removeprefix("https://orcid.org/")
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", bare):
        raise ValueError("must be an ORCID such as 0000-0002-1825-0097")
    total = 0
    for digit in bare.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if bare[-1] != "0123456789X"[(12 - total % 11) % 11]:
        raise ValueError("is no ORCID: its last digit does not fit the others")
    return bare


class AuthorDefinition(Definition):
    """An author.

    Attributes
    ----------
    name
        As it is to be cited.
    orcid
        Open Researcher and Contributor ID, such as 0000-0002-1825-0097.
    affiliation
        University or company.
    """

    name: Line
    orcid: Annotated[str, AfterValidator(_orcid)] | None = None
    affiliation: Line | None = None


def named(value: object) -> object:
    """Let a name stand for an author, and one author for a list of one."""
    entries = value if isinstance(value, list) else [value]
    return [{"name": one} if isinstance(one, str) else one for one in entries]
