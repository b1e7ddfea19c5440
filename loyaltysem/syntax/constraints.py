"""Defined parameters and constraints of a table, compiled to functions of the free parameters.

Linear equalities become a reparameterization ``theta = K phi + c``; what is left of the equalities,
and the inequalities, become vector functions with exact Jacobians.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysem.errors import ModelSpecificationError, Notice, did_you_mean, listed
from loyaltysem.syntax.expressions import (
    Affine,
    Binary,
    Free,
    Node,
    Number,
    affine,
    evaluate,
    free_in,
    names_in,
    parse_expression,
    substitute,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.syntax.table import Operator, Parameter, ParameterTable

_ZERO = 1e-10
"""Coefficients below this, relative to the largest of their constraint, count as cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expressions:
    """Functions of the free parameters, by name, with exact first derivatives.

    ``names`` are the defined names, or the constraints as text; ``n_free`` is the length q of
    theta.
    """

    names: tuple[str, ...]
    nodes: tuple[Node, ...]
    n_free: int

    def __len__(self) -> int:
        return len(self.names)

    def evaluate(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values (..., k) at parameter vectors (..., q); undefined ones are NaN."""
        return self._evaluate(theta)[0]

    def jacobian(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivatives (..., k, q) at parameter vectors (..., q)."""
        return self._evaluate(theta)[1]

    def _evaluate(
        self, theta: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        theta = np.asarray(theta, dtype=np.float64)
        values = np.empty((*theta.shape[:-1], len(self)))
        slopes = np.zeros((*theta.shape[:-1], len(self), self.n_free))
        with np.errstate(all="ignore"):
            for k, node in enumerate(self.nodes):
                support = free_in(node)
                position = {index: place for place, index in enumerate(support)}
                values[..., k], slopes[..., k, support] = evaluate(node, theta, position)
        return values, slopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """All constraints of a table.

    Attributes
    ----------
    defined
        The ``:=`` parameters.
    equalities
        Every ``==`` as left minus right side, linear or not.
    nonlinear
        The ``==`` that are not linear; zero where they hold.
    inequalities
        The ``<`` and ``>``, turned so that they hold where they are >= 0.
    K, c
        The linear equalities hold exactly for ``theta = K phi + c``; K is (q, q - number of
        independent linear equalities). Without linear equalities K is the identity and c is zero;
        when they only tie parameters to each other K has one 1 per row.
    notices
        ``redundant_constraint`` for equalities that follow from others and were dropped.
    """

    defined: Expressions
    equalities: Expressions
    nonlinear: Expressions
    inequalities: Expressions
    K: NDArray[np.float64]
    c: NDArray[np.float64]
    notices: tuple[Notice, ...] = ()

    @property
    def is_reduced(self) -> bool:
        """Whether linear equalities leave fewer parameters than the table has free ones."""
        return bool(self.K.shape[1] < self.K.shape[0])


def compile_expressions(table: ParameterTable) -> Expressions:
    """Return the defined parameters (``:=``) of a table as functions of theta.

    Raises
    ------
    ModelSpecificationError
        When an expression uses a label that the model does not have.
    """
    return find_constraints(table).defined


@lru_cache(maxsize=64)
def find_constraints(table: ParameterTable) -> Constraints:
    """Compile the defined parameters and constraints of a table.

    Raises
    ------
    ModelSpecificationError
        When an expression uses a label that the model does not have, or linear equalities
        contradict each other.
    """
    names = _Resolver(table)
    equalities = names.differences(table.rows, "==")
    smaller = names.differences(table.rows, "<")
    larger = names.differences(table.rows, ">")
    linear = [(text, form) for text, node in equalities if (form := affine(node)) is not None]
    K, c, redundant = _solve(linear, table.n_free)
    turned = [(text, Binary("*", Number(-1.0), node)) for text, node in smaller]
    return Constraints(
        defined=_from_pairs(list(names.defined.items()), table.n_free),
        equalities=_from_pairs(equalities, table.n_free),
        nonlinear=_from_pairs([p for p in equalities if affine(p[1]) is None], table.n_free),
        inequalities=_from_pairs([*turned, *larger], table.n_free),
        K=K,
        c=c,
        notices=_redundancy(redundant),
    )


def _from_pairs(pairs: Sequence[tuple[str, Node]], n_free: int) -> Expressions:
    names, nodes = tuple(text for text, _ in pairs), tuple(node for _, node in pairs)
    return Expressions(names=names, nodes=nodes, n_free=n_free)


def _redundancy(texts: Sequence[str]) -> tuple[Notice, ...]:
    if not texts:
        return ()
    text = f"Constraints that follow from others were dropped: {listed(texts)}."
    return (Notice("redundant_constraint", text, {"constraints": list(texts)}),)


class _Resolver:
    """Turns names in expressions into free parameters, fixed values and earlier definitions."""

    def __init__(self, table: ParameterTable) -> None:
        self._known = _parameters_by_name(table)
        self.defined: dict[str, Node] = {}
        for row in table.rows:
            if row.op == ":=":
                self._define(row)

    def _define(self, row: Parameter) -> None:
        if row.lhs in self._known:
            raise ModelSpecificationError(
                f"'{row.lhs}' is defined with ':=' and is also the label of a parameter",
                remedy="Give the defined parameter another name.",
            )
        self.defined[row.lhs] = self._resolved(row.rhs, row)

    def differences(self, rows: Iterable[Parameter], op: Operator) -> list[tuple[str, Node]]:
        """Return the constraints of one kind as text and as left minus right side."""
        return [
            (
                f"{row.lhs} {row.op} {row.rhs}",
                Binary("-", self._resolved(row.lhs, row), self._resolved(row.rhs, row)),
            )
            for row in rows
            if row.op == op
        ]

    def _resolved(self, text: str, row: Parameter) -> Node:
        known = ChainMap(self.defined, self._known)
        if text in known:
            return known[text]
        node = parse_expression(text)
        for name in names_in(node):
            if name not in known:
                text = f"{row.lhs} {row.op} {row.rhs}"
                raise ModelSpecificationError(**unknown_label(name, text, known))
        return substitute(node, known)


def _parameters_by_name(table: ParameterTable) -> dict[str, Node]:
    """Return what each label and row name stands for; a shared label is its first parameter."""
    known: dict[str, Node] = {}
    for row in table.rows:
        if row.group == 0:
            continue
        node = _parameter(row)
        if node is not None:
            known[row.plabel] = node
            if row.label:
                known.setdefault(row.label, node)
    return known


def _parameter(row: Parameter) -> Node | None:
    if row.free:
        return Free(row.free - 1)
    return None if row.ustart is None else Number(row.ustart)


def unknown_label(name: str, text: str, known: Iterable[str]) -> dict[str, Any]:
    """Return the facts of the error that the constraint ``text`` uses a label that nothing has."""
    labels = [label for label in known if not label.startswith(".p")]
    return {
        "problem": f"'{text}' uses '{name}', which no parameter bears as label and no line defines",
        "found": f"'{name}'",
        "expected": listed(labels) if labels else "labels, which the model does not have yet",
        "remedy": did_you_mean(name, labels)
        or f"Label a parameter: write '{name}*x' for its term.",
    }


# --- linear equalities -----------------------------------------------------------------------


def _solve(
    linear: Sequence[tuple[str, Affine]], n_free: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Solve ``A theta = b`` by elimination: the last-named parameters through the earlier ones.

    Returns
    -------
    K, c
        All solutions are ``K phi + c``; phi are the parameters that were not eliminated.
    redundant
        The constraints that follow from the ones before them.

    Raises
    ------
    ModelSpecificationError
        When no theta satisfies all constraints.
    """
    solved: dict[int, Affine] = {}
    redundant: list[str] = []
    for text, form in linear:
        reduced = _inserted(form, solved)
        if not reduced.coefficients:
            _check_holds(text, reduced.constant, form)
            redundant.append(text)
            continue
        index, solution = _solution(reduced)
        for known, earlier in solved.items():
            if index in earlier.coefficients:
                solved[known] = _inserted(earlier, {index: solution})
        solved[index] = solution
    return *_reparameterization(solved, n_free), redundant


def _inserted(form: Affine, solved: Mapping[int, Affine]) -> Affine:
    """Return the form with eliminated parameters replaced by their solutions."""
    scale = max((abs(value) for value in form.coefficients.values()), default=1.0)
    total = Affine(form.constant, {})
    for index, coefficient in form.coefficients.items():
        part = solved[index] if index in solved else Affine(0.0, {index: 1.0})
        total = total.plus(part.scaled(coefficient))
    kept = {i: v for i, v in total.coefficients.items() if abs(v) > _ZERO * scale}
    return Affine(total.constant, kept)


def _solution(form: Affine) -> tuple[int, Affine]:
    """Solve ``form = 0`` for its parameter of largest coefficient, the last of equals."""
    index = max(form.coefficients, key=lambda i: (abs(form.coefficients[i]), i))
    pivot = form.coefficients[index]
    rest = {i: value for i, value in form.coefficients.items() if i != index}
    return index, Affine(form.constant, rest).scaled(-1.0 / pivot)


def _check_holds(text: str, constant: float, form: Affine) -> None:
    scale = max([1.0, *map(abs, form.coefficients.values())])
    if abs(constant) > _ZERO * scale:
        raise ModelSpecificationError(
            f"The constraint '{text}' cannot hold together with the others",
            found=f"a difference of {constant:g} whatever the parameters",
            remedy="Remove one of the constraints or labels that contradict each other.",
        )


def _reparameterization(
    solved: Mapping[int, Affine], n_free: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kept = [index for index in range(n_free) if index not in solved]
    column = {index: place for place, index in enumerate(kept)}
    K, c = np.zeros((n_free, len(kept))), np.zeros(n_free)
    K[kept, range(len(kept))] = 1.0
    for index, form in solved.items():
        c[index] = form.constant
        for other, coefficient in form.coefficients.items():
            K[index, column[other]] = coefficient
    K.flags.writeable = c.flags.writeable = False
    return K, c
