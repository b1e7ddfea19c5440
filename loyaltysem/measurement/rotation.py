"""Rotation of loadings to simple structure by gradient projection.

Jennrich (2001), Psychometrika 66, 289-306 (orthogonal) and (2002), Psychometrika 67, 7-19
(oblique); Bernaards & Jennrich (2005), Educational and Psychological Measurement 65, 676-696. All
starting positions are one batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from loyaltysem.errors import EstimationError, Notice, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]
    # Value (b,) and gradient (b, p, k) at loadings (b, p, k).
    Criterion: TypeAlias = Callable[[Array], tuple[Array, Array]]

RotationMethod = Literal["none", "varimax", "quartimax", "oblimin", "quartimin", "geomin", "promax"]

_GEOMIN_DELTA = 0.01
_PROMAX_POWER = 4
_SAME_OPTIMUM = 1e-4
_FLAT = 1e-7
_CONVERGED = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Rotated loadings.

    Attributes
    ----------
    loadings
        (p, k); the pattern matrix when factors correlate.
    phi
        Correlations of the factors (k, k); None after an orthogonal rotation.
    converged
        Whether the search ended at an optimum.
    notices
        Local optima, lack of convergence.
    """

    loadings: Array
    phi: Array | None
    converged: bool = True
    notices: tuple[Notice, ...] = ()


def rotate(
    loadings: ArrayLike,
    method: RotationMethod = "oblimin",
    *,
    gamma: float = 0.0,
    delta: float = _GEOMIN_DELTA,
    starts: int = 10,
    best: bool = False,
    seed: int = 0,
    varimax_tolerance: float = 1e-5,
) -> Rotation:
    """Rotate loadings (p, k).

    Parameters
    ----------
    loadings
        Unrotated loadings.
    method
        ``varimax`` (with Kaiser's normalisation), ``quartimax``; oblique: ``oblimin`` with
        ``gamma`` (0: ``quartimin``), ``geomin`` with ``delta``, ``promax`` (power 4, with Kaiser's
        normalisation).
    starts
        Random positions to start from besides the loadings as they are. When they end at other
        optima, a notice says so.
    best
        Take the best optimum found; by default the one that the search from the loadings as they
        are ends at, which psych and SPSS report.
    seed
        Seed of the random positions.
    varimax_tolerance
        Relative gain at which varimax stops (promax begins with varimax). The default is R's, whose
        loadings then agree to all digits with R, but may be 1e-3 off the optimum; 1e-14 finds it.

    Raises
    ------
    EstimationError
        The method is unknown.

    Notes
    -----
    Criteria as in GPArotation, normalisation as in ``psych::fa``: varimax and promax normalise,
    the others do not. Checked against the golden cases ``efa_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> found = ls.rotate([[0.7, 0.3], [0.6, 0.4], [0.3, -0.6], [0.4, -0.7]], "varimax")
    >>> found.loadings.round(2).shape
    (4, 2)
    """
    A = np.asarray(loadings, dtype=np.float64)
    if method not in _ROTATIONS:
        raise EstimationError(
            "Unknown rotation",
            found=f"'{method}'",
            expected=", ".join(_ROTATIONS),
            remedy=did_you_mean(method, _ROTATIONS),
        )
    if method == "none" or A.shape[1] < 2:
        return Rotation(loadings=A, phi=None)
    begin = _positions(A.shape[1], starts, seed)
    if method == "varimax":
        return _varimax(A, begin, varimax_tolerance, best)
    if method == "promax":
        return _promax(A, begin, varimax_tolerance, best)
    if method == "quartimax":
        return _gradient_projection(_Orthogonal(A, _quartimax), begin, best)
    if method == "geomin":
        return _gradient_projection(_Oblique(A, lambda L: _geomin(L, delta)), begin, best)
    weight = gamma if method == "oblimin" else 0.0
    return _gradient_projection(_Oblique(A, lambda L: _oblimin(L, weight)), begin, best)


_ROTATIONS = ("none", "varimax", "quartimax", "oblimin", "quartimin", "geomin", "promax")


def _lengths(A: Array) -> Array:
    """Return the roots of the communalities (p, 1), 1 where an item has none."""
    lengths = np.sqrt((A**2).sum(axis=1, keepdims=True))
    return np.where(lengths > 0, lengths, 1.0)


