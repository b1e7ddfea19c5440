"""A moderated model that has met its data: blocks of respondents, nodes, the likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError, Reason, listed
from loyaltysem.estimation.implied import implied_moments
from loyaltysem.estimation.row_values import row_estimates, row_jacobian
from loyaltysem.structural.lms.conditional import ConditionalModel, conditional_model
from loyaltysem.structural.lms.grid import Grid, Integration, Posterior, make_grid
from loyaltysem.structural.lms.likelihood import Block, LmsObjective
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.matrices import with_exogenous_moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.lms.terms import ModeratedModel
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]

KNOWN_SHARE = 1e-8
"""Share of a moderator's variance below which the answers are said to determine it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LmsProblem:
    """A model with products, its table and the respondents.

    Attributes
    ----------
    model, table, constraints
        The model; its table with the moments of covariates; labels, equalities, definitions.
    conditional
        The linear models at given moderators.
    data
        The answers (n, p), NaN where missing.
    known_values
        Values (n, k) of the moderators that the data determine.
    """

    model: ModeratedModel
    table: ParameterTable
    constraints: Constraints
    conditional: ConditionalModel
    data: Array
    known_values: Array

    @property
    def n(self) -> int:
        """Respondents."""
        return len(self.data)

    @property
    def known(self) -> NDArray[np.intp]:
        """Numbers of the moderators that the data determine."""
        latent = set(self.conditional.latent.tolist())
        others = [k for k in range(len(self.conditional.moderators)) if k not in latent]
        return np.array(others, dtype=np.intp)

    def row_estimates(self, theta: Array) -> Array:
        """Return the estimate of every row of the table (rows,)."""
        return row_estimates(self.table, self.constraints, theta)

    def row_jacobian(self, theta: Array) -> Array:
        """Return the derivatives of the estimates of all rows by theta (rows, q)."""
        return row_jacobian(self.table, self.constraints, theta)

    def objective(
        self, theta: Array, integration: Integration, nodes: int | None, reference: float
    ) -> LmsObjective:
        """Return the likelihood with nodes that suit ``theta``."""
        grid = self._grid(theta, integration, nodes)
        return LmsObjective(
            model=self.conditional,
            blocks=tuple(self._blocks(grid)),
            n=self.n,
            n_nodes=len(grid.nodes),
            reference=reference,
        )

    def _blocks(self, grid: Grid) -> Iterator[Block]:
        """Yield respondents by the variables they answered, a few observed moderators together."""
        observed = ~np.isnan(self.data)
        for pattern, rows in _groups(observed):
            columns = np.flatnonzero(pattern)
            values, which = np.unique(self.known_values[rows], axis=0, return_inverse=True)
            together = _values_together(len(rows) / len(values), len(grid.nodes))
            for start in range(0, len(values), together):
                inside = (which.ravel() >= start) & (which.ravel() < start + together)
                nodes, owner = self._nodes(grid, values[start : start + together])
                elsewhere = owner != which.ravel()[inside][:, None] - start
                log_weights = np.resize(grid.log_weights, len(nodes))
                yield Block(
                    rows=rows[inside],
                    columns=columns,
                    answers=self.data[rows[inside]][:, columns],
                    nodes=nodes,
                    log_weights=np.where(elsewhere, -np.inf, log_weights),
                )

    def _nodes(self, grid: Grid, values: Array) -> tuple[Array, NDArray[np.intp]]:
        """Return the grid at each row of ``values``, and the row that each node belongs to."""
        owner = np.repeat(np.arange(len(values)), len(grid.nodes))
        nodes = np.empty((len(owner), len(self.conditional.moderators)))
        nodes[:, self.conditional.latent] = np.tile(grid.nodes, (len(values), 1))
        nodes[:, self.known] = values[owner]
        return nodes, owner

    def _grid(self, theta: Array, integration: Integration, nodes: int | None) -> Grid:
        latent = self.conditional.latent
        if not len(latent):
            return Grid(nodes=np.empty((1, 0)), log_weights=np.zeros(1))
        found = posterior(self.conditional, theta, self.data)
        return make_grid(
            Posterior(
                means=found.means[:, latent],
                cov=found.cov[np.ix_(latent, latent)],
                prior_mean=found.prior_mean[latent],
                prior_cov=found.prior_cov[np.ix_(latent, latent)],
                weights=found.weights[:, latent],
            ),
            integration,
            nodes,
        )


