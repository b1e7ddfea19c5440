"""From data with gaps to the moments that full-information estimation works on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError, Notice, listed
from loyaltysem.estimation.discrepancy import Sample, log_determinant
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.saturated import IncompleteData, saturated_moments
from loyaltysem.estimation.moments import check_positive_definite, raw_rows, read_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.estimation.options import Options

    Array = NDArray[np.float64]

NEGLIGIBLE = 0.05
"""Weight in a null vector below which a variable takes no part in a linear dependence."""

LOW_COVERAGE = 0.10
"""Share of respondents below which a pair of variables is poorly covered (lavaan's warning)."""


def incomplete_moments(moments: Moments, *, complete_in: Sequence[str] = ()) -> Moments:
    """Return moments by maximum likelihood from data that have gaps.

    Parameters
    ----------
    moments
        Moments made with ``listwise=False``, whose data hold NaN.
    complete_in
        Variables that a row must have to be kept: covariates whose moments are fixed, as in
        lavaan's ``missing="ml"``. None for ``"ml.x"``.

    Returns
    -------
    Moments
        With the saturated model's mean and covariance in place of the available ones, the patterns
        in ``incomplete``, and notices of how many rows, patterns and pairs there are.

    Raises
    ------
    EstimationError
        Too few rows are left, or the covariance matrix is singular (too many variables for the
        rows, or variables that depend on each other).
    """
    needed = [moments.names.index(name) for name in complete_in]
    kept = [_with_values_in(group, needed) for group in moments.groups]
    groups = tuple(_estimated(group) for group in kept)
    estimated = replace(moments, groups=groups)
    _check_determined(estimated)
    notices = [*moments.notices, *_rows_lost(moments.n - estimated.n, complete_in)]
    notices += _summary(groups)
    notices += [notice for group in groups for notice in _warnings(group, moments.names)]
    return replace(estimated, notices=tuple(notices))


def incomplete_data(group: GroupMoments) -> IncompleteData:
    """Return the patterns and saturated moments of a group that `incomplete_moments` made.

    Raises
    ------
    EstimationError
        The group has none.
    """
    if group.incomplete is None:
        raise EstimationError("The moments were not made for full-information estimation")
    return group.incomplete


def complete_samples(moments: Moments) -> list[Sample]:
    """Return the saturated moments as if they were those of complete data."""
    return [
        Sample(
            cov=group.cov,
            mean=group.mean,
            weight=group.n / moments.n,
            means=True,
            log_det=log_determinant(group.cov),
        )
        for group in moments.groups
    ]


def pairwise_sample(moments: Moments, complete_in: Sequence[str], options: Options) -> Moments:
    """Return moments that use, for each mean and covariance, the respondents who have the values.

    Rows stay for nothing else: standard errors and tests treat the matrix as one of n complete
    rows, as in lavaan, and a notice says so.

    Parameters
    ----------
    moments
        Made with ``listwise=False``.
    complete_in
        Covariates that a row must have to be kept.
    options
        What was asked of the estimation.

    Raises
    ------
    EstimationError
        The estimator needs complete rows.
    """
    needed = [moments.names.index(name) for name in complete_in]
    kept = replace(moments, groups=tuple(_with_values_in(g, needed) for g in moments.groups))
    if not any(np.isnan(raw_rows(group)).any() for group in kept.groups):
        return kept
    if options.se.startswith("robust") or options.discrepancy in {"WLS", "DWLS"}:
        raise EstimationError(
            f'missing="pairwise" cannot be used with estimator {options.estimator} and numeric '
            "variables: it needs rows, not a covariance matrix alone",
            remedy='Use missing="fiml" with ML or MLR.',
        )
    text = (
        "Means and covariances were computed from the respondents who have the values in question; "
        f"standard errors and tests treat them as {kept.n} complete rows and are too optimistic. "
        'missing="fiml" is the better choice.'
    )
    notices = (*moments.notices, *_rows_lost(moments.n - kept.n, complete_in))
    return replace(
        kept,
        groups=tuple(_pairwise(group) for group in kept.groups),
        notices=(*notices, Notice("pairwise_moments", text, {"n": kept.n})),
    )


def _pairwise(group: GroupMoments) -> GroupMoments:
    mean, cov = pairwise_moments(raw_rows(group))
    return replace(group, mean=read_only(mean), cov=read_only(cov), data=None)


def pairwise_moments(data: Array) -> tuple[Array, Array]:
    """Return means (p,) and covariances (p, p), each from the respondents who have the values.

    Covariances have divisor (n_ij - 1) n / (n - 1), lavaan's sample statistics of incomplete data
    (which enter GFI only). The matrix need not be positive definite.
    """
    observed = (~np.isnan(data)).astype(np.float64)
    mean = np.nanmean(data, axis=0)
    centred = np.where(observed > 0, data - mean, 0.0)
    count, sums = observed.T @ observed, centred.T @ observed
    count = np.maximum(count, 2.0)
    cov = (centred.T @ centred - sums * sums.T / count) / (count - 1.0)
    return mean, cov * ((len(data) - 1) / len(data))


def _with_values_in(group: GroupMoments, columns: Sequence[int]) -> GroupMoments:
    if group.data is None or not columns:
        return group
    complete = ~np.isnan(group.data[:, columns]).any(axis=1)
    return replace(
        group,
        n=int(complete.sum()),
        data=read_only(group.data[complete]),
        places=None if group.places is None else group.places[complete],
        empty=None,
    )


def _estimated(group: GroupMoments) -> GroupMoments:
    """Replace the available moments by those of the saturated model."""
    where = f" in group '{group.label}'" if group.label else ""
    if group.data is None or group.n < 2:
        raise EstimationError(
            f"Full-information estimation needs rows of raw data{where}",
            found=f"{group.n} rows" if group.data is not None else "a covariance matrix",
        )
    patterns = missing_patterns(group.data)
    saturated = saturated_moments(patterns)
    return replace(
        group,
        mean=read_only(saturated.mean),
        cov=read_only(saturated.cov),
        incomplete=IncompleteData(patterns=patterns, saturated=saturated),
    )


def _check_determined(moments: Moments) -> None:
    """Refuse covariance matrices that are singular because the variables depend on each other.

    Where EM ran into a singular matrix that the data do not hold to, because hardly anybody
    answered all the variables involved, the model can still be estimated; a notice is enough.
    """
    for group in moments.groups:
        data = incomplete_data(group)
        broken = data.saturated.degenerate
        if broken is None:
            check_positive_definite(replace(moments, groups=(group,)))
        elif group.n <= len(moments.names) or _is_dependence(broken, data.patterns):
            check_positive_definite(replace(moments, groups=(replace(group, cov=broken),)))


def _is_dependence(cov: Array, patterns: MissingPatterns) -> bool:
    """Tell whether more respondents answered all variables of a null vector than it can fit."""
    sd = np.sqrt(np.maximum(np.diagonal(cov), np.finfo(np.float64).tiny))
    _, vectors = np.linalg.eigh(cov / np.outer(sd, sd))
    involved = np.abs(vectors[:, 0]) > NEGLIGIBLE
    together = int(patterns.counts @ patterns.observed[:, involved].all(axis=1))
    return together > int(involved.sum()) + 1


def _rows_lost(n_lost: int, complete_in: Sequence[str]) -> tuple[Notice, ...]:
    if not n_lost:
        return ()
    text = (
        f"{n_lost} rows were left out because an exogenous covariate is missing "
        f'({listed(complete_in)}); missing="fiml.x" would keep them.'
    )
    facts = {"n_lost": n_lost, "covariates": list(complete_in)}
    return (Notice("covariate_missing", text, facts),)


def _summary(groups: Sequence[GroupMoments]) -> tuple[Notice, ...]:
    """Say how much is missing, over all groups."""
    parts = [group.incomplete.patterns for group in groups if group.incomplete is not None]
    n_incomplete = sum(int(p.counts[~p.observed.all(axis=1)].sum()) for p in parts)
    if not n_incomplete:
        return ()
    n, n_patterns = sum(p.n for p in parts), sum(p.n_patterns for p in parts)
    coverage = min(float(p.coverage().min()) for p in parts)
    text = (
        f"{n_incomplete} of {n} respondents lack some values, in {n_patterns} patterns; every pair "
        f"of variables was answered together by at least {coverage:.1%} of them."
    )
    facts = {
        "n": n,
        "n_incomplete": n_incomplete,
        "n_patterns": n_patterns,
        "minimum_coverage": coverage,
    }
    return (Notice("missing_patterns", text, facts),)


def _warnings(group: GroupMoments, names: Sequence[str]) -> tuple[Notice, ...]:
    """Warn of pairs that hardly anybody answered together, and of unsettled moments."""
    if group.incomplete is None:
        return ()
    where = f" in group '{group.label}'" if group.label else ""
    notices = _low_coverage(group.incomplete.patterns.coverage(), names, where)
    if not group.incomplete.saturated.converged:
        text = (
            f"The means and covariances of the incomplete data{where} did not settle: too few "
            "respondents answered the variables together. The estimates do not depend on them, but "
            "the chi-square test and the indices made from it cannot be trusted."
        )
        notices += (Notice("saturated_not_converged", text, {"group": group.label}),)
    return notices


def _low_coverage(coverage: Array, names: Sequence[str], where: str) -> tuple[Notice, ...]:
    low = np.argwhere(np.triu(coverage < LOW_COVERAGE)).tolist()
    if not low:
        return ()
    pairs = [f"{names[i]} with {names[j]}" for i, j in low]
    lowest = float(coverage.min())
    text = (
        f"Some pairs of variables were answered together by fewer than {LOW_COVERAGE:.0%} of the "
        f"respondents{where}, the least by {lowest:.1%}: {listed(pairs, limit=6)}. Their "
        "covariances, and what the model makes of them, rest on very little."
    )
    return (Notice("low_coverage", text, {"minimum_coverage": lowest, "pairs": pairs}),)
