"""Model text cut into tokens that remember their line and column."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loyaltysem.errors import ModelSyntaxError, Place

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["name", "number", "string", "operator", "newline", "end"]

# Punctuation as Chinese and Japanese keyboards type it; each stands for one ASCII character.
_FULL_WIDTH = str.maketrans("＝～˜＋＊（），：；＜＞｜／＾－＃！？", "=~~+*(),:;<>|/^-#!?")

_PATTERN = re.compile(
    r"""
    (?P<blank>[ \t\r\f\v\u00a0\u3000]+)
  | (?P<comment>[#!][^\n]*)
  | (?P<newline>\n)
  | (?P<end>;)
  | (?P<quoted>`[^`\n]+`)
  | (?P<string>"[^"\n]*"|'[^'\n]*')
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*)
  | (?P<operator>~\*~|=~|<~|~~|==|:=|\*\*|[~<>|+*()/^,:?-])
    """,
    re.VERBOSE,
)

_NAME_CHARACTERS = re.compile(r"[\w.]+")
_PLAIN_NAME = re.compile(r"(?:[^\W\d]|\.(?!\d))[\w.]*")


@dataclass(frozen=True, slots=True)
class Source:
    """The whole model text and what to call it in messages."""

    text: str
    file: str | Path = "model"

    def line(self, number: int) -> str:
        """Return a line (from 1) without its line end."""
        return self.text.split("\n")[number - 1].rstrip("\r")

    def error(
        self,
        problem: str,
        line: int,
        column: int,
        *,
        found: object = None,
        expected: object = None,
        remedy: str | None = None,
    ) -> ModelSyntaxError:
        """Return the error that shows ``line`` with a caret under ``column``."""
        text = self.line(line)
        excerpt = f"    {text}\n    {_padding(text[: column - 1])}^"
        place = Place(self.file, line, column)
        return ModelSyntaxError(
            problem, place=place, found=found, expected=expected, remedy=remedy, excerpt=excerpt
        )


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the model text; ``text`` of a quoted name or string is without its quotes."""

    kind: Kind
    text: str
    line: int
    column: int
    quoted: bool = False

    def __str__(self) -> str:
        """Return the token as a message shows it."""
        return {"newline": "end of line", "end": "end of statement"}.get(
            self.kind, f"'{self.text}'"
        )

    def written(self) -> str:
        """Return the token as model text."""
        if self.kind == "string":
            return f'"{self.text}"'
        return quote(self.text) if self.kind == "name" else self.text


def quote(name: str) -> str:
    """Return a name as model text: in backquotes when it could not be read otherwise.

    Examples
    --------
    >>> quote("sq1"), quote("overall satisfaction")
    ('sq1', '`overall satisfaction`')
    """
    return name if _PLAIN_NAME.fullmatch(name) else f"`{name}`"


def tokenize(source: Source) -> list[Token]:
    """Cut model text into tokens; blanks and comments are dropped, the last token is an ``end``.

    Raises
    ------
    ModelSyntaxError
        For a character that begins no token.
    """
    text = source.text.translate(_FULL_WIDTH)
    tokens: list[Token] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        column = position - line_start + 1
        match = _PATTERN.match(text, position)
        if match is None:
            raise _unknown_character(source, line, column)
        original = source.text[position : match.end()]
        position = match.end()
        if match.lastgroup not in ("blank", "comment"):
            tokens.append(_token(str(match.lastgroup), match.group(), original, line, column))
        if match.lastgroup == "number":
            _check_number_ends(source, text, match, line, column)
        if match.lastgroup == "newline":
            line, line_start = line + 1, position
    tokens.append(Token("end", "", line, position - line_start + 1))
    return tokens


def _token(group: str, text: str, original: str, line: int, column: int) -> Token:
    if group == "quoted":
        return Token("name", original[1:-1], line, column, quoted=True)
    if group == "string":
        return Token("string", original[1:-1], line, column)
    return Token(group, text, line, column)  # type: ignore[arg-type]


def _check_number_ends(
    source: Source, text: str, number: re.Match[str], line: int, column: int
) -> None:
    follower = _NAME_CHARACTERS.match(text, number.end())
    if follower is None:
        return
    word = number.group() + follower.group()
    raise source.error(
        "A name cannot begin with a digit",
        line,
        column,
        found=f"'{word}'",
        remedy=f"Put the name in backquotes: `{word}`.",
    )


def _unknown_character(source: Source, line: int, column: int) -> ModelSyntaxError:
    character = source.line(line)[column - 1]
    remedies = {
        "=": "Use '=~' to measure, '~' to regress, '==' to constrain or ':=' to define.",
        "`": "Close the backquote on the same line.",
        '"': "Close the quotation mark on the same line.",
        "'": "Close the quotation mark on the same line.",
        "%": "The operator '%' of lavaan is not part of this language.",
    }
    return source.error(
        "The model text has a character that means nothing here",
        line,
        column,
        found=f"'{character}'",
        remedy=remedies.get(character, "Names with such characters go in backquotes: `my name`."),
    )


def _padding(text: str) -> str:
    """Return blanks as wide as ``text`` is on a terminal (Chinese characters take two columns)."""
    wide = (unicodedata.east_asian_width(character) in "WF" for character in text)
    return "".join(
        "\t" if c == "\t" else "  " if w else " " for c, w in zip(text, wide, strict=True)
    )
