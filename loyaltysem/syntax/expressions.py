"""Arithmetic on parameter labels: the right side of ``:=`` and both sides of ``==``, ``<``, ``>``.

An own grammar of sums, products, powers and R's plain functions; nothing is handed to Python's
``eval``.
Expressions are evaluated with their exact first derivatives over any number of parameter vectors
at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from loyaltysem.syntax.tokens import Source, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.errors import ModelSyntaxError

Floats: TypeAlias = "NDArray[np.float64]"

FUNCTIONS = (
    *("exp", "log", "log2", "log10", "sqrt", "abs", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh"),
)
EXTREMES = ("min", "max")


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A label, a row name such as ``.p7.``, or an earlier defined parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Free:
    """The ``index``-th element (from 0) of the vector of free parameters."""

    index: int


@dataclass(frozen=True, slots=True)
class Binary:
    """``left op right`` with op one of + - * / ^, or the lesser or greater of both."""

    op: Literal["+", "-", "*", "/", "^", "min", "max"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """``function(argument)`` with a function of :data:`FUNCTIONS`."""

    function: str
    argument: Node


Node: TypeAlias = Number | Name | Free | Binary | Call


# --- reading ---------------------------------------------------------------------------------


class ExpressionReader:
    """Recursive descent over the tokens of one expression.

    Precedence as in R: ``^`` or ``**`` (right associative) binds tighter than the sign, the sign
    tighter than ``*`` and ``/``, these tighter than ``+`` and ``-``.
    """

    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._position = 0

    def read(self) -> Node:
        """Return the tree of the whole expression.

        Raises
        ------
        ModelSyntaxError
            When the tokens are no expression, or something follows it.
        """
        node = self._sum()
        if self._next.kind not in ("end", "newline"):
            raise self._error("The expression should end here", "an operator: + - * / ^")
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _take(self, *texts: str) -> str | None:
        token = self._next
        if token.kind != "operator" or token.text not in texts:
            return None
        self._position += 1
        return token.text

    def _sum(self) -> Node:
        return self._left_associative(self._product, "+", "-")

    def _product(self) -> Node:
        return self._left_associative(self._signed, "*", "/")

    def _left_associative(self, operand: Callable[[], Node], *operators: str) -> Node:
        node = operand()
        while op := self._take(*operators):
            node = Binary(op, node, operand())  # type: ignore[arg-type]
        return node

    def _signed(self) -> Node:
        signs = 0
        while sign := self._take("-", "+"):
            signs += sign == "-"
        node = self._power()
        return Binary("*", Number(-1.0), node) if signs % 2 else node

    def _power(self) -> Node:
        node = self._atom()
        return Binary("^", node, self._signed()) if self._take("^", "**") else node

    def _atom(self) -> Node:
        token = self._next
        if self._take("("):
            return self._closing(self._sum())
        if token.kind not in ("name", "number", "string"):
            raise self._error("The expression is incomplete", "a label, a number or '('")
        self._position += 1
        if token.kind == "number":
            return Number(float(token.text))
        return self._call(token) if self._take("(") else Name(token.text)

    def _call(self, token: Token) -> Node:
        if token.text in EXTREMES:
            return self._extreme(token.text)
        if token.text not in FUNCTIONS:
            raise self._source.error(
                f"The function '{token.text}' is not known",
                token.line,
                token.column,
                expected=", ".join([*FUNCTIONS, *EXTREMES]),
            )
        return self._closing(Call(token.text, self._sum()))

    def _extreme(self, op: str) -> Node:
        node = self._sum()
        while self._take(","):
            node = Binary(op, node, self._sum())  # type: ignore[arg-type]
        return self._closing(node)

    def _closing(self, node: Node) -> Node:
        if not self._take(")"):
            raise self._error("A parenthesis is not closed", "')'")
        return node

    def _error(self, problem: str, expected: str) -> ModelSyntaxError:
        token = self._next
        return self._source.error(
            problem, token.line, token.column, found=str(token), expected=expected
        )


@lru_cache(maxsize=256)
def parse_expression(text: str) -> Node:
    """Return the tree of an expression given as text.

    Raises
    ------
    ModelSyntaxError
        When the text is no expression.
    """
    source = Source(text, "expression")
    return ExpressionReader(source, tokenize(source)).read()


# --- trees -----------------------------------------------------------------------------------


def names_in(node: Node) -> list[str]:
    """Return the names of a tree in order of appearance, each once."""
    found: dict[str, None] = {}
    for leaf in _leaves(node):
        if isinstance(leaf, Name):
            found[leaf.name] = None
    return list(found)


def free_in(node: Node) -> list[int]:
    """Return the sorted indices of the free parameters that a tree depends on."""
    return sorted({leaf.index for leaf in _leaves(node) if isinstance(leaf, Free)})


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Return the tree with each name replaced by its tree in ``values``."""
    match node:
        case Name(name):
            return values[name]
        case Binary(op, left, right):
            return Binary(op, substitute(left, values), substitute(right, values))
        case Call(function, argument):
            return Call(function, substitute(argument, values))
        case _:
            return node


def _leaves(node: Node) -> list[Node]:
    match node:
        case Binary(_, left, right):
            return _leaves(left) + _leaves(right)
        case Call(_, argument):
            return _leaves(argument)
        case _:
            return [node]


@dataclass(frozen=True, slots=True)
class Affine:
    """``constant + sum of coefficient * theta[index]``."""

    constant: float
    coefficients: Mapping[int, float]

    def scaled(self, factor: float) -> Affine:
        """Return the form times a number."""
        return Affine(self.constant * factor, {i: c * factor for i, c in self.coefficients.items()})

    def plus(self, other: Affine) -> Affine:
        """Return the sum of two forms; cancelled coefficients disappear."""
        total = dict(self.coefficients)
        for index, coefficient in other.coefficients.items():
            total[index] = total.get(index, 0.0) + coefficient
        kept = {index: value for index, value in total.items() if value != 0.0}
        return Affine(self.constant + other.constant, kept)