def _positions(k: int, starts: int, seed: int) -> Array:
    """Return the identity and random orthogonal matrices (1 + starts, k, k)."""
    draws = np.random.default_rng(seed).standard_normal((starts, k, k))
    return np.concatenate([np.eye(k)[None], np.linalg.qr(draws)[0]])


# --- criteria --------------------------------------------------------------------------------


def _quartimax(L: Array) -> tuple[Array, Array]:
    return -(L**4).sum(axis=(-2, -1)) / 4, -(L**3)


def _oblimin(L: Array, gamma: float) -> tuple[Array, Array]:
    """Covariances of squared loadings of different factors (gamma 0: their products)."""
    squares = L**2
    others = squares.sum(axis=-1, keepdims=True) - squares
    others = others - gamma * others.mean(axis=-2, keepdims=True)
    return (squares * others).sum(axis=(-2, -1)) / 4, L * others


def _geomin(L: Array, delta: float) -> tuple[Array, Array]:
    """Sum over items of the geometric mean of their squared loadings plus delta."""
    k = L.shape[-1]
    squares = L**2 + delta
    means = np.exp(np.log(squares).mean(axis=-1, keepdims=True))
    return means.sum(axis=(-2, -1)), (2 / k) * L / squares * means


# --- search ----------------------------------------------------------------------------------


def _gradient_projection(
    surface: _Orthogonal | _Oblique, begin: Array, best: bool, limit: int = 1000
) -> Rotation:
    """Return the first or the best optimum that the starting positions lead to."""
    T, slope = begin.copy(), np.full(len(begin), np.inf)
    value, gradient = surface.at(T)
    step, going = np.ones(len(T)), np.arange(len(T))
    for _ in range(limit):
        direction = surface.projected(T[going], gradient[going])
        slope[going] = np.sqrt((direction**2).sum(axis=(-2, -1)))
        left = slope[going] > _FLAT
        going, direction = going[left], direction[left]
        if not len(going):
            break
        moved = _line_search(surface, T[going], value[going], direction, step[going])
        T[going], value[going], step[going] = moved
        gradient[going] = surface.at(T[going])[1]
    return _chosen(surface, T, np.where(slope < _CONVERGED, value, np.inf), best)


@dataclass(frozen=True, slots=True)
class _Orthogonal:
    """Loadings A T, T orthogonal."""

    A: Array
    criterion: Criterion

    def loadings(self, T: Array) -> Array:
        return self.A @ T

    def at(self, T: Array) -> tuple[Array, Array]:
        value, gradient = self.criterion(self.loadings(T))
        return value, self.A.T @ gradient

    def projected(self, T: Array, gradient: Array) -> Array:
        inner = T.swapaxes(-1, -2) @ gradient
        return gradient - T @ (inner + inner.swapaxes(-1, -2)) / 2

    def onto(self, X: Array) -> Array:
        left, _, right = np.linalg.svd(X)
        return np.asarray(left @ right)

    def phi(self, T: Array) -> Array | None:  # noqa: ARG002 - as its oblique sibling
        return None


@dataclass(frozen=True, slots=True)
class _Oblique:
    """Loadings A T'^-1, columns of T of length 1; factors correlate T'T."""

    A: Array
    criterion: Criterion

    def loadings(self, T: Array) -> Array:
        return np.asarray(self.A @ np.linalg.inv(T).swapaxes(-1, -2))

    def at(self, T: Array) -> tuple[Array, Array]:
        inverse = np.linalg.inv(T)
        L = self.A @ inverse.swapaxes(-1, -2)
        value, gradient = self.criterion(L)
        return value, np.asarray(-(L.swapaxes(-1, -2) @ gradient @ inverse).swapaxes(-1, -2))

    def projected(self, T: Array, gradient: Array) -> Array:
        return np.asarray(gradient - T * (T * gradient).sum(axis=-2, keepdims=True))

    def onto(self, X: Array) -> Array:
        return np.asarray(X / np.sqrt((X**2).sum(axis=-2, keepdims=True)))

    def phi(self, T: Array) -> Array | None:
        return np.asarray(T.T @ T)


