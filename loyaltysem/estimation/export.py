"""A fit as plain JSON-ready values, under lavaan's names.

The shape is ``converged, n, n_per_group, group_labels, npar, warnings, parameters, fit, extras``;
matrices are ``{rows, cols, values}``; what does not exist is null.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, did_you_mean
from loyaltysem.estimation.ordinal.reading import ordinal_part
from loyaltysem.estimation.residuals import residual_frames, residual_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from loyaltysem.estimation.factor_scores import ScoreMethod
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.ordinal.moments import OrdinalMoments
    from loyaltysem.estimation.residuals import ResidualKind

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Frames: TypeAlias = "Mapping[str, pd.DataFrame | pd.Series]"

RESIDUALS: dict[str, ResidualKind] = {
    "cor_bentler": "cor.bentler",
    "normalized": "normalized",
    "standardized": "standardized",
}


def export_fit(fit: Fit, extras: Sequence[str] = ()) -> dict[str, Json]:
    """Return a fit as values that ``json.dumps`` takes.

    Parameters
    ----------
    fit
        The fitted model.
    extras
        Names in `EXTRAS` of what else to compute.

    Returns
    -------
    dict
        ``npar`` counts free parameters before equality constraints, as lavaan does; that after
        them is in ``fit``. A defined parameter has group 0, but 1 among the ``parameters`` of a
        model without groups.

    Raises
    ------
    EstimationError
        An unknown extra. One that the fit does not have is ``{"error": reason}``.
    """
    for name in extras:
        if name not in EXTRAS:
            raise EstimationError(
                "Unknown extra",
                found=f"'{name}'",
                expected=", ".join(EXTRAS),
                remedy=did_you_mean(name, EXTRAS),
            )
    labels = [label for label in fit.table.group_labels if label]
    return {
        "estimator": fit.options.estimator,
        "engine": fit.options.engine,
        "converged": fit.converged,
        "n": fit.n,
        "n_per_group": list(fit.n_per_group),
        "group_labels": list(labels),
        "npar": fit.table.n_free,
        "warnings": [str(notice) for notice in fit.notices],
        "parameters": _parameters(fit),
        "fit": {name: _value(value) for name, value in fit.measures().items()},
        "extras": {name: _extra(fit, name) for name in extras},
    }


def _extra(fit: Fit, name: str) -> Json:
    """Return an extra; where the fit has none, ``error`` says why and the rest stands."""
    try:
        return EXTRAS[name](fit)
    except EstimationError as error:
        return {"error": str(error)}


def _parameters(fit: Fit) -> Json:
    labels = {k + 1: label for k, label in enumerate(fit.table.group_labels)}
    frame = fit.estimates()
    frame["group"] = frame["group"].clip(lower=int(fit.table.n_groups == 1))
    frame.insert(4, "group_label", [labels.get(group, "") for group in frame["group"]])
    return records(frame)


# --- plain values ----------------------------------------------------------------------------


def records(frame: pd.DataFrame) -> list[Json]:
    """Return a data frame as a list of rows."""
    columns = [[_value(value) for value in frame[name].tolist()] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain(values: pd.DataFrame | pd.Series) -> Json:
    """Return a matrix as ``{rows, cols, values}`` and a vector as ``{name: value}``."""
    if isinstance(values, pd.Series):
        return {str(name): _value(value) for name, value in values.items()}
    return _matrix(values)


def _matrix(values: pd.DataFrame) -> dict[str, Json]:
    return {
        "rows": [str(name) for name in values.index],
        "cols": [str(name) for name in values.columns],
        "values": [[_value(value) for value in row] for row in values.to_numpy().tolist()],
    }


def _value(value: object) -> Json:
    """Return a scalar; NaN and infinities, which JSON does not know, become null."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return None if value is None else str(value)


def _by_group(fit: Fit, values: Mapping[str, Json]) -> Json:
    """Return values by group label; without groups the only value itself."""
    return dict(values) if fit.table.n_groups > 1 else next(iter(values.values()))


def _frames(fit: Fit, groups: Mapping[str, Frames], **more: Json) -> Json:
    names = _SHORT_GIVEN_COVARIATES if fit.table.conditional_x else _SHORT
    shown: dict[str, Json] = {
        label: {**more, **{names.get(key, key): plain(value) for key, value in frames.items()}}
        for label, frames in groups.items()
    }
    return _by_group(fit, shown)


_SHORT = {"thresholds": "th"}
_SHORT_GIVEN_COVARIATES = {
    "cov": "res.cov",
    "mean": "res.int",
    "thresholds": "res.th",
    "slopes": "res.slopes",
    "covariate_cov": "cov.x",
    "covariate_mean": "mean.x",
}


# --- extras ----------------------------------------------------------------------------------


