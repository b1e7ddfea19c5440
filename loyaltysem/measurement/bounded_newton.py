"""Newton's method within bounds, for many small problems at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.intp]
    Evaluation: TypeAlias = tuple[Array, Array, Array]
    Objective: TypeAlias = Callable[[Array, Places], Evaluation]

_FLAT = 1e-10
_NEARLY_FLAT = 1e-6
_ROUNDING = 1e-14


def minimise_within(
    objective: Objective, start: Array, lowest: float, highest: float, limit: int = 200
) -> tuple[Array, NDArray[np.bool_]]:
    """Minimise a batch of functions whose coordinates all lie within the same bounds.

    A coordinate at a bound whose gradient points outward is held there. Where the Newton step would
    not lead downhill, negative curvature is turned around; a step that does not pay is halved.
    Finished problems leave the batch.

    Parameters
    ----------
    objective
        From points (b, p) and the numbers of their problems (b,): value (b,), gradient (b, p) and
        Hessian (b, p, p).
    start
        Where to begin (B, p).

    Returns
    -------
    points (B, p), and whether the gradient of each vanishes where it is free (B,).
    """
    search = _Search(objective, lowest, highest)
    x = np.clip(start, lowest, highest)
    flat = np.zeros(len(x), dtype=bool)
    going = np.arange(len(x))
    here = objective(x, going)
    for _ in range(limit):
        gradient, held = search.free(x[going], here)
        size = np.abs(gradient).max(axis=-1)
        flat[going] = size < _NEARLY_FLAT
        left = size > _FLAT
        going, here = going[left], _at(here, left)
        if not len(going):
            break
        step = _downhill(gradient[left], here[2], held[left])
        gain = -np.einsum("bi,bi->b", step, gradient[left])
        worth = gain > _ROUNDING * np.abs(here[0])
        going, here, step = going[worth], _at(here, worth), step[worth]
        moved, here = search.advance(x, going, step, here)
        going, here = going[moved], _at(here, moved)
    return x, flat


def _at(evaluation: Evaluation, chosen: NDArray[np.bool_]) -> Evaluation:
    value, gradient, hessian = evaluation
    return value[chosen], gradient[chosen], hessian[chosen]


@dataclass(frozen=True, slots=True)
class _Search:
    """The function and its bounds."""

    objective: Objective
    lowest: float
    highest: float

    def free(self, x: Array, here: Evaluation) -> tuple[Array, NDArray[np.bool_]]:
        """Return the gradient without what bounds hold, and what they hold."""
        gradient = here[1]
        held = ((x <= self.lowest) & (gradient > 0)) | ((x >= self.highest) & (gradient < 0))
        return np.where(held, 0.0, gradient), held

    def advance(
        self, x: Array, going: Places, step: Array, here: Evaluation
    ) -> tuple[NDArray[np.bool_], Evaluation]:
        """Move ``x`` along steps, halved until the value falls.

        Returns which problems moved, and the function at all of them.
        """
        there = tuple(part.copy() for part in here)
        moved, waiting, length = np.zeros(len(going), dtype=bool), np.arange(len(going)), 1.0
        for _ in range(30):
            trial = np.clip(x[going[waiting]] + length * step[waiting], self.lowest, self.highest)
            found = self.objective(trial, going[waiting])
            better = found[0] < here[0][waiting]
            x[going[waiting[better]]] = trial[better]
            for whole, part in zip(there, found, strict=True):
                whole[waiting[better]] = part[better]
            moved[waiting[better]] = True
            waiting, length = waiting[~better], length / 2
            if not len(waiting):
                break
        return moved, (there[0], there[1], there[2])


def _downhill(gradient: Array, hessian: Array, held: NDArray[np.bool_]) -> Array:
    """Return Newton steps, along the curvature's absolute value where they would lead uphill."""
    free = ~held
    diagonal = np.arange(gradient.shape[-1])
    hessian = np.where(free[..., :, None] & free[..., None, :], hessian, 0.0)
    hessian[..., diagonal, diagonal] += np.where(held, 1.0, 1e-12)
    step = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
    uphill = np.einsum("bi,bi->b", step, gradient) >= 0
    if uphill.any():
        step[uphill] = _turned(gradient[uphill], hessian[uphill])
    return np.where(held, 0.0, step)


def _turned(gradient: Array, hessian: Array) -> Array:
    values, vectors = np.linalg.eigh(hessian)
    sizes = np.maximum(np.abs(values), 1e-8 * np.abs(values).max(axis=-1, keepdims=True))
    inner = np.einsum("bij,bi->bj", vectors, gradient) / sizes
    return np.asarray(-np.einsum("bij,bj->bi", vectors, inner))
