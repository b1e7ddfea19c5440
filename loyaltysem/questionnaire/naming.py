"""What codes and languages may look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from loyaltysem.documents import Line, Text

_CODE = r"[^\W\d]\w{0,63}"
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]+)*"


def _code(text: str) -> str:
    if not re.fullmatch(_CODE, text):
        raise ValueError("must begin with a letter and hold only letters, digits and underscores")
    return text


def _language(text: str) -> str:
    if not re.fullmatch(_LANGUAGE, text):
        raise ValueError("must be a language code such as 'en' or 'zh'")
    return text


def _two_options(options: object) -> object:
    """Take whole numbers as option codes, too; in the data file they are text."""
    if not isinstance(options, Mapping):
        return options
    if len(options) < 2:
        raise ValueError("needs two options or more")
    return {str(code): label for code, label in options.items()}


def _option_codes(options: dict[str, Text]) -> dict[str, Text]:
    for code in options:
        if not re.fullmatch(r"\w{1,32}", code):
            raise ValueError(f"option '{code}' may hold only letters, digits and underscores")
    return options


Code = Annotated[
    Line,
    AfterValidator(_code),
    WithJsonSchema({"type": "string", "pattern": r"^\D\S{0,63}$"}),
]
"""A name for data columns and model text: a letter, then letters, digits and underscores."""

Language = Annotated[
    Line,
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE}$"}),
]
"""A language code such as ``en`` or ``zh``."""

Options = Annotated[dict[Line, Text], BeforeValidator(_two_options)]
"""What stands in the data, and its label."""

CodedOptions = Annotated[Options, AfterValidator(_option_codes)]
"""Options whose codes can be part of a column's name."""
