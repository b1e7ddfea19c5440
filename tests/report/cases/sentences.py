"""Sentences said with facts of their own, where whole studies would be needed for one branch."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from loyaltysem.measurement.cutoffs import read_cutoffs

if TYPE_CHECKING:
    from collections.abc import Iterator

Said = tuple[str, dict[str, Any]]

PAIR = ("A – B", 0.9)
MERGED = ([("F1", ["a", "b"])], [("F1", ["a", "b"]), ("F2", ["c", "d"])])
DRAWS = {"draws": 500, "failed": 0, "method": "perc"}
PATHS = {"figure": "", "outside": [], "strongest": None, "doubtful": False}
ENGINE = {"state": "same", "largest": None, "parameter": "", "differing": 0}


def say(words: Any, make: Any) -> None:
    """Say them."""
    for part in (_structure, _factors, _validity, _loadings, _normality):
        for key, facts in part():
            assert words.say(key, **facts)


def _structure() -> Iterator[Said]:
    counts = ((0, 0), (1, 0), (1, 1), (3, 0), (3, 2), (3, 1), (3, 3))
    for (total, differing), unreadable in product(counts, (0, 1)):
        facts = {"total": total, "differing": differing, "unreadable": unreadable}
        yield "mediation.text", {"table": "t", **DRAWS, **facts}
    for admissible in (True, False):
        yield "mediation.caution", {"admissible": admissible}
    for significant in (0, 1, 2, 3):
        yield "paths.text", {"table": "t", "total": 3, "significant": significant, **PATHS}
    for stable in (0, 2, 8):
        yield "robustness.verdict", {"stable": ["a → b"] * stable, "unstable": ["c → d"]}
    for agreeing in (4, 5):
        yield "replication.text", {"table": "t", "parameters": 5, "agreeing": agreeing, **ENGINE}


def _factors() -> Iterator[Said]:
    for merged, one in product(MERGED, (True, False)):
        yield "factors.merged", {"merged": merged, "one": one}
    for n in (1, 3):
        facts = {"extraction": "ml", "rotation": "oblimin", "total": 0.6, "general": None}
        yield "factors.solution", {"n": n, "tli": 0.9, "rmsea": 0.05, **facts}
        flags: dict[str, Any] = dict.fromkeys(("weak", "crossing", "low", "astray"), ())
        yield "factors.verdicts", {"n": n, **flags}
    for components in (None, 3, 4):
        counts = {"parallel": 4, "map": 3, "kaiser": 5}
        facts = {"counts": counts, "n": 4, "chosen": False, "draws": 200}
        yield "factors.number", {"components": components, **facts}


def _validity() -> Iterator[Said]:
    for same, unknown, total in product(
        ([], ["A – B"], ["A – B"] * 8), ([], ["A – B"], ["A – B"] * 6), (1, 15)
    ):
        yield "constrained.text", {"table": "t", "same": same, "unknown": unknown, "total": total}
    for scaled in (True, False):
        yield "constrained.note", {"scaled": scaled}
    for close in ([], [PAIR], [PAIR] * 8):
        facts = {"table": "t", "close": close, "total": 45, "shared": [], "admissible": True}
        for kin in ([], ["A – B"], ["A – B", "B – C"]):
            yield "measurement_model.fornell_larcker", {**facts, "kin": kin, "wholes": ["W"]}
        largest = {"largest": 0.9, "first": "A", "second": "B", "draws": 0, "threshold": 0.9}
        for strict, closer in ((None, []), (0.85, []), (0.85, [PAIR]), (0.85, [PAIR] * 8)):
            told = {"strict": strict, "closer": closer, **largest}
            yield "discriminant.text", {"close": close, "total": 45, **told}
    for component in (None, 0.3, 0.45, 0.6):
        yield "method_variance.harman", {"n_items": 9, "component": component, "factor": None}
    for significant in (0, 1, 2, 3):
        facts = {"first": "a", "second": "b", "largest": 0.4, "total": 3}
        yield "scores.text", {"significant": significant, **facts}


def _loadings() -> Iterator[Said]:
    rules = {one.quantity: one for one in read_cutoffs("thesis")}
    none = (
        "outside",
        "weak",
        "not_significant",
        "low_cr",
        "low_ave",
        "tolerated_cr",
        "tolerated_ave",
    )
    facts = {"lowest": 0.6, "highest": 0.9, "confirmatory": True, "validity": False}
    for negative in ([], ["t1"], ["t1", "t2"]):
        empty: dict[str, Any] = dict.fromkeys(none, ())
        yield (
            "loadings.text",
            {"table": "t", "rules": rules, "negative": negative, **facts, **empty},
        )


def _normality() -> Iterator[Said]:
    for skewed, peaked, heavy in product((True, False), repeat=3):
        for robust in ("tests", "effects", ""):
            facts = {"n": 200, "n_items": 8, "outliers": 0, "robust": robust}
            yield "normality.text", {"skewed": skewed, "peaked": peaked, "heavy": heavy, **facts}
