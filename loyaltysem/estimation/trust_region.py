"""Steps of limited length on a quadratic that may be indefinite.

Where a model fits badly or hardly identifies its parameters, the Hessian far from the optimum has
negative eigenvalues and Newton steps lead nowhere. The minimiser of the quadratic within a ball is
well defined all the same (Moré & Sorensen 1983); with the eigenvalues at hand, each radius costs
one equation in one unknown. Lengths are measured in parameters over the root of their information,
so that units play no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Eigenvalues below this share of the largest are zero up to rounding, and so are slopes along them.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Quadratic:
    """g's + s'Hs / 2 in the coordinates of H's eigenvectors, parameters scaled by ``root``.

    ``values`` (k,) ascending, ``vectors`` (k, k), ``slopes`` (k,) the gradient along them.
    """

    values: NDArray[np.float64]
    vectors: NDArray[np.float64]
    slopes: NDArray[np.float64]
    root: NDArray[np.float64]

    def step(self, radius: float) -> tuple[NDArray[np.float64], float]:
        """Return the best step no longer than ``radius``, and the decrease that it promises."""
        along = self._within(radius)
        promised = -float(self.slopes @ along) - 0.5 * float(self.values @ along**2)
        return (self.vectors @ along) / self.root, promised

    def _within(self, radius: float) -> NDArray[np.float64]:
        lowest = float(self.values[0])
        if lowest > 0:
            newton = -self.slopes / self.values
            if float(newton @ newton) <= radius * radius:
                return newton
        return self._on_boundary(radius, max(0.0, -lowest))

    def _on_boundary(self, radius: float, floor: float) -> NDArray[np.float64]:
        """Return the step of length ``radius``, -g / (values + shift), by its shift."""
        low = floor + 1e-14 * max(1.0, float(np.abs(self.values).max()))
        shift, high = low, floor + float(np.linalg.norm(self.slopes)) / radius
        step = -self.slopes / (self.values + shift)
        if float(step @ step) <= radius * radius:
            return self._lengthened(step, radius)
        for _ in range(50):
            length = float(np.sqrt(step @ step))
            if abs(length - radius) <= 0.01 * radius:
                break
            low, high = (shift, high) if length > radius else (low, shift)
            bend = float((step * step / (self.values + shift)).sum())
            shift += length * length / bend * (length - radius) / radius
            if not low < shift < high:
                shift = 0.5 * (low + high)
            step = -self.slopes / (self.values + shift)
        return step

    def _lengthened(self, step: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
        """Go on along the direction of lowest curvature where the gradient says nothing of it."""
        rest = radius * radius - float(step[1:] @ step[1:])
        if self.values[0] >= 0 or rest <= 0:
            return step
        longer = step.copy()
        longer[0] = np.copysign(np.sqrt(rest), step[0] or 1.0)
        return longer


def quadratic(
    metric: NDArray[np.float64], gradient: NDArray[np.float64], scale: NDArray[np.float64]
) -> Quadratic:
    """Return the quadratic with second derivatives ``metric`` (k, k), scaled by ``scale`` (k,)."""
    root = np.sqrt(scale)
    values, vectors = np.linalg.eigh(metric / np.multiply.outer(root, root))
    slopes = vectors.T @ (gradient / root)
    flat = np.abs(values) <= ROUNDING * np.abs(values).max(initial=0.0)
    slopes[flat & (np.abs(slopes) <= ROUNDING)] = 0.0
    return Quadratic(values, vectors, slopes, root)
