"""The sentences below a path diagram, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from loyaltysem.diagrams.numbers import number_text
from loyaltysem.errors import ReportError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.style import StarRule

Language = Literal["en", "zh"]

TEXTS: dict[str, dict[Language, str]] = {
    "note": {"en": "Note. ", "zh": "注："},
    "standardized": {"en": "Standardized coefficients.", "zh": "图中为标准化系数。"},
    "raw": {"en": "Unstandardized coefficients.", "zh": "图中为非标准化系数。"},
    "raw_means": {
        "en": "Means and intercepts are not standardized.",
        "zh": "均值与截距未标准化。",
    },
    "stars": {"en": "{}.", "zh": "{}。"},
    "dashed": {"en": "Dashed: p ≥ {}.", "zh": "虚线表示不显著（p ≥ {}）。"},
    "width": {"en": "Wider lines: larger effects.", "zh": "线条越粗，效应越大。"},
    "mean": {"en": "M", "zh": "均值"},
    "intercept": {"en": "Int.", "zh": "截距"},
    "loadings": {"en": "All tested loadings: p < {}.", "zh": "所有被检验的载荷 p < {}。"},
    "fixed": {
        "en": "Coefficients fixed to set a scale are not tested.",
        "zh": "为确定量尺而固定的系数不作检验。",
    },
    "fixed_loadings": {
        "en": "Loadings without stars were fixed to set the scale.",
        "zh": "无星号的载荷为设定量尺而固定，不作检验。",
    },
    "hidden_covariances": {
        "en": "The exogenous variables are correlated; their correlations are not drawn.",
        "zh": "外生变量之间相关，相关系数未画出。",
    },
    "triangle": {
        "en": "The correlation of two variables stands where their thin lines meet.",
        "zh": "两个变量的相关系数位于其细线的交点处。",
    },
    "group": {"en": "Group: {}.", "zh": "组别：{}。"},
    "moderation": {
        "en": "An arrow that ends on a path is a moderating effect.",
        "zh": "指向路径的箭头表示调节作用。",
    },
}

LIST_MARK: dict[Language, str] = {"en": ", ", "zh": "，"}


def in_language(texts: Mapping[Language, str], language: Language) -> str:
    """Return the text in the reader's language.

    Raises
    ------
    ReportError
        When figures do not know that language.
    """
    if language not in texts:
        raise ReportError(
            f"Figures do not know the language '{language}'",
            found=str(language),
            expected=listed(texts),
        )
    return texts[language]


BEFORE_RELATION = re.compile(r"(\*|p) (?=[<≥p])|([<≥]) (?=[.\d])")
"""Blanks in a relation, with what is before them."""


def sentence(key: str, language: Language, *facts: str) -> str:
    """Return the sentence of that key in the reader's language.

    Spaces around relations do not break, so that ``p < .05`` stays together.
    """
    text = in_language(TEXTS[key], language).format(*facts)
    return re.sub(
        r"(\*|p) (?=[<≥p])|([<≥]) (?=[.\d])", lambda match: match[0][:-1] + "\u00a0", text
    )


def p_limit(limit: float, *, zero: bool = False) -> str:
    """Return a limit of p as it is printed: .05, .001; with ``zero`` 0.05."""
    digits = max(len(f"{limit:.10f}".rstrip("0").partition(".")[2]), 2)
    return number_text(limit, digits=digits, leading_zero=zero)


def star_sentence(rule: StarRule, language: Language, *, zero: bool = False) -> str:
    """Return ``* p < .05, ** p < .01, *** p < .001.``."""
    marks = [f"{mark} p < {p_limit(limit, zero=zero)}" for limit, mark in reversed(rule)]
    return sentence("stars", language, LIST_MARK[language].join(marks))
