"""Standardized estimates with delta-method standard errors, and R-squared.

A standardized estimate is the raw one times a product of powers of variances: of latent variables
(std.lv), of observed variables too (std.all), or of all but the exogenous covariates (std.nox).
The powers depend on the model alone, so values and exact derivatives follow from one matrix of
exponents. Covariances are divided by the residual standard deviations of both sides and defined
parameters are evaluated again on standardized values, as in lavaan's ``standardizedSolution``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.estimation.baseline import exogenous_observed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.constraints import Expressions
    from loyaltysem.syntax.table import Parameter, ParameterTable

    Array = NDArray[np.float64]

Standardization = Literal["std.lv", "std.all", "std.nox"]

SMALLEST_SE = float(np.finfo(float).eps) ** 0.25
"""Standard errors below this are those of a value that cannot vary (lavaan's rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Model-implied variances of one group's variables and their derivatives.

    ``latent`` maps latent names, ``observed`` observed names to positions in ``variances`` (v,);
    ``jacobian`` (v, q) holds the derivatives by theta.
    """

    latent: dict[str, int]
    observed: dict[str, int]
    variances: Array
    jacobian: Array


def implied_spread(structure: Structure, point: Implied, latent: Sequence[str]) -> Spread:
    """Return the variances that a model of continuous variables implies.

    ``latent`` are the names of the latent variables; stand-ins of observed ones do not count.
    Each derivative follows from dSigma = w (C_l C_r' + C_r C_l'), read off at the diagonal.
    """
    matrices = structure.matrices
    names = matrices.latent
    kept = [names.index(name) for name in latent if name in names]
    inner = _latent_basis(structure, point)[kept]
    basis = np.vstack([inner, point.basis])
    jacobian = np.zeros((len(basis), structure.n_free))
    products = basis[:, structure.left] * basis[:, structure.right]
    jacobian[:, structure.free] = 2 * structure.weight * products
    variances = np.concatenate([np.diagonal(point.cov_lv)[kept], np.diagonal(point.sigma)])
    return Spread(
        latent={names[i]: place for place, i in enumerate(kept)},
        observed={name: len(kept) + place for place, name in enumerate(matrices.observed)},
        variances=variances,
        jacobian=jacobian,
    )


def _latent_basis(structure: Structure, point: Implied) -> Array:
    """Return the basis before the loadings are applied: loadings do not move latent variances."""
    nothing = np.zeros((structure.m, structure.p))
    return np.hstack([nothing, point.inverse, point.cov_lv])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How each row of a table is standardized.

    ``exponents`` (rows, s) are powers of s variances: those of every group's spread, then the
    (residual) variances that stand in the table. ``variance_row`` (s,) is the row of such a
    parameter and -1 for implied variances. ``constant`` marks rows that standardize to 1.
    """

    exponents: Array
    variance_row: NDArray[np.intp]
    constant: NDArray[np.bool_]


def scaling(
    table: ParameterTable,
    spreads: Sequence[Spread],
    kind: Standardization,
    untouched: Collection[str],
) -> Scaling:
    """Return the exponents that standardize the rows of ``table`` in the way of ``kind``.

    ``untouched`` are the covariates that std.nox leaves in their own units.
    """
    own = {
        (row.group, row.lhs): index
        for index, row in enumerate(table.rows)
        if row.op == "~~" and row.lhs == row.rhs
    }
    starts = np.cumsum([0, *(len(spread.variances) for spread in spreads)])
    slot = {key: int(starts[-1]) + place for place, key in enumerate(own)}
    raw = frozenset(untouched) if kind == "std.nox" else frozenset()
    exponents = np.zeros((len(table.rows), int(starts[-1]) + len(own)))
    for index, row in enumerate(table.rows):
        if row.group == 0:
            continue
        spread, start = spreads[row.group - 1], int(starts[row.group - 1])
        place = _Places(spread, start, slot, row.group, kind != "std.lv", raw)
        for column, power in _powers(row, place):
            exponents[index, column] += power
    variance_row = np.full(exponents.shape[1], -1, dtype=np.intp)
    variance_row[starts[-1] :] = list(own.values())
    scales = [row.op == "~*~" and kind != "std.lv" for row in table.rows]
    return Scaling(exponents=exponents, variance_row=variance_row, constant=np.array(scales))


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the variance by which a variable of one group is standardized."""

    spread: Spread
    start: int
    own: dict[tuple[int, str], int]
    group: int
    observed_too: bool
    untouched: frozenset[str]

    def implied(self, name: str, *, always: bool = False) -> int | None:
        """Return the column of the implied variance of a variable; None leaves it raw.

        ``always`` standardizes covariates too: outcomes have no units of their own.
        """
        if name in self.spread.latent:
            return self.start + self.spread.latent[name]
        if not self.observed_too or (name in self.untouched and not always):
            return None
        place = self.spread.observed.get(name)
        return None if place is None else self.start + place

    def residual(self, name: str) -> int | None:
        """Return the column of the variable's own variance parameter; None leaves it raw."""
        return None if self.implied(name) is None else self.own.get((self.group, name))


def _powers(row: Parameter, place: _Places) -> list[tuple[int, float]]:
    """Return (column, power) of each variance in the standardization of one row."""
    if row.op == "=~":
        sides = [(place.implied(row.lhs), 0.5), (place.implied(row.rhs), -0.5)]
    elif row.op in ("~", "<~"):
        sides = [(place.implied(row.lhs, always=True), -0.5), (place.implied(row.rhs), 0.5)]
    elif row.op == "~~" and row.lhs == row.rhs:
        sides = [(place.implied(row.lhs), -1.0)]
    elif row.op == "~~":
        sides = [(place.residual(row.lhs), -0.5), (place.residual(row.rhs), -0.5)]
    elif row.op == "~1" or (row.op == "|" and place.observed_too):
        sides = [(place.implied(row.lhs), -0.5)]
    else:
        sides = []
    return [(column, power) for column, power in sides if column is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardized:
    """Standardized values (rows,) and their derivatives by theta (rows, q)."""

    values: Array
    jacobian: Array


def standardize(
    table: ParameterTable,
    est: Array,
    jacobian: Array,
    spreads: Sequence[Spread],
    defined: Expressions,
    kind: Standardization = "std.all",
) -> Standardized:
    """Return the standardized estimates of all rows and their derivatives.

    Parameters
    ----------
    table
        The parameter table.
    est
        Estimates of all its rows (rows,).
    jacobian
        Their derivatives by theta (rows, q): a row of the identity for a free parameter, zero for
        a fixed one.
    spreads
        Implied variances of every group.
    defined
        The ``:=`` parameters.
    kind
        ``std.lv``, ``std.all`` or ``std.nox``.

    Returns
    -------
    Values are NaN where a variance that is needed is not positive.
    """
    rule = scaling(table, spreads, kind, exogenous_observed(table))
    variances, slopes = _variances(rule, est, jacobian, spreads)
    factors = _factors(rule, variances)
    safe = np.where(variances > 0, variances, np.inf)
    relative = rule.exponents @ (slopes / safe[:, None])
    values = np.where(rule.constant, 1.0, est * factors)
    derivatives = factors[:, None] * (jacobian + est[:, None] * relative)
    derivatives[rule.constant] = 0.0
    if len(defined):
        _redefine(table, values, derivatives, defined)
    return Standardized(values=values, jacobian=derivatives)


def scale_factors(
    table: ParameterTable,
    est: Array,
    spreads: Sequence[Spread],
    kind: Standardization,
    untouched: Collection[str],
) -> Array:
    """Return the factor by which each row is standardized (rows,), NaN where there is none.

    Arguments as in :func:`scaling` and :func:`standardize`.
    """
    rule = scaling(table, spreads, kind, untouched)
    variances, _ = _variances(rule, est, np.zeros((len(est), 0)), _without_slopes(spreads))
    return _factors(rule, variances)


def _factors(rule: Scaling, variances: Array) -> Array:
    """Return the product of powers (rows,); NaN where a variance is missing or not positive.

    What a construct without variance (a fixed zero) causes is zero in units of its deviation.
    """
    possible, none = variances > 0, variances == 0
    factors: Array = np.exp(rule.exponents @ np.log(np.where(possible, variances, 1.0)))
    factors[(rule.exponents[:, none] > 0).any(axis=1)] = 0.0
    factors[(rule.exponents[:, ~possible & ~none] != 0).any(axis=1)] = np.nan
    factors[(rule.exponents[:, none] < 0).any(axis=1)] = np.nan
    return factors


def _without_slopes(spreads: Sequence[Spread]) -> list[Spread]:
    return [
        Spread(
            latent=spread.latent,
            observed=spread.observed,
            variances=spread.variances,
            jacobian=np.zeros((len(spread.variances), 0)),
        )
        for spread in spreads
    ]


def _variances(
    rule: Scaling, est: Array, jacobian: Array, spreads: Sequence[Spread]
) -> tuple[Array, Array]:
    """Return the variances that exponents refer to, and derivatives; negative residuals turned."""
    rows = rule.variance_row[rule.variance_row >= 0]
    signs = np.sign(est[rows])
    values = [*(spread.variances for spread in spreads), np.abs(est[rows])]
    slopes = [*(spread.jacobian for spread in spreads), signs[:, None] * jacobian[rows]]
    return np.concatenate(values), np.vstack(slopes)


def _redefine(
    table: ParameterTable, values: Array, derivatives: Array, defined: Expressions
) -> None:
    """Put the defined parameters, evaluated on standardized values, into their rows (in place)."""
    place = {row.free: index for index, row in reversed(list(enumerate(table.rows))) if row.free}
    first = [place[free] for free in range(1, table.n_free + 1)]
    rows = [index for index, row in enumerate(table.rows) if row.op == ":="]
    values[rows] = defined.evaluate(values[first])
    derivatives[rows] = defined.jacobian(values[first]) @ derivatives[first]


def delta_errors(jacobian: Array, vcov: Array) -> Array:
    """Return delta-method standard errors sqrt(diag(J V J')) (rows,); 0 for what cannot vary."""
    variances = ((jacobian @ vcov) * jacobian).sum(axis=1)
    with np.errstate(invalid="ignore"):
        errors: Array = np.sqrt(variances)
    errors[errors < SMALLEST_SE] = 0.0
    return errors


def r_squared(table: ParameterTable, std_all: Array) -> list[tuple[str, int, float]]:
    """Return (variable, group, R-squared) of every indicator and outcome.

    1 minus the standardized residual variance (Bollen 1989); left out where a negative residual
    variance would make it larger than 1.
    """
    explained = {
        (row.group, row.rhs if row.op == "=~" else row.lhs)
        for row in table.rows
        if row.op in ("=~", "~")
    }
    return [
        (row.lhs, row.group, float(1 - value))
        for row, value in zip(table.rows, std_all, strict=True)
        if row.op == "~~"
        and row.lhs == row.rhs
        and (row.group, row.lhs) in explained
        and 1 - value <= 1
    ]
