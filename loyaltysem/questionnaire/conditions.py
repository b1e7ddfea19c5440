"""When a question is asked: a small language of conditions on earlier answers.

    gender == female and (PQ1 >= 5 or not answered(PQ2))
    platform in [taobao, jd]
    selected(channels, friends)

Nothing is ever executed: a condition is read into a tree of the records below, which exports write
in the language of each platform. A comparison with a question that was not answered is false,
``!=`` included.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from loyaltysem.errors import QuestionnaireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Comparison = Literal["==", "!=", "<=", ">=", "<", ">"]

MAX_LENGTH = 1000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """The answer to question ``code`` stands in this relation to ``value``."""

    code: str
    comparison: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Selected:
    """``option`` is among the options chosen in the multiple-choice question ``code``."""

    code: str
    option: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Question ``code`` was answered."""

    code: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Joined:
    """All parts hold (``and``), or at least one (``or``)."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


Condition = Compared | Selected | Answered | Not | Joined

Answer = str | tuple[str, ...] | None
"""An answer as it stands in the data; a tuple of option codes for several choices."""


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    QuestionnaireError
        The text is no condition; ``found`` shows the place in it.
    """
    return _Parser(text).whole()


def conditions_joined(
    parts: Sequence[Condition], word: Literal["and", "or"] = "and"
) -> Condition | None:
    """Return the condition that all parts (or one of them) hold; None when there is none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return Joined(word, tuple(parts))


def references(condition: Condition) -> Iterator[Compared | Selected | Answered]:
    """Yield every part that names a question, in the order of the text."""
    match condition:
        case Not(part):
            yield from references(part)
        case Joined(_, parts):
            for part in parts:
                yield from references(part)
        case _:
            yield condition


def holds(condition: Condition, answers: Mapping[str, Answer]) -> bool:
    """Return whether a condition holds for someone's answers (by question code)."""
    match condition:
        case Not(part):
            return not holds(part, answers)
        case Joined(word, parts):
            return (all if word == "and" else any)(holds(part, answers) for part in parts)
        case Selected(code, option):
            return option in (answers.get(code) or ())
        case Answered(code):
            return bool(answers.get(code))
        case Compared(code, comparison, value):
            return _compared(answers.get(code), comparison, value)


_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def _compared(answer: Answer, comparison: Comparison, value: str) -> bool:
    if not isinstance(answer, str) or not answer:
        return False
    relation, numbers = _RELATIONS[comparison], (_number(answer), _number(value))
    if None not in numbers:
        return relation(*numbers)
    return comparison in {"==", "!="} and relation(answer, value)


def _number(text: str) -> float | None:
    return float(text) if is_number(text) else None


def is_number(text: str) -> bool:
    """Return whether a text is a plain decimal number."""
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) is not None


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<sign>==|!=|<=|>=|<|>|[()\[\],])
      | (?P<quoted>'[^']*'|"[^"]*")
      | (?P<number>[+-]?[0-9]+(?:\.[0-9]+)?(?!\w))
      | (?P<word>\w+)
    )""",
    re.VERBOSE,
)
_COMPARISONS = get_args(Comparison)


class _Parser:
    """Reads one condition from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        if len(text) > MAX_LENGTH:
            raise QuestionnaireError(
                "A condition is too long", found=f"{len(text)} characters", expected=MAX_LENGTH
            )
        self._tokens = list(self._split())

    def whole(self) -> Condition:
        condition = self._joined("or")
        if self._token is not None:
            raise self._fault("something stands behind its end")
        return condition

    def _split(self) -> Iterator[tuple[str, str, int]]:
        at, end = 0, len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise self._fault("a character is not allowed", at)
            kind = match.lastgroup or ""
            yield kind, match.group(kind), match.start(kind)
            at = match.end()

    @property
    def _token(self) -> str | None:
        """The next token; a quoted text keeps its quotes, so it is never taken for a word."""
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _take(self, *expected: str) -> str:
        token = self._token
        if token is None or (expected and token not in expected):
            raise self._fault(f"expected {' or '.join(expected) or 'more'}")
        self._at += 1
        return token

    def _joined(self, word: Literal["and", "or"]) -> Condition:
        parts = [self._part(word)]
        while self._token == word:
            self._take()
            parts.append(self._part(word))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _part(self, word: Literal["and", "or"]) -> Condition:
        return self._joined("and") if word == "or" else self._negated()

    def _negated(self) -> Condition:
        if self._token == "not":
            self._take()
            return Not(self._deeper(self._negated))
        if self._token == "(":
            self._take()
            condition = self._deeper(lambda: self._joined("or"))
            self._take(")")
            return condition
        return self._relation()

    def _deeper(self, read: Callable[[], Condition]) -> Condition:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault(f"it nests deeper than {MAX_DEPTH} levels")
        condition = read()
        self._depth -= 1
        return condition

    def _relation(self) -> Condition:
        word = self._word()
        if word in {"answered", "selected"} and self._token == "(":
            return self._function(word)
        if self._token == "in":
            self._take()
            return self._membership(word)
        if self._token == "not":
            self._take()
            self._take("in")
            return Joined("and", (Answered(word), Not(self._membership(word))))
        comparison = self._take(*_COMPARISONS, "in")
        return next(Compared(word, one, self._value()) for one in _COMPARISONS if one == comparison)

    def _function(self, name: str) -> Condition:
        self._take("(")
        code = self._word()
        if name == "answered":
            self._take(")")
            return Answered(code)
        self._take(",")
        option = self._value()
        self._take(")")
        return Selected(code, option)

    def _membership(self, code: str) -> Condition:
        self._take("[")
        values = [self._value()]
        while self._take(",", "]") == ",":
            values.append(self._value())
        parts = tuple(Compared(code, "==", value) for value in values)
        return parts[0] if len(parts) == 1 else Joined("or", parts)

    def _word(self) -> str:
        if self._token is None or self._tokens[self._at][0] != "word":
            raise self._fault("expected the code of a question")
        return self._take()

    def _value(self) -> str:
        if self._token is None or self._tokens[self._at][0] == "sign":
            raise self._fault("expected a value")
        token = self._take()
        return token[1:-1] if token[0] in "'\"" else token

    def _fault(self, what: str, at: int | None = None) -> QuestionnaireError:
        if at is None:
            at = self._tokens[self._at][2] if self._token is not None else len(self._text)
        seen = self._text[max(at - 20, 0) : at] + "⟦here⟧" + self._text[at : at + 20]
        return QuestionnaireError(
            f"A condition cannot be read: {what}",
            found=seen,
            remedy="Write it like: gender == female and PQ1 >= 5.",
        )
