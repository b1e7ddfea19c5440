"""From model text to the parameter table: text, defaults, modifiers, equality."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import ModelSpecificationError, Notice, did_you_mean, listed
from loyaltysem.syntax.checks import check_elements, check_labels, check_widths
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.defaults import Draft, draft_group, release_in_later_group
from loyaltysem.syntax.equality import equal_sets, tie
from loyaltysem.syntax.options import BuildOptions
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.roles import Roles, find_roles
from loyaltysem.syntax.table import Parameter, ParameterTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.syntax.statements import Constraint, Element, Statements


def build_table(
    model: str | Statements,
    *,
    observed_names: Iterable[str] | None = None,
    options: BuildOptions | None = None,
    **settings: Any,
) -> ParameterTable:
    """Build the parameter table of a model, with the defaults of ``lavaan::sem``.

    Parameters
    ----------
    model
        Model text, or what :func:`~loyaltysem.syntax.parser.parse_model` made of it.
    observed_names
        The columns of the data. When given, every observed variable of the model must be one of
        them, and no latent variable may bear such a name.
    options
        How to build; :class:`~loyaltysem.syntax.options.BuildOptions` lists the options.
    settings
        Single options by name, such as ``std_lv=True`` or ``group_labels=("a", "b")``;
        they overrule ``options``.

    Returns
    -------
    ParameterTable
        Rows in lavaan's order. ``notices`` says what lavaan would warn about.

    Raises
    ------
    ModelSyntaxError
        When the text breaks the grammar.
    ModelSpecificationError
        When it names what does not exist or asks for what cannot be.

    Examples
    --------
    >>> table = build_table("f =~ x1 + x2 + x3")
    >>> table.n_free, table.observed
    (6, ('x1', 'x2', 'x3'))
    """
    statements = parse_model(model) if isinstance(model, str) else model
    options = replace(options or BuildOptions(), **_known(settings))
    names = None if observed_names is None else tuple(str(name) for name in observed_names)
    return _build(statements, options, names)


@lru_cache(maxsize=64)  # a model is often fitted many times: to samples, groups, with other options
def _build(
    statements: Statements, options: BuildOptions, observed_names: tuple[str, ...] | None
) -> ParameterTable:
    elements = _in_order(statements.elements, find_roles(statements.elements))
    roles = find_roles(elements)
    check_elements(statements, roles, observed_names)
    options, notices = _with_ordinal(elements, roles, options)
    meanstructure = _has_meanstructure(elements, options)
    rows = _all_groups(draft_group(elements, roles, options, meanstructure), roles, options)
    notices += _apply_modifiers(rows, statements, options)
    check_labels(statements, rows)
    notices += _exogenous_notices(roles, options)
    equalities, tied = _equalities(rows, roles, options)
    table = ParameterTable(
        rows=_numbered(rows, [*_user_constraints(statements.constraints), *equalities]),
        observed=roles.observed,
        latent=roles.latent,
        exogenous=roles.exogenous if options.fixed_x else (),
        ordered=tuple((n, options.ordered[n]) for n in roles.observed if n in options.ordered),
        group_labels=options.group_labels,
        meanstructure=meanstructure,
        parameterization=options.parameterization,
        conditional_x=options.conditional_x and bool(roles.exogenous),
        notices=tuple(notices + tied),
    )
    find_constraints(table)  # refuses unknown labels and contradictions before any fit
    return table


def _known(settings: dict[str, Any]) -> dict[str, Any]:
    known = BuildOptions.__slots__
    for name in settings:
        if name not in known:
            raise ModelSpecificationError(
                "An option of the model is unknown",
                found=f"'{name}'",
                expected=listed(known, 30),
                remedy=did_you_mean(name, known),
            )
    listlike = ("group_labels", "group_equal", "group_partial")
    return {n: _as_tuple(v) if n in listlike else v for n, v in settings.items()}


def _as_tuple(value: str | Iterable[object]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(entry) for entry in value)


def _in_order(elements: Sequence[Element], roles: Roles) -> tuple[Element, ...]:
    """Turn covariances so that the side named earlier (latents first) stands left."""
    rank = roles.order
    return tuple(
        replace(e, lhs=e.rhs, rhs=e.lhs) if e.op == "~~" and rank[e.lhs] > rank[e.rhs] else e
        for e in elements
    )


# --- options that the text settles -----------------------------------------------------------


def _with_ordinal(
    elements: Sequence[Element], roles: Roles, options: BuildOptions
) -> tuple[BuildOptions, list[Notice]]:
    """Return options whose ``ordered`` holds exactly the model's ordinal endogenous variables."""
    stated = {
        name: sum(e.op == "|" and e.lhs == name for e in elements)
        for name in {e.lhs for e in elements if e.op == "|"}
    }
    wanted = {**stated, **options.ordered}
    ordered = {name: wanted[name] for name in roles.endogenous if name in wanted}
    numeric = [name for name in roles.exogenous if name in wanted]
    notices = []
    if numeric:
        notices.append(
            Notice(
                "ordinal_covariate",
                f"Ordinal covariates enter as numbers: {listed(numeric)}.",
                {"variables": numeric},
            )
        )
    return replace(options, ordered=ordered), notices


