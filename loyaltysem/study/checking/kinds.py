"""What stands at a place of the results: which kind of number, a conclusion, or mere words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.study.settings.check import NumberKind

CONCLUSIONS = {
    "admissible", "chen", "chen_other", "chosen", "converged", "mediation", "met", "quadrant",
    "reached", "readable", "reason", "significant", "state", "status", "verdict",
}  # fmt: skip
"""Fields that hold what a reader concludes."""

NOT_NUMBERS = {"version", "provenance", "study", "questionnaire"}
"""Branches at the top that say what went in and how it is shown, not what was found."""

WORDS = {"action", "label", "name", "names", "reason", "title", "wording"}
"""Fields that hold words where they hold a text in several languages, else a code."""

_AREAS_FIRST: dict[str, NumberKind] = {
    "fit": "fit",
    "verdicts": "fit",
    "diagnostics": "other",
    "moments": "other",
}
_AREAS_LAST: dict[str, NumberKind] = {
    "r2": "estimates",
    "reliability": "reliability",
    "validity": "reliability",
}
_NAMES: dict[NumberKind, str] = {
    "pvalues": r"p|p_test|(\w+_)?pvalue(_\w+)?",
    "standard_errors": r"z|(\w+_)?se|\w+_z",
    "intervals": r"(\w+_)?(ci|lower|upper)|ci_\w+",
    "estimates": r"(\w+_)?(est|std_all|std_lv|std_nox)|r|r2(_\w+)?|correlations?|loadings?|slope",
    "fit": r"(delta_)?(cfi|tli|rmsea|srmr)|(chisq|df)(_\w+)?|aic|bic",
    "reliability": r"alpha(_\w+)?|omega(_\w+)?|omega3|ave|sqrt_ave|composite_reliability|htmt2?",
}


def number_kind(at: tuple[str, ...]) -> NumberKind:
    """Return which kind of number stands at a place of the results.

    Parameters
    ----------
    at
        Names from the top down; those of list entries begin with ``[``.
    """
    first = (_AREAS_FIRST[part] for part in at if part in _AREAS_FIRST)
    own = next((part for part in reversed(at) if not part.startswith("[")), "")
    named = (kind for kind, names in _NAMES.items() if re.fullmatch(names, own))
    last = (_AREAS_LAST[part] for part in at if part in _AREAS_LAST)
    return next((kind for kinds in (first, named, last) for kind in kinds), "other")


def is_wording(name: str, value: object) -> bool:
    """Tell whether a field holds words, which may be worded better without a number moving.

    A notice is compared by its code and facts; ``text`` is their English sentence. A model is
    compared by its parameters; ``syntax`` has comments, too.
    """
    if name in {"text", "source", "syntax"}:
        return isinstance(value, str)
    return name in WORDS and isinstance(value, dict)
