"""What the answers to single items look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.measurement.correlations import numeric_answers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def describe(answers: pd.DataFrame) -> pd.DataFrame:
    """Describe each column of answers.

    Parameters
    ----------
    answers
        One row per respondent, one numeric column per item; NaN where missing.

    Returns
    -------
    DataFrame
        One row per item, in order: ``code, n, n_missing, mean, sd, skewness, kurtosis, minimum,
        maximum``. ``sd`` divides by n - 1; skewness and kurtosis are G1 and G2, what SPSS prints.
        What cannot be computed (G1 below 3 answers, G2 below 4, both of a constant) is NaN.

    Raises
    ------
    ResponsesError
        An item occurs twice, or holds something other than finite numbers.

    Notes
    -----
    Joanes & Gill (1998), The Statistician 47(1), 183-189; ``psych::describe(type = 2)``. Checked
    against the golden cases ``assumptions_*``.

    Examples
    --------
    >>> describe(pd.DataFrame({"q1": [1.0, 2.0, 2.0, 5.0]}))[["code", "mean", "sd"]]
      code  mean        sd
    0   q1   2.5  1.732051
    """
    values = _numbers(answers)
    n = np.isfinite(values).sum(axis=0)
    empty = n == 0
    centred = values - _mean(values, n)
    moments = [_mean(centred**power, n) for power in (2, 3, 4)]
    return pd.DataFrame(
        {
            "code": list(answers.columns),
            "n": n,
            "n_missing": len(values) - n,
            "mean": _mean(values, n),
            "sd": np.sqrt(_ratio(n * moments[0], n - 1.0)),
            "skewness": _skewness(n, moments[0], moments[1]),
            "kurtosis": _kurtosis(n, moments[0], moments[2]),
            "minimum": np.where(empty, np.nan, np.nanmin(values, axis=0, initial=np.inf)),
            "maximum": np.where(empty, np.nan, np.nanmax(values, axis=0, initial=-np.inf)),
        }
    )


def describe_distributions(
    answers: pd.DataFrame, scale: tuple[float, float] | None = None
) -> pd.DataFrame:
    """Describe the distribution of each column of answers, beyond `describe`.

    Parameters
    ----------
    answers
        As for `describe`.
    scale
        Lowest and highest answer that could be given; by default each item's own extremes.

    Returns
    -------
    DataFrame
        One row per item: ``code, median, se`` (of the mean); ``skewness_se, skewness_z,
        kurtosis_se, kurtosis_z``, G1 and G2 with SPSS's standard errors; ``skewness_type3,
        kurtosis_type3``, what ``psych::describe`` prints (third and fourth moments over powers of
        the sd with n - 1); ``floor, ceiling``, the shares of valid answers at either end of the
        scale. NaN where it cannot be computed.

    Notes
    -----
    Joanes & Gill (1998); standard errors as in SPSS's algorithms. Checked against the golden cases
    ``assumptions_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> ls.describe_distributions(answers[["PR1"]]).round(2)["skewness_type3"].tolist()
    [-0.3]
    """
    basic = describe(answers)
    values = _numbers(answers)
    n = basic["n"].to_numpy().astype(np.float64)
    se_g1 = np.sqrt(_ratio(6 * n * (n - 1), np.where(n > 2, (n - 2) * (n + 1) * (n + 3), 0.0)))
    se_g2 = 2 * se_g1 * np.sqrt(_ratio(n**2 - 1, np.where(n > 3, (n - 3) * (n + 5), 0.0)))
    lowest, highest = scale or (basic["minimum"], basic["maximum"])
    g1, g2 = _plain_moments(values, basic["n"].to_numpy())
    shrunk = _ratio(n - 1, n)
    return pd.DataFrame(
        {
            "code": basic["code"],
            "median": answers.median().to_numpy(dtype=np.float64),
            "se": np.sqrt(_ratio(basic["sd"].to_numpy() ** 2, n)),
            "skewness_se": se_g1,
            "skewness_z": _ratio(basic["skewness"].to_numpy(), np.nan_to_num(se_g1)),
            "kurtosis_se": se_g2,
            "kurtosis_z": _ratio(basic["kurtosis"].to_numpy(), np.nan_to_num(se_g2)),
            "skewness_type3": g1 * shrunk**1.5,
            "kurtosis_type3": (g2 + 3) * shrunk**2 - 3,
            "floor": _ratio((values == np.asarray(lowest)).sum(axis=0).astype(np.float64), n),
            "ceiling": _ratio((values == np.asarray(highest)).sum(axis=0).astype(np.float64), n),
        }
    )


def _numbers(answers: pd.DataFrame) -> Array:
    return numeric_answers(answers).to_numpy() if answers.shape[1] else np.empty((len(answers), 0))


def _plain_moments(values: Array, n: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return g1 and g2, moments over powers of the sd with divisor n."""
    centred = values - _mean(values, n)
    m2, m3, m4 = (_mean(centred**power, n) for power in (2, 3, 4))
    return _ratio(m3, _spread(m2) ** 1.5), _ratio(m4, _spread(m2) ** 2) - 3


def _mean(values: Array, n: NDArray[np.int64]) -> Array:
    return _ratio(np.nansum(values, axis=0), n.astype(np.float64))


def _ratio(above: Array, below: Array) -> Array:
    """Return above / below, NaN where ``below`` is not positive."""
    result = np.full(np.shape(above), np.nan, dtype=np.float64)
    np.divide(above, below, out=result, where=below > 0)
    return result


def _skewness(n: NDArray[np.int64], m2: Array, m3: Array) -> Array:
    """Return G1 = sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5 (Joanes & Gill 1998, eq. 3)."""
    n_ = n.astype(np.float64)
    g1 = _ratio(m3, _spread(m2) ** 1.5)
    return _ratio(np.sqrt(n_ * (n_ - 1)) * g1, n_ - 2)


def _kurtosis(n: NDArray[np.int64], m2: Array, m4: Array) -> Array:
    """Return G2 = (n - 1) / ((n - 2)(n - 3)) * ((n + 1) g2 + 6) (Joanes & Gill 1998, eq. 6)."""
    n_ = n.astype(np.float64)
    g2 = _ratio(m4, _spread(m2) ** 2) - 3
    factor = _ratio(n_ - 1, np.where(n_ > 3, (n_ - 2) * (n_ - 3), 0.0))
    return factor * ((n_ + 1) * g2 + 6)


def _spread(m2: Array) -> Array:
    """Return the variance with rounding error of a constant taken for 0."""
    return np.where(m2 > 1e-20, m2, 0.0)
