"""Modifiers: what stands before the ``*`` of a term.

``0.5*x`` fixes, ``NA*x`` frees, ``a*x`` and ``label("a")*x`` and ``equal("a")*x`` name,
``start(0.5)*x`` (or ``0.5?x``) gives a start value, and ``c(..., ...)*x`` says one of these per
group; ``start(c(..., ...))*x`` and ``label(c(..., ...))*x`` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from loyaltysem.syntax.expressions import FUNCTIONS, ExpressionReader, affine, names_in
from loyaltysem.syntax.statements import Modifiers
from loyaltysem.syntax.tokens import Token

if TYPE_CHECKING:
    from loyaltysem.errors import ModelSyntaxError
    from loyaltysem.syntax.tokens import Source

Entry: TypeAlias = float | str | None
"""One entry of a modifier: a number, a label, or None for NA."""

_NAMING = ("label", "equal")
_UNSUPPORTED = {
    "lower": "Give the parameter a label and write a constraint, such as 'a > 0'.",
    "upper": "Give the parameter a label and write a constraint, such as 'a < 1'.",
    "efa": "Exploratory blocks are not part of this language.",
    "rv": "Random slopes are not part of this language.",
    "prior": "Priors are not part of this language.",
}


class ModifierReader:
    """Reads one modifier and its ``*``, beginning at ``position`` in ``tokens``."""

    def __init__(self, source: Source, tokens: list[Token], position: int) -> None:
        self._source = source
        self._tokens = tokens
        self.position = position

    def read(self) -> Modifiers:
        """Return the modifier; ``position`` moves behind its ``*``.

        Raises
        ------
        ModelSyntaxError
            When what stands before the ``*`` is no modifier.
        """
        first = self._tokens[self.position]
        end = self._end()
        body = [*self._tokens[self.position : end], Token("end", "", first.line, first.column)]
        is_start = self._tokens[end].text == "?"
        self.position = end + 1
        if len(body) == 1:
            raise self._error(first, "A modifier is missing before '*'")
        return self._from_body(body, is_start)

    def _end(self) -> int:
        depth = 0
        for index in range(self.position, len(self._tokens)):
            token = self._tokens[index]
            if token.kind == "operator":
                depth += (token.text == "(") - (token.text == ")")
                if depth == 0 and token.text in ("*", "?"):
                    return index
        raise self._error(self._tokens[self.position], "A modifier does not end")

    def _from_body(self, body: list[Token], is_start: bool) -> Modifiers:
        first = body[0]
        if is_start:
            return self._start([self._entry(body)], first)
        if not _is_call(body) or first.text in FUNCTIONS:
            return _plain([self._entry(body)])
        parts = self._arguments(body)
        if len(parts) == 1 and _is_call(parts[0]) and parts[0][0].text == "c":
            parts = self._arguments(parts[0])  # start(c(1, 2)) is start(1, 2)
        entries = [self._entry(part) for part in parts]
        if first.text == "c":
            return _plain(entries)
        if first.text == "start":
            return self._start(entries, first)
        if first.text in _NAMING:
            return self._naming(entries, first)
        raise self._error(
            first,
            f"The modifier '{first.text}()' is not known",
            remedy=_UNSUPPORTED.get(first.text),
        )

    def _arguments(self, body: list[Token]) -> list[list[Token]]:
        """Split ``name ( a , b ) end`` into its arguments, each ending in an ``end`` token."""
        closing = body[-2]
        if closing.text != ")":
            raise self._error(closing, "A parenthesis is not closed")
        parts: list[list[Token]] = [[]]
        depth = 0
        for token in body[2:-2]:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        return [[*part, Token("end", "", closing.line, closing.column)] for part in parts]

    def _entry(self, tokens: list[Token]) -> Entry:
        first = tokens[0]
        if len(tokens) == 2 and first.kind in ("name", "string"):
            is_na = first.kind == "name" and first.text == "NA" and not first.quoted
            return None if is_na else first.text
        node = ExpressionReader(self._source, tokens).read()
        form = affine(node) if not names_in(node) else None
        if form is None:
            raise self._error(first, "A modifier is neither a number nor a label")
        return form.constant

    def _start(self, entries: list[Entry], token: Token) -> Modifiers:
        if any(isinstance(entry, str) for entry in entries):
            raise self._error(token, "A start value is not a number")
        return Modifiers(start=tuple(e if not isinstance(e, str) else None for e in entries))

    def _naming(self, entries: list[Entry], token: Token) -> Modifiers:
        if any(isinstance(entry, float) for entry in entries):
            raise self._error(token, "A label is a number")
        return Modifiers(label=tuple(str(entry or "") for entry in entries))

    def _error(self, token: Token, problem: str, *, remedy: str | None = None) -> ModelSyntaxError:
        return self._source.error(
            problem,
            token.line,
            token.column,
            found=str(token),
            expected="a number, NA, a label, c(), start(), label() or equal() before '*'",
            remedy=remedy,
        )


def _is_call(tokens: list[Token]) -> bool:
    return tokens[0].kind == "name" and tokens[1].text == "("


def _plain(entries: list[Entry]) -> Modifiers:
    numbers = tuple(entry if isinstance(entry, float) else None for entry in entries)
    labels = tuple(entry if isinstance(entry, str) else "" for entry in entries)
    freed = tuple(entry is None for entry in entries)
    return Modifiers(
        fixed=numbers if any(number is not None for number in numbers) else (),
        freed=freed if any(freed) else (),
        label=labels if any(labels) else (),
    )
