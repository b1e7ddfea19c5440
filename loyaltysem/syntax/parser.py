"""lavaan's model syntax, from text to :class:`~loyaltysem.syntax.statements.Statements`.

The grammar (`model.syntax` of lavaan, Rosseel 2012, J. Stat. Software 48(2))::

    statement  = names operator terms | name ":=" expression
               | expression ("==" | "<" | ">") expression
    operator   = "=~" | "<~" | "~" | "~~" | "|" | "~*~"
    terms      = ["+"] term { "+" term }
    term       = { modifier "*" } ( name [":" name] | "1" | "0" )
    modifier   = number | "NA" | label | function "(" value { "," value } ")"

A statement ends at a line end or ``;`` unless the line breaks inside parentheses, after an operator
or before one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from loyaltysem.syntax.expressions import ExpressionReader
from loyaltysem.syntax.statements import (
    CONSTRAINT_OPERATORS,
    Constraint,
    ConstraintOperator,
    Element,
    Modifiers,
    Statements,
)
from loyaltysem.syntax.terms import Term, TermReader
from loyaltysem.syntax.tokens import Source, Token, quote, tokenize

if TYPE_CHECKING:
    from pathlib import Path

    from loyaltysem.errors import ModelSyntaxError
    from loyaltysem.syntax.table import Operator

TERM_OPERATORS = ("=~", "<~", "~", "~~", "|", "~*~")
_STATEMENT_OPERATORS = (*TERM_OPERATORS, *CONSTRAINT_OPERATORS)
_BLOCKS = ("group", "level", "block", "class")


@lru_cache(maxsize=64)
def parse_model(text: str, file: str | Path = "model") -> Statements:
    """Read model text in lavaan's syntax.

    Parameters
    ----------
    text
        The model. Names may be in any script; names with blanks or signs stand in backquotes.
    file
        What messages call the text.

    Returns
    -------
    Statements
        Elements and constraints in the order of the text, with repeated terms of one formula
        merged (``f =~ start(.8)*x + a*x`` is one element).

    Raises
    ------
    ModelSyntaxError
        When the text breaks the grammar; the message shows the line with a caret.

    Examples
    --------
    >>> [str(e) for e in parse_model("f =~ x1 + x2; y ~ 1 + f").elements]
    ['f =~ x1', 'f =~ x2', 'y ~ 1', 'y ~ f']
    """
    source = Source(text, file)
    elements: list[Element] = []
    constraints: list[Constraint] = []
    for tokens in _statements(source, tokenize(source)):
        reader = _StatementReader(source, tokens)
        if reader.operator.text in CONSTRAINT_OPERATORS:
            constraints.append(reader.constraint())
        else:
            elements.extend(reader.elements())
    _check_once(source, elements)
    _check_defined_once(source, constraints)
    if not elements:
        raise source.error(
            "The model text says nothing",
            1,
            1,
            expected="at least one formula, such as 'satisfaction =~ q1 + q2 + q3'",
        )
    return Statements(elements=tuple(elements), constraints=tuple(constraints), source=source)


def parse_constraint(text: str) -> Constraint:
    """Read one constraint or definition, such as ``a == 2*b`` or ``total := a + b``.

    Raises
    ------
    ModelSyntaxError
        When the text is anything else.
    """
    source = Source(text, "constraint")
    statements = _statements(source, tokenize(source))
    if len(statements) == 1:
        reader = _StatementReader(source, statements[0])
        if reader.operator.text in CONSTRAINT_OPERATORS:
            return reader.constraint()
    raise source.error("This is no constraint", 1, 1, expected="such as 'a == b' or 'c := a*b'")


def _statements(source: Source, tokens: list[Token]) -> list[list[Token]]:
    """Split tokens into statements, each ending in its ``end`` token."""
    statements: list[list[Token]] = []
    current: list[Token] = []
    opened: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind == "newline":
            if opened or not current or _continues(current[-1], tokens[index + 1 :]):
                continue
        elif token.kind != "end":
            _match_parenthesis(source, token, opened)
            current.append(token)
            continue
        if opened:
            raise _unmatched(source, opened[-1])
        if current:
            statements.append([*current, Token("end", "", token.line, token.column)])
        current = []
    return statements


def _match_parenthesis(source: Source, token: Token, opened: list[Token]) -> None:
    """Keep account of the parentheses that are open."""
    if token.kind != "operator" or token.text not in "()":
        return
    if token.text == "(":
        opened.append(token)
    elif opened:
        opened.pop()
    else:
        raise _unmatched(source, token)


def _unmatched(source: Source, token: Token) -> ModelSyntaxError:
    return source.error("A parenthesis has no counterpart", token.line, token.column, found=token)


def _continues(last: Token, following: list[Token]) -> bool:
    """Tell whether a line break after ``last`` lies inside a statement.

    A line that begins with a minus sign continues one unless it holds an operator of its own.
    """
    if last.kind == "operator" and last.text != ")":
        return True
    line = _next_line(following)
    if not line or line[0].kind != "operator" or line[0].text == "(":
        return False
    return line[0].text != "-" or not any(map(_is_statement_operator, line))


def _next_line(tokens: list[Token]) -> list[Token]:
    """Return the tokens of the first line that is not empty."""
    start = next((i for i, token in enumerate(tokens) if token.kind != "newline"), len(tokens))
    rest = tokens[start:]
    stop = next((i for i, token in enumerate(rest) if token.kind in ("newline", "end")), len(rest))
    return rest[:stop]


class _StatementReader:
    """One statement: finds its operator and reads both sides."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._at = self._find_operator()
        self.operator = tokens[self._at]

    def _find_operator(self) -> int:
        found = [i for i, token in enumerate(self._tokens) if _is_statement_operator(token)]
        if not found:
            raise self._without_operator()
        if len(found) > 1:
            raise self._second_operator(self._tokens[found[0]], self._tokens[found[1]])
        return found[0]

    def _second_operator(self, first: Token, second: Token) -> ModelSyntaxError:
        joined = first.line != second.line
        return self._source.error(
            "A statement has a second operator",
            second.line,
            second.column,
            found=str(second),
            expected="one operator; a new statement begins on a new line or after ';'",
            remedy="The line above ends in the middle of a formula." if joined else None,
        )

    def _without_operator(self) -> ModelSyntaxError:
        first = self._tokens[0]
        is_block = first.text.lower() in _BLOCKS and self._tokens[1].text == ":"
        remedy = (
            "Blocks are not part of this language: give values per group with c(..., ...)*."
            if is_block
            else "Continue a formula by ending the line above with '+'."
        )
        return self._source.error(
            "A statement has no operator",
            first.line,
            first.column,
            found=" ".join(token.written() for token in self._tokens[:-1]),
            expected=", ".join(_STATEMENT_OPERATORS),
            remedy=remedy,
        )

    def constraint(self) -> Constraint:
        """Return the constraint or definition; both sides are checked to be expressions."""
        left, right = self._side(self._tokens[: self._at]), self._tokens[self._at + 1 :]
        ExpressionReader(self._source, left).read()
        ExpressionReader(self._source, right).read()
        if self.operator.text == ":=" and [token.kind for token in left] != ["name", "end"]:
            raise self._error(left[0], "Only a name can be defined", "a name before ':='")
        return Constraint(
            lhs=left[0].text if self.operator.text == ":=" else _text(left),
            op=cast("ConstraintOperator", self.operator.text),
            rhs=_text(right),
            line=left[0].line,
            column=left[0].column,
        )

    def _side(self, tokens: list[Token]) -> list[Token]:
        return [*tokens, Token("end", "", self.operator.line, self.operator.column)]

    def elements(self) -> list[Element]:
        """Return the elements of a formula: each name on the left with each term on the right."""
        targets = self._targets()
        terms = TermReader(self._source, self._tokens[self._at + 1 :], self.operator).terms()
        return [self._element(target, term) for target in targets for term in terms]

    def _targets(self) -> list[Token]:
        reader = TermReader(self._source, self._side(self._tokens[: self._at]), self.operator)
        targets = []
        for term in reader.terms(left=True):
            if term.modifiers != Modifiers():
                raise self._error(
                    term.token, "A modifier stands left of the operator", "names joined by '+'"
                )
            if term.name != term.token.text:
                raise self._error(
                    term.token, f"The product '{term.name}' stands left of the operator", "a name"
                )
            targets.append(term.token)
        return targets

    def _element(self, target: Token, term: Term) -> Element:
        op, rhs, token = cast("Operator", self.operator.text), term.name, term.token
        if op == "=~" and term.name == "0" and not token.quoted:  # a latent without indicators
            rhs = target.text
        elif term.name in ("0", "1") and token.kind == "number":
            if op != "~":
                raise self._error(token, "A number stands where a variable belongs", "a name")
            op, rhs = "~1", ""
        if op in ("=~", "<~") and rhs == target.text and term.name != "0":
            raise self._error(
                token, f"'{target.text}' cannot be measured by itself", "another variable"
            )
        return Element(
            lhs=target.text,
            op=op,
            rhs=rhs,
            modifiers=term.modifiers,
            line=token.line,
            column=token.column,
        )

    def _error(self, token: Token, problem: str, expected: str) -> ModelSyntaxError:
        return self._source.error(
            problem, token.line, token.column, found=str(token), expected=expected
        )


