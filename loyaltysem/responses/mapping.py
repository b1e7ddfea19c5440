"""Which heading stands for what: saved as YAML, edited by hand, used again."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from pydantic import Field

from loyaltysem.documents import Definition, Line, load
from loyaltysem.errors import ResponsesError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from loyaltysem.responses.headings import Match
    from loyaltysem.responses.tables import RawTable

_HEAD = """\
# Which column of {file} holds the answers to which question. Edit it and give it again
# (mapping: in a study, --mapping on the command line). A column without a code is left out.
"""


class Mapping(Definition):
    """What the headings of a file stand for.

    Attributes
    ----------
    columns
        Heading to code of a question, to code and option (``channels_friends``), or to what a
        platform records (``id``, ``submitted``, ``seconds``, ``ip`` …); null leaves it out. The
        second column of the same heading is ``heading [2]``.
    """

    columns: dict[Line, Line | None] = Field(min_length=1)

    def columns_of(self, table: RawTable, codes: Sequence[str]) -> Iterator[tuple[int, str | None]]:
        """Yield column number and code of the headings that the mapping names.

        Raises
        ------
        ResponsesError
            A heading is not in the file, or a code is none of ``codes``.
        """
        at = {name: k for k, name in enumerate(heading_names(table.headings))}
        for heading, code in self.columns.items():
            place = self.place("columns", heading)
            if heading not in at:
                raise ResponsesError(
                    f"The file '{table.path.name}' has no column '{heading}'",
                    place=place,
                    remedy=did_you_mean(heading, at),
                )
            if code is not None and code not in codes:
                raise ResponsesError(
                    f"The questionnaire has no question '{code}'",
                    place=place,
                    expected=listed(codes),
                    remedy=did_you_mean(code, codes),
                )
            yield at[heading], code


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping from a YAML file.

    Raises
    ------
    DocumentError
        The file cannot be read or is no mapping.
    """
    return load(path, Mapping)


def mapping_text(matches: Sequence[Match], file: str) -> str:
    """Return a mapping as YAML, to be edited."""
    names = heading_names([match.heading for match in matches])
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: {match.code or 'null'}"
        for name, match in zip(names, matches, strict=True)
        if name and (match.code or match.how == "left out")
    ]
    return (
        _HEAD.format(file=json.dumps(file, ensure_ascii=False))
        + "\n".join(["columns:", *lines])
        + "\n"
    )


def heading_names(headings: Sequence[str]) -> list[str]:
    """Return the headings, the second and further ones of a kind numbered."""
    seen: Counter[str] = Counter()
    names = []
    for heading in headings:
        text = " ".join(heading.split())
        seen[text] += 1
        names.append(f"{text} [{seen[text]}]" if seen[text] > 1 else text)
    return names
