"""The measurement part of a model as a confirmatory factor model, fitted to the same answers."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, ModelSpecificationError, listed
from loyaltysem.estimation import fit as fit_model
from loyaltysem.estimation.conduct import conduct
from loyaltysem.estimation.problems import Source, make_problem
from loyaltysem.syntax import build_table, parse_model, table_options
from loyaltysem.syntax.edit import fix, free
from loyaltysem.syntax.statements import Element, Modifiers
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.syntax import Parameter, ParameterTable

Blocks = dict[str, tuple[str, ...]]
"""Latent variables and the observed indicators of each."""


def indicator_blocks(table: ParameterTable) -> Blocks:
    """Return the latent variables that have observed indicators, with these, of the first group."""
    blocks: dict[str, list[str]] = {}
    for row in table.rows:
        if row.op == "=~" and row.group == 1 and row.rhs in table.observed:
            blocks.setdefault(row.lhs, []).append(row.rhs)
    return {name: tuple(indicators) for name, indicators in blocks.items()}


def measurement_table(table: ParameterTable) -> ParameterTable:
    """Return the confirmatory factor model of a model: its loadings, all else correlated.

    First-order latent variables keep their loadings and the residual covariances of their
    indicators and correlate freely, each with a variance of 1; paths, second-order constructs and
    variables outside the measurement part are left out. Equality constraints are not kept.

    Raises
    ------
    ModelSpecificationError
        The model has no latent variable, or several groups.
    """
    return unit_scaled(marker_table(table))


def marker_table(table: ParameterTable) -> ParameterTable:
    """Return the confirmatory factor model of a model on the scales that its loadings set.

    As :func:`measurement_table`, but a loading fixed at 1 stays so and the variance is free.

    Raises
    ------
    ModelSpecificationError
        As :func:`measurement_table`.
    """
    if table.n_groups > 1:
        raise ModelSpecificationError(
            "This analysis takes one group at a time", found=f"{table.n_groups} groups"
        )
    blocks = indicator_blocks(table)
    if not blocks:
        raise ModelSpecificationError(
            "The model has no latent variable with indicators, so there is nothing to measure",
            remedy="State the measurement part, such as 'quality =~ q1 + q2 + q3'.",
        )
    kept = {item for items in blocks.values() for item in items}
    elements = [_loading(row) for row in table.rows if row.op == "=~" and row.rhs in kept]
    elements += [_moment(row) for row in table.rows if _is_stated_moment(row, kept)]
    scaled = {element.lhs for element in elements if element.op == "=~" and _sets_scale(element)}
    elements += [_unit_variance(name) for name in blocks if name not in scaled]
    return table_from(elements, table)


def table_from(elements: Iterable[Element], like: ParameterTable) -> ParameterTable:
    """Return the table of a confirmatory model with the options of another table.

    Latent variables correlate by default; thresholds follow the other table's ordinal variables.
    """
    text = "\n".join(_written(element) for element in elements)
    options = table_options(like)
    used = {name for element in parse_model(text).elements for name in (element.lhs, element.rhs)}
    ordered = {name: count for name, count in options.ordered.items() if name in used}
    return build_table(text, options=replace(options, ordered=ordered, fixed_x=False))


def unit_scaled(table: ParameterTable) -> ParameterTable:
    """Return the table with variances of 1 where a first loading of 1 set the scale.

    Done for latent variables that no other variable explains and that have one fixed loading and a
    free variance; others stay as they are.
    """
    explained = {row.rhs for row in table.rows if row.op == "=~"}
    explained |= {row.lhs for row in table.rows if row.op == "~"}
    for latent in table.latent:
        loadings = [row for row in table.rows if row.op == "=~" and row.lhs == latent]
        markers = [row for row in loadings if not row.free and row.ustart]
        variance = _variance(table, latent)
        if latent not in explained and len(markers) == 1 and variance and variance.free:
            sign = float(np.sign(markers[0].ustart or 1.0))
            table = free(table, _name(markers[0]), start=sign)
            table = fix(table, _name(variance), 1.0)
    return table


def correlated(table: ParameterTable, latents: Sequence[str]) -> list[Parameter]:
    """Return the rows of the covariances among some latent variables."""
    pairs = {frozenset(pair) for pair in combinations(latents, 2)}
    return [row for row in table.rows if row.op == "~~" and frozenset((row.lhs, row.rhs)) in pairs]


def refit(fit: Fit, table: ParameterTable, known: Fit | None = None) -> Fit:
    """Return the fit of another table to the same answers, with the same options.

    Parameters
    ----------
    fit
        A fit to the answers.
    table
        The model to fit.
    known
        A fit of a similar model whose estimates the search starts from; None for computed starts.

    Raises
    ------
    EstimationError
        The table has other variables than the fit, which was made from a covariance matrix or from
        incomplete or ordinal data.
    """
    if table.observed == fit.table.observed:
        problem = fit.problem.with_table(table)
    else:
        problem = make_problem(table, _source(fit, table), fit.options)
    return conduct(problem, None if known is None else _start(known, table))


def fit_to_moments(fit: Fit, table: ParameterTable) -> Fit:
    """Return the maximum likelihood fit of a table to the moments of a fit's sample.

    Of incomplete answers these are the saturated model's, so that the result is near what full
    information gives, in a fraction of the time: a start for it, no replacement.
    """
    group, names = fit.moments.groups[0], fit.moments.names
    return fit_model(
        table,
        sample_cov=pd.DataFrame(group.cov, index=list(names), columns=list(names)),
        sample_mean=group.mean if table.meanstructure else None,
        n=group.n,
        se="none",
        test="none",
    )


SMALL_LOADING = 0.1
"""Where the search for a further loading starts, in standard deviations of its indicator.

