"""Sentences of the catalogue's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loyaltysem.report.wording import Words

FACTS: dict[str, dict[str, Any]] = {
    "counts": {"constructs": 6, "items": 24, "minutes": 3},
    "after": {"source": "Oliver (1999)"},
    "item_after": {"source": "Oliver (1999)"},
    "figure": {"source": "Invented."},
    "mediation": {"mediators": ["Trust"]},
    "moderation": {"moderators": ["Trust", "Age"]},
    "groups": {"variable": "Age"},
    "dimensions": {"constructs": ["Affect", "Thought"]},
    "answers": {"lowest": 1, "highest": 7, "least": "no", "most": "yes"},
    "count": {"lowest": 0, "highest": 30},
}


def say(words: Words, make: object) -> None:
    """Say each sentence."""
    keys = [key.removeprefix("entry.") for key in words.places if key.startswith("entry.")]
    for key in keys:
        assert words.say(f"entry.{key}", **FACTS.get(key, {}))
