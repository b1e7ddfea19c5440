"""Sentences said with facts of their own, where whole studies would be needed for one branch."""

from itertools import product
from typing import Any

MEDIATION = [
    {"total": total, "differing": differing, "unreadable": unreadable}
    for total, differing in ((0, 0), (1, 0), (1, 1), (3, 0), (3, 2), (3, 1), (3, 3))
    for unreadable in (0, 1)
]
PAIRS = [
    {"same": same, "unknown": unknown, "total": total}
    for same, unknown in ((["A – B"], []), ([], []), ([], ["A – B"]), ([], ["A – B"] * 6))
    for total in (1, 15)
]
NORMALITY = [
    {"skewed": skewed, "peaked": peaked, "heavy": heavy, "robust": robust}
    for skewed, peaked, heavy in product((True, False), repeat=3)
    for robust in ("tests", "effects", "")
]
MERGED = [("F1", ["price", "quality"])], [("F1", ["price", "quality"]), ("F2", ["a", "b", "c"])]


def say(words: Any, make: Any) -> None:
    """Say them."""
    for facts in MEDIATION:
        draws = {"draws": 500, "failed": 0, "method": "perc"}
        assert words.say("mediation.text", table="t", **draws, **facts)
    for facts in PAIRS:
        assert words.say("constrained.text", table="t", **facts)
    for facts in NORMALITY:
        assert words.say("normality.text", n=200, n_items=8, outliers=0, **facts)
    for merged in MERGED:
        assert words.say("factors.merged", merged=merged)
    for scaled in (True, False):
        assert words.say("constrained.note", scaled=scaled)
    for components in (None, 3, 4):
        counts = {"parallel": 4, "map": 3, "kaiser": 5}
        said = {"counts": counts, "components": components, "n": 4, "chosen": False, "draws": 200}
        assert words.say("factors.number", **said)
    for significant in (0, 1, 2, 3):
        facts = {"total": 3, "significant": significant}
        assert words.say("scores.text", first="a", second="b", largest=0.4, **facts)
        path = {"figure": "", "outside": [], "strongest": None, "doubtful": False}
        assert words.say("paths.text", table="t", **path, **facts)
    for agreeing in (4, 5):
        engine = {"state": "same", "largest": None, "parameter": "", "differing": 0}
        assert words.say("replication.text", table="t", parameters=5, agreeing=agreeing, **engine)
