"""A population with a latent interaction.

X, Z and Y are each measured by three indicators (reliability .64);
Y = .4 X + .3 Z + omega X Z + error, cor(X, Z) = .3. With a first loading of 1 the estimated product
path is omega times the loading over its square, ``omega / LOADING``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np

MODEL = """
X =~ x1 + x2 + x3
Z =~ z1 + z2 + z3
Y =~ y1 + y2 + y3
Y ~ X + Z
"""

LOADING, ERROR, RESIDUAL, CORRELATION = 0.8, 0.6, 0.7, 0.3
SLOPE = 0.4
"""Of Y on X where Z is at its mean."""


def answers(n: int, omega: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return indicators of a model with a latent interaction."""
    cov = [[1.0, CORRELATION], [CORRELATION, 1.0]]
    x, z = rng.multivariate_normal([0.0, 0.0], cov, size=n).T
    y = SLOPE * x + 0.3 * z + omega * x * z + rng.normal(0.0, RESIDUAL, n)
    factors = {"x": x, "z": z, "y": y}
    return pd.DataFrame(
        {
            f"{name}{k}": LOADING * factor + rng.normal(0.0, ERROR, n)
            for name, factor in factors.items()
            for k in (1, 2, 3)
        }
    )
