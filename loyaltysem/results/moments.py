"""What a model was fitted to, where that is all an estimator needs."""

from __future__ import annotations

from loyaltysem.results.base import Record


class MomentsRecord(Record):
    """Means and covariance matrix (divisor n - 1) of a model's observed variables, and rows used.

    With these a model of complete, continuous answers can be fitted again without the answers.
    """

    variables: tuple[str, ...]
    n: int
    means: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
