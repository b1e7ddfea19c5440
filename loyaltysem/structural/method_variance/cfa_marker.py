"""The confirmatory factor analysis marker technique of Williams, Hartman & Cavazotte (2010)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from loyaltysem.errors import ModelSpecificationError, Notice, did_you_mean, listed
from loyaltysem.structural.measurement_model import (
    correlated,
    indicator_blocks,
    measurement_table,
    refit,
)
from loyaltysem.structural.rival_models import (
    Rival,
    in_steps,
    rival,
    rivals_table,
    steps_table,
    try_model,
)
from loyaltysem.syntax.edit import add, constrain, revise
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.syntax import Parameter, ParameterTable

SIGNIFICANCE = 0.05
"""Level of the difference tests that choose between the models."""

Loadings = Literal["method_c", "method_u"]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerFactor:
    """What a measured marker variable says of method variance.

    Attributes
    ----------
    marker
        The marker's latent variable.
    models
        Fit of ``cfa`` (all latent variables correlate), ``baseline`` (marker uncorrelated, its
        loadings and residual variances held at those of ``cfa``), ``method_c`` and ``method_u``
        (the items of the other constructs load on it, equally or freely) and ``method_r`` (the
        chosen one with the constructs' correlations held at those of ``baseline``).
    steps
        Their difference tests: method_c against baseline asks whether there is marker variance in
        the items, method_u against method_c whether it is the same in all, method_r against the
        chosen one whether it biases the constructs' correlations.
    chosen
        ``method_u`` where it fits better than ``method_c`` at ``SIGNIFICANCE``, else ``method_c``;
        None where the latter cannot be read.
    loadings
        By item: ``construct, item, loading`` (standardized, of the chosen model), ``method``,
        ``pvalue`` of the loading on the marker.
    reliability
        By construct: ``total, substantive, method`` and ``method_share`` = method / total.
    correlations
        By pair of constructs: ``baseline``, ``adjusted`` (chosen model), and ``sensitivity_05``,
        ``sensitivity_01``, where the loadings on the marker are held at the ends of their 95 and
        99 % confidence intervals that lie farther from zero.
    notices
        What a reader must know.
    """

    marker: str
    models: pd.DataFrame
    steps: pd.DataFrame
    chosen: Loadings | None
    loadings: pd.DataFrame
    reliability: pd.DataFrame
    correlations: pd.DataFrame
    notices: tuple[Notice, ...]


def marker_factor(fit: Fit, marker: str) -> MarkerFactor:
    """Return what a marker variable takes of the items' variance, and what it changes.

    Parameters
    ----------
    fit
        A fit of one group whose measurement part has the marker among its latent variables; paths
        are set aside.
    marker
        The latent variable that in theory has nothing to do with the others and was measured with
        the same method.

    Raises
    ------
    ModelSpecificationError
        The model has no such latent variable with two indicators or more, or only one construct
        beside it.

    Notes
    -----
    Williams, Hartman & Cavazotte (2010), Organizational Research Methods 13, 477-514. Reliability
    is decomposed from completely standardized loadings, where method loadings of a construct's
    items sum to ``M``, its own to ``L`` and the residual variances to ``E``: total
    ``(L² + M²) / (L² + M² + E)``, of which ``M² / (L² + M² + E)`` is the method's.
    """
    base = measurement_table(fit.table)
    _check(base, marker)
    cfa = rival("cfa", refit(fit, base))
    if cfa.fit is None:
        return _without_models(marker, cfa)
    baseline = try_model("baseline", fit, _baseline(cfa.fit, marker), cfa.fit)
    rivals = [cfa, baseline]
    for name in ("method_c", "method_u"):
        table = _with_method(_baseline(cfa.fit, marker), marker, equal=name == "method_c")
        rivals.append(try_model(name, fit, table, baseline.fit))
    steps = steps_table(reversed_pairs(rivals[1:]))
    chosen = _choice(rivals[2], rivals[3], steps)
    method = None if chosen is None else rivals[3 if chosen == "method_u" else 2].fit
    if method is None or baseline.fit is None:
        return replace(_without_models(marker, cfa), models=rivals_table(rivals), steps=steps)
    held = _held(method.table, _estimates(baseline.fit, _substantive_pairs(base, marker)))
    restricted = try_model("method_r", fit, held, method)
    last = steps_table([(rivals[3 if chosen == "method_u" else 2], restricted)])
    return MarkerFactor(
        marker=marker,
        models=rivals_table([*rivals, restricted]),
        steps=pd.concat([steps, last], ignore_index=True),
        chosen=chosen,
        loadings=_loadings(method, marker),
        reliability=_reliability(method, marker),
        correlations=_correlations(fit, baseline.fit, method, marker),
        notices=_notices([*rivals, restricted]),
    )


def reversed_pairs(rivals: list[Rival]) -> list[tuple[Rival, Rival]]:
    """Return (wider, narrower) models of a list that goes from the narrowest to the widest."""
    return [(wide, narrow) for narrow, wide in in_steps(rivals)]


def _check(table: ParameterTable, marker: str) -> None:
    blocks = indicator_blocks(table)
    if len(blocks.get(marker, ())) < 2:
        raise ModelSpecificationError(
            "The marker must be a latent variable of the model with two items or more",
            found=f"'{marker}'",
            expected=listed(name for name, items in blocks.items() if len(items) > 1),
            remedy=did_you_mean(marker, [name for name in blocks if name != marker]),
        )
    if len(blocks) < 3:
        raise ModelSpecificationError(
            "A marker model needs two constructs or more beside the marker",
            found=listed(name for name in blocks if name != marker) or "none",
        )


def _without_models(marker: str, cfa: Rival) -> MarkerFactor:
    """Return what is left where the models give no solution."""
    text = "The models with a marker factor have no solution that can be read."
    return MarkerFactor(
        marker=marker,
        models=rivals_table([cfa]),
        steps=steps_table([]),
        chosen=None,
        loadings=pd.DataFrame(columns=["construct", "item", "loading", "method", "pvalue"]),
        reliability=pd.DataFrame(columns=["total", "substantive", "method", "method_share"]),
        correlations=pd.DataFrame(columns=[*_PAIR, *_ADJUSTED]),
        notices=(Notice("marker_models_unusable", text, {"marker": marker}),),
    )


# --- the models --------------------------------------------------------------------------------


def _baseline(cfa: Fit, marker: str) -> ParameterTable:
    """Return the model with an uncorrelated marker whose own measurement is that of the CFA."""
    items = indicator_blocks(cfa.table)[marker]
    values = {_key(row): float(est) for row, est in zip(cfa.table.rows, cfa.est, strict=True)}

    def change(row: Parameter) -> Parameter:
        if not row.free:
            return row
        own = row.op == "=~" and row.lhs == marker
        residual = row.op == "~~" and row.lhs == row.rhs and row.lhs in items
        between = row.op == "~~" and marker in (row.lhs, row.rhs) and row.lhs != row.rhs
        if own or residual:
            return replace(row, free=0, ustart=values[_key(row)])
        return replace(row, free=0, ustart=0.0) if between else row

    return revise(cfa.table, change)


def _with_method(table: ParameterTable, marker: str, *, equal: bool) -> ParameterTable:
    """Return the model in which the other constructs' items load on the marker."""
    blocks = indicator_blocks(table)
    items = dict.fromkeys(i for name, block in blocks.items() if name != marker for i in block)
    own = set(blocks[marker])
    for item in items:
        if item not in own:
            table = add(table, f"{quote(marker)} =~ {quote(item)}")
    if equal:
        first, *others = [row.plabel for row in table.rows if _is_method(row, marker) and row.free]
        for other in others:
            table = constrain(table, f"{first} == {other}")
    return table


def _held(table: ParameterTable, values: Mapping[Key, float]) -> ParameterTable:
    """Return a table with some free parameters fixed; constraints among them are dropped."""
    gone = {row.plabel for row in table.rows if _key(row) in values}
    kept = [row for row in table.rows if not (row.is_constraint and {row.lhs, row.rhs} & gone)]
    return revise(
        replace(table, rows=tuple(kept)),
        lambda row: replace(row, free=0, ustart=values[_key(row)]) if _key(row) in values else row,
    )


def _choice(equal: Rival, free: Rival, steps: pd.DataFrame) -> Loadings | None:
    if not equal.usable:
        return "method_u" if free.usable else None
    pvalue = float(steps["pvalue"].iloc[-1])
    return "method_u" if free.state == "proper" and pvalue < SIGNIFICANCE else "method_c"


# --- what they say -----------------------------------------------------------------------------

_PAIR = ("first", "second")
_ADJUSTED = ("baseline", "adjusted", "sensitivity_05", "sensitivity_01")


def _key(row: Parameter) -> Key:
    return row.lhs, row.op, row.rhs


def _is_method(row: Parameter, marker: str) -> bool:
    return row.op == "=~" and row.lhs == marker


def _substantive_pairs(table: ParameterTable, marker: str) -> list[Key]:
    names = [name for name in table.latent if name != marker]
    return [_key(row) for row in correlated(table, names)]


def _estimates(fit: Fit, keys: Collection[Key]) -> dict[Key, float]:
    values = zip(fit.table.rows, fit.est, strict=True)
    return {_key(row): float(est) for row, est in values if _key(row) in keys}


def _loadings(method: Fit, marker: str) -> pd.DataFrame:
    rows = method.estimates()
    rows = rows[rows["op"] == "=~"]
    on_marker = rows[rows["lhs"] == marker].set_index("rhs")
    own = rows[rows["lhs"] != marker]
    frame = pd.DataFrame(
        {"construct": own["lhs"], "item": own["rhs"], "loading": own["std_all"]}
    ).reset_index(drop=True)
    for name, source in (("method", "std_all"), ("pvalue", "pvalue")):
        frame[name] = on_marker[source].reindex(frame["item"]).to_numpy()
    return frame


def _reliability(method: Fit, marker: str) -> pd.DataFrame:
    rows = {}
    for name, items in _loadings(method, marker).groupby("construct", sort=False):
        own, other = items["loading"].to_numpy(), items["method"].fillna(0.0).to_numpy()
        error = float((1 - own**2 - other**2).sum())
        parts = np.array([own.sum() ** 2, other.sum() ** 2]) / (
            own.sum() ** 2 + other.sum() ** 2 + error
        )
        total = float(parts.sum())
        rows[str(name)] = {
            "total": total,
            "substantive": float(parts[0]),
            "method": float(parts[1]),
            "method_share": float(parts[1]) / total if total else float("nan"),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _correlations(fit: Fit, baseline: Fit, method: Fit, marker: str) -> pd.DataFrame:
    """Return the constructs' correlations under each model."""
    names = [name for name in method.table.latent if name != marker]
    fits: dict[str, Fit | None] = {"baseline": baseline, "adjusted": method}
    for name, level in (("sensitivity_05", 0.95), ("sensitivity_01", 0.99)):
        held = _held(method.table, _far_ends(method, marker, level))
        found = try_model(name, fit, held, method)
        fits[name] = found.fit if found.usable else None
    pairs = [(row.lhs, row.rhs) for row in correlated(method.table, names)]
    columns = {name: _at(one, pairs) for name, one in fits.items()}
    return pd.DataFrame(pairs, columns=list(_PAIR)).assign(**columns)


def _at(fit: Fit | None, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
    """Return the correlations of pairs of latent variables; NaN without a fit."""
    if fit is None:
        return np.full(len(pairs), np.nan)
    R = fit.latent_correlations()
    at = [(R.index.get_loc(a), R.columns.get_loc(b)) for a, b in pairs]
    return np.array([R.to_numpy()[place] for place in at])


def _far_ends(method: Fit, marker: str, level: float) -> dict[Key, float]:
    """Return the loadings on the marker at the ends of their intervals farther from zero."""
    width = float(ndtri(0.5 + level / 2))
    values = zip(method.table.rows, method.est, method.se, strict=True)
    return {
        _key(row): float(est + np.copysign(width * se, est))
        for row, est, se in values
        if _is_method(row, marker) and row.free
    }


def _notices(rivals: list[Rival]) -> tuple[Notice, ...]:
    """Say which models have no proper solution."""
    return tuple(
        Notice(
            "marker_model_unusable",
            f"The marker model {one.name} has no proper solution ({one.state.replace('_', ' ')}).",
            {"model": one.name, "state": one.state},
        )
        for one in rivals
        if one.state != "proper"
    )
