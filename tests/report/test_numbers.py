"""How numbers are written."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from loyaltysem.report.numbers import APA, Kind, relation_to, rounded, stars, written

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.8716, Kind.BOUNDED, ".872"),
        (-0.2371, Kind.BOUNDED, "−.237"),
        (-0.0004, Kind.BOUNDED, ".000"),
        (1.0, Kind.BOUNDED, "1.000"),
        (3.27, Kind.BOUNDED, "3.270"),
        (0.0, Kind.BOUNDED, ".000"),
        (0.377, Kind.ESTIMATE, "0.377"),
        (-0.0001, Kind.ESTIMATE, "0.000"),
        (2.675, Kind.MOMENT, "2.68"),
        (4.125, Kind.MOMENT, "4.13"),
        (-4.125, Kind.MOMENT, "−4.13"),
        (51947.245, Kind.STATISTIC, "51,947.25"),
        (423, Kind.COUNT, "423"),
        (100000, Kind.COUNT, "100,000"),
        (0.525, Kind.PERCENT, "52.5"),
        (1.0, Kind.PERCENT, "100.0"),
        (0.9, Kind.CUTOFF, ".90"),
        (3.0, Kind.CUTOFF, "3"),
        (0.055, Kind.CUTOFF, ".055"),
        (1e-9, Kind.ESTIMATE, "0.000"),
        (-1.5e300, Kind.ESTIMATE, f"−1.50{NBSP}×{NBSP}10³⁰⁰"),
    ],
)
def test_writes_by_kind(value: float, kind: Kind, text: str) -> None:
    assert written(value, kind) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEXT])
def test_what_is_no_number_is_a_dash(value: float | None, kind: Kind) -> None:
    assert written(value, kind) == "–"


@pytest.mark.parametrize(
    ("pvalue", "text"),
    [
        (0.0, f"<{NBSP}.001"),
        (0.00099, f"<{NBSP}.001"),
        (0.001, ".001"),
        (0.0314, ".031"),
        (0.0496, ".0496"),
        (0.04996, ".04996"),
        (0.0504, ".050"),
        (0.05, ".050"),
        (0.00996, ".00996"),
        (0.9991, f">{NBSP}.999"),
        (1.0, f">{NBSP}.999"),
    ],
)
def test_p_values_are_exact_and_never_seem_to_miss_a_limit_they_meet(
    pvalue: float, text: str
) -> None:
    assert written(pvalue, Kind.PVALUE) == text


@pytest.mark.parametrize(
    ("pvalue", "mark"),
    [
        (0.0009, "***"),
        (0.001, "**"),
        (0.0099, "**"),
        (0.01, "*"),
        (0.0499, "*"),
        (0.05, ""),
        (None, ""),
    ],
)
def test_stars_are_judged_before_rounding(pvalue: float | None, mark: str) -> None:
    assert stars(pvalue) == mark


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [(0.8996, 0.9, ".8996"), (0.9, 0.9, ".900"), (0.90001, 0.9, ".90001"), (0.85, 0.9, ".850")],
)
def test_a_value_shows_on_which_side_of_its_cutoff_it_lies(
    value: float, limit: float, text: str
) -> None:
    assert written(value, Kind.BOUNDED, limit=limit) == text


def test_relation_stands_before_exact_values_only() -> None:
    assert relation_to(written(0.031, Kind.PVALUE)) == f"={NBSP}.031"
    assert relation_to(written(0.0, Kind.PVALUE)) == f"<{NBSP}.001"


def test_leading_zero_is_one_switch() -> None:
    style = replace(APA, leading_zero=True)
    assert written(0.8716, Kind.BOUNDED, style) == "0.872"
    assert written(0.0, Kind.PVALUE, style) == f"<{NBSP}0.001"


def test_rounding_is_half_away_from_zero_on_the_decimal_form() -> None:
    assert [str(rounded(value, 1)) for value in (0.25, 0.35, -0.25, -0.04)] == [
        "0.3",
        "0.4",
        "-0.3",
        "0.0",
    ]
