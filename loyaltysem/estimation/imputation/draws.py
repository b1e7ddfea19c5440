"""Imputed data sets: what may have stood in the gaps, several times over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from loyaltysem.errors import EstimationError, Notice, did_you_mean, listed
from loyaltysem.estimation.imputation.augmentation import augmented
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.saturated import em_moments
from loyaltysem.estimation.moments import CONSTANT_SHARE, group_labels_of_rows, numeric_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STEPS = 100
"""Draws of the moments in each chain; with a third of the answers missing, dozens suffice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputations:
    """Several completed copies of a data set.

    Attributes
    ----------
    frames
        The completed data sets; observed values are the same in all of them.
    variables
        The columns that were imputed from one another.
    n_cells, n_rows
        Cells that were filled in each copy, and rows that had such cells.
    steps, seed
        Length of each chain and the seed of the draws.
    notices
        What a reader must know: rows without any value, which stay empty.
    """

    frames: tuple[pd.DataFrame, ...]
    variables: tuple[str, ...]
    n_cells: int
    n_rows: int
    steps: int
    seed: int
    notices: tuple[Notice, ...] = ()

    def __len__(self) -> int:
        """Return the number of data sets."""
        return len(self.frames)


def impute(
    data: pd.DataFrame,
    *,
    datasets: int = 20,
    seed: int = 2026,
    variables: Sequence[str] | None = None,
    group: str | None = None,
    steps: int = STEPS,
    tell: Callable[[int, int], None] | None = None,
) -> Imputations:
    """Fill in missing values several times, by draws from their posterior under a normal model.

    Values are taken to be missing at random and the variables to be jointly normal. Imputed
    values are neither rounded nor kept within the scale: rounding biases what is estimated from
    them (Horton, Lipsitz & Parzen 2003).

    Parameters
    ----------
    data
        One row per respondent; NaN where a value is missing.
    datasets
        Completed data sets to return (2 or more).
    seed
        Seed of the draws; each data set has a chain and a random stream of its own, so that the
        first ones stay the same when more are asked for.
    variables
        Numeric columns to impute from one another; by default all numeric columns but ``group``.
        Every variable of the analysis should be among them. Other columns are carried along.
    group
        Column by which the rows are imputed apart, for models with several groups.
    steps
        Draws of the moments in each chain before its values are kept.
    tell
        Called as ``tell(done, datasets)``.

    Raises
    ------
    EstimationError
        A column is absent, not numeric, empty or constant; or there are too few rows for so many
        variables.

    Notes
    -----
    One chain of data augmentation per data set, begun at the EM moments: Schafer (1997); see
    :mod:`.augmentation`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 6], "b": [2.0, 1, 4, np.nan, 5]})
    >>> filled = impute(frame, datasets=3, seed=1)
    >>> len(filled), int(filled.frames[0].isna().sum().sum())
    (3, 0)
    """
    if datasets < 2 or steps < 1:
        raise EstimationError(
            "Multiple imputation needs two data sets or more, and a step or more",
            found=f"datasets={datasets}, steps={steps}",
        )
    names = _names(data, variables, group)
    values = numeric_values(data, names)
    parts = [
        _Part.of(values, rows, names, label) for label, rows in group_labels_of_rows(data, group)
    ]
    frames: list[pd.DataFrame] = []
    with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads cost more
        for stream in np.random.SeedSequence(seed).spawn(datasets):
            filled = _filled(values, parts, steps, np.random.default_rng(stream))
            frames.append(data.assign(**dict(zip(names, filled.T, strict=True))))
            if tell:
                tell(len(frames), datasets)
    gaps = np.isnan(values) & ~np.isnan(values).all(axis=1, keepdims=True)
    return Imputations(
        frames=tuple(frames),
        variables=tuple(names),
        n_cells=int(gaps.sum()),
        n_rows=int(gaps.any(axis=1).sum()),
        steps=steps,
        seed=seed,
        notices=_notices(values),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Rows that are imputed together: their positions, values, and EM moments."""

    rows: NDArray[np.intp]
    values: Array
    mean: Array
    cov: Array

    @classmethod
    def of(cls, values: Array, rows: NDArray[np.intp], names: Sequence[str], label: str) -> _Part:
        where = f" in group '{label}'" if label else ""
        rows = rows[~np.isnan(values[rows]).all(axis=1)]
        own = values[rows]
        _check(own, names, where)
        location, scale = np.nanmean(own, axis=0), np.nanstd(own, axis=0)
        scaled = (own - location) / scale
        moments = em_moments(scaled)
        if moments.degenerate is not None or not np.isfinite(moments.loglik):
            raise EstimationError(
                f"The covariances of the incomplete data cannot be estimated{where}",
                remedy="Impute fewer variables together, none of which follows from the others.",
            )
        return cls(rows=rows, values=own, mean=moments.mean, cov=moments.cov)

    def drawn(self, steps: int, rng: np.random.Generator) -> Array:
        """Return the completed values (rows, p); observed ones are unchanged to the bit."""
        location, scale = np.nanmean(self.values, axis=0), np.nanstd(self.values, axis=0)
        patterns = missing_patterns((self.values - location) / scale, compress=False)
        filled = np.empty_like(self.values)
        try:
            drawn = augmented(patterns, self.mean, self.cov, steps, rng)
        except np.linalg.LinAlgError:
            raise EstimationError(
                "The draws of the missing values ran into a singular covariance matrix",
                remedy="Impute fewer variables together.",
            ) from None
        filled[patterns.cases] = drawn * scale + location
        return np.where(np.isnan(self.values), filled, self.values)


def _filled(values: Array, parts: Sequence[_Part], steps: int, rng: np.random.Generator) -> Array:
    filled = values.copy()
    for part in parts:
        filled[part.rows] = part.drawn(steps, rng)
    return filled


def _names(data: pd.DataFrame, variables: Sequence[str] | None, group: str | None) -> list[str]:
    if variables is None:
        numeric = data.select_dtypes("number").columns
        names = [str(name) for name in numeric if name != group]
    else:
        names = list(variables)
    absent = [name for name in names if name not in data.columns]
    if absent or not names:
        known = [str(name) for name in data.columns]
        raise EstimationError(
            "The variables to impute are not in the data" if absent else "Nothing to impute",
            found=listed(absent) if absent else "no numeric column",
            expected=listed(known),
            remedy=did_you_mean(absent[0], known) if absent else None,
        )
    return names


def _check(own: Array, names: Sequence[str], where: str) -> None:
    """Refuse what no normal model can be fitted to."""
    empty = [names[int(k)] for k in np.flatnonzero(np.isnan(own).all(axis=0))]
    if empty:
        raise EstimationError(f"No values at all in {listed(empty)}{where}")
    size = np.maximum(np.nanmean(own**2, axis=0), np.finfo(np.float64).tiny)
    flat = np.asarray(np.nanvar(own, axis=0) <= CONSTANT_SHARE * size)
    constant = [names[int(k)] for k in np.flatnonzero(flat)]
    if constant:
        raise EstimationError(
            f"No variance in {listed(constant)}{where}: all values are the same",
            remedy="Leave constant variables out of the imputation.",
        )
    if len(own) <= own.shape[1] + 1:
        raise EstimationError(
            f"Too few rows to impute from{where}",
            found=f"{len(own)} rows, {own.shape[1]} variables",
            remedy="Impute fewer variables together.",
        )


def _notices(values: Array) -> tuple[Notice, ...]:
    empty = int(np.isnan(values).all(axis=1).sum())
    if not empty:
        return ()
    text = f"{empty} rows have no value in any imputed variable and stay empty."
    return (Notice("empty_rows", text, {"n": empty}),)
