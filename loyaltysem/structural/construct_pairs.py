"""Whether any two constructs of a measurement model could be one: their correlation held at 1."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.comparison import held_parameter_test
from loyaltysem.structural.groups.multiplicity import adjusted
from loyaltysem.structural.measurement_model import correlated, refit
from loyaltysem.syntax.edit import fix
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit

_LEVEL = 0.05


def constrained_pairs(cfa: Fit) -> pd.DataFrame:
    """Test for each pair of constructs whether the data allow a correlation of 1 (or -1).

    Parameters
    ----------
    cfa
        The fit of a measurement model whose constructs have variances of 1 and correlate freely,
        see :func:`~loyaltysem.structural.measurement_model.measurement_table`.

    Returns
    -------
    DataFrame
        One row per pair: ``first, second, correlation, chisq_diff, df_diff, pvalue``,
        ``pvalue_holm`` (Holm's correction for all pairs) and ``distinct`` (it is below .05). NaN
        where the constrained model found no solution.

    Notes
    -----
    Anderson & Gerbing (1988), Psychological Bulletin 103, 411-423; Bagozzi & Phillips (1982). The
    bound of the parameter space makes the test conservative. After MLM and MLR the difference is
    scaled by Satorra's (2000) factor for one restriction, which has a value however badly the
    constrained model fits. As
    :func:`~loyaltysem.measurement.discriminant.constrained_correlation_tests`, which begins from
    model text.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> cfa = ls.fit("price =~ PR1 + PR2 + PR3 + PR4; image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> ls.constrained_pairs(cfa).shape[0]
    1
    """
    found = cfa.latent_correlations()
    rows = [
        {"first": first, "second": second, "correlation": float(value)}
        | _difference(cfa, first, second, float(np.sign(value)) or 1.0)
        for first, second in combinations(found.index, 2)
        for value in [found.to_numpy()[found.index.get_loc(first), found.index.get_loc(second)]]
    ]
    table = pd.DataFrame(rows)
    table["pvalue_holm"] = adjusted(table["pvalue"], "holm")
    table["distinct"] = table["pvalue_holm"] < _LEVEL
    return table


def _difference(cfa: Fit, first: str, second: str, bound: float) -> dict[str, float]:
    unknown = {"chisq_diff": np.nan, "df_diff": np.nan, "pvalue": np.nan}
    (row,) = correlated(cfa.table, [first, second])
    name = f"{quote(row.lhs)} ~~ {quote(row.rhs)}"
    try:
        held = refit(cfa, fix(cfa.table, name, bound))
        step = held_parameter_test(cfa, held)
    except EstimationError:
        return unknown
    if not held.converged:
        return unknown
    return {"chisq_diff": step.statistic, "df_diff": step.df, "pvalue": step.pvalue}
