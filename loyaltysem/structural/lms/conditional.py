r"""The linear model that a moderated one becomes when its moderators are given.

With the moderators z among the latent variables, a product ``y ~ a:z_t`` makes the path from a to y

    B[y, a](z) = b + sum_t omega_t z_t,

and everything else is an ordinary linear model (Klein & Moosbrugger 2000). Let Sigma(z) and mu(z)
be the moments that this model implies for u = (y, z) when the path is held at its value. Since no
product acts upon z, its own moments are the same at every z, and

    p(y, z) = N(u; mu(z), Sigma(z)),        p(y) = integral of p(y, z) dz.

So each node z_k of a grid is a linear model for the indicators and the moderators together, with
the parameter vector theta_k = (theta, paths of products), and the derivatives of
:mod:`loyaltysem.estimation.implied` apply to all nodes at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.structure import structure
from loyaltysem.syntax.matrices import Cells, model_matrices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.structure import Structure
    from loyaltysem.structural.lms.terms import ModeratedModel, ProductTerm
    from loyaltysem.syntax.matrices import GroupMatrices
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalModel:
    """A moderated model as a linear one at every node.

    Attributes
    ----------
    structure
        Where the extended parameters enter the moments of (y, latent moderators).
    n_free
        Length q of theta; extended vectors have q' >= q entries.
    moderators
        The r moderators, and their positions among the latent variables in ``places``; the last
        ``n_latent`` of the structure's observed variables are those that must be integrated over.
    cell, omega, moderator, base
        For each product: the extended parameter that it moves, the position of its own parameter
        in theta (-1 when fixed, then at ``fixed``), the moderator's number.
    base
        Values of the q' - q extended parameters that theta does not hold.
    """

    structure: Structure
    n_free: int
    moderators: tuple[str, ...]
    places: NDArray[np.intp]
    latent: NDArray[np.intp]
    cell: NDArray[np.intp]
    omega: NDArray[np.intp]
    fixed: Array
    moderator: NDArray[np.intp]
    base: Array

    def extended(self, theta: Array, nodes: Array) -> Array:
        """Return the linear models' parameters (K, q') at nodes (K, r)."""
        vectors = np.tile(np.concatenate([theta, self.base]), (len(nodes), 1))
        strengths = np.where(self.omega >= 0, theta[self.omega], self.fixed)
        for t, strength in enumerate(strengths):
            vectors[:, self.cell[t]] += strength * nodes[..., self.moderator[t]]
        return vectors

    def collected(self, entries: Array, nodes: Array) -> Array:
        """Return derivatives by theta (..., K, q) from those by all parameters (..., K, q')."""
        found = entries[..., : self.n_free].copy()
        for t, place in enumerate(self.omega):
            if place >= 0:
                found[..., place] += entries[..., self.cell[t]] * nodes[..., self.moderator[t]]
        return found

    def collected_square(self, entries: Array, nodes: Array) -> Array:
        """Return the sum over nodes of second derivatives by theta (q, q)."""
        across = self.collected(entries, nodes[:, None, :])
        turned: Array = self.collected(across.swapaxes(-1, -2), nodes[:, None, :])
        return np.asarray(turned.sum(axis=0), dtype=np.float64)


def conditional_model(
    model: ModeratedModel, table: ParameterTable, known: Sequence[str]
) -> ConditionalModel:
    """Return the linear model behind a moderated one.

    Parameters
    ----------
    model, table
        The model and its table, moments of covariates filled in.
    known
        Moderators that the data determine: observed ones.
    """
    products = {term.name for term in model.terms}
    linear = replace(table, rows=tuple(row for row in table.rows if row.rhs not in products))
    matrices = model_matrices(linear).groups[0]
    beta, cell, base = _moving_paths(matrices, model.terms, table.n_free)
    latent = [name for name in model.conditions if name not in known]
    joint = _with_moderators(replace(matrices, beta=beta), latent)
    rows = {(row.lhs, row.rhs): row for row in table.rows if row.op == "~"}
    own = [rows[term.outcome, term.name] for term in model.terms]
    return ConditionalModel(
        structure=structure(joint, table.n_free + len(base)),
        n_free=table.n_free,
        moderators=model.conditions,
        places=_integers([matrices.latent.index(name) for name in model.conditions]),
        latent=_integers([model.conditions.index(name) for name in latent]),
        cell=_integers(cell),
        omega=_integers([row.free - 1 for row in own]),
        fixed=np.array([row.ustart or 0.0 for row in own]),
        moderator=_integers([model.conditions.index(term.moderator) for term in model.terms]),
        base=np.array(base),
    )


def _integers(values: Sequence[int]) -> NDArray[np.intp]:
    return np.array(values, dtype=np.intp)


def _moving_paths(
    matrices: GroupMatrices, terms: Sequence[ProductTerm], n_free: int
) -> tuple[Cells, list[int], list[float]]:
    """Return B with a parameter at every path that a product moves, and which one that is."""
    beta = matrices.beta
    at = {(int(i), int(j)): int(k) for i, j, k in zip(beta.row, beta.col, beta.free, strict=True)}
    cell: list[int] = []
    base: list[float] = []
    for term in terms:
        place = (matrices.latent.index(term.outcome), matrices.latent.index(term.focal))
        if place not in at:  # the path itself is fixed
            at[place] = n_free + len(base)
            base.append(float(beta.base[place]))
        cell.append(at[place])
    places = _integers([i for i, _ in at]), _integers([j for _, j in at])
    return Cells(beta.base, *places, _integers(list(at.values()))), cell, base


def _with_moderators(matrices: GroupMatrices, names: Sequence[str]) -> GroupMatrices:
    """Return the matrices with latent variables as further observed ones, without error."""
    p, m, r = len(matrices.observed), len(matrices.latent), len(names)
    selection = np.zeros((r, m))
    selection[np.arange(r), [matrices.latent.index(name) for name in names]] = 1.0
    theta = np.zeros((p + r, p + r))
    theta[:p, :p] = matrices.theta.base
    return replace(
        matrices,
        observed=(*matrices.observed, *names),
        lambda_=replace(matrices.lambda_, base=np.vstack([matrices.lambda_.base, selection])),
        theta=replace(matrices.theta, base=theta),
        nu=replace(matrices.nu, base=np.vstack([matrices.nu.base, np.zeros((r, 1))])),
    )
