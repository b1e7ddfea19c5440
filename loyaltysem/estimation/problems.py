"""A table and its data become the problem of an estimator: complete, incomplete or ordinal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.continuous import continuous_problem
from loyaltysem.estimation.incomplete.problem import incomplete_problem
from loyaltysem.estimation.incomplete.sample import pairwise_sample
from loyaltysem.estimation.incomplete.two_stage import two_stage_problem
from loyaltysem.estimation.matrix_moments import moments_from_matrix
from loyaltysem.estimation.moments import group_labels_of_rows, moments_from_data
from loyaltysem.estimation.options import TWO_STAGE
from loyaltysem.estimation.ordinal.problem import needs_gamma, ordinal_problem
from loyaltysem.estimation.ordinal.reading import read_ordinal_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.options import Options
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.syntax.table import ParameterTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the moments come from: rows, or matrices from a paper."""

    data: pd.DataFrame | None = None
    group: str | None = None
    cov: Any = None
    mean: Any = None
    sd: Any = None
    n: int | Sequence[int] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.data, pd.DataFrame | None):
            raise EstimationError(
                "The data are not a table",
                found=type(self.data).__name__,
                expected="a pandas DataFrame with one row per respondent",
                remedy="Read a file with pandas.read_csv, or turn what you have into a table with"
                " pandas.DataFrame(...).",
            )
        if (self.data is None) == (self.cov is None):
            raise EstimationError(
                "A fit needs either data or a covariance matrix",
                found="both" if self.data is not None else "neither",
            )
        if self.cov is not None and self.n is None:
            raise EstimationError(
                "A covariance matrix needs the number of rows it was computed from",
                remedy="Give n=…",
            )

    @property
    def group_labels(self) -> tuple[str, ...]:
        """Labels of the groups, in order of first appearance."""
        if self.data is None:
            n_groups = len(np.atleast_1d(self.n)) if self.n is not None else 1
            named = isinstance(self.cov, dict)
            if named:
                return tuple(str(label) for label in self.cov)
            return ("",) if n_groups == 1 else tuple(f"Group {k + 1}" for k in range(n_groups))
        return tuple(label for label, _ in group_labels_of_rows(self.data, self.group))

    @property
    def columns(self) -> list[str] | None:
        """Names of the variables there are; None for a matrix without names."""
        frame = self.data if self.data is not None else self.cov
        return (
            [str(name) for name in frame.columns.tolist()]
            if isinstance(frame, pd.DataFrame)
            else None
        )


def make_problem(table: ParameterTable, source: Source, options: Options) -> Problem:
    """Return the problem of fitting a table to a source of moments.

    Raises
    ------
    EstimationError
        The data do not allow what the options ask.
    """
    if options.ordinal:
        return ordinal_problem(table, _ordinal_moments(table, source, options), options)
    if options.missing in {"ml", "ml.x"}:
        rows = _moments(table, source, listwise=False)
        return incomplete_problem(table, rows, options)
    if options.missing in TWO_STAGE:
        rows = _moments(table, source, listwise=False)
        return two_stage_problem(table, rows, options)
    if options.missing == "pairwise":
        rows = _moments(table, source, listwise=False)
        return continuous_problem(table, pairwise_sample(rows, table.exogenous, options), options)
    return continuous_problem(table, _moments(table, source, listwise=True), options)


def _ordinal_moments(table: ParameterTable, source: Source, options: Options) -> Moments:
    if source.data is None:
        raise EstimationError("Ordinal variables need the data themselves, not a covariance matrix")
    return read_ordinal_moments(
        source.data,
        table,
        group=source.group,
        pairwise=options.missing == "pairwise",
        with_gamma=needs_gamma(options),
    )


def _moments(table: ParameterTable, source: Source, *, listwise: bool) -> Moments:
    if source.data is not None:
        return moments_from_data(source.data, table.observed, group=source.group, listwise=listwise)
    if listwise and table.meanstructure and source.mean is None:
        raise EstimationError(
            "The model has intercepts or means, but the covariance matrix comes without means",
            remedy="Give the means with sample_mean=…, or leave intercepts and means out of the"
            " model.",
        )
    return moments_from_matrix(
        source.cov,
        table.observed,
        n=source.n if source.n is not None else 0,
        mean=source.mean,
        sd=source.sd,
    )
