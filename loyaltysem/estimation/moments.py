"""Sufficient statistics: the only thing an estimator sees of the data.

A group's moments are its number of rows, means and covariance matrix (divisor n); raw rows are kept
beside them because robust standard errors, factor scores and the bootstrap need them, never because
an optimiser does. Moments from a published covariance or correlation matrix work as well as data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, Reason, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.saturated import IncompleteData

# A column whose variance is this small beside its mean square is constant up to rounding.
CONSTANT_SHARE = 1e-14
# Beyond this a fourth power, summed over any number of rows, is infinite.
LARGEST = 1e70
# Reciprocal condition of the correlation matrix below which it counts as singular.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMoments:
    """Moments of one group.

    Parameters
    ----------
    label
        The group's value in the grouping column, as text; empty without groups.
    n
        Rows used.
    mean
        Means (p,); zeros when a covariance matrix came without means.
    cov
        Covariance matrix (p, p) with divisor n.
    data
        The rows used (n, p), or None when the input was a matrix.
    ordinal
        Thresholds, polychorics and their asymptotic covariance, for ordinal estimators.
    incomplete
        Missing-data patterns and the saturated model's moments, for full-information ML; ``mean``
        and ``cov`` are then the latter, and ``data`` holds NaN.
    places, empty
        Positions of the rows in the data that were given (n,), and of those rows of the group that
        hold no value at all; None without data.
    """

    label: str
    n: int
    mean: NDArray[np.float64]
    cov: NDArray[np.float64]
    data: NDArray[np.float64] | None = None
    ordinal: object | None = None
    incomplete: IncompleteData | None = None
    places: NDArray[np.intp] | None = None
    empty: NDArray[np.intp] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Moments of all groups, in order of the groups' first appearance in the data.

    ``names`` are the p observed variables in the model's order; ``n_read`` counts the rows given,
    ``has_means`` is False for a covariance matrix without means; ``index`` labels the rows given.
    """

    names: tuple[str, ...]
    groups: tuple[GroupMoments, ...]
    n_read: int
    has_means: bool = True
    notices: tuple[Notice, ...] = ()
    index: pd.Index | None = None

    @property
    def n(self) -> int:
        """Rows used, over all groups."""
        return sum(group.n for group in self.groups)

    @property
    def n_per_group(self) -> tuple[int, ...]:
        """Rows used in each group."""
        return tuple(group.n for group in self.groups)

    @property
    def weights(self) -> NDArray[np.float64]:
        """Share of each group in all rows (groups,)."""
        return np.array(self.n_per_group, dtype=float) / self.n

    def with_groups(self, groups: Sequence[GroupMoments]) -> Moments:
        """Return the same moments with other group records (added ordinal or pattern parts)."""
        return replace(self, groups=tuple(groups))


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``array`` with writing switched off."""
    array.setflags(write=False)
    return array


def mean_and_cov(data: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means (p,) and covariance matrix (p, p), divisor n, of complete data (n, p)."""
    mean = data.mean(axis=0)
    centred = data - mean
    return read_only(mean), read_only(centred.T @ centred / len(data))


def moments_from_data(
    data: pd.DataFrame,
    names: Sequence[str],
    *,
    group: str | None = None,
    listwise: bool = True,
) -> Moments:
    """Return the moments of the columns ``names`` of ``data``.

    Parameters
    ----------
    data
        One row per respondent; the columns used must be numeric.
    names
        Observed variables in the model's order.
    group
        Column that holds group membership; groups stand in order of first appearance.
    listwise
        Whether rows with a missing value are left out (and counted in ``n_read - n``). Otherwise
        the rows keep their NaN, only rows without any value are left out, and ``mean`` and ``cov``
        are those of the available values, for the missing-data estimators to replace.

    Raises
    ------
    EstimationError
        A column is absent or not numeric, nothing is left, or a column is constant within a group.
    """
    values = numeric_values(data, names)
    labels = group_labels_of_rows(data, group)
    groups = tuple(
        _group(label, values[rows], rows, names, listwise=listwise) for label, rows in labels
    )
    return Moments(
        names=tuple(names),
        groups=groups,
        n_read=len(values),
        notices=_rows_left_out(len(values), sum(g.n for g in groups), listwise=listwise),
        index=data.index,
    )


