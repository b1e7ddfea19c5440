"""What kind of mediation the indirect effects speak for, and which share they have of the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, listed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from loyaltysem.structural.effect_inference import Method
    from loyaltysem.structural.effects import Effects

MediationKind = Literal[
    "complementary",
    "competitive",
    "indirect_only",
    "direct_only",
    "no_effect",
    "no_direct_path",
    "unknown",
]
"""Kinds of mediation of Zhao, Lynch & Chen (2010).

``complementary`` (partial mediation): indirect and direct effect differ from zero and have the same
sign; ``competitive``: opposite signs; ``indirect_only`` (full mediation); ``direct_only``;
``no_effect``: neither differs from zero. Beyond their scheme, ``no_direct_path``: the indirect
effect differs from zero, but the model fixes the direct one at zero, so that full and partial
mediation cannot be told apart; ``unknown``: there is no interval to judge by.
"""

_JUDGES: tuple[Method, ...] = ("perc", "mc", "delta")


def judging_method(found: Effects) -> Method:
    """Return the interval by which effects are judged: percentile, else Monte Carlo, else delta.

    Percentile rather than bias-corrected limits, which find effects too often where there are none
    (Fritz, Taylor & MacKinnon 2012).
    """
    return next(method for method in _JUDGES if method in found.methods)


def mediation(
    found: Effects, *, method: Method | None = None, standardized: bool = False
) -> pd.DataFrame:
    """Return what each indirect effect amounts to beside its direct effect.

    Parameters
    ----------
    found
        The effects of a fit.
    method
        The interval that judges whether an effect differs from zero: it does when the interval
        leaves zero out. None takes :func:`judging_method`.
    standardized
        Whether to judge standardized effects.

    Returns
    -------
    DataFrame
        One row per specific indirect path and per total indirect effect: ``group, from, to, kind,
        path, est, lower, upper, direct, direct_lower, direct_upper, total, proportion,
        mediation``. ``direct`` is NaN where the model has no direct path. ``proportion`` is the
        share of the total effect (Preacher & Kelley 2011), NaN unless all parts of the total have
        one sign: otherwise it is no share of anything.

    Raises
    ------
    EstimationError
        There are no intervals of that method.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> model = '''
    ... price =~ PR1 + PR2 + PR3 + PR4
    ... image =~ IM1 + IM2 + IM3 + IM4
    ... value =~ PE1 + PE2 + PE3 + PE4
    ... value ~ a*image
    ... price ~ b*value + image
    ... '''
    >>> found = ls.effects(ls.fit(model, answers))
    >>> ls.mediation(found)[["path", "mediation"]].values.tolist()
    [['image -> value -> price', 'complementary'], ['image -> price', 'complementary']]
    """
    method = method or judging_method(found)
    if method not in found.methods:
        raise EstimationError(
            "There are no such intervals of the effects",
            found=method,
            expected=listed(found.methods),
            remedy="Give a bootstrap of the fit to effects().",
        )
    frame = found.table(standardized=standardized)
    prefix = "ci" if method == "delta" else method
    frame = frame.rename(columns={f"{prefix}_lower": "lower", f"{prefix}_upper": "upper"})
    pairs = frame.groupby(["group", "from", "to"], sort=False)
    rows = [row for _, pair in pairs for row in _pair_rows(pair)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    "group", "from", "to", "kind", "path", "est", "lower", "upper", "direct", "direct_lower",
    "direct_upper", "total", "proportion", "mediation",
)  # fmt: skip


def _pair_rows(pair: pd.DataFrame) -> list[dict[Hashable, object]]:
    """Return the rows of one pair of variables; none where no path is indirect."""
    indirect = pair[pair["kind"].isin(["indirect", "total_indirect"])]
    direct = pair[pair["kind"] == "direct"]
    ends = direct[["est", "lower", "upper"]].to_numpy()
    value, lower, upper = ends[0] if len(ends) else (np.nan, np.nan, np.nan)
    total = float(pair.loc[pair["kind"] == "total", "est"].iloc[0])
    specific = pair["kind"] == "indirect"
    mediated = specific if specific.any() else pair["kind"] == "total_indirect"
    parts = pair.loc[mediated | (pair["kind"] == "direct"), "est"].to_numpy()
    shares = bool((parts > 0).all() or (parts < 0).all())
    return [
        {
            **{name: row[name] for name in _COLUMNS[:8]},
            "direct": value,
            "direct_lower": lower,
            "direct_upper": upper,
            "total": total,
            "proportion": row["est"] / total if shares else np.nan,
            "mediation": mediation_kind(
                (row["est"], row["lower"], row["upper"]),
                (value, lower, upper) if len(ends) else None,
            ),
        }
        for row in indirect.to_dict("records")
    ]


def mediation_kind(
    indirect: tuple[float, float, float], direct: tuple[float, float, float] | None
) -> MediationKind:
    """Return the kind of mediation from (estimate, lower, upper) of both effects.

    ``direct`` is None where the model has no direct path.
    """
    if not np.isfinite([*indirect, *(direct or ())]).all():
        return "unknown"
    mediated = _differs(indirect)
    if direct is None:
        return "no_direct_path" if mediated else "no_effect"
    if mediated and _differs(direct):
        return "complementary" if indirect[0] * direct[0] > 0 else "competitive"
    if mediated:
        return "indirect_only"
    return "direct_only" if _differs(direct) else "no_effect"


def _differs(effect: tuple[float, float, float]) -> bool:
    """Tell whether the interval leaves zero out."""
    _, lower, upper = effect
    return lower > 0 or upper < 0
