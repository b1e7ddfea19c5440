"""Graded response model: how well items tell respondents apart, and where on the trait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, ResponsesError, listed
from loyaltysem.measurement.correlations import varying_answers
from loyaltysem.measurement.ordinal_reliability import MOST_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

NODES = np.linspace(-6, 6, 61)
"""Values of the trait over which the likelihood is summed."""
_SHOWN = np.linspace(-4, 4, 81)
_LEAST = 1e-300
_STEEP = 50.0
_STEP = 1e-5
_WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedResponse:
    """A graded response model of the items of one scale.

    Attributes
    ----------
    n
        Respondents who answered at least one item.
    items
        By item: ``discrimination`` (slope a) with its standard error ``se``, and ``b1, b2, …``: the
        trait at which an answer above the lowest category, the second lowest, … becomes more
        likely than not (NaN beyond an item's own categories).
    information
        By value of the trait (-4 to 4, mean 0, standard deviation 1): the information of each item;
        ``total``; ``se``, the standard error of a trait estimate, 1 / sqrt(total).
    reliability
        Marginal reliability of trait estimates: the mean of I / (I + 1) over the standard normal
        distribution, I the total information.
    loglik
        Log-likelihood at the estimates.
    converged
        Whether its gradient vanishes there.
    notices
        What stands against the reading of the numbers.
    """

    n: int
    items: pd.DataFrame
    information: pd.DataFrame
    reliability: float
    loglik: float
    converged: bool
    notices: tuple[Notice, ...] = ()


def graded_response(answers: pd.DataFrame) -> GradedResponse:
    """Fit Samejima's graded response model to the items of one scale.

    Parameters
    ----------
    answers
        Answers to three ordinal items or more, reverse items recoded; missing answers are left out
        of a respondent's likelihood. Categories that nobody chose do not exist.

    Raises
    ------
    ResponsesError
        There are fewer than three items; one is not numeric, was not answered, or does not vary.
    EstimationError
        An item has too many different answers to be ordinal.

    Notes
    -----
    ``P(X >= k | t) = 1 / (1 + exp(-a (t - b_k)))`` with t standard normal: Samejima (1969),
    Psychometrika Monograph 17. Marginal maximum likelihood (Bock & Aitkin 1981, Psychometrika 46,
    443-459) by quasi-Newton steps; standard errors from the observed information. The logistic
    metric, as in R's ``mirt`` and ``ltm``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> found = ls.graded_response(answers[["CM1", "CM2", "CM3"]])
    >>> found.converged, len(found.items)
    (True, 3)
    """
    from scipy.optimize import minimize

    numbers = varying_answers(answers)
    _check(numbers)
    likelihood = _likelihood(numbers)
    found = minimize(
        likelihood.of_steps,
        likelihood.start(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 1000, "maxfun": 2000, "ftol": 1e-12, "gtol": 1e-3, "maxcor": 30},
    )
    theta = likelihood.intercepts(found.x)
    slopes = theta[likelihood.first]
    information = likelihood.information(theta, _SHOWN)
    flat = np.abs(likelihood.of_steps(found.x)[1]).max() < 1e-2
    return GradedResponse(
        n=int(numbers.notna().any(axis=1).sum()),
        items=_items(numbers.columns, likelihood, theta),
        information=_information(numbers.columns, information),
        reliability=_marginal(likelihood.information(theta, NODES)),
        loglik=-float(found.fun),
        converged=bool(flat),
        notices=_notices(numbers.columns, slopes, converged=bool(flat)),
    )


def category_probabilities(slope: float, locations: ArrayLike, trait: ArrayLike) -> Array:
    """Return the probability of each category (..., K) at values of the trait (...,).

    ``locations`` (K - 1,) ascend: b_1, …, b_{K-1}.

    Examples
    --------
    >>> category_probabilities(1.0, [0.0], 0.0).tolist()
    [0.5, 0.5]
    """
    t, b = np.asarray(trait, dtype=np.float64), np.asarray(locations, dtype=np.float64)
    return _differences(_logistic(slope * (t[..., None] - b)))


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """The likelihood of all items; parameters of item j begin at ``first[j]`` with its slope.

    ``chosen`` (n, sum K) is 1 where a respondent chose a category. Two codings of parameters:
    intercepts (a, d_1 > d_2 > …, with d_k = -a b_k) and steps (a, d_1, log(d_1 - d_2), …), which
    are free.
    """

    chosen: Array
    counts: tuple[int, ...]
    first: NDArray[np.intp]

    def start(self) -> Array:
        """Return slopes of 1.2 and intercepts from the shares of the categories."""
        theta, total = np.zeros(sum(self.counts)), self.chosen.sum(axis=0)
        for own, cells in self._blocks():
            above = 1 - np.cumsum(total[cells])[:-1] / total[cells].sum()
            theta[own] = [1.2, *(1.25 * np.log(above / (1 - above)))]
        return self._steps(theta)

    def _blocks(self) -> list[tuple[NDArray[np.intp], slice]]:
        """Return for each item its parameters and its categories: as many of each."""
        ends = np.cumsum(self.counts)
        return [
            (np.arange(end - count, end), slice(end - count, end))
            for count, end in zip(self.counts, ends.tolist(), strict=True)
        ]

    def _steps(self, theta: Array) -> Array:
        steps = theta.copy()
        for own, _ in self._blocks():
            steps[own[2:]] = np.log(theta[own[1:-1]] - theta[own[2:]])
        return steps

    def intercepts(self, steps: Array) -> Array:
        theta = steps.copy()
        for own, _ in self._blocks():
            down = np.exp(np.clip(steps[own[2:]], -_STEEP, _STEEP))
            theta[own[2:]] = theta[own[1]] - np.cumsum(down)
        return theta

    def of_steps(self, steps: Array) -> tuple[float, Array]:
        """Return minus the log-likelihood and its gradient in the free coding."""
        theta = self.intercepts(steps)
        value, gradient = self.of_intercepts(theta)
        for own, _ in self._blocks():
            later = np.cumsum(gradient[own[:0:-1]])[::-1]
            gradient[own[1]] = later[0]
            gradient[own[2:]] = -later[1:] * np.exp(np.clip(steps[own[2:]], -_STEEP, _STEEP))
        return value, gradient

    def of_intercepts(self, theta: Array) -> tuple[float, Array]:
        """Return minus the log-likelihood and its gradient by intercepts (Fisher's identity)."""
        probability, slopes = self._probabilities(theta, NODES)
        logs = self.chosen @ np.log(probability.T)
        top = logs.max(axis=1, keepdims=True)
        joint = np.exp(logs - top) * _WEIGHTS
        marginal = joint.sum(axis=1, keepdims=True)
        expected = (joint / marginal).T @ self.chosen
        by_parameter = np.zeros(len(theta))
        for own, cells in self._blocks():
            ratio = expected[:, cells] / probability[:, cells]
            between = (ratio[:, 1:] - ratio[:, :-1]) * slopes[:, own[1:]]
            by_parameter[own[1:]] = between.sum(axis=0)
            by_parameter[own[0]] = (between * NODES[:, None]).sum()
        return -float((np.log(marginal) + top).sum()), -by_parameter

    def _probabilities(self, theta: Array, trait: Array) -> tuple[Array, Array]:
        """Return category probabilities (t, sum K), and p (1 - p) of each cumulative one."""
        probability, slopes = np.empty((2, len(trait), len(theta)))
        for own, cells in self._blocks():
            above = _logistic(theta[own[0]] * trait[:, None] + theta[own[1:]])
            probability[:, cells] = _differences(above)
            slopes[:, own[1:]] = above * (1 - above)
        return np.maximum(probability, _LEAST), slopes

    def information(self, theta: Array, trait: Array) -> Array:
        """Return the information of each item (t, items): sum over categories of P'² / P."""
        probability, slopes = self._probabilities(theta, trait)
        found = np.empty((len(trait), len(self.counts)))
        for item, (own, cells) in enumerate(self._blocks()):
            inner = np.pad(slopes[:, own[1:]], ((0, 0), (1, 1)))
            change = theta[own[0]] * (inner[:, :-1] - inner[:, 1:])
            found[:, item] = (change**2 / probability[:, cells]).sum(axis=1)
        return found

    def slope_errors(self, theta: Array) -> Array:
        """Return the standard errors of the slopes, NaN where the information is singular."""
        information = _derivatives(lambda at: self.of_intercepts(at)[1], theta)
        try:
            variance = np.diag(np.linalg.inv((information + information.T) / 2))
        except np.linalg.LinAlgError:
            variance = np.full(len(theta), np.nan)
        found = variance[self.first]
        return np.sqrt(np.where(found > 0, found, np.nan))


def _likelihood(numbers: pd.DataFrame) -> _Likelihood:
    columns, counts = [], []
    for name in numbers:
        values = np.unique(numbers[name].dropna())
        columns.append(numbers[name].to_numpy()[:, None] == values)
        counts.append(len(values))
    chosen = np.concatenate(columns, axis=1).astype(np.float64)
    first = np.cumsum(counts, dtype=np.intp) - np.array(counts, dtype=np.intp)
    return _Likelihood(chosen, tuple(counts), first)


def _check(numbers: pd.DataFrame) -> None:
    if numbers.shape[1] < 3:
        raise ResponsesError("A graded response model needs three items or more")
    many = [str(name) for name in numbers if numbers[name].nunique() > MOST_CATEGORIES]
    if many:
        raise EstimationError(
            "Items have too many different answers to count as ordinal", found=listed(many)
        )


def _logistic(x: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))


def _differences(above: Array) -> Array:
    """Return the probabilities of categories from those of at least the second, the third."""
    edge = np.ones((*above.shape[:-1], 1))
    return -np.diff(np.concatenate([edge, above, 0 * edge], axis=-1), axis=-1)


def _derivatives(function: Callable[[Array], Array], at: Array) -> Array:
    """Return forward differences of a vector function (row: coordinate that is moved)."""
    here = function(at)
    return np.stack([(function(at + one) - here) / _STEP for one in _STEP * np.eye(len(at))])


def _items(names: pd.Index, likelihood: _Likelihood, theta: Array) -> pd.DataFrame:
    first = likelihood.first
    rows = {"discrimination": theta[first], "se": likelihood.slope_errors(theta)}
    table = pd.DataFrame(rows, index=names)
    for k in range(1, max(likelihood.counts)):
        own = [
            -theta[start + k] / theta[start] if k < count else np.nan
            for start, count in zip(first.tolist(), likelihood.counts, strict=True)
        ]
        table[f"b{k}"] = own
    return table


def _information(names: pd.Index, information: Array) -> pd.DataFrame:
    table = pd.DataFrame(information, index=pd.Index(_SHOWN, name="trait"), columns=names)
    total = information.sum(axis=1)
    return table.assign(total=total, se=1 / np.sqrt(np.maximum(total, _LEAST)))


def _marginal(information: Array) -> float:
    total = information.sum(axis=1)
    return float(_WEIGHTS @ (total / (total + 1)))


def _notices(names: pd.Index, slopes: Array, *, converged: bool) -> tuple[Notice, ...]:
    notices = []
    if not converged:
        text = "The graded response model did not converge: its numbers are not to be trusted."
        notices.append(Notice("graded_not_converged", text))
    against = [str(name) for name in names[slopes * np.sign(slopes.sum()) < 0]]
    if against:
        text = f"{listed(against)} discriminate against the other items of the scale."
        notices.append(Notice("negative_discrimination", text, {"items": against}))
    return tuple(notices)
