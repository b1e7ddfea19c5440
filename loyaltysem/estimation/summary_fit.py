"""The part of a fit's summary that tells tests and indices of fit, a column for each correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from loyaltysem.estimation.fit_measures import CLOSE_FIT, RMSEA_LEVEL
from loyaltysem.estimation.fit_summary import first_corrected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.fitted import Fit

COLUMNS = {"Standard": "", "Scaled": ".scaled", "Robust": ".robust"}
"""Columns of fit measures, and how the names of their measures end."""


class FitLine(NamedTuple):
    """One line of the table of fit: what it is called, and its value in each column."""

    label: str
    cells: tuple[str, ...]


def number_text(value: float) -> str:
    """Return a number with three decimals, without the sign of a zero."""
    return f"{value:.3f}".replace("-0.000", "0.000")


def pvalue_text(value: float) -> str:
    """Return a p-value with three decimals, or ``<.001``."""
    return "<.001" if value < 0.0005 else f"{value:.3f}"


def fit_lines(fit: Fit) -> list[FitLine]:
    """Return tests and indices of fit, empty without a test.

    A corrected test has its own column beside the standard one, as have the indices that follow
    from it (scaled) and those that estimate the population's value (robust). The first line is the
    heading; it names the columns where there are several. Further tests stand below the first two,
    a line for each.
    """
    if not fit.tests:
        return []
    measures, corrected = fit.measures(), first_corrected(fit.tests)
    columns = [name for name, end in COLUMNS.items() if _has(measures, end)]
    lines = [*_tests(measures, corrected, columns), *_further(fit.tests, corrected)]
    lines += [*_indices(measures, columns), *_likelihood(measures)]
    heading = FitLine("Fit", tuple(columns) if corrected is not None else ())
    return [heading, *(line for line in lines if any(line.cells))]


def _has(measures: Mapping[str, float], end: str) -> bool:
    return any(f"{name}{end}" in measures for name in ("chisq", "cfi", "rmsea"))


def _tests(
    measures: Mapping[str, float], corrected: ChiSquare | None, columns: list[str]
) -> Iterator[FitLine]:
    def row(label: str, name: str, shown: Callable[[float], str]) -> FitLine:
        return _row(measures, columns, label, (name,), shown)

    if corrected is not None:
        yield FitLine("Correction", ("", corrected.name))
    yield row("Chi-square", "chisq", number_text)
    yield row("Degrees of freedom", "df", _degrees)
    yield row("p", "pvalue", pvalue_text)
    if corrected is not None and corrected.scaling_factor is not None:
        yield FitLine("Scaling factor", ("", number_text(corrected.scaling_factor)))
    if corrected is not None and corrected.shift is not None:
        yield FitLine("Shift", ("", number_text(corrected.shift)))


def _further(tests: tuple[ChiSquare, ...], corrected: ChiSquare | None) -> Iterator[FitLine]:
    """Yield the tests that have no column."""
    for test in tests:
        if test.name != "standard" and test is not corrected:
            p = "" if test.pvalue is None else f", p {pvalue_text(test.pvalue)}"
            value = f"{number_text(test.statistic)}, df {_degrees(test.df)}{p}"
            yield FitLine(f"Test {test.name}", (value,))


def _indices(measures: Mapping[str, float], columns: list[str]) -> tuple[FitLine, ...]:
    interval = f"RMSEA, {RMSEA_LEVEL * 100:.0f} % interval"
    limits = ("rmsea.ci.lower", "rmsea.ci.upper")
    return (
        _row(measures, columns, "CFI", ("cfi",), number_text),
        _row(measures, columns, "TLI", ("tli",), number_text),
        _row(measures, columns, "RMSEA", ("rmsea",), number_text),
        _row(measures, columns, interval, limits, number_text),
        _row(measures, columns, f"p (RMSEA <= {CLOSE_FIT})", ("rmsea.pvalue",), pvalue_text),
        _row(measures, columns[:1], "SRMR", ("srmr",), number_text),
    )


def _row(
    measures: Mapping[str, float],
    columns: list[str],
    label: str,
    names: tuple[str, ...],
    shown: Callable[[float], str],
) -> FitLine:
    """Return a measure in each column, blank where it has none; two names are an interval."""
    cells = []
    for column in columns:
        values = [measures.get(f"{name}{COLUMNS[column]}") for name in names]
        cells.append(" to ".join(shown(value) for value in values if value is not None))
    return FitLine(label, tuple(cells))


def _likelihood(measures: Mapping[str, float]) -> Iterator[FitLine]:
    for name, label in (("logl", "Log-likelihood"), ("aic", "AIC"), ("bic", "BIC")):
        if name in measures:
            yield FitLine(label, (number_text(measures[name]),))


def _degrees(df: float) -> str:
    return f"{df:.0f}" if float(df).is_integer() else f"{df:.3f}"
