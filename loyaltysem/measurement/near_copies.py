"""Items whose answers are nearly those of another item."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

NEAR = 0.95
"""Size of the correlation from which two items count as copies of each other."""


def near_copies(
    answers: pd.DataFrame, items: Sequence[str], *, limit: float = NEAR
) -> list[tuple[str, str, float]]:
    """Return the pairs of items that are nearly the same, the nearest first.

    Such items measure one thing twice: reliability looks better than it is, and where the two
    belong to different constructs these cannot be told apart.

    Parameters
    ----------
    answers
        Answers; pairwise correlations.
    items
        Columns to compare; numeric.
    limit
        Size of the correlation from which two items count as nearly the same.

    Returns
    -------
    list
        First item, second item and their correlation.

    Examples
    --------
    >>> import pandas as pd
    >>> from loyaltysem.measurement.near_copies import near_copies
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 4, 5], "c": [2, 1, 5, 3, 4]})
    >>> near_copies(answers, ["a", "b", "c"])
    [('a', 'b', 1.0)]
    """
    values = answers[list(items)].corr().to_numpy()
    found = [
        (items[one], items[other], float(values[one, other]))
        for one, other in combinations(range(len(items)), 2)
        if np.abs(values[one, other]) >= limit
    ]
    return sorted(found, key=lambda pair: -abs(pair[2]))


def near_copies_notices(answers: pd.DataFrame, items: Sequence[str]) -> list[Notice]:
    """Return the notice on items that are nearly the same; nothing without any."""
    pairs = near_copies(answers, items)
    if not pairs:
        return []
    shown = "; ".join(f"{one} and {other} ({value:.3f})" for one, other, value in pairs[:6])
    rest = f"; {len(pairs) - 6} more pairs" if len(pairs) > 6 else ""
    text = f"Items are nearly copies of each other: {shown}{rest}."
    return [Notice("near_copies", text, {"pairs": pairs})]
