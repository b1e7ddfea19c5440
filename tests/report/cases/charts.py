"""Captions and texts of the statistical figures."""

from __future__ import annotations

from typing import Any

FACTS: dict[str, dict[str, Any]] = {
    "scree": {},
    "scree_alt": {"first": 4.21, "n": 3},
    "scree_note": {},
    "loadings": {},
    "loadings_alt": {"items": 12, "factors": 3},
    "loadings_note": {"salient": 0.4},
    "htmt": {},
    "htmt_alt": {"largest": 0.81},
    "htmt_note": {"threshold": 0.85},
    "correlations": {},
    "correlations_alt": {"low": -0.12, "high": 0.63},
    "information": {},
    "information_alt": {"scales": [("Trust", -0.5), ("Loyalty", 0.3)]},
    "information_note": {},
    "tiers": {},
    "tiers_alt": {"constructs": ["Trust", "Loyalty"]},
    "coefficients": {"title": "Small model"},
    "coefficients_alt": {"paths": [("Trust → Loyalty", 0.4), ("Price → Loyalty", -0.1)]},
    "coefficients_note": {},
    "bootstrap": {"title": "Small model"},
    "monte_carlo": {"title": "Small model"},
    "distributions_alt": {"effects": ["Price → Trust → Loyalty"]},
    "importance": {"target": "Loyalty"},
    "importance_alt": {
        "target": "Loyalty",
        "constructs": [("Trust", 0.4, 71.2), ("Price", 0.1, 65.0)],
    },
    "importance_note": {},
    "power": {"title": "Small model"},
    "power_alt": {"n": 200},
}


def say(words: Any, make: Any) -> None:
    """Say every sentence of the charts."""
    for key, facts in FACTS.items():
        assert words.say(f"charts.{key}", **facts)
    for key in ("scree_random", "tiers_axis"):
        assert words.label(f"charts.{key}")
