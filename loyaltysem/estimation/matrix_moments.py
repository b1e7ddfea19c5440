"""Moments from covariance or correlation matrices, as a paper prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, did_you_mean, listed
from loyaltysem.estimation.moments import GroupMoments, Moments, read_only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray


def moments_from_matrix(
    cov: ArrayLike | pd.DataFrame | Sequence[ArrayLike] | Mapping[str, ArrayLike],
    names: Sequence[str],
    *,
    n: int | Sequence[int],
    mean: ArrayLike | Sequence[ArrayLike] | Mapping[str, ArrayLike] | None = None,
    sd: ArrayLike | Sequence[ArrayLike] | Mapping[str, ArrayLike] | None = None,
    rescale: bool = True,
) -> Moments:
    """Return moments from a covariance (or correlation) matrix as a paper prints it.

    Parameters
    ----------
    cov
        Covariance matrix; a DataFrame may hold more variables than ``names`` and in any order.
        A list (or mapping from group label) of matrices for several groups. Only the lower
        triangle needs to be filled.
    names
        Observed variables in the model's order; the order of a plain array.
    n
        Rows behind the matrix, one number per group.
    mean, sd
        Means, and standard deviations that turn a correlation matrix into a covariance matrix;
        likewise one vector per group. Without names they stand in the order of the matrix.
    rescale
        Whether ``cov`` has divisor n - 1 (as programs print it); lavaan's ``sample.cov.rescale``.

    Raises
    ------
    EstimationError
        Wrong shape, unknown names, not symmetric, a variance that is not positive.
    """
    labels, matrices = _as_list(cov)
    sizes = [int(k) for k in np.atleast_1d(n)]
    if len(sizes) != len(matrices):
        raise EstimationError(
            "Each group's covariance matrix needs its number of rows",
            found=f"{len(matrices)} matrices and {len(sizes)} values of n",
        )
    means, sds = (_of_groups(given, labels) for given in (mean, sd))
    groups = tuple(
        _group_from_matrix(label, matrix, names, size, *vectors, rescale=rescale)
        for label, matrix, size, *vectors in zip(labels, matrices, sizes, means, sds, strict=True)
    )
    has_means = mean is not None
    return Moments(names=tuple(names), groups=groups, n_read=sum(sizes), has_means=has_means)


def _as_list(cov: object) -> tuple[list[str], list[object]]:
    if isinstance(cov, dict):
        return [str(key) for key in cov], list(cov.values())
    if isinstance(cov, list | tuple) and np.ndim(cov[0]) == 2:
        return [f"Group {k}" for k in range(1, len(cov) + 1)], list(cov)
    return [""], [cov]


def _of_groups(given: Any, labels: Sequence[str]) -> list[object]:
    """Return means or standard deviations by group; a single vector is that of a single group."""
    if given is None or (len(labels) == 1 and np.ndim(_first(given)) == 0):
        return [given] * len(labels)
    vectors = list(given.values()) if isinstance(given, dict) else list(given)
    if len(vectors) != len(labels):
        raise EstimationError(
            "Each group needs its own means and standard deviations",
            found=f"{len(vectors)} vectors for {len(labels)} groups",
        )
    if not isinstance(given, dict) or not set(labels) <= {str(key) for key in given}:
        return vectors
    named = {str(key): vector for key, vector in given.items()}
    return [named[label] for label in labels]


def _first(given: Any) -> Any:
    values = given.values() if isinstance(given, dict) else given
    return next(iter(values), None)


def _group_from_matrix(
    label: str,
    matrix: object,
    names: Sequence[str],
    n: int,
    mean: object,
    sd: object,
    *,
    rescale: bool,
) -> GroupMoments:
    cov = _square(matrix, names)
    if sd is not None:
        scale = _vector(sd, matrix, names, "standard deviations")
        cov = cov * np.outer(scale, scale)
    if rescale:
        cov = cov * (n - 1) / n
    if not (np.diagonal(cov) > 0).all():
        bad = [name for name, value in zip(names, np.diagonal(cov), strict=True) if not value > 0]
        raise EstimationError(f"The variance of {listed(bad)} is not positive")
    vector = np.zeros(len(names)) if mean is None else _vector(mean, matrix, names, "means")
    return GroupMoments(label=label, n=n, mean=read_only(vector), cov=read_only(cov))


def _square(matrix: object, names: Sequence[str]) -> NDArray[np.float64]:
    if isinstance(matrix, pd.DataFrame):
        matrix = _rows_and_columns(matrix, names)
    array = np.array(matrix, dtype=float)
    if array.shape != (len(names), len(names)):
        raise EstimationError(
            "The covariance matrix does not fit the model",
            found=f"shape {array.shape}",
            expected=f"{len(names)} rows and columns: {listed(names)}",
        )
    upper = np.triu_indices(len(names), 1)
    if not np.allclose(array[upper], array.T[upper], rtol=1e-6, atol=1e-12):
        if np.any(np.nan_to_num(array[upper]) != 0):
            raise EstimationError("The covariance matrix is not symmetric")
        array[upper] = array.T[upper]
    if np.isnan(array).any():
        raise EstimationError("The covariance matrix has missing entries")
    symmetric: NDArray[np.float64] = (array + array.T) / 2
    return symmetric


def _rows_and_columns(matrix: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    if not set(matrix.index) & set(names):
        matrix = matrix.set_axis(matrix.columns, axis=0)
    unknown = [name for name in names if name not in matrix.columns]
    if unknown:
        raise EstimationError(
            f"The covariance matrix lacks {listed(unknown)}",
            expected=listed(matrix.columns),
            remedy=did_you_mean(unknown[0], [str(column) for column in matrix.columns]),
        )
    wanted = list(names)
    return matrix.loc[wanted, wanted]


def _vector(given: Any, matrix: object, names: Sequence[str], what: str) -> NDArray[np.float64]:
    """Return a vector in the order of ``names``; without names it has the matrix's order."""
    order = [str(c) for c in matrix.columns] if isinstance(matrix, pd.DataFrame) else list(names)
    if not isinstance(given, pd.Series | dict):
        values = np.ravel(np.asarray(given, dtype=float))
        if len(values) != len(order):
            raise EstimationError(
                f"The {what} do not fit the covariance matrix",
                found=f"{len(values)} values",
                expected=f"{len(order)}: {listed(order)}",
            )
        given = dict(zip(order, values.tolist(), strict=True))
    lacking = [name for name in names if name not in given]
    if lacking:
        raise EstimationError(
            f"The {what} lack {listed(lacking)}", expected=listed([str(name) for name in given])
        )
    return np.array([given[name] for name in names], dtype=float)
