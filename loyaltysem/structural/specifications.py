"""One model under all sensible analyses: how far its paths depend on the researcher's choices.

Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4, 1208-1214; Steegen, Tuerlinckx, Gelman
& Vanpaemel (2016), Perspectives on Psychological Science 11, 702-712 ('multiverse analysis').
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import LoyaltysemError
from loyaltysem.estimation.fitting import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.syntax.statements import Statements

Gaps = Literal["listwise", "available"]
Items = Literal["all", "without_weakest"]
Controls = Literal["with", "without"]
Status = Literal["fitted", "improper", "not_converged", "refused"]

CATEGORICAL = ("WLSMV", "ULSMV", "WLSM", "DWLS", "WLS")
"""Estimators that take the answers as ordered categories."""

DECISIONS = ("estimator", "gaps", "respondents", "items", "controls")
"""The choices of a specification, in the order in which they are reported."""

MOST_CATEGORIES = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One way to analyse the data.

    Attributes
    ----------
    estimator
        As in :func:`loyaltysem.fit`; the ordinal ones take answers as ordered categories.
    gaps
        ``listwise``, or all ``available`` answers: full-information ML, for ordinal estimators
        pairwise.
    respondents
        Which respondents: the name of a table of answers.
    items
        ``all``, or without the weakest item of each construct of four or more.
    controls
        Whether control variables are in the model.
    """

    estimator: str
    gaps: Gaps = "listwise"
    respondents: str = ""
    items: Items = "all"
    controls: Controls = "with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one specification gave.

    Attributes
    ----------
    specification
        The choices.
    status
        ``fitted``; ``improper`` (negative variance or the like: estimates are kept);
        ``not_converged`` and ``refused`` have no estimates, and ``reason`` says why.
    n
        Number of respondents used.
    paths
        One row per regression: ``outcome, predictor``, and completely standardized ``est, se,
        pvalue, ci_lower, ci_upper``. Standardized, because the unit of a latent variable changes
        with its items and with the estimator.
    measures
        Fit measures by lavaan's names.
    """

    specification: Specification
    status: Status
    n: int = 0
    paths: pd.DataFrame
    measures: Mapping[str, float]
    reason: str = ""


def all_specifications(
    *,
    estimators: Sequence[str],
    gaps: Sequence[Gaps] = ("listwise",),
    respondents: Sequence[str] = ("",),
    items: Sequence[Items] = ("all",),
    controls: Sequence[Controls] = ("with",),
) -> tuple[Specification, ...]:
    """Return every combination of the options, the first of each decision first.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> asked = ls.all_specifications(estimators=["ML", "MLR"], gaps=["listwise", "fiml"])
    >>> len(asked)
    4
    """
    return tuple(
        Specification(estimator=one, gaps=gap, respondents=who, items=which, controls=control)
        for one, gap, who, which, control in product(estimators, gaps, respondents, items, controls)
    )


def run_specifications(
    model: Statements,
    answers: Mapping[str, pd.DataFrame],
    specifications: Iterable[Specification],
    *,
    weakest: Sequence[str] = (),
    control_variables: Sequence[str] = (),
    tell: Callable[[int, int], None] | None = None,
) -> tuple[Outcome, ...]:
    """Fit a model under several specifications.

    Parameters
    ----------
    model
        The model text, parsed.
    answers
        One row per respondent, by the names that ``respondents`` takes.
    specifications
        What to fit, for instance from :func:`all_specifications`.
    weakest
        Items to leave out where a specification says so (see :func:`weakest_items`).
    control_variables
        Predictors to leave out where a specification says so.
    tell
        Called as ``tell(done, total)``.

    Returns
    -------
    tuple of Outcome
        In the order of ``specifications``. A specification that cannot be fitted says why.
    """
    wanted = tuple(specifications)
    found = []
    for done, one in enumerate(wanted):
        if tell:
            tell(done, len(wanted))
        text = without_items(model, weakest) if one.items == "without_weakest" else model
        text = without_predictors(text, control_variables) if one.controls == "without" else text
        found.append(_outcome(text, answers[one.respondents], one))
    return tuple(found)


def _outcome(model: Statements, answers: pd.DataFrame, one: Specification) -> Outcome:
    """Fit one specification; say why when that is impossible."""
    nothing = pd.DataFrame(columns=["outcome", "predictor", *_NUMBERS])
    try:
        fitted = _fitted(model, answers, one)
    except LoyaltysemError as error:
        reason = str(error)
        return Outcome(
            specification=one, status="refused", paths=nothing, measures={}, reason=reason
        )
    if not fitted.converged:
        return Outcome(
            specification=one, status="not_converged", n=fitted.n, paths=nothing, measures={}
        )
    return fitted_outcome(fitted, one)


def fitted_outcome(fitted: Fit, one: Specification) -> Outcome:
    """Return a converged fit as the outcome of the specification that it is."""
    return Outcome(
        specification=one,
        status="fitted" if fitted.admissible else "improper",
        n=fitted.n,
        paths=standardized_paths(fitted),
        measures=fitted.measures(),
    )


_NUMBERS = ("est", "se", "pvalue", "ci_lower", "ci_upper")


def _fitted(model: Statements, answers: pd.DataFrame, one: Specification) -> Fit:
    ordinal = one.estimator in CATEGORICAL
    gaps = "pairwise" if ordinal else "fiml"
    return fit(
        model,
        answers,
        estimator=one.estimator,
        missing=gaps if one.gaps == "available" else "listwise",
        ordered=ordinal,
    )


def standardized_paths(fitted: Fit) -> pd.DataFrame:
    """Return the regressions of a fit, completely standardized.

    Returns
    -------
    DataFrame
        ``outcome, predictor, est, se, pvalue, ci_lower, ci_upper``, one row per regression.
    """
    table = fitted.standardized()
    rows = table[table["op"] == "~"].rename(
        columns={"lhs": "outcome", "rhs": "predictor", "est_std": "est"}
    )
    return rows[["outcome", "predictor", *_NUMBERS]].reset_index(drop=True)


def weakest_items(fitted: Fit, *, least: int = 4) -> tuple[str, ...]:
    """Return the item with the smallest standardized loading of each construct of ``least`` items.

    Items that measure two constructs stay.
    """
    table = fitted.estimates()
    loadings = table[table["op"] == "=~"]
    loadings = loadings[~loadings["rhs"].isin(loadings["lhs"])]
    counts = loadings["rhs"].value_counts()
    own = loadings[loadings["rhs"].map(counts) == 1]
    large = own.groupby("lhs", sort=False).filter(lambda rows: len(rows) >= least)
    if large.empty:
        return ()
    places = large["std_all"].abs().groupby(large["lhs"], sort=False).idxmin()
    return tuple(large.loc[places, "rhs"])


def without_items(model: Statements, items: Sequence[str]) -> Statements:
    """Return a model without some of its items and all that is said of them."""
    gone = frozenset(items)
    elements = tuple(one for one in model.elements if not gone & {one.lhs, one.rhs})
    return replace(model, elements=elements)


def without_predictors(model: Statements, predictors: Sequence[str]) -> Statements:
    """Return a model without the regressions on some predictors, and without their covariances."""
    gone = frozenset(predictors)
    elements = tuple(
        one for one in model.elements if not (one.op in ("~", "~~") and gone & {one.lhs, one.rhs})
    )
    return replace(model, elements=elements)


def may_be_ordinal(answers: pd.DataFrame) -> bool:
    """Return whether all answers are whole numbers of at most seven categories."""
    values = answers.to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    whole = bool((known == np.round(known)).all())
    return whole and int(answers.nunique().max()) <= MOST_CATEGORIES


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStability:
    """How one path fares over all specifications that gave it.

    ``main`` is its estimate in the main analysis (None when that failed), ``median, lowest,
    highest`` are over all; ``n_same_sign`` and ``n_significant`` count specifications with the sign
    of the main estimate, and with that sign and p < .05. ``stable``: all have the sign, and all or
    none are significant.
    """

    outcome: str
    predictor: str
    n: int
    main: float | None
    median: float
    lowest: float
    highest: float
    n_same_sign: int
    n_significant: int
    stable: bool


def path_stability(
    outcomes: Sequence[Outcome], main: Specification, *, alpha: float = 0.05
) -> tuple[PathStability, ...]:
    """Return how each path of the main analysis fares over all specifications.

    Parameters
    ----------
    outcomes
        From :func:`run_specifications`.
    main
        The specification of the main analysis.
    alpha
        Level of significance.
    """
    frames = [one.paths.assign(main=one.specification == main) for one in outcomes]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return ()
    return tuple(_stabilities(pd.concat(frames, ignore_index=True), alpha))


def _stabilities(table: pd.DataFrame, alpha: float) -> Iterator[PathStability]:
    for (outcome, predictor), rows in table.groupby(["outcome", "predictor"], sort=False):
        own = rows.loc[rows["main"], "est"]
        main = float(own.iloc[0]) if len(own) else None
        est = rows["est"].to_numpy(dtype=float)
        same = np.sign(est) == np.sign(np.median(est) if main is None else main)
        clear = same & (rows["pvalue"].to_numpy(dtype=float) < alpha)
        yield PathStability(
            outcome=str(outcome),
            predictor=str(predictor),
            n=len(est),
            main=main,
            median=float(np.median(est)),
            lowest=float(est.min()),
            highest=float(est.max()),
            n_same_sign=int(same.sum()),
            n_significant=int(clear.sum()),
            stable=bool(same.all() and (clear.all() or not clear.any())),
        )
