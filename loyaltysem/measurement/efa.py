"""Exploratory factor analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, listed
from loyaltysem.measurement.correlations import correlations
from loyaltysem.measurement.efa_fit import efa_measures
from loyaltysem.measurement.extraction import Extraction, extract
from loyaltysem.measurement.rotation import rotate
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.measurement.correlations import Method
    from loyaltysem.measurement.extraction import ExtractionMethod
    from loyaltysem.measurement.rotation import Rotation, RotationMethod

    Array = NDArray[np.float64]

CUTOFF = 0.40
"""Loading from which an item counts as belonging to a factor."""
LOW_COMMUNALITY = 0.30
"""Communality below which factors explain too little of an item."""
SAME_FACTOR = 0.85
"""Correlation from which two factors may be one."""

_EMPTY = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ExploratoryFit(Shown):
    """An exploratory factor analysis; factors by descending sum of squared loadings.

    Attributes
    ----------
    extraction, rotation
        What was asked.
    n
        Number of respondents.
    loadings, structure
        Items by factors: pattern loadings, and correlations of items with factors (the same when
        factors do not correlate).
    phi
        Correlations of the factors; None when they are not correlated by the rotation.
    communalities, uniquenesses, complexity
        By item; Hofmann's complexity is the number of factors that an item needs.
    eigenvalues, reduced_eigenvalues
        Of the correlation matrix, as it is and with communalities in its diagonal.
    variance, variance_before
        By factor, after and before rotation: ``ss_loadings, proportion, cumulative``.
    measures
        Fit measures, see `efa_measures`.
    notices
        What a reader must know: Heywood cases, local optima, factors without items, …
    """

    extraction: str
    rotation: str
    n: int
    loadings: pd.DataFrame
    structure: pd.DataFrame
    phi: pd.DataFrame | None
    communalities: pd.Series
    uniquenesses: pd.Series
    complexity: pd.Series
    eigenvalues: Array
    reduced_eigenvalues: Array
    variance: pd.DataFrame
    variance_before: pd.DataFrame
    measures: dict[str, float]
    notices: tuple[Notice, ...]

    def sorted_loadings(self, cutoff: float = CUTOFF) -> pd.DataFrame:
        """Return loadings by factor and size, NaN where they are below ``cutoff`` in size."""
        main = self.loadings.abs().to_numpy().argmax(axis=1)
        size = self.loadings.abs().max(axis=1)
        order = np.lexsort((-size.to_numpy(), main))
        shown = self.loadings.iloc[order]
        return shown.where(shown.abs() >= cutoff)

    def verdicts(self, cutoff: float = CUTOFF) -> pd.DataFrame:
        """Return what speaks against each item, as flags for a judgement that is the researcher's.

        ``factor, loading`` (the largest), ``second`` (the next), ``communality``,
        ``weak`` (no loading reaches ``cutoff``), ``cross_loading`` (a second one does, or comes
        within 0.20 of the first), ``low_communality`` (below 0.30).
        """
        size = self.loadings.abs().to_numpy()
        ranked = np.sort(size, axis=1)[:, ::-1]
        second = ranked[:, 1] if size.shape[1] > 1 else np.zeros(len(size))
        main = size.argmax(axis=1)
        frame = pd.DataFrame(
            {
                "factor": self.loadings.columns[main],
                "loading": self.loadings.to_numpy()[np.arange(len(size)), main],
                "second": second,
                "communality": self.communalities,
            },
            index=self.loadings.index,
        )
        frame["weak"] = ranked[:, 0] < cutoff
        close = (ranked[:, 0] - second < 0.20) & (second > 0)
        frame["cross_loading"] = ~frame["weak"] & ((second >= cutoff) | close)
        frame["low_communality"] = self.communalities < LOW_COMMUNALITY
        return frame


def fit_efa(
    answers: pd.DataFrame,
    n_factors: int,
    *,
    extraction: ExtractionMethod = "minres",
    rotation: RotationMethod = "oblimin",
    correlation: Method = "pearson",
    n: int | None = None,
    **rotating: float,
) -> ExploratoryFit:
    """Fit an exploratory factor analysis.

    Parameters
    ----------
    answers
        One row per respondent, one column per item; or, with ``n``, a correlation matrix.
    n_factors
        Number of factors; see `suggest_n_factors`.
    extraction
        ``minres``, ``ml``, ``pa`` (principal axes), ``pca`` (principal components).
    rotation
        ``none``, ``varimax``, ``quartimax``, ``oblimin``, ``quartimin``, ``geomin``, ``promax``.
    correlation
        ``pearson``, ``spearman`` or ``polychoric``.
    rotating
        Further arguments of `rotate`: ``gamma``, ``delta``, ``starts``, ``seed``, ….

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.
    EstimationError
        There are more factors than items allow, some explain nothing, or ML meets a singular
        correlation matrix.

    Notes
    -----
    Definitions and defaults of ``psych::fa`` and ``psych::principal``, with missing answers left
    out pairwise. Checked against the golden cases ``efa_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> items = answers[["PR1", "PR2", "PR3", "PR4", "IM1", "IM2", "IM3", "IM4"]]
    >>> found = ls.fit_efa(items, 2)
    >>> found.loadings.shape
    (8, 2)
    >>> bool(found.measures["rmsea"] < 0.1)
    True
    """
    R = correlations(answers, correlation) if n is None else _given(answers)
    _check(R, n_factors, extraction)
    matrix = R.to_numpy(dtype=np.float64)
    unrotated = extract(matrix, n_factors, extraction)
    _check_collapse(unrotated.loadings)
    rotated = rotate(unrotated.loadings, rotation, **rotating)  # type: ignore[arg-type]
    names = [f"F{i + 1}" for i in range(n_factors)]
    pattern, phi = _ordered(rotated)
    model = unrotated.loadings @ unrotated.loadings.T
    n_rows = len(answers) if n is None else n
    loadings = pd.DataFrame(pattern, index=R.columns, columns=names)
    structure = pattern if phi is None else pattern @ phi
    return ExploratoryFit(
        extraction=extraction,
        rotation=rotation,
        n=n_rows,
        loadings=loadings,
        structure=pd.DataFrame(structure, index=R.columns, columns=names),
        phi=None if phi is None else pd.DataFrame(phi, index=names, columns=names),
        communalities=pd.Series(unrotated.communalities, index=R.columns),
        uniquenesses=pd.Series(unrotated.uniquenesses, index=R.columns),
        complexity=pd.Series(_complexity(pattern), index=R.columns),
        eigenvalues=np.linalg.eigvalsh(matrix)[::-1],
        reduced_eigenvalues=unrotated.reduced_eigenvalues,
        variance=_variance(pattern, phi, names),
        variance_before=_variance(unrotated.loadings, None, names),
        measures=efa_measures(matrix, model, n_factors, n_rows),
        notices=(*_notices(unrotated, loadings, n_rows), *_same(phi, names), *rotated.notices),
    )


def _given(matrix: pd.DataFrame) -> pd.DataFrame:
    values = matrix.to_numpy(dtype=np.float64)
    square = values.shape[0] == values.shape[1] and np.allclose(values, values.T)
    if not square or not np.allclose(np.diag(values), 1.0):
        raise EstimationError(
            "With n given, the first argument must be a correlation matrix",
            found=f"a table of {values.shape[0]} x {values.shape[1]}",
        )
    return matrix


def _check(R: pd.DataFrame, n_factors: int, extraction: str) -> None:
    p = len(R)
    if R.isna().to_numpy().any():
        raise EstimationError(
            "Some pairs of items were never answered by the same respondents",
            found=listed(R.columns[R.isna().any()]),
            remedy="Leave out the items that were answered by few.",
        )
    if not 1 <= n_factors < p or (extraction != "pca" and _df(p, n_factors) < 0):
        raise EstimationError(
            "So many factors cannot be found in so few items",
            found=f"{n_factors} factors, {p} items",
            expected=f"1 to {_most_factors(p)} factors",
        )
    if extraction == "ml" and np.linalg.matrix_rank(R.to_numpy(), hermitian=True) < p:
        raise EstimationError(
            "Maximum likelihood needs a correlation matrix that is not singular",
            remedy="Use extraction='minres', or leave out items that follow from others.",
        )


def _check_collapse(loadings: Array) -> None:
    """Refuse factors that explain nothing: there is no rotation of them."""
    found = int(((loadings**2).sum(axis=0) > _EMPTY).sum())
    if found == loadings.shape[1]:
        return
    remedy = f"Ask for at most {found}." if found else "These items have nothing in common."
    raise EstimationError(
        "Some factors explain nothing of any item",
        found=f"{found} of {loadings.shape[1]} factors with loadings",
        remedy=remedy,
    )


def _df(p: int, k: int) -> int:
    return (p - k) * (p - k - 1) // 2 - k


def _most_factors(p: int) -> int:
    return max((k for k in range(1, p) if _df(p, k) >= 0), default=1)


def _ordered(rotated: Rotation) -> tuple[Array, Array | None]:
    """Return pattern and factor correlations, positive and largest factor first (as psych)."""
    sign = np.where(rotated.loadings.sum(axis=0) < 0, -1.0, 1.0)
    pattern = rotated.loadings * sign
    phi = None if rotated.phi is None else rotated.phi * np.outer(sign, sign)
    order = np.argsort(-_sums_of_squares(pattern, phi), kind="stable")
    return pattern[:, order], None if phi is None else phi[np.ix_(order, order)]


def _sums_of_squares(pattern: Array, phi: Array | None) -> Array:
    inner = pattern.T @ pattern
    return np.diag(inner if phi is None else phi @ inner)


def _variance(pattern: Array, phi: Array | None, names: list[str]) -> pd.DataFrame:
    sums = _sums_of_squares(pattern, phi)
    share = sums / len(pattern)
    columns = {"ss_loadings": sums, "proportion": share, "cumulative": np.cumsum(share)}
    return pd.DataFrame(columns, index=names)


def _complexity(pattern: Array) -> Array:
    """Return Hofmann's complexity, (sum l²)² / sum l⁴, of each item; NaN without any loading."""
    fourth = (pattern**4).sum(axis=1)
    return np.asarray((pattern**2).sum(axis=1) ** 2 / np.where(fourth > 0, fourth, np.nan))


