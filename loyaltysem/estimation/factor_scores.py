"""Factor scores: what the answers say of each respondent's latent variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.baseline import exogenous_observed
from loyaltysem.estimation.implied import implied_moments
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.ordinal.scores import ordinal_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.ordinal.objective import OrdinalPoint
    from loyaltysem.estimation.structure import Structure

    Array = NDArray[np.float64]

ScoreMethod = Literal["regression", "bartlett"]

RANK = float(np.sqrt(np.finfo(float).eps))
"""Share of the largest singular value below which one counts as zero (MASS::ginv)."""


def factor_scores(fit: Fit, *, method: ScoreMethod = "regression") -> pd.DataFrame:
    """Return the factor scores of all respondents.

    Parameters
    ----------
    fit
        A model fitted to raw data, complete or not.
    method
        ``regression`` (Thurstone; empirical Bayes): E(eta | y), shrunk towards the mean; of ordinal
        answers its mode (EBM). ``bartlett``: maximum likelihood, unbiased but less precise. A
        latent variable without indicators of its own (of second order) has no Bartlett score and
        stands at its mean.

    Returns
    -------
    One row per respondent used, labelled as in the data, so that ``data.join(scores)`` brings the
    scores to their respondents; in the order of the data within each group. One column per latent
    variable; with several groups a first column ``group``. With missing values a row's scores come
    from the values that are there; NaN where a respondent answered no indicator of the latent
    variable (Bartlett), or nothing at all.

    Raises
    ------
    EstimationError
        The fit has no raw data, or ordinal variables beside observed outcomes.

    Notes
    -----
    With Sigma and mu of the row's observed variables: regression alpha + V(eta) Lambda' Sigma^-1
    (y - mu); Bartlett alpha + (Lambda' Sigma^-1 Lambda)^- Lambda' Sigma^-1 (y - mu). As lavaan's
    ``lavPredict``.
    """
    if method not in ("regression", "bartlett"):
        raise EstimationError(
            "Unknown kind of factor scores", found=f"'{method}'", expected="regression, bartlett"
        )
    scores_of = _ordinal_scores if fit.table.ordered else _continuous_scores
    frames = [_group_frame(fit, k, scores_of(fit, k, method)) for k in range(fit.table.n_groups)]
    return pd.concat(frames)


def _group_frame(fit: Fit, k: int, scores: Array) -> pd.DataFrame:
    group, latent = fit.moments.groups[k], fit.problem.structures[k].matrices.latent
    kept = [latent.index(name) for name in fit.table.latent]
    frame = _labelled(fit, group, pd.DataFrame(scores[:, kept], columns=list(fit.table.latent)))
    if fit.table.n_groups > 1:
        frame.insert(0, "group", group.label)
    return frame


def _continuous_scores(fit: Fit, k: int, method: ScoreMethod) -> Array:
    structure, group = fit.problem.structures[k], fit.moments.groups[k]
    point = implied_moments(structure, fit.theta)
    place = _Location.of(structure, point, group, modelled=fit.table.meanstructure)
    loadings = structure.matrices.lambda_.fill(fit.theta)
    if method == "bartlett":
        loadings = _explained_by_constructs(fit, structure, loadings)
    return _scores(raw_rows(group), place, loadings, point, method)


def _ordinal_scores(fit: Fit, k: int, method: ScoreMethod) -> Array:
    point: OrdinalPoint = fit.point  # type: ignore[assignment]
    return ordinal_scores(
        point.structures[k],
        point.groups[k],
        fit.theta,
        fit.moments.groups[k],
        fit.moments.names,
        prior=method == "regression",
    )


def _labelled(fit: Fit, group: GroupMoments, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores under the labels of the data's rows, NaN for rows without any value."""
    if fit.moments.index is None or group.places is None:
        return scores
    scores.index = pd.Index(group.places)
    if fit.options.models_gaps and group.empty is not None and len(group.empty):
        scores = scores.reindex(np.sort(np.concatenate([group.places, group.empty])))
    scores.index = fit.moments.index[scores.index.to_numpy()]
    return scores


def _explained_by_constructs(fit: Fit, structure: Structure, loadings: Array) -> Array:
    """Return ``loadings`` (p, m) with those of observed outcomes taken from their regressions.

    An outcome's latent stand-in only passes on what explains it (lavaan's ``computeLAMBDA``).
    """
    matrices = structure.matrices
    beta, covariates = matrices.beta.fill(fit.theta), exogenous_observed(fit.table)
    for place, (name, inner) in enumerate(zip(matrices.observed, matrices.stand_in, strict=True)):
        if inner >= 0 and name not in covariates:
            loadings[place] = beta[inner]
    return loadings


@dataclass(frozen=True, slots=True)
class _Location:
    """Means of the observed (p,) and of the latent variables (m,)."""

    observed: Array
    latent: Array

    @classmethod
    def of(
        cls, structure: Structure, point: Implied, group: GroupMoments, *, modelled: bool
    ) -> _Location:
        """Return implied means, or without a mean structure those that the sample's means imply.

        Observed variables with a latent stand-in then pass their sample means on.
        """
        if modelled:
            return cls(point.mu, point.mean_lv)
        observed = np.flatnonzero(structure.matrices.stand_in >= 0)
        inner = structure.matrices.stand_in[observed]
        alpha = np.zeros(structure.m)
        if len(inner):
            reach = point.inverse[np.ix_(inner, inner)]
            alpha[inner] = np.linalg.solve(reach, group.mean[observed])
        return cls(group.mean, point.inverse @ alpha)


def _scores(
    rows: Array, place: _Location, loadings: Array, point: Implied, method: ScoreMethod
) -> Array:
    """Return the scores (n, m), one missing-data pattern at a time."""
    scores = np.empty((len(rows), len(place.latent)))
    for pattern, chosen in _patterns(~np.isnan(rows)):
        centred = rows[chosen][:, pattern] - place.observed[pattern]
        weights = _weights(loadings[pattern], point, pattern, method)
        scores[chosen] = place.latent + centred @ weights.T
    return scores


def _patterns(
    seen: NDArray[np.bool_],
) -> Iterator[tuple[NDArray[np.bool_], slice | NDArray[np.bool_]]]:
    """Yield each pattern of values that are there (p,) with the rows that have it."""
    if seen.all():
        yield seen[0], slice(None)
        return
    packed = np.packbits(seen, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, member = np.unique(keys, return_index=True, return_inverse=True)
    for k, row in enumerate(first):
        yield seen[row], member.ravel() == k


def _weights(
    loadings: Array, point: Implied, pattern: NDArray[np.bool_], method: ScoreMethod
) -> Array:
    """Return the weights (m, observed) of one pattern's variables."""
    sigma = point.sigma[np.ix_(pattern, pattern)]
    along = np.linalg.solve(sigma, loadings).T
    if method == "regression":
        weights: Array = point.cov_lv @ along
        return weights
    weights = np.linalg.pinv(along @ loadings, rcond=RANK, hermitian=True) @ along
    if not pattern.all():
        weights[~loadings.any(axis=0)] = np.nan
    return weights
