"""Populations that the cells draw from: three constructs, X -> M -> Y, three items each."""

from __future__ import annotations

import numpy as np
import pandas as pd

N, LARGE = 400, 1600
"""Respondents of a sample, and of those that tell what vanishes with their number."""
LOADING = 0.8
A, B, DIRECT = 0.4, 0.35, 0.3
MEDIATION = "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nY =~ y1 + y2 + y3\nM ~ X\nY ~ X + M"
MEASUREMENT = "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nY =~ y1 + y2 + y3"
"""Constructs have variances of 1 and the same first loading: raw paths are standardized."""


def scores(rng: np.random.Generator, n: int, a: float = A, b: float = B, direct: float = DIRECT):
    """Return the constructs X, M and Y (n,), each with a variance of 1."""
    x = rng.normal(size=n)
    m = a * x + np.sqrt(1 - a**2) * rng.normal(size=n)
    explained = direct**2 + b**2 + 2 * direct * b * a
    y = direct * x + b * m + np.sqrt(1 - explained) * rng.normal(size=n)
    return {"x": x, "m": m, "y": y}


def items(
    rng: np.random.Generator, constructs, count: int = 3, errors=None, loadings=None
) -> pd.DataFrame:
    """Return items of the constructs; ``errors(rng, n)`` draws standardized errors.

    All load at ``LOADING``, or each construct's items at ``loadings``.
    """
    draw = errors or (lambda generator, n: generator.normal(size=n))
    sizes = loadings or [LOADING] * count
    return pd.DataFrame(
        {
            f"{name}{k}": size * score + np.sqrt(1 - size**2) * draw(rng, len(score))
            for name, score in constructs.items()
            for k, size in enumerate(sizes, start=1)
        }
    )


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return standardized exponential errors: skewness 2, excess kurtosis 6."""
    return rng.exponential(size=n) - 1.0


def in_categories(data: pd.DataFrame) -> pd.DataFrame:
    """Return the answers on five points, somewhat left-skewed as satisfaction items are."""
    return data.apply(lambda column: np.digitize(column, [-1.6, -0.9, -0.1, 0.8]) + 1.0)


def with_missing(rng: np.random.Generator, data: pd.DataFrame) -> pd.DataFrame:
    """Return the answers with a quarter missing in four items, oftener where x1 is high (MAR)."""
    chance = 1 / (1 + np.exp(1.2 - 1.2 * data["x1"].to_numpy()))
    columns = ["y1", "y2", "y3", "m3"]
    gone = rng.random((len(data), len(columns))) < chance[:, None]
    return data.assign(**{name: data[name].mask(gone[:, k]) for k, name in enumerate(columns)})