def _has_meanstructure(elements: Sequence[Element], options: BuildOptions) -> bool:
    needed = (
        any(element.op == "~1" for element in elements)
        or bool(options.ordered)
        or options.conditional_x
        or options.frees("intercepts", "means")
    )
    wanted = options.n_groups > 1 if options.meanstructure is None else options.meanstructure
    return needed or wanted


def _exogenous_notices(roles: Roles, options: BuildOptions) -> list[Notice]:
    if not (roles.randomized and options.fixed_x):
        return []
    names = list(roles.randomized)
    text = (
        f"The model gives covariates a variance, covariance or intercept ({listed(names)}); "
        "they are treated as random, which adds free parameters."
    )
    return [Notice("covariate_randomized", text, {"variables": names})]


# --- groups, modifiers, equality -------------------------------------------------------------


def _all_groups(first: list[Draft], roles: Roles, options: BuildOptions) -> list[Draft]:
    rows = list(first)
    for group in range(2, options.n_groups + 1):
        for row in first:
            later = replace(row, group=group)
            release_in_later_group(later, roles, options)
            rows.append(later)
    return rows


def _apply_modifiers(
    rows: Iterable[Draft], statements: Statements, options: BuildOptions
) -> list[Notice]:
    labelled: list[str] = []
    for row in rows:
        if row.element is None:
            continue
        check_widths(row.element, statements, options)
        _modify(row, row.element)
        if len(row.element.modifiers.label) == 1 and row.group == 2:
            labelled.append(row.label)
    if not labelled or options.group_equal:
        return []
    text = (
        f"One label for all groups makes the parameter equal across them ({listed(labelled)}). "
        "Give one label per group, such as c(a1, a2)*x, if that is not meant."
    )
    return [Notice("label_across_groups", text, {"labels": labelled})]


def _modify(row: Draft, element: Element) -> None:
    """Give a row its modifiers; labels do not free a fixed row, ``NA`` does."""
    modifiers, group = element.modifiers, row.group
    fixed = _entry(modifiers.fixed, group)
    if fixed is not None:
        row.fix(fixed)
    if _entry(modifiers.freed, group):
        row.release()
    start = _entry(modifiers.start, group)
    if start is not None:
        row.ustart = start
    row.label = _entry(modifiers.label, group) or row.label


def _entry(entries: tuple[Any, ...], group: int) -> Any:
    if not entries:
        return None
    return entries[0] if len(entries) == 1 else entries[group - 1]


def _equalities(
    rows: list[Draft], roles: Roles, options: BuildOptions
) -> tuple[list[Parameter], list[Notice]]:
    """Return the ``==`` rows that equal labels ask for."""
    constraints: list[Parameter] = []
    notices: list[Notice] = []
    for indices in equal_sets(rows, roles, options):
        constrained, new = tie(rows, indices)
        notices += new
        first = f".p{indices[0] + 1}."
        constraints += [
            _constraint(first, "==", f".p{other + 1}.", user=2)
            for other in indices[1:]
            if constrained
        ]
    return constraints, notices


def _user_constraints(constraints: Iterable[Constraint]) -> list[Parameter]:
    return [_constraint(c.lhs, c.op, c.rhs, user=1) for c in constraints]


def _constraint(lhs: str, op: Any, rhs: str, *, user: int) -> Parameter:
    label = lhs if op == ":=" else ""
    return Parameter(id=0, lhs=lhs, op=op, rhs=rhs, user=user, group=0, label=label)


def _numbered(rows: Iterable[Draft], constraints: Iterable[Parameter]) -> tuple[Parameter, ...]:
    numbered: list[Parameter] = []
    n_free = 0
    for row in rows:
        n_free += row.free
        number = len(numbered) + 1
        numbered.append(
            Parameter(
                id=number,
                lhs=row.lhs,
                op=row.op,
                rhs=row.rhs,
                user=int(not row.by_default),
                group=row.group,
                free=n_free if row.free else 0,
                ustart=row.ustart,
                exo=row.exo,
                label=row.label,
                plabel=f".p{number}.",
            )
        )
    for constraint in constraints:
        numbered.append(replace(constraint, id=len(numbered) + 1))
    return tuple(numbered)