def _is_statement_operator(token: Token) -> bool:
    return token.kind == "operator" and token.text in _STATEMENT_OPERATORS


def _text(tokens: list[Token]) -> str:
    return "".join(quote(t.text) if t.kind in ("name", "string") else t.text for t in tokens[:-1])


def _check_once(source: Source, elements: list[Element]) -> None:
    """Refuse a parameter that the text mentions twice; ``x ~~ y`` and ``y ~~ x`` are the same."""
    seen: dict[tuple[object, ...], Element] = {}
    for element in elements:
        sides: object = (element.lhs, element.rhs)
        key = (element.op, frozenset((element.lhs, element.rhs)) if element.op == "~~" else sides)
        if key in seen:
            raise source.error(
                f"'{element}' is said twice",
                element.line,
                element.column,
                remedy=f"It already stands in line {seen[key].line}; keep one of the two.",
            )
        seen[key] = element


def _check_defined_once(source: Source, constraints: list[Constraint]) -> None:
    seen: dict[str, Constraint] = {}
    for constraint in constraints:
        if constraint.op != ":=":
            continue
        if constraint.lhs in seen:
            earlier = seen[constraint.lhs].line
            raise source.error(
                f"'{constraint.lhs}' is defined twice",
                constraint.line,
                constraint.column,
                remedy=f"It already stands in line {earlier}; keep one of the two.",
            )
        seen[constraint.lhs] = constraint
