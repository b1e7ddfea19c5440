"""Several models of the same answers: difference tests where nested, information criteria else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice
from loyaltysem.estimation import fit as fit_model
from loyaltysem.estimation.comparison import difference_test, same_data
from loyaltysem.estimation.nesting import REPRODUCED
from loyaltysem.structural.rival_models import measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.estimation import Fit

CRITERIA = ("aic", "bic")
INDICES = ("chisq", "df", "cfi", "rmsea", "srmr", *CRITERIA)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Models side by side.

    Attributes
    ----------
    models
        One row per model: ``chisq, df, cfi, rmsea, srmr, aic, bic``; ``aic_difference,
        bic_difference`` to the best model and ``aic_weight, bic_weight``, NaN unless all models
        explain the same answers by maximum likelihood.
    tests
        One row per pair of nested models: ``less, more`` (the one with more restrictions),
        ``chisq, df, pvalue`` of the difference.
    notices
        Why models were not compared.
    """

    models: pd.DataFrame
    tests: pd.DataFrame
    notices: tuple[Notice, ...]


def choose_model(fits: Mapping[str, Fit]) -> ModelChoice:
    """Compare models by difference tests where one is nested in another, and by AIC and BIC.

    Parameters
    ----------
    fits
        Two converged fits or more by name.

    Raises
    ------
    EstimationError
        There are fewer than two models.

    Notes
    -----
    Weights are ``exp(-d / 2)`` over their sum, where d is the difference to the smallest value:
    Akaike weights (Burnham & Anderson 2002; Wagenmakers & Farrell 2004), and with BIC approximate
    posterior probabilities under equal prior ones. They weigh the models at hand against each
    other; all may be wrong.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> free = ls.fit("image =~ IM1 + IM2 + IM3 + IM4", answers)
    >>> equal = ls.fit("image =~ IM1 + a*IM2 + a*IM3 + a*IM4", answers)
    >>> found = ls.choose_model({"free": free, "equal": equal})
    >>> found.models.index.tolist()
    ['free', 'equal']
    """
    if len(fits) < 2:
        raise EstimationError("A comparison needs two models or more", found=str(len(fits)))
    first, *others = fits.values()
    alike = all(_alike(first, other) for other in others)
    measures = {name: one.measures() for name, one in fits.items()}
    table = pd.DataFrame(
        {key: [measure(values, key) for values in measures.values()] for key in INDICES},
        index=pd.Index(list(fits), name="model"),
    )
    for criterion in CRITERIA:
        values = table[criterion].to_numpy() if alike else np.full(len(table), np.nan)
        table[f"{criterion}_difference"] = values - values.min()
        table[f"{criterion}_weight"] = information_weights(values)
    return ModelChoice(
        models=table,
        tests=pd.DataFrame(_tests(fits), columns=["less", "more", "chisq", "df", "pvalue"]),
        notices=() if alike else (_unlike(),),
    )


def information_weights(values: ArrayLike) -> NDArray[np.float64]:
    """Return the weights (k,) of models from their values of one information criterion.

    Examples
    --------
    >>> information_weights([100.0, 102.0, 110.0]).round(3).tolist()
    [0.727, 0.268, 0.005]
    """
    criterion = np.asarray(values, dtype=float)
    relative = np.exp(-(criterion - criterion.min()) / 2)
    return np.asarray(relative / relative.sum())


def is_nested(less: Fit, more: Fit) -> bool | None:
    """Tell whether ``more``, of more degrees of freedom, is nested in ``less``.

    It is when ``less`` reproduces whatever ``more`` implies (Bentler & Satorra 2010): here the
    moments at its estimates. None where the question cannot be answered: ordinal variables, several
    groups, or a search that fails.
    """
    if less.table.ordered or more.table.ordered or less.table.n_groups > 1:
        return None
    implied = more.implied()[more.table.group_labels[0]]
    means = implied.get("mean") if less.table.meanstructure else None
    try:
        found = fit_model(
            less.table, sample_cov=implied["cov"], sample_mean=means, n=more.n, se="none"
        )
    except EstimationError:
        return None
    if not found.tests:
        return None
    return bool(found.tests[0].statistic < REPRODUCED) or (None if not found.converged else False)


def _alike(first: Fit, other: Fit) -> bool:
    """Tell whether two fits explain the same answers by the same likelihood."""
    return (
        first.logl is not None
        and other.logl is not None
        and first.table.meanstructure == other.table.meanstructure
        and same_data(first, other)
    )


def _unlike() -> Notice:
    text = (
        "The models do not explain the same answers by maximum likelihood (other items, other "
        "respondents or another estimator), so that AIC and BIC cannot choose between them."
    )
    return Notice("models_not_comparable", text)


def _tests(fits: Mapping[str, Fit]) -> list[dict[str, object]]:
    """Return the difference tests of all pairs of nested models."""
    rows = []
    for (one, first), (two, second) in combinations(fits.items(), 2):
        less, more = sorted(((one, first), (two, second)), key=lambda pair: pair[1].df)
        test = _test(less[1], more[1])
        if test:
            rows.append({"less": less[0], "more": more[0], **test})
    return rows


def _test(less: Fit, more: Fit) -> dict[str, float]:
    """Return the difference test of two fits; nothing where they are not nested."""
    if less.df == more.df or not _tested_alike(less, more) or not is_nested(less, more):
        return {}
    try:
        found = difference_test(less, more)
    except EstimationError:
        return {}
    return {"chisq": found.statistic, "df": found.df, "pvalue": found.pvalue}


def _tested_alike(less: Fit, more: Fit) -> bool:
    """Tell whether the chi-squares of two fits are of the same answers and the same kind."""
    kinds = [[test.name for test in one.tests] for one in (less, more)]
    return (
        bool(kinds[0])
        and kinds[0] == kinds[1]
        and less.options.discrepancy == more.options.discrepancy
        and less.table.meanstructure == more.table.meanstructure
        and same_data(less, more)
    )
