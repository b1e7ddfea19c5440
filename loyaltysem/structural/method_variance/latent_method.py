"""The unmeasured latent method factor: what all items share beyond their constructs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice
from loyaltysem.structural.measurement_model import (
    correlated,
    indicator_blocks,
    measurement_table,
    refit,
    table_from,
)
from loyaltysem.structural.rival_models import (
    Rival,
    best_model,
    rival,
    rivals_table,
    steps_table,
    try_model,
)
from loyaltysem.syntax import build_table, table_options, table_text
from loyaltysem.syntax.edit import revise
from loyaltysem.syntax.statements import Element, Modifiers
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.estimation import Fit
    from loyaltysem.syntax import ParameterTable

Loadings = Literal["free", "equal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFactor:
    """What an unmeasured method factor does to a model.

    Attributes
    ----------
    models
        Fit of ``traits`` (the confirmatory factor model), ``single_factor`` (method only),
        ``equal`` and ``free`` (constructs and a method factor with equal or free loadings), and
        ``restricted`` (the chosen one of these with the constructs' correlations held at those of
        ``traits``); columns of :func:`~loyaltysem.structural.rival_models.rivals_table`.
    steps
        Differences between them, see :func:`~loyaltysem.structural.rival_models.steps_table`. That
        of ``free`` and ``traits`` has no ``pvalue``: where there is no method factor its free
        loadings are not unique, so that the difference is no chi-square. ``equal`` against
        ``traits`` is the test of a method factor.
    chosen
        The method model that is described below: ``free`` where its solution is proper, else
        ``equal``; None where neither can be read.
    method_share, trait_share
        Mean squared standardized loading on the method factor and on the constructs; NaN without a
        method model.
    loadings
        By item: ``construct, loading`` (standardized, without the method factor), ``adjusted``
        (beside it) and ``method``, which is positive on the whole.
    correlations
        By pair of constructs: ``first, second, correlation, adjusted``.
    paths
        By path of the structural model: ``predictor, outcome, est, pvalue, std_all`` without the
        method factor and ``adj_est, adj_pvalue, adj_std_all`` with it. Empty where the model has no
        paths or does not converge with a method factor.
    notices
        What a reader must know: above all, what did not converge.
    """

    models: pd.DataFrame
    steps: pd.DataFrame
    chosen: Loadings | None
    method_share: float
    trait_share: float
    loadings: pd.DataFrame
    correlations: pd.DataFrame
    paths: pd.DataFrame
    notices: tuple[Notice, ...]


def method_factor(fit: Fit) -> MethodFactor:
    """Return what an unmeasured latent method factor takes, and what it changes.

    Parameters
    ----------
    fit
        A converged fit of a measurement or structural model of one group.

    Raises
    ------
    ModelSpecificationError
        The model has no latent variable, or several groups.

    Notes
    -----
    Podsakoff, MacKenzie, Lee & Podsakoff (2003), Journal of Applied Psychology 88, 879-903: each
    item loads on its construct and on a method factor that is uncorrelated with all constructs.
    ``equal`` fixes the method factor's loadings at 1 and frees its variance, which may come out
    negative, so that its difference test has one ordinary degree of freedom. The ladder of models
    and the share as mean squared standardized loading follow Richardson, Simmering & Sturman
    (2009), Organizational Research Methods 12, 762-800, who also found that the method detects bias
    poorly: it can take construct variance for method variance. Under the hypothesis of no method
    factor the loadings of ``free`` are not unique, and its difference test only describes.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> cfa = ls.fit("price =~ PR1 + PR2 + PR3 + PR4; image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> ls.method_factor(cfa).chosen
    'free'
    """
    base = measurement_table(fit.table)
    traits = rival("traits", refit(fit, base))
    equal = try_model("equal", fit, with_method_factor(base, "equal"))
    rivals = {
        "single_factor": try_model("single_factor", fit, _single_factor(base)),
        "equal": equal,
        "free": best_model("free", fit, with_method_factor(base, "free"), traits.fit, equal.fit),
    }
    chosen = _chosen(rivals)
    method = rivals[chosen].fit if chosen else None
    if method and traits.fit:
        restricted = _restricted(method.table, traits.fit)
        rivals["restricted"] = try_model("restricted", fit, restricted, method)
    paths, path_notices = _paths(fit, chosen)
    return MethodFactor(
        models=rivals_table([traits, *rivals.values()]),
        steps=_steps(traits, rivals, chosen),
        chosen=chosen,
        method_share=_share(method, method_only=True),
        trait_share=_share(method, method_only=False),
        loadings=_loadings(traits.fit, method),
        correlations=_correlations(traits.fit, method, base),
        paths=paths,
        notices=(*_state_notices(rivals), *path_notices),
    )


def with_method_factor(table: ParameterTable, loadings: Loadings) -> ParameterTable:
    """Return a model's table with a method factor that all indicators of its constructs share.

    With ``equal`` loadings all are 1 and the factor's variance is free; with ``free`` ones its
    variance is 1. The factor is uncorrelated with all latent variables.
    """
    name = factor_name(table)
    items = dict.fromkeys(item for block in indicator_blocks(table).values() for item in block)
    weight, variance = ("NA", "1") if loadings == "free" else ("1", "NA")
    lines = [
        f"{name} =~ " + " + ".join(f"{weight}*{quote(item)}" for item in items),
        f"{name} ~~ {variance}*{name}",
        *(f"{name} ~~ 0*{quote(latent)}" for latent in table.latent),
    ]
    text = "\n".join([table_text(table), *lines])
    return build_table(text, options=table_options(table))


def factor_name(table: ParameterTable) -> str:
    """Return a name for the method factor that the model does not use."""
    name = "method"
    while name in (*table.latent, *table.observed):
        name += "_"
    return name


def _single_factor(base: ParameterTable) -> ParameterTable:
    """Return the table of one factor behind all indicators."""
    name = factor_name(base)
    items = dict.fromkeys(item for block in indicator_blocks(base).values() for item in block)
    loadings = [Element(lhs=name, op="=~", rhs=item, modifiers=_FREE) for item in items]
    return table_from([*loadings, Element(lhs=name, op="~~", rhs=name, modifiers=_ONE)], base)


_FREE = Modifiers(freed=(True,))
_ONE = Modifiers(fixed=(1.0,))


def _chosen(rivals: dict[str, Rival]) -> Loadings | None:
    """Return the method model to describe: the freest one whose solution is proper."""
    names: tuple[Loadings, ...] = ("free", "equal")
    return next((name for name in names if rivals[name].state == "proper"), None)


def _restricted(table: ParameterTable, traits: Fit) -> ParameterTable:
    """Return a method model with the constructs' covariances of the model without it."""
    base = traits.table
    values = {
        (row.lhs, row.rhs): float(est) for row, est in zip(base.rows, traits.est, strict=True)
    }
    held = {(row.lhs, row.rhs) for row in correlated(base, base.latent)}
    return revise(
        table,
        lambda row: (
            replace(row, free=0, ustart=values[row.lhs, row.rhs])
            if row.op == "~~" and (row.lhs, row.rhs) in held
            else row
        ),
    )


def _steps(traits: Rival, rivals: dict[str, Rival], chosen: Loadings | None) -> pd.DataFrame:
    """Return the differences, without a p-value for the one that is no chi-square."""
    found = steps_table(_pairs(traits, rivals, chosen))
    not_regular = (found["less"] == "free") & (found["more"] == "traits")
    return found.assign(pvalue=found["pvalue"].mask(not_regular))


def _pairs(
    traits: Rival, rivals: dict[str, Rival], chosen: Loadings | None
) -> Iterable[tuple[Rival, Rival]]:
    """Yield (wider, narrower) models to compare."""
    yield traits, rivals["single_factor"]
    yield rivals["equal"], traits
    yield rivals["free"], rivals["equal"]
    yield rivals["free"], traits
    if chosen and "restricted" in rivals:
        yield rivals[chosen], rivals["restricted"]


def _standardized_loadings(fit: Fit) -> pd.DataFrame:
    rows = fit.estimates()
    return rows.loc[rows["op"] == "=~", ["lhs", "rhs", "std_all"]]


def _share(method: Fit | None, *, method_only: bool) -> float:
    """Return the mean squared standardized loading on the method factor, or on the constructs."""
    if method is None:
        return float("nan")
    rows = _standardized_loadings(method)
    ours = (rows["lhs"] == method.table.latent[-1]) == method_only
    per_item = (rows.loc[ours, "std_all"] ** 2).groupby(rows.loc[ours, "rhs"]).sum()
    return float(per_item.mean())


def _loadings(traits: Fit | None, method: Fit | None) -> pd.DataFrame:
    columns = ["item", "construct", "loading", "adjusted", "method"]
    if traits is None:
        return pd.DataFrame(columns=columns)
    table = _standardized_loadings(traits).set_axis(["construct", "item", "loading"], axis=1)
    if method is None:
        return table.assign(adjusted=np.nan, method=np.nan)[columns].reset_index(drop=True)
    both = _standardized_loadings(method).set_index(["lhs", "rhs"])["std_all"]
    factor = method.table.latent[-1]
    pairs = zip(table["construct"], table["item"], strict=True)
    table["adjusted"] = [both[pair] for pair in pairs]
    own = np.array([both[factor, item] for item in table["item"]])
    table["method"] = own if own.sum() >= 0 else -own  # the factor's direction is arbitrary
    return table[columns].reset_index(drop=True)


def _correlations(traits: Fit | None, method: Fit | None, base: ParameterTable) -> pd.DataFrame:
    columns = ["first", "second", "correlation", "adjusted"]
    if traits is None:
        return pd.DataFrame(columns=columns)
    before = traits.latent_correlations()
    after = method.latent_correlations() if method else before * np.nan
    pairs = [(row.lhs, row.rhs) for row in correlated(base, base.latent)]
    rows = [(a, b, before.loc[a, b], after.loc[a, b]) for a, b in pairs]
    return pd.DataFrame(rows, columns=columns)


def _paths(fit: Fit, chosen: Loadings | None) -> tuple[pd.DataFrame, list[Notice]]:
    """Return the structural paths without and with the method factor."""
    own = _path_rows(fit)
    if own.empty or chosen is None:
        return _no_paths(), []
    with_it = try_model("structural", fit, with_method_factor(fit.table, chosen), fit)
    if with_it.fit is None or not with_it.usable:
        text = "With a method factor the structural model gave no estimates that can be read."
        return _no_paths(), [Notice("method_paths_unreadable", text, {"state": with_it.state})]
    both = own.merge(_path_rows(with_it.fit, "adj_"), on=["predictor", "outcome"])
    return both, []


def _path_rows(fit: Fit, prefix: str = "") -> pd.DataFrame:
    rows = fit.estimates()
    rows = rows[rows["op"] == "~"]
    values = {prefix + name: rows[name] for name in ("est", "pvalue", "std_all")}
    frame = pd.DataFrame({"predictor": rows["rhs"], "outcome": rows["lhs"], **values})
    return frame.reset_index(drop=True)


def _no_paths() -> pd.DataFrame:
    names = ["est", "pvalue", "std_all", "adj_est", "adj_pvalue", "adj_std_all"]
    return pd.DataFrame(columns=["predictor", "outcome", *names])


def _state_notices(rivals: dict[str, Rival]) -> list[Notice]:
    """Say which method model has no solution, and that this is common."""
    notices = []
    for name in ("equal", "free"):
        state = rivals[name].state
        if state != "proper":
            text = (
                f"The model with a method factor of {name} loadings has no proper solution "
                f"({state.replace('_', ' ')}). Such models often have none; that neither shows nor "
                "excludes common-method variance."
            )
            notices.append(Notice("method_model_unusable", text, {"model": name, "state": state}))
    return notices
