"""How numbers are written: the one place that rounds, and the one place that gives stars.

The conventions are those of the APA Publication Manual (7th ed., sections 6.36 and 6.44): no zero
before the point where a value cannot exceed one, exact p values with three decimals and ``< .001``
below that, one to three stars at .05, .01 and .001. Rounding is half away from zero on the shortest
decimal form of the number, as a reader with a pencil would do it. A value that rounds onto the
limit it is judged by gets as many decimals as it takes to show on which side it lies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.results.style import StyleRecord

NBSP = "\u00a0"
"""Holds a relation and its value on one line."""

LEVEL = 0.05
"""The level of significance that sentences go by, whatever stars a study wants."""

UNWIELDY = 1e10
"""Size from which a number is written with a power of ten; such an estimate has run away."""

RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

MOST_DECIMALS = 6
"""Decimals after which a value is taken to equal its limit."""


class Kind(StrEnum):
    """What a value is, which decides how it is written."""

    TEXT = "text"
    COUNT = "count"
    MOMENT = "moment"
    """Means, standard deviations, skewness, kurtosis."""
    ESTIMATE = "estimate"
    """Unstandardized estimates and their standard errors."""
    STATISTIC = "statistic"
    """Chi-square, z, information criteria."""
    BOUNDED = "bounded"
    """Reliabilities, loadings, correlations, fit indices: usually within -1..1."""
    PVALUE = "pvalue"
    PERCENT = "percent"
    """A share of 0..1, written in per cent without the sign."""
    CUTOFF = "cutoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """The conventions; ``stars`` pairs a limit with its mark, the smallest limit first."""

    decimals: dict[Kind, int]
    leading_zero: bool = False
    minus: str = "−"
    thousands: str = ","
    missing: str = "–"
    stars: tuple[tuple[float, str], ...] = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


APA = NumberStyle(
    decimals={
        Kind.COUNT: 0,
        Kind.MOMENT: 2,
        Kind.ESTIMATE: 3,
        Kind.STATISTIC: 2,
        Kind.BOUNDED: 3,
        Kind.PVALUE: 3,
        Kind.PERCENT: 1,
        Kind.CUTOFF: 2,
    }
)


def number_style(
    digits: Mapping[str, int], levels: Sequence[float], *, leading_zero: bool = False
) -> NumberStyle:
    """Return APA's conventions with a study's own choices.

    Parameters
    ----------
    digits
        Decimals by the value of a :class:`Kind`.
    levels
        Levels of significance for one, two and three stars, the largest first.
    leading_zero
        Whether a zero stands before the point of values that cannot exceed one.
    """
    own = {Kind(kind): decimals for kind, decimals in digits.items()}
    marks = [(level, "*" * count) for count, level in enumerate(levels, start=1)]
    return replace(
        APA,
        decimals={**APA.decimals, **own},
        leading_zero=leading_zero,
        stars=tuple(reversed(marks)),
    )


def style_of(record: StyleRecord) -> NumberStyle:
    """Return the conventions that a study has chosen."""
    return number_style(record.digits, record.stars, leading_zero=record.leading_zero)


WITHOUT_LEADING_ZERO = frozenset({Kind.BOUNDED, Kind.PVALUE, Kind.CUTOFF})


def rounded(value: float, decimals: int) -> Decimal:
    """Return the value rounded half away from zero; zero never carries a minus sign."""
    result = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def written(
    value: float | None, kind: Kind, style: NumberStyle = APA, *, limit: float | None = None
) -> str:
    """Return a number as the report prints it.

    Parameters
    ----------
    value
        None and values that are not finite give the mark for 'missing'.
    kind
        What the value is.
    limit
        A cut-off the value is judged by: decimals are added until both look different.
    """
    if value is None or not math.isfinite(value):
        return style.missing
    if abs(value) >= UNWIELDY:
        return scientific(value, style)
    if kind is Kind.PVALUE:
        return _p_value(value, style)
    if kind is Kind.CUTOFF:
        return _point(_shortest(value), kind, style)
    value, limit = (100 * value, None) if kind is Kind.PERCENT else (value, limit)
    return _point(_apart(value, style.decimals[kind], limit), kind, style)


def stars(pvalue: float | None, style: NumberStyle = APA) -> str:
    """Return the stars that a p value earns, judged before rounding."""
    if pvalue is None or not math.isfinite(pvalue):
        return ""
    return next((mark for limit, mark in style.stars if pvalue < limit), "")


def relation_to(value: str) -> str:
    """Return a written p value with its sign of relation: ``= .012``, ``< .001``."""
    return value if value[0] in "<>" else f"={NBSP}{value}"


def scientific(value: float, style: NumberStyle = APA, decimals: int = 2) -> str:
    """Return a huge or tiny number as ``1.50 × 10³⁰``."""
    mantissa, exponent = f"{abs(value):.{decimals}e}".split("e")
    sign = style.minus if value < 0 else ""
    return f"{sign}{mantissa}{NBSP}×{NBSP}10{str(int(exponent)).translate(RAISED)}"


def _p_value(value: float, style: NumberStyle) -> str:
    decimals = style.decimals[Kind.PVALUE]
    smallest = Decimal(1).scaleb(-decimals)
    if value < smallest:
        return f"<{NBSP}{_point(smallest, Kind.PVALUE, style)}"
    if value > 1 - smallest:
        return f">{NBSP}{_point(1 - smallest, Kind.PVALUE, style)}"
    limit = next((limit for limit, _ in style.stars if value < limit), None)
    return _point(_apart(value, decimals, limit), Kind.PVALUE, style)


def _apart(value: float, decimals: int, limit: float | None) -> Decimal:
    """Return the rounded value with enough decimals not to be taken for the limit."""
    if limit is None or value == limit:
        return rounded(value, decimals)
    return next(
        (
            result
            for places in range(decimals, MOST_DECIMALS + 1)
            if (result := rounded(value, places)) != Decimal(repr(limit))
        ),
        rounded(value, decimals),
    )


def _shortest(value: float) -> Decimal:
    """Return a cut-off as it is usually quoted: 3 and 0.40 rather than 3.00 and 0.4."""
    two = rounded(value, 2)
    return Decimal(repr(value)) if two != Decimal(repr(value)) else _whole(two)


def _whole(value: Decimal) -> Decimal:
    return value.to_integral_value() if value == value.to_integral_value() else value


def _point(value: Decimal, kind: Kind, style: NumberStyle) -> str:
    """Return digits with the style's minus, thousands and leading-zero conventions."""
    digits = f"{abs(value):,f}".replace(",", style.thousands)
    if kind in WITHOUT_LEADING_ZERO and not style.leading_zero and digits.startswith("0."):
        digits = digits[1:]
    return f"{style.minus}{digits}" if value < 0 else digits
