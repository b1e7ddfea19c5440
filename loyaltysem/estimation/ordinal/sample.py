"""One group's answers prepared for pairwise estimation: margins, tables or respondents' limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.numeric_pairs import (
    pearson_correlations,
    polyserial_correlations,
)
from loyaltysem.estimation.ordinal.pair_scores import case_rectangles
from loyaltysem.estimation.ordinal.polychoric import table_correlations
from loyaltysem.estimation.ordinal.tables import close_single_gaps, pair_positions, pair_tables
from loyaltysem.estimation.ordinal.thresholds import (
    OUTERMOST,
    Margin,
    numeric_margin,
    ordinal_margin,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.tables import Pairs, Positions

    Array = NDArray[np.float64]

# Tables are used while they have no more than this many corners for each respondent.
_CORNERS_PER_RESPONDENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalSample:
    """Answers of one group and each variable's margin.

    Attributes
    ----------
    codes
        Categories (n, p) from 0; -1 where missing, and for numeric variables.
    standardized
        Standardized residuals (p, n) of the numeric variables, NaN where missing; ordinal rows 0.
    covariates
        (n, x).
    sizes
        Number of categories (p,), 0 for numeric variables.
    margins
        One for each variable.
    patterns, pattern_of_row
        Distinct covariate values (patterns, x) and each respondent's pattern (n,).
    """

    codes: Positions
    standardized: Array
    covariates: Array
    sizes: Positions
    margins: tuple[Margin, ...]
    patterns: Array
    pattern_of_row: Positions

    @property
    def n(self) -> int:
        """Respondents."""
        return len(self.codes)

    @property
    def tabulated(self) -> bool:
        """Whether polychoric correlations come from tables (else respondent by respondent)."""
        corners = len(self.patterns) * (int(self.sizes.max()) + 1) ** 2
        return len(self.patterns) == 1 or corners <= _CORNERS_PER_RESPONDENT * self.n

    @property
    def pairs(self) -> Pairs:
        """First and second variable of all pairs, in the order of `pair_positions`."""
        return pair_positions(len(self.sizes))

    @property
    def ordinal_pairs(self) -> Positions:
        """Positions of the pairs of two ordinal variables."""
        first, second = self.pairs
        return np.flatnonzero((self.sizes[first] > 0) & (self.sizes[second] > 0))

    @property
    def numeric_pairs(self) -> Positions:
        """Positions of the pairs of two numeric variables."""
        first, second = self.pairs
        return np.flatnonzero((self.sizes[first] == 0) & (self.sizes[second] == 0))

    @property
    def mixed_pairs(self) -> Positions:
        """Positions of the pairs of a numeric and an ordinal variable."""
        first, second = self.pairs
        return np.flatnonzero((self.sizes[first] > 0) != (self.sizes[second] > 0))

    def variables(self, which: Positions) -> Pairs:
        """Return the first and second variables of the pairs at these positions."""
        first, second = self.pairs
        return first[which], second[which]

    def numeric_first(self, which: Positions) -> Pairs:
        """Return the variables of mixed pairs, the numeric one first."""
        first, second = self.variables(which)
        swap = self.sizes[first] > 0
        return np.where(swap, second, first), np.where(swap, first, second)

    @property
    def case_limits(self) -> Array:
        """Category limits of each respondent's answers (p, n, 2)."""
        return case_rectangles(self.codes, self.margins, self.covariates)[0]


def prepared_sample(
    values: Array, sizes: Positions, covariates: Array, names: Sequence[str] = ()
) -> OrdinalSample:
    """Estimate the margins and prepare the answers.

    Parameters
    ----------
    values
        (n, p): category codes of ordinal variables, values of numeric ones, NaN where missing.
    sizes
        Number of categories (p,), 0 for numeric variables.
    covariates
        (n, x), complete; x may be 0.
    names
        Names of the variables, for messages.
    """
    called = names or [f"variable {k + 1}" for k in range(len(sizes))]
    ordinal = sizes > 0
    known = ordinal & ~np.isnan(values)
    codes = np.where(known, np.nan_to_num(values), -1).astype(np.intp)
    margins = tuple(
        ordinal_margin(codes[:, i], int(sizes[i]), covariates, called[i])
        if ordinal[i]
        else numeric_margin(values[:, i], covariates)
        for i in range(len(sizes))
    )
    patterns, pattern_of_row = np.unique(covariates, axis=0, return_inverse=True)
    return OrdinalSample(
        codes=codes,
        standardized=_standardized(values, margins, covariates),
        covariates=covariates,
        sizes=sizes,
        margins=margins,
        patterns=patterns,
        pattern_of_row=pattern_of_row.ravel(),
    )


def _standardized(values: Array, margins: tuple[Margin, ...], covariates: Array) -> Array:
    residuals = np.zeros(values.T.shape)
    for row, column, margin in zip(residuals, values.T, margins, strict=True):
        if not margin.ordinal:
            centred = column - margin.location[0] - covariates @ margin.slopes
            row[:] = centred / np.sqrt(margin.variance)
    return residuals


def category_limits(sample: OrdinalSample) -> Array:
    """Return the category limits of every variable in every covariate pattern (p, patterns, K + 1).

    Variables with fewer than K categories repeat the far right limit; numeric ones hold no limits.
    """
    most = int(sample.sizes.max())
    limits = np.full((len(sample.sizes), len(sample.patterns), most + 1), OUTERMOST)
    for row, margin in zip(limits, sample.margins, strict=True):
        if margin.ordinal:
            row[:, : margin.categories + 1] = margin.limits(sample.patterns @ margin.slopes)
    return limits


def pattern_tables(sample: OrdinalSample, pairs: Pairs) -> Array:
    """Count the answers of pairs of ordinal variables: (pairs, patterns, K, K)."""
    rows = [sample.pattern_of_row == k for k in range(len(sample.patterns))]
    return np.stack([pair_tables(sample.codes[mine], sample.sizes, pairs) for mine in rows], axis=1)


def estimated_correlations(sample: OrdinalSample) -> tuple[Array, NDArray[np.bool_]]:
    """Return each pair's correlation given the margins, and whether it lies at its bound.

    Polychoric, polyserial or Pearson correlations (of residuals, with covariates), all (pairs,).
    """
    n_pairs = len(sample.pairs[0])
    rho, at_bound = np.zeros(n_pairs), np.zeros(n_pairs, dtype=bool)
    if len(both := sample.ordinal_pairs):
        rho[both], at_bound[both] = _polychoric(sample, sample.variables(both))
    if len(mixed := sample.mixed_pairs):
        rho[mixed], at_bound[mixed] = polyserial_correlations(
            sample.standardized, sample.case_limits, sample.numeric_first(mixed)
        )
    if len(none := sample.numeric_pairs):
        rho[none], at_bound[none] = pearson_correlations(
            sample.standardized, sample.variables(none)
        )
    return rho, at_bound


def _polychoric(sample: OrdinalSample, pairs: Pairs) -> tuple[Array, NDArray[np.bool_]]:
    if sample.tabulated:
        limits = category_limits(sample)
        counts = pattern_tables(sample, pairs)
        if sample.covariates.shape[1] == 0:
            counts = close_single_gaps(counts[:, 0], sample.sizes, pairs)[:, None]
    else:
        limits = sample.case_limits
        known = (sample.codes >= 0).T
        counts = (known[pairs[0]] & known[pairs[1]]).astype(float)[..., None, None]
    return table_correlations(counts, limits[pairs[0]], limits[pairs[1]])
