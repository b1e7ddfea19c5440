"""Moments averaged over imputed data sets, and how far each data set is from pooled estimates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.baseline import independence_estimates, independence_table
from loyaltysem.estimation.continuous import ContinuousProblem
from loyaltysem.estimation.discrepancy import Sample, moment_objective
from loyaltysem.estimation.moments import read_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.moments import GroupMoments, Moments

    Array = NDArray[np.float64]


def averaged_moments(moments: Sequence[Moments]) -> Moments:
    """Return means and covariances averaged over data sets, group by group, without their rows.

    Raises
    ------
    EstimationError
        The data sets differ in variables, groups or rows.
    """
    first = moments[0]
    same = all(
        one.names == first.names
        and [group.label for group in one.groups] == [group.label for group in first.groups]
        and one.n_per_group == first.n_per_group
        for one in moments
    )
    if not same:
        raise EstimationError(
            "The data sets differ in variables, groups or rows",
            remedy="Pool completed copies of one data set.",
        )
    groups = zip(*(one.groups for one in moments), strict=True)
    return replace(first, groups=tuple(_average(group) for group in groups))


def _average(copies: Sequence[GroupMoments]) -> GroupMoments:
    return replace(
        copies[0],
        mean=read_only(np.mean([one.mean for one in copies], axis=0)),
        cov=read_only(np.mean([one.cov for one in copies], axis=0)),
        data=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """How far each data set is from pooled estimates, n times the discrepancy (m,) each.

    ``model`` and ``baseline`` (the independence model) at their pooled estimates, ``saturated`` at
    the averaged moments: what a log-likelihood falls short of its maximum by. NaN where the
    estimator is not maximum likelihood.
    """

    model: Array
    baseline: Array
    saturated: Array

    @property
    def deviances(self) -> Array:
        """Twice the log-likelihood ratio of the saturated model and the model, by data set."""
        return 2.0 * (self.model - self.saturated)

    @property
    def baseline_deviances(self) -> Array:
        """The same of the independence model."""
        return 2.0 * (self.baseline - self.saturated)


def misfits(fits: Sequence[Fit], average: ContinuousProblem, theta: Array) -> Misfits:
    """Return the misfits of the data sets behind ``fits``.

    ``average`` is the problem of fitting the model to the averaged moments, ``theta`` (q,) the
    pooled estimates.
    """
    if average.options.discrepancy != "ML":
        nothing = np.full(len(fits), np.nan)
        return Misfits(model=nothing, baseline=nothing, saturated=nothing)
    null = average.with_table(independence_table(average.table))
    null_theta = independence_estimates(
        null.table,
        [sample.cov for sample in average.samples],
        [sample.mean for sample in average.samples],
    )
    return Misfits(
        model=_misfits(fits, average, theta),
        baseline=_misfits(fits, null, null_theta),
        saturated=np.array([_from_average(one, average) for one in fits]),
    )


def _misfits(fits: Sequence[Fit], problem: ContinuousProblem, theta: Array) -> Array:
    objectives = [moment_objective("ML", problem.structures, _samples(one)) for one in fits]
    values = [objective.at(theta).value for objective in objectives]
    rows = [_rows(one) for one in fits]
    return np.array([n * value for n, value in zip(rows, values, strict=True)])


def _from_average(fitted: Fit, average: ContinuousProblem) -> float:
    parts = zip(_samples(fitted), average.samples, strict=True)
    return _rows(fitted) * sum(own.weight * _distance(own, centre) for own, centre in parts)


def _samples(fitted: Fit) -> tuple[Sample, ...]:
    if not isinstance(fitted.problem, ContinuousProblem):
        raise EstimationError("Only fits to complete continuous data can be pooled")
    return fitted.problem.samples


def _rows(fitted: Fit) -> int:
    loss = fitted.table.n_groups if fitted.options.likelihood == "wishart" else 0
    return fitted.n - loss


def _distance(sample: Sample, centre: Sample) -> float:
    """Return the likelihood discrepancy of a sample from given moments."""
    inverse = np.linalg.inv(centre.cov)
    value = centre.log_det - sample.log_det + float((inverse * sample.cov).sum()) - len(inverse)
    if sample.means:
        away = sample.mean - centre.mean
        value += float(away @ inverse @ away)
    return 0.5 * value