def numeric_values(data: pd.DataFrame, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the columns ``names`` as an array (rows, p) of floats with NaN for missing values.

    Raises
    ------
    EstimationError
        A column is absent, stands twice, holds text, or holds a value that is infinite or so large
        that its fourth power, which robust tests need, is.
    """
    values = _plain_numbers(data, names)
    if values is None:
        for name in names:
            _check_column(data, name)
        columns = [data[name].to_numpy(dtype=float, na_value=np.nan) for name in names]
        values = np.column_stack(columns)
    infinite = np.flatnonzero(np.isinf(values).any(axis=0))
    if len(infinite):
        bad = [names[int(k)] for k in infinite]
        raise EstimationError(f"Infinite values in {listed(bad)}", remedy="Replace or remove them.")
    huge = np.flatnonzero((np.abs(values) > LARGEST).any(axis=0))
    if len(huge):
        bad = [names[int(k)] for k in huge]
        raise EstimationError(
            f"Values beyond {LARGEST:g} in {listed(bad)}",
            remedy="Check for slips of the pen, or divide the column.",
        )
    return values


def _plain_numbers(data: pd.DataFrame, names: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the columns in one go when all are there once with a numpy number type, else None."""
    place = {name: k for k, name in enumerate(data.columns.tolist())}
    if len(place) < data.shape[1] or not all(name in place for name in names):
        return None
    values = data.take([place[name] for name in names], axis=1).to_numpy()
    return values.astype(float, copy=False) if values.dtype.kind in "iufb" else None


def _check_column(data: pd.DataFrame, name: str) -> None:
    if name not in data.columns:
        columns = [str(column) for column in data.columns]
        raise EstimationError(
            f"The model uses '{name}', which the data do not have",
            expected=listed(columns),
            remedy=did_you_mean(name, columns),
        )
    column = data[name]
    if isinstance(column, pd.DataFrame):
        raise EstimationError(f"The data have more than one column '{name}'")
    if not pd.api.types.is_numeric_dtype(column):
        texts = pd.to_numeric(column, errors="coerce").isna() & column.notna()
        found = listed(repr(value) for value in column[texts].unique()) or str(column.dtype)
        raise EstimationError(
            f"Column '{name}' is not numeric", found=found, remedy="Code the answers as numbers."
        )


def group_labels_of_rows(
    data: pd.DataFrame, group: str | None
) -> list[tuple[str, NDArray[np.intp]]]:
    """Return each group's label and row positions, in order of first appearance.

    Rows whose group is missing belong to none. Whole numbers read as floats lose their ``.0``.
    """
    if group is None:
        return [("", np.arange(len(data)))]
    if group not in data.columns:
        columns = [str(column) for column in data.columns]
        raise EstimationError(
            f"The grouping column '{group}' is not in the data",
            expected=listed(columns),
            remedy=did_you_mean(group, columns),
        )
    codes, labels = pd.factorize(data[group])
    return [(_label(label), np.flatnonzero(codes == code)) for code, label in enumerate(labels)]


def _label(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _group(
    label: str,
    values: NDArray[np.float64],
    places: NDArray[np.intp],
    names: Sequence[str],
    *,
    listwise: bool,
) -> GroupMoments:
    missing = np.isnan(values)
    keep = ~(missing.any(axis=1) if listwise else missing.all(axis=1))
    rows = read_only(np.ascontiguousarray(values[keep]))
    _check_rows(rows, missing, names, label)
    incomplete = not listwise and missing[keep].any()
    mean, cov = available_mean_and_cov(rows) if incomplete else mean_and_cov(rows)
    _check_variances(mean, cov, names, label)
    return GroupMoments(
        label=label,
        n=len(rows),
        mean=mean,
        cov=cov,
        data=rows,
        places=places[keep],
        empty=places[missing.all(axis=1)],
    )


def available_mean_and_cov(
    data: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means and covariances with each missing value set to its variable's mean.

    Starting values only: the covariances are shrunk, but always positive semidefinite.
    """
    mean = np.nanmean(data, axis=0)
    centred = np.where(np.isnan(data), 0.0, data - mean)
    return read_only(mean), read_only(centred.T @ centred / len(data))


def _check_rows(
    rows: NDArray[np.float64],
    missing: NDArray[np.bool_],
    names: Sequence[str],
    group: str,
) -> None:
    where = f" in group '{group}'" if group else ""
    empty = [names[int(k)] for k in np.flatnonzero(missing.all(axis=0))]
    if empty and len(missing):
        raise EstimationError(
            f"No values at all in {listed(empty)}{where}",
            reason=Reason("unanswered", {"variables": empty, "group": group}),
        )
    if len(rows) < 2:
        raise EstimationError(
            f"Only {len(rows)} of {len(missing)} rows can be used{where}",
            expected="rows in which no variable of the model is missing",
            remedy='Look for variables with many missing values, or use missing="fiml".',
            reason=Reason("too_few_respondents", {"n": len(rows), "needed": 2, "group": group}),
        )


def _check_variances(
    mean: NDArray[np.float64], cov: NDArray[np.float64], names: Sequence[str], group: str
) -> None:
    variances = np.diagonal(cov)
    constant = variances <= CONSTANT_SHARE * np.maximum(mean**2, np.finfo(float).tiny)
    if constant.any():
        bad = [name for name, is_bad in zip(names, constant, strict=True) if is_bad]
        where = f" in group '{group}'" if group else ""
        raise EstimationError(
            f"No variance in {listed(bad)}{where}: all values are the same",
            remedy="Leave constant variables out of the model.",
            reason=Reason("constant", {"variables": bad, "group": group}),
        )


def _rows_left_out(n_read: int, n: int, *, listwise: bool) -> tuple[Notice, ...]:
    if n == n_read:
        return ()
    reason = "with a missing value" if listwise else "without any value"
    text = f"{n_read - n} of {n_read} rows {reason} were left out."
    return (Notice("rows_left_out", text, {"n_read": n_read, "n": n, "listwise": listwise}),)


def raw_rows(group: GroupMoments) -> NDArray[np.float64]:
    """Return a group's rows.

    Raises
    ------
    EstimationError
        The input was a covariance matrix.
    """
    if group.data is None:
        raise EstimationError(
            "Raw data are needed for robust standard errors and tests, WLS and DWLS, bootstrap and"
            " factor scores",
            remedy="Give the data instead of the covariance matrix, or use estimator ML.",
        )
    return group.data


def check_positive_definite(moments: Moments) -> None:
    """Refuse moments whose covariance matrices no likelihood can use.

    Raises
    ------
    EstimationError
        A group has no more rows than variables, or its covariance matrix is not positive definite;
        the message names the variables that take part in the (near) linear dependence.
    """
    for group in moments.groups:
        sd = np.sqrt(np.diagonal(group.cov))
        values, vectors = np.linalg.eigh(group.cov / np.outer(sd, sd))
        if values[0] <= SINGULAR * values[-1]:
            raise _not_positive_definite(moments.names, group, values, vectors)


def _not_positive_definite(
    names: Sequence[str],
    group: GroupMoments,
    values: NDArray[np.float64],
    vectors: NDArray[np.float64],
) -> EstimationError:
    where = f" of group '{group.label}'" if group.label else ""
    p = len(names)
    if group.data is not None and group.n <= p:
        return EstimationError(
            f"The covariance matrix{where} is not positive definite: "
            f"{group.n} complete rows are too few for {p} variables",
            remedy="Collect more answers, or use fewer indicators.",
            reason=Reason(
                "too_few_respondents", {"n": group.n, "needed": p + 1, "group": group.label}
            ),
        )
    null = vectors[:, values <= SINGULAR * values[-1]]
    involved = [names[int(k)] for k in np.flatnonzero(np.abs(null).max(axis=1) > 0.05)]
    return EstimationError(
        f"The covariance matrix{where} is not positive definite: linear dependence among "
        f"{listed(involved)}",
        found=f"smallest eigenvalue of the correlation matrix {values[0]:.3g}",
        remedy="Look for a duplicated variable, or one computed from others, and leave it out.",
        reason=Reason("dependent", {"variables": involved, "group": group.label}),
    )
