"""From a data frame to ordinal moments by group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, Reason, did_you_mean, listed
from loyaltysem.estimation.moments import moments_from_data, raw_rows, read_only
from loyaltysem.estimation.ordinal.columns import check_categories_occur, ordinal_columns
from loyaltysem.estimation.ordinal.moments import OrdinalMoments, ordinal_moments
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.roles import find_roles
from loyaltysem.syntax.table import ParameterTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.estimation.ordinal.columns import OrdinalColumns
    from loyaltysem.syntax.statements import Statements

    Array = NDArray[np.float64]


def threshold_counts(
    model: str | Statements | ParameterTable,
    data: pd.DataFrame | None,
    ordered: Sequence[str] | str | bool,
) -> dict[str, int]:
    """Return the number of thresholds of the model's ordinal variables.

    Parameters
    ----------
    model
        Model text, or a table, which states them itself.
    data
        The data; None when there is only a covariance matrix.
    ordered
        Names of ordinal variables; True for all indicators and outcomes. Columns that are ordered
        categoricals, and variables to which the text gives thresholds, are ordinal in any case.

    Raises
    ------
    EstimationError
        There are ordinal variables but no data, or a column is not ordinal.
    """
    if isinstance(model, ParameterTable):
        return dict(model.ordered)
    names = _ordinal_names(model, data, ordered)
    if not names:
        return {}
    if data is None:
        raise EstimationError(
            "Ordinal variables need the data themselves, not a covariance matrix",
            found=listed(names),
        )
    return ordinal_columns(data, names).n_thresholds


def _ordinal_names(
    model: str | Statements, data: pd.DataFrame | None, ordered: Sequence[str] | str | bool
) -> list[str]:
    elements = (parse_model(model) if isinstance(model, str) else model).elements
    roles = find_roles(elements)
    if isinstance(ordered, bool):
        named = set(roles.endogenous) if ordered else set()
    else:
        named = {ordered} if isinstance(ordered, str) else set(ordered)
    _check_named(named, roles.observed, data)
    named |= {element.lhs for element in elements if element.op == "|"}
    if data is not None:
        kinds = data.dtypes
        named |= {name for name in roles.endogenous if _is_ordered(kinds.get(name))}
    return [name for name in roles.observed if name in named]


def _check_named(named: set[str], observed: Sequence[str], data: pd.DataFrame | None) -> None:
    """Refuse names that are neither in the model nor in the data: they are misspelt."""
    columns = [] if data is None else [str(column) for column in data.columns.tolist()]
    unknown = sorted(named.difference(observed, columns))
    if unknown:
        raise EstimationError(
            f"'ordered' names {listed(unknown)}, which neither the model nor the data have",
            expected=listed(observed),
            remedy=did_you_mean(unknown[0], [*observed, *columns]),
        )


def _is_ordered(dtype: object) -> bool:
    return isinstance(dtype, pd.CategoricalDtype) and bool(dtype.ordered)


def read_ordinal_moments(
    data: pd.DataFrame,
    table: ParameterTable,
    *,
    group: str | None = None,
    pairwise: bool = False,
    with_gamma: bool = True,
) -> Moments:
    """Return the moments of every group; the groups' ``ordinal`` part holds `OrdinalMoments`.

    Parameters
    ----------
    data
        One row per respondent.
    table
        The model's table: its variables, in order, and which of them are ordinal or covariates.
    group
        Grouping column.
    pairwise
        Whether each pair of variables uses its own complete answers; respondents without any
        answer, or without a covariate, are left out. Otherwise incomplete rows are left out.
    with_gamma
        Whether the asymptotic covariance matrix is wanted.

    Raises
    ------
    EstimationError
        What `moments_from_data` refuses, a variable that is not ordinal, or a category that nobody
        in some group chose.
    """
    columns = ordinal_columns(data, [name for name, _ in table.ordered])
    covariates = table.exogenous if table.conditional_x else ()
    coded = _coded(data, columns)
    kept = _answered(coded, table.observed, covariates) if pairwise and covariates else coded
    moments = moments_from_data(kept, table.observed, group=group, listwise=not pairwise)
    notices = moments.notices if len(kept) == len(coded) else _left_out(len(data), moments.n)
    groups = [
        _with_ordinal(one, moments.names, covariates, columns, with_gamma=with_gamma)
        for one in moments.groups
    ]
    found = replace(moments, groups=tuple(groups), n_read=len(data), notices=notices)
    return replace(found, notices=(*notices, *_bound_notices(found, covariates)))


def _answered(coded: pd.DataFrame, names: Sequence[str], covariates: Sequence[str]) -> pd.DataFrame:
    """Return the rows with all covariates and some answer to what they explain."""
    answers = [name for name in names if name not in covariates]
    return coded.dropna(subset=list(covariates)).dropna(subset=answers, how="all")


def _coded(data: pd.DataFrame, columns: OrdinalColumns) -> pd.DataFrame:
    """Return the data with category numbers, NaN where missing, in the ordinal columns."""
    codes = np.where(columns.codes < 0, np.nan, columns.codes)
    return data.assign(**{name: codes[:, k] for k, name in enumerate(columns.names)})


def _left_out(n_read: int, n: int) -> tuple[Notice, ...]:
    text = (
        f"{n_read - n} of {n_read} rows without a covariate, or without any answer, were left out."
    )
    return (Notice("rows_left_out", text, {"n_read": n_read, "n": n, "listwise": False}),)


def _with_ordinal(
    group: GroupMoments,
    names: Sequence[str],
    covariates: Sequence[str],
    columns: OrdinalColumns,
    *,
    with_gamma: bool,
) -> GroupMoments:
    rows = raw_rows(group)
    ordinal = [names.index(name) for name in columns.names]
    codes = rows[:, ordinal]
    check_categories_occur(
        columns, np.where(np.isnan(codes), -1, codes).astype(np.intp), group.label
    )
    sizes = np.zeros(len(names), dtype=np.intp)
    sizes[ordinal] = columns.sizes
    _check_independent(rows[:, [names.index(name) for name in covariates]], covariates)
    return ordinal_group(group, names, covariates, sizes, with_gamma=with_gamma)


def ordinal_group(
    group: GroupMoments,
    names: Sequence[str],
    covariates: Sequence[str],
    sizes: NDArray[np.intp],
    *,
    with_gamma: bool,
) -> GroupMoments:
    """Return the group with the ordinal moments of its rows.

    Parameters
    ----------
    group
        Its ``data`` hold category codes in the columns of ordinal variables.
    names
        The columns; ``covariates`` those that are conditioned on.
    sizes
        Number of categories of each column, 0 for numeric ones.
    with_gamma
        Whether the asymptotic covariance matrix is wanted.
    """
    rows = raw_rows(group)
    outer = [names.index(name) for name in covariates]
    inner = [k for k in range(len(names)) if k not in outer]
    found = ordinal_moments(
        rows[:, inner],
        sizes[inner],
        rows[:, outer],
        names=[names[k] for k in inner],
        with_gamma=with_gamma,
    )
    mean, cov = _joint(found, inner, outer)
    return replace(group, n=len(rows), mean=read_only(mean), cov=read_only(cov), ordinal=found)


def _check_independent(covariates: Array, names: Sequence[str]) -> None:
    """Refuse covariates of which one follows from the others."""
    centred = covariates - covariates.mean(axis=0)
    scaled = centred / np.maximum(np.abs(centred).max(axis=0, initial=0.0), 1e-300)
    if len(names) > 1 and np.linalg.matrix_rank(scaled) < len(names):
        raise EstimationError(
            f"The covariates {listed(names)} are linearly dependent",
            remedy="Leave out the one that follows from the others.",
            reason=Reason("dependent", {"variables": list(names)}),
        )


def _joint(found: OrdinalMoments, inner: list[int], outer: list[int]) -> tuple[Array, Array]:
    """Return means and covariances of all variables, covariates among them, in table order."""
    size = len(inner) + len(outer)
    mean, cov = np.zeros(size), np.zeros((size, size))
    level = np.zeros(len(inner))
    level[found.numeric] = found.marginal_thresholds[found.is_mean]
    mean[inner], mean[outer] = level, found.covariate_mean
    shared = found.slopes @ found.covariate_cov
    cov[np.ix_(inner, inner)] = found.cov + shared @ found.slopes.T
    cov[np.ix_(inner, outer)] = shared
    cov[np.ix_(outer, inner)] = shared.T
    cov[np.ix_(outer, outer)] = found.covariate_cov
    return mean, cov


def ordinal_part(group: GroupMoments) -> OrdinalMoments:
    """Return the ordinal moments of a group that has them."""
    if not isinstance(group.ordinal, OrdinalMoments):
        raise TypeError("the group's moments were not read as ordinal ones")
    return group.ordinal


def _bound_notices(moments: Moments, covariates: Sequence[str]) -> tuple[Notice, ...]:
    """Say which correlations lie at the bound of what is sought."""
    names = [name for name in moments.names if name not in covariates]
    return tuple(
        Notice(
            "correlation_at_bound",
            f"The correlation of '{names[i]}' and '{names[j]}' lies at the bound of what can be "
            "estimated: the answers are (almost) perfectly related, so one of them adds nothing.",
            {"first": names[i], "second": names[j], "group": group.label},
        )
        for group in moments.groups
        for i, j in ordinal_part(group).at_bound
    )