def _notices(found: Extraction, loadings: pd.DataFrame, n: int) -> tuple[Notice, ...]:
    notices = []
    items = loadings.index
    heywood = [str(name) for name in items[found.at_bound]]
    if heywood:
        text = (
            f"The factors explain {listed(heywood)} entirely (a Heywood case): there are too many"
            " factors, or too few items or respondents."
        )
        notices.append(Notice("heywood_case", text, {"items": heywood}))
    if not found.converged:
        text = "The extraction did not converge: its loadings are not at an optimum."
        notices.append(Notice("extraction_not_converged", text))
    members = (loadings.abs() >= CUTOFF).sum()
    poor = [str(name) for name in members.index[members < 3]]
    if poor:
        text = (
            f"Fewer than three items load at least {CUTOFF:.2f} on {listed(poor)}: there may be"
            " fewer factors."
        )
        notices.append(Notice("factor_with_few_items", text, {"factors": poor}))
    if n <= len(items):
        text = f"There are {n} respondents for {len(items)} items: loadings are not to be trusted."
        notices.append(Notice("fewer_respondents_than_items", text, {"n": n, "items": len(items)}))
    return tuple(notices)


def _same(phi: Array | None, names: list[str]) -> tuple[Notice, ...]:
    """Return a notice for each pair of factors that hardly differ."""
    if phi is None:
        return ()
    rows, cols = np.triu_indices(len(phi), 1)
    notices = []
    for i, j in zip(rows.tolist(), cols.tolist(), strict=True):
        r = float(phi[i, j])
        if abs(r) >= SAME_FACTOR:
            text = f"{names[i]} and {names[j]} correlate at {r:.2f}: they may be one factor."
            facts = {"first": names[i], "second": names[j], "correlation": r}
            notices.append(Notice("factors_hardly_differ", text, facts))
    return tuple(notices)