def affine(node: Node) -> Affine | None:
    """Return a tree as an affine form of the free parameters, or None when it is not one."""
    match node:
        case Number(value):
            return Affine(value, {})
        case Free(index):
            return Affine(0.0, {index: 1.0})
        case Call(function, argument):
            inner = affine(argument)
            return None if inner is None or inner.coefficients else _constant(function, inner)
        case Binary(op, left, right):
            first, second = affine(left), affine(right)
            return None if first is None or second is None else _affine_of(op, first, second)
    return None


def _constant(function: str, argument: Affine) -> Affine | None:
    with np.errstate(all="ignore"):
        value, _ = _FUNCTION_RULES[function](np.array(argument.constant))
    return Affine(float(value), {}) if math.isfinite(value) else None


def _affine_of(op: str, left: Affine, right: Affine) -> Affine | None:
    if op in EXTREMES:
        chosen = {"min": min, "max": max}[op]((left, right), key=lambda form: form.constant)
        return None if left.coefficients or right.coefficients else chosen
    if op in ("+", "-"):
        return left.plus(right if op == "+" else right.scaled(-1.0))
    if op == "*" and not left.coefficients:
        return right.scaled(left.constant)
    if right.coefficients:
        return None
    if op == "*":
        return left.scaled(right.constant)
    if op == "/":
        return left.scaled(1.0 / right.constant) if right.constant else None
    return _affine_power(left, right.constant)


def _affine_power(base: Affine, exponent: float) -> Affine | None:
    if exponent == 1.0:
        return base
    if base.coefficients:
        return None
    with np.errstate(all="ignore"):
        value = np.power(np.float64(base.constant), exponent)
    return Affine(float(value), {}) if math.isfinite(value) else None


# --- evaluating ------------------------------------------------------------------------------


def evaluate(node: Node, theta: Floats, support: Mapping[int, int]) -> tuple[Floats, Floats]:
    """Evaluate a tree and its gradient by forward differentiation.

    Parameters
    ----------
    node
        A tree without :class:`Name` leaves.
    theta
        Free parameters (..., q).
    support
        Position in the gradient of each free parameter that the tree depends on.

    Returns
    -------
    value
        Array (...).
    gradient
        Array (..., number of parameters in ``support``).
    """
    shape = theta.shape[:-1]
    match node:
        case Number(constant):
            return np.full(shape, constant), np.zeros((*shape, len(support)))
        case Free(index):
            gradient = np.zeros((*shape, len(support)))
            gradient[..., support[index]] = 1.0
            return theta[..., index], gradient
        case Call(function, argument):
            inner, slope = evaluate(argument, theta, support)
            value, derivative = _FUNCTION_RULES[function](inner)
            return value, derivative[..., None] * slope
        case Binary(op, left, right):
            return _BINARY_RULES[op](
                *evaluate(left, theta, support), *evaluate(right, theta, support)
            )
        case Name(name):
            raise KeyError(name)


_FUNCTION_RULES: Mapping[str, Callable[[Floats], tuple[Floats, Floats]]] = {
    "exp": lambda x: (np.exp(x), np.exp(x)),
    "log": lambda x: (np.log(x), 1.0 / x),
    "log2": lambda x: (np.log2(x), 1.0 / (x * math.log(2.0))),
    "log10": lambda x: (np.log10(x), 1.0 / (x * math.log(10.0))),
    "sqrt": lambda x: (np.sqrt(x), 0.5 / np.sqrt(x)),
    "abs": lambda x: (np.abs(x), np.sign(x)),
    "sin": lambda x: (np.sin(x), np.cos(x)),
    "cos": lambda x: (np.cos(x), -np.sin(x)),
    "tan": lambda x: (np.tan(x), 1.0 + np.tan(x) ** 2),
    "asin": lambda x: (np.arcsin(x), 1.0 / np.sqrt(1.0 - x**2)),
    "acos": lambda x: (np.arccos(x), -1.0 / np.sqrt(1.0 - x**2)),
    "atan": lambda x: (np.arctan(x), 1.0 / (1.0 + x**2)),
    "sinh": lambda x: (np.sinh(x), np.cosh(x)),
    "cosh": lambda x: (np.cosh(x), np.sinh(x)),
    "tanh": lambda x: (np.tanh(x), 1.0 - np.tanh(x) ** 2),
}


def _add(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    return a + b, da + db


def _subtract(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    return a - b, da - db


def _multiply(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    return a * b, da * b[..., None] + a[..., None] * db


def _divide(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    ratio = a / b
    return ratio, (da - ratio[..., None] * db) / b[..., None]


def _raise(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    value = np.power(a, b)
    gradient = (b * np.power(a, b - 1.0))[..., None] * da
    if np.any(db):  # only a variable exponent needs the logarithm, which a negative base has not
        gradient = gradient + (value * np.log(a))[..., None] * db
    return value, gradient


def _least(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    return np.minimum(a, b), np.where((a <= b)[..., None], da, db)


def _greatest(a: Floats, da: Floats, b: Floats, db: Floats) -> tuple[Floats, Floats]:
    return np.maximum(a, b), np.where((a >= b)[..., None], da, db)


_BINARY_RULES: Mapping[str, Callable[[Floats, Floats, Floats, Floats], tuple[Floats, Floats]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "^": _raise,
    "min": _least,
    "max": _greatest,
}
