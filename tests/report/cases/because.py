"""Reasons that together need every sentence on why something could not be computed."""

from __future__ import annotations

from typing import Any

REASONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("too_few_respondents", {"n": 1, "needed": 13}),
    ("too_few_respondents", {"n": 12, "needed": 13, "group": "男"}),
    ("small_groups", {"groups": [["男", 12], ["女", 9]], "needed": 13}),
    ("single_group", {}),
    ("dependent", {"variables": ["t1", "t2"]}),
    ("dependent", {"variables": ["t1", "t2"], "group": "男"}),
    ("incomplete_dependent", {}),
    ("constant", {"variables": ["t1"], "group": ""}),
    ("constant", {"variables": ["t1", "t2"], "group": "男"}),
    ("unanswered", {"variables": ["t1"]}),
    ("category_lost", {}),
    ("category_lost", {"item": "t1", "categories": "1, 2", "group": "男"}),
    ("nothing_missing", {}),
    ("not_converged", {}),
    ("weights_singular", {}),
    ("no_equal_loading", {"construct": "trust"}),
    ("no_level", {}),
    ("no_indicators", {"construct": "trust"}),
    ("moderator_missing", {"variables": ["age"], "n": 1}),
    ("moderator_missing", {"variables": ["age"], "n": 3}),
)


def told(code: str, because: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a notice about what could not be computed for a reason."""
    return {"why": "The program’s words.", "reason": code, "because": because}


VARIANTS = tuple({"no_little_test": told(code, because)} for code, because in REASONS)