def _r2(fit: Fit) -> Json:
    values = fit.r2()
    if not isinstance(values, pd.Series):
        return {name: _value(value) for name, value in values.items()}
    if not isinstance(values.index, pd.MultiIndex):
        return plain(values)
    return {
        str(label): plain(part.droplevel(0)) for label, part in values.groupby(level=0, sort=False)
    }


def _latent(fit: Fit, of_group: Callable[[int], pd.DataFrame]) -> Json:
    labels = fit.table.group_labels
    return _by_group(fit, {label: plain(of_group(k + 1)) for k, label in enumerate(labels)})


def _standardized_solution(fit: Fit) -> Json:
    columns = ["lhs", "op", "rhs", "group", "est_std", "se", "z", "pvalue", "ci_lower", "ci_upper"]
    return records(fit.standardized()[columns])


def _residuals(fit: Fit) -> Json:
    return {
        **{name: _of_kind(fit, kind) for name, kind in RESIDUALS.items()},
        "summary": _summary(fit),
    }


def _of_kind(fit: Fit, kind: ResidualKind) -> Json:
    """Return residuals; where the data have none of the kind, ``error`` says why."""
    try:
        return _frames(fit, residual_frames(fit, kind), type=kind)
    except EstimationError as error:
        return {"error": str(error)}


def _summary(fit: Fit) -> Json:
    try:
        tables = residual_summary(fit)
    except EstimationError:
        return None
    return _by_group(fit, {label: plain(table) for label, table in tables.items()})


def _ordinal_parts(fit: Fit) -> Mapping[str, OrdinalMoments]:
    """Return the ordinal moments by group label.

    Raises
    ------
    EstimationError
        There are no ordinal variables.
    """
    if not fit.table.ordered:
        raise EstimationError("The model has no ordinal variables, so there are no thresholds")
    labels = fit.table.group_labels
    parts = [ordinal_part(group) for group in fit.moments.groups]
    return dict(zip(labels, parts, strict=True))


def _sample_part(fit: Fit, key: str) -> Json:
    _ordinal_parts(fit)
    return _by_group(fit, {label: plain(frames[key]) for label, frames in fit.sample().items()})


def _gamma_diagonal(fit: Fit) -> Json:
    gammas = {label: part.gamma for label, part in _ordinal_parts(fit).items()}
    diagonals: dict[str, Json] = {
        label: None if gamma is None else np.diagonal(gamma).tolist()
        for label, gamma in gammas.items()
    }
    return _by_group(fit, diagonals)


def _weight_diagonal(fit: Fit) -> Json:
    labels = _ordinal_parts(fit)
    weights = [target.weight for target in fit.point.targets]  # type: ignore[attr-defined]
    diagonals: dict[str, Json] = {
        label: (weight if weight.ndim == 1 else np.diagonal(weight)).tolist()
        for label, weight in zip(labels, weights, strict=True)
    }
    return _by_group(fit, diagonals)


def _factor_scores(fit: Fit, method: ScoreMethod) -> Json:
    scores = fit.factor_scores(method)
    if fit.table.n_groups == 1:
        return {**_matrix(scores.head(10)), "rows": None}
    parts = scores.groupby("group", sort=False)
    return {
        str(label): {**_matrix(part.drop(columns="group").head(10)), "rows": None}
        for label, part in parts
    }


def _score_tests(fit: Fit) -> Json:
    tests = fit.score_tests()
    names = {"chisq": "X2", "pvalue": "p.value"}
    total = tests.total.rename(columns=names).assign(test="score")
    return {"test": records(total), "uni": records(tests.univariate.rename(columns=names))}


EXTRAS: dict[str, Callable[[Fit], Json]] = {
    "r2": _r2,
    "implied": lambda fit: _frames(fit, fit.implied()),
    "sampstat": lambda fit: _frames(fit, fit.sample()),
    "residuals_raw": lambda fit: _frames(fit, residual_frames(fit, "raw")),
    "cor_lv": lambda fit: _latent(fit, fit.latent_correlations),
    "cov_lv": lambda fit: _latent(fit, fit.latent_covariances),
    "standardized_solution": _standardized_solution,
    "modindices_top20": lambda fit: records(fit.modification_indices().head(20)),
    "residuals": _residuals,
    "factor_scores_first10": lambda fit: {
        method: _factor_scores(fit, method) for method in ("regression", "bartlett")
    },
    "thresholds": lambda fit: _sample_part(fit, "thresholds"),
    "polychoric": lambda fit: _sample_part(fit, "cov"),
    "wls_v_diag": _weight_diagonal,
    "gamma_diag": _gamma_diagonal,
    "vcov": lambda fit: plain(fit.vcov_frame()),
    "score_test": _score_tests,
}