def _line_search(
    surface: _Orthogonal | _Oblique, T: Array, value: Array, direction: Array, step: Array
) -> tuple[Array, Array, Array]:
    """Return new positions, values and step lengths: doubled, then halved until it pays."""
    squared = (direction**2).sum(axis=(-2, -1))
    step = 2 * step
    new, new_value = T.copy(), value.copy()
    waiting = np.arange(len(T))
    for _ in range(12):
        trial = surface.onto(T[waiting] - step[waiting, None, None] * direction[waiting])
        found = surface.at(trial)[0]
        better = value[waiting] - found > 0.5 * squared[waiting] * step[waiting]
        new[waiting[better]], new_value[waiting[better]] = trial[better], found[better]
        waiting = waiting[~better]
        step[waiting] /= 2
        if not len(waiting):
            break
    return new, new_value, step


def _chosen(surface: _Orthogonal | _Oblique, T: Array, values: Array, best: bool) -> Rotation:
    chosen, notices = _choice(values, best)
    return Rotation(
        loadings=surface.loadings(T[chosen : chosen + 1])[0],
        phi=surface.phi(T[chosen]),
        converged=bool(np.isfinite(values[chosen])),
        notices=notices,
    )


def _choice(values: Array, best: bool) -> tuple[int, tuple[Notice, ...]]:
    """Return which start's optimum is shown, and what to say of the others; inf: not converged."""
    lowest = float(values.min())
    if not np.isfinite(lowest):
        text = "The rotation did not converge: its loadings are not at an optimum."
        return 0, (Notice("rotation_not_converged", text),)
    margin = _SAME_OPTIMUM * max(1e-3, abs(lowest))
    wanted = best or not np.isfinite(values[0])
    chosen = int(values.argmin()) if wanted and values[0] > lowest + margin else 0
    better = int((values < values[chosen] - margin).sum())
    other = int((np.abs(values - values[chosen]) > margin).sum())
    if not other:
        return chosen, ()
    text = (
        f"The rotation has several optima: {other} of {len(values)} starting positions led to"
        f" another one, {better} of them to a better one. Compare the loadings under best=True."
    )
    facts = {"other": other, "better": better, "starts": len(values)}
    return chosen, (Notice("rotation_local_optima", text, facts),)


# --- varimax and what begins with it ---------------------------------------------------------


def _varimax(A: Array, begin: Array, tolerance: float, best: bool, limit: int = 1000) -> Rotation:
    """Maximise the variances of squared loadings of items scaled to communality 1 (Kaiser 1958).

    Each step turns to the polar factor of the gradient; the sum of its singular values grows.
    """
    lengths = _lengths(A)
    X, T = A / lengths, begin.copy()
    reached, going = np.zeros(len(T)), np.ones(len(T), dtype=bool)
    for _ in range(limit):
        Z = X @ T[going]
        gradient = X.T @ (Z * (Z**2 - (Z**2).mean(axis=-2, keepdims=True)))
        left, values, right = np.linalg.svd(gradient)
        T[going] = left @ right
        before, total = reached[going], values.sum(axis=-1)
        reached[going] = total
        going[going] = total >= before * (1 + tolerance)
        if not going.any():
            break
    squares = (X @ T) ** 2
    variances = ((squares - squares.mean(axis=-2, keepdims=True)) ** 2).sum(axis=(-2, -1))
    chosen, notices = _choice(np.where(going, np.inf, -variances), best)
    return Rotation(
        loadings=X @ T[chosen] * lengths, phi=None, converged=not going[chosen], notices=notices
    )


def _promax(A: Array, begin: Array, tolerance: float, best: bool) -> Rotation:
    """Return varimax loadings moved toward their own fourth powers (Hendrickson & White 1964)."""
    lengths = _lengths(A)
    start = _varimax(A / lengths, begin, tolerance, best)
    V = start.loadings
    target = V * np.abs(V) ** (_PROMAX_POWER - 1)
    U = np.linalg.lstsq(V, target, rcond=None)[0]
    U = U * np.sqrt(np.diag(np.linalg.inv(U.T @ U)))
    inverse = np.linalg.inv(U)
    return Rotation(
        loadings=V @ U * lengths,
        phi=inverse @ inverse.T,
        converged=start.converged,
        notices=start.notices,
    )
