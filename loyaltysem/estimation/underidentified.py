"""Which parameters the data, or the model itself, leave undetermined.

The information's null space holds the directions along which parameters move without changing the
fit. If it is there at another point too, no data could determine them (McDonald 1982).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.fitted import Fit

# Eigenvalues of the information (unit diagonal) below this share of the largest count as zero.
FLAT = 1e-8
# Share of a direction's largest element from which a parameter takes part in it.
TAKES_PART = 0.1


def underidentification(fit: Fit) -> Notice:
    """Return the notice on a fit whose information has no inverse; it names the parameters."""
    names = undetermined(fit, fit.point)
    facts = {"parameters": names}
    if _is_structural(fit):
        return Notice(
            "not_identified",
            f"The model is not identified: {listed(names)} can change together without changing "
            "what the model implies, whatever the data. There are no standard errors, and these "
            "estimates are arbitrary.",
            {**facts, "structural": True},
        )
    return Notice(
        "not_identified",
        f"These data do not determine {listed(names)} (empirical under-identification): there are "
        "no standard errors, and these estimates are arbitrary.",
        {**facts, "structural": False},
    )


def undetermined(fit: Fit, point: Point) -> list[str]:
    """Return the parameters that can move at ``point`` without changing the fit."""
    directions = flat_directions(fit, point)
    largest = np.abs(directions).max(axis=0, initial=1e-300)
    moved = (np.abs(directions) > TAKES_PART * largest).any(axis=1)
    rows = {row.free: row for row in fit.table.rows if row.free}
    found = [rows[int(k) + 1] for k in np.flatnonzero(moved)]
    return [f"{row.lhs} {row.op} {row.rhs}".rstrip() for row in found]


def flat_directions(fit: Fit, point: Point) -> NDArray[np.float64]:
    """Return the null space of the information within linear constraints (q, d).

    Each parameter is measured in units of the root of its information.
    """
    basis = fit.problem.constraints.K
    information = basis.T @ point.information() @ basis
    root = np.sqrt(np.maximum(np.diagonal(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(root, root))
    null = vectors[:, values <= FLAT * values[-1]]
    return np.asarray(basis @ (null if null.shape[1] else vectors[:, :1]))


def _is_structural(fit: Fit) -> bool:
    """Tell whether the null space is as large at a point of general position nearby."""
    basis = fit.problem.constraints.K
    shift = np.random.default_rng(1).uniform(0.02, 0.1, basis.shape[1])
    scale = np.maximum(np.abs(fit.theta), 0.1)
    elsewhere = fit.problem.objective.at(fit.theta + scale * (basis @ shift))
    if not np.isfinite(elsewhere.value):
        return False
    information = basis.T @ elsewhere.information() @ basis
    root = np.sqrt(np.maximum(np.diagonal(information), 1e-300))
    values = np.linalg.eigvalsh(information / np.outer(root, root))
    return bool(values[0] <= FLAT * values[-1])