def lms_problem(model: ModeratedModel, table: ParameterTable, linear: Fit) -> LmsProblem:
    """Return the problem of fitting a moderated model to the respondents of its linear fit."""
    group = linear.moments.groups[0]
    data = _rows(linear, table.observed)
    if table.exogenous:
        outer = [linear.table.observed.index(name) for name in table.exogenous]
        covs, means = [group.cov[np.ix_(outer, outer)]], [group.mean[outer]]
        table = with_exogenous_moments(table, covs, means)
    first = conditional_model(model, table, known=())
    found = posterior(first, starting_values(table, linear), data)
    share = np.diagonal(found.cov) / np.diagonal(found.prior_cov)
    known = [name for name, part in zip(model.conditions, share, strict=True) if part < KNOWN_SHARE]
    places = [model.conditions.index(name) for name in known]
    _check_known(table, data, found.weights[:, places])
    return LmsProblem(
        model=model,
        table=table,
        constraints=find_constraints(table),
        conditional=replace(first) if not known else conditional_model(model, table, known),
        data=data,
        known_values=np.round(found.means[:, places], 9),
    )


def starting_values(table: ParameterTable, linear: Fit) -> Array:
    """Return theta (q,) from the linear fit; products start where the user says, or at zero."""
    found = {
        (row.lhs, row.op, row.rhs): value
        for row, value in zip(linear.table.rows, linear.est, strict=True)
    }
    return np.array(
        [
            found.get((row.lhs, row.op, row.rhs), row.ustart or 0.0)
            for row in sorted(table.free_rows, key=lambda row: row.free)
        ]
    )


def posterior(conditional: ConditionalModel, theta: Array, data: Array) -> Posterior:
    """Return what the answers (n, p) say of the moderators when products do nothing.

    Missing answers are passed over: the means then stand on what is there, the covariance matrix
    on all variables.
    """
    origin = np.zeros((1, len(conditional.moderators)))
    at = implied_moments(conditional.structure, conditional.extended(theta, origin))
    p, places = data.shape[1], conditional.places
    sigma, mu = at.sigma[0, :p, :p], at.mu[0, :p]
    prior, mean = at.cov_lv[0][np.ix_(places, places)], at.mean_lv[0][places]
    shared = (
        conditional.structure.matrices.lambda_.fill(theta_of(conditional, theta)) @ at.cov_lv[0]
    )[:p, places]
    weights = np.linalg.solve(sigma, shared)
    deviations = np.where(np.isnan(data), 0.0, data - mu)
    return Posterior(
        means=mean + deviations @ weights,
        cov=prior - shared.T @ weights,
        prior_mean=mean,
        prior_cov=prior,
        weights=weights,
    )


def _groups(flags: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.intp]]]:
    """Yield each distinct row of ``flags`` with the places where it stands."""
    distinct, which = np.unique(flags, axis=0, return_inverse=True)
    for k, row in enumerate(distinct):
        yield row, np.flatnonzero(which.ravel() == k)


def _values_together(rows_per_value: float, n_nodes: int) -> int:
    """Return how many observed values share a block: many where each has few respondents.

    Each respondent of a block meets the nodes of all its values; too many waste arithmetic, too few
    make many small blocks.
    """
    return max(1, int(50 / rows_per_value / np.sqrt(n_nodes)))


def _check_known(table: ParameterTable, data: Array, weights: Array) -> None:
    """Refuse gaps in observed moderators, whose values the model must be given.

    ``weights`` (p, k) say from which variables each of them is read.
    """
    sources = (np.abs(weights) > 1e-6 * np.abs(weights).max(axis=0, initial=1e-300)).any(axis=1)
    gaps = np.isnan(data[:, sources]).any(axis=1)
    if gaps.any():
        names = [table.observed[k] for k in np.flatnonzero(sources)]
        raise EstimationError(
            f"An observed moderator has missing values ({listed(names)})",
            found=f"{int(gaps.sum())} respondents",
            remedy="Leave these respondents out.",
            reason=Reason("moderator_missing", {"variables": names, "n": int(gaps.sum())}),
        )


def theta_of(conditional: ConditionalModel, theta: Array) -> Array:
    """Return the extended parameters (q',) without any product."""
    return np.concatenate([theta, conditional.base])


def _rows(linear: Fit, names: Sequence[str]) -> Array:
    data = linear.moments.groups[0].data
    order = [linear.table.observed.index(name) for name in names]
    return np.asarray(data, dtype=np.float64)[:, order]