At zero a factor without other loadings has no direction to go.
"""


def _start(known: Fit, table: ParameterTable) -> NDArray[np.float64]:
    """Return a theta for the table at the estimates of another fit."""
    values = {
        (row.group, row.lhs, row.op, row.rhs): float(est)
        for row, est in zip(known.table.rows, known.est, strict=True)
    }
    sd = np.sqrt(np.diagonal(known.moments.groups[0].cov))
    spread = dict(zip(known.moments.names, sd.tolist(), strict=True))
    start = []
    for row in table.free_rows:
        further = SMALL_LOADING * spread.get(row.rhs, 1.0) if row.op == "=~" else 0.0
        start.append(values.get((row.group, row.lhs, row.op, row.rhs), further))
    return np.array(start)


def _source(fit: Fit, table: ParameterTable) -> Source:
    """Return the part of the sample that the table speaks of."""
    names, group = list(fit.moments.names), fit.moments.groups[0]
    unknown = [name for name in table.observed if name not in names]
    if unknown or fit.table.n_groups > 1:
        raise EstimationError(
            "The model cannot be fitted again to other variables", found=listed(unknown)
        )
    if group.data is not None:
        return Source(data=pd.DataFrame(group.data, columns=names))
    cov = pd.DataFrame(group.cov * group.n / (group.n - 1), index=names, columns=names)
    return Source(cov=cov, mean=group.mean if fit.moments.has_means else None, n=group.n)


def _is_stated_moment(row: Parameter, kept: set[str]) -> bool:
    """Tell whether a row is a residual (co)variance among indicators that the text states."""
    return row.op == "~~" and row.user == 1 and {row.lhs, row.rhs} <= kept


def _loading(row: Parameter) -> Element:
    return Element(lhs=row.lhs, op="=~", rhs=row.rhs, modifiers=_status(row))


def _sets_scale(loading: Element) -> bool:
    """Tell whether a loading is fixed at a value other than zero, which sets a scale."""
    return any(loading.modifiers.fixed)


def _unit_variance(latent: str) -> Element:
    return Element(lhs=latent, op="~~", rhs=latent, modifiers=Modifiers(fixed=(1.0,)))


def _moment(row: Parameter) -> Element:
    return Element(lhs=row.lhs, op="~~", rhs=row.rhs, modifiers=_status(row))


def _status(row: Parameter) -> Modifiers:
    if row.free:
        return Modifiers(freed=(True,))
    return Modifiers(fixed=(row.ustart,))


def _written(element: Element) -> str:
    fixed = element.modifiers.fixed
    value = "NA" if element.modifiers.freed else repr(float(fixed[0] or 0.0)) if fixed else ""
    star = f"{value}*" if value else ""
    return f"{quote(element.lhs)} {element.op} {star}{quote(element.rhs)}"


def _variance(table: ParameterTable, name: str) -> Parameter | None:
    found = (row for row in table.rows if row.op == "~~" and row.lhs == row.rhs == name)
    return next(found, None)


def _name(row: Parameter) -> str:
    return f"{quote(row.lhs)} {row.op} {quote(row.rhs)}"
