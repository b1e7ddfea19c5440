"""Terms: what is joined by ``+`` on either side of a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.syntax.modifiers import ModifierReader
from loyaltysem.syntax.statements import Modifiers

if TYPE_CHECKING:
    from loyaltysem.errors import ModelSyntaxError
    from loyaltysem.syntax.tokens import Source, Token


@dataclass(frozen=True, slots=True)
class Term:
    """What stands after the ``*`` of a term (``name``, at ``token``), and the modifiers before."""

    token: Token
    name: str
    modifiers: Modifiers


class TermReader:
    """Terms joined by ``+`` on one side of a formula."""

    def __init__(self, source: Source, tokens: list[Token], operator: Token) -> None:
        self._source = source
        self._tokens = tokens
        self._operator = operator
        self._position = 0

    def terms(self, *, left: bool = False) -> list[Term]:
        """Return the terms; repeated ones are merged into the first."""
        merged: dict[str, Term] = {}
        if not left:
            self._skip("+")
        while True:
            term = self._term()
            known = merged.get(term.name)
            if known is not None:
                term = Term(known.token, known.name, known.modifiers.merged(term.modifiers))
            merged[term.name] = term
            if self._next.kind == "end":
                return list(merged.values())
            if not self._skip("+"):
                raise self._error("Two terms are not joined", "'+', '*', or the end of the line")

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _skip(self, text: str) -> bool:
        matches = self._next.kind == "operator" and self._next.text == text
        self._position += matches
        return matches

    def _term(self) -> Term:
        modifiers = Modifiers()
        while self._modifier_follows():
            reader = ModifierReader(self._source, self._tokens, self._position)
            modifiers = modifiers.merged(reader.read())
            self._position = reader.position
        token = self._next
        if token.kind not in ("name", "number"):
            raise self._error(f"A term is missing beside '{self._operator.text}'", "a name")
        self._position += 1
        if token.kind == "number":
            return self._intercept(token, modifiers)
        return Term(token, token.text + self._product(), modifiers)

    def _modifier_follows(self) -> bool:
        """Look ahead for a ``*`` (or lavaan's ``?``) before the next ``+`` outside parentheses."""
        depth = 0
        for token in self._tokens[self._position :]:
            if token.kind == "operator":
                depth += (token.text == "(") - (token.text == ")")
                if depth == 0 and token.text == "+":
                    return False
                if depth == 0 and token.text in ("*", "?"):
                    return True
        return False

    def _product(self) -> str:
        if not self._skip(":"):
            return ""
        second = self._next
        if second.kind != "name":
            raise self._error("A product has no second name", "a name after ':'")
        self._position += 1
        if self._next.text == ":":
            raise self._error("A product has more than two names", "a product of two, 'a:b'")
        return f":{second.text}"

    def _intercept(self, token: Token, modifiers: Modifiers) -> Term:
        if token.text not in ("0", "1"):
            raise self._error_at(
                token,
                "A number stands where a variable belongs",
                f"a name, or '{token.text}*1' for an intercept fixed at {token.text}",
            )
        if token.text == "0":
            modifiers = modifiers.merged(Modifiers(fixed=(0.0,), freed=(False,)))
        return Term(token, token.text, modifiers)

    def _error(self, problem: str, expected: str) -> ModelSyntaxError:
        return self._error_at(self._next, problem, expected)

    def _error_at(self, token: Token, problem: str, expected: str) -> ModelSyntaxError:
        return self._source.error(
            problem, token.line, token.column, found=str(token), expected=expected
        )
