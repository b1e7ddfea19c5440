"""Two results compared: what counts as moved, and in which order it is told."""

from __future__ import annotations

from copy import deepcopy

import pytest

from loyaltysem.study.checking.changes import find_changes
from loyaltysem.study.checking.kinds import number_kind
from loyaltysem.study.settings.check import CheckDefinition

STORED = {
    "sample": {"n_read": 400},
    "models": [
        {
            "name": "m",
            "converged": True,
            "fit": {"cfi": 0.95, "rmsea": None},
            "parameters": [
                {"lhs": "y", "op": "~", "rhs": "a", "group": 1, "est": 0.5, "pvalue": 0.01},
                {"lhs": "y", "op": "~", "rhs": "b", "group": 1, "est": 200.0, "pvalue": 0.2},
            ],
            "hypotheses": [{"id": "H1", "verdict": "supported"}],
        }
    ],
    "provenance": {"python": "3.11"},
}


def changed(edit, **tolerance):
    now = deepcopy(STORED)
    edit(now)
    return find_changes(STORED, now, CheckDefinition(tolerance=tolerance))


def test_the_same_results_have_no_changes():
    assert changed(lambda now: None) == ()


def test_a_number_within_its_tolerance_has_not_moved():
    def edit(now):
        now["models"][0]["parameters"][0]["est"] += 9e-6
        now["models"][0]["parameters"][1]["est"] += 1.9e-3

    assert changed(edit) == ()
    (first, second) = changed(edit, estimates=1e-7)
    assert [one.kind for one in (first, second)] == ["number", "number"]
    assert first.place == "models[m].parameters[y ~ b 1].est"
    assert first.difference == pytest.approx(1.9e-3)
    assert "→" in first.sentence


def test_the_gravest_change_is_told_first():
    def edit(now):
        now["sample"]["n_read"] = 401
        model = now["models"][0]
        model["converged"] = False
        model["hypotheses"][0]["verdict"] = "opposite"
        model["parameters"][0]["est"] = 0.6
        model["parameters"][1]["est"] = 100.0
        model["parameters"].append({"lhs": "y", "op": "~", "rhs": "c", "group": 1, "est": 0.1})

    found = changed(edit)
    kinds = ["hypothesis", "conclusion", "entry", "count", "number", "number"]
    assert [one.kind for one in found] == kinds
    assert found[0].sentence == "supported → opposite"
    assert found[2].sentence == "is new"
    assert [one.difference for one in found[4:]] == [-100.0, pytest.approx(0.1)]


def test_entries_are_matched_by_name_not_by_position():
    assert changed(lambda now: now["models"][0]["parameters"].reverse()) == ()


def test_a_number_that_cannot_be_computed_any_more_is_a_change():
    def edit(now):
        now["models"][0]["fit"]["cfi"] = None
        now["models"][0]["fit"]["rmsea"] = 0.05

    assert {one.place for one in changed(edit)} == {"models[m].fit.cfi", "models[m].fit.rmsea"}


def test_counts_must_be_the_same_and_provenance_may_differ():
    def edit(now):
        now["sample"]["n_read"] = 399
        now["provenance"]["python"] = "3.13"

    (only,) = changed(edit, other=1.0)
    assert (only.kind, only.place) == ("count", "sample.n_read")


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (("models", "[m]", "parameters", "[y ~ a]", "est"), "estimates"),
        (("models", "[m]", "fit", "cfi"), "fit"),
        (("models", "[m]", "verdicts", "[cfi]", "value"), "fit"),
        (("reliability", "[price]", "alpha"), "reliability"),
        (("reliability", "[price]", "ci", "[1]"), "intervals"),
        (("descriptives", "[PR1]", "mean"), "other"),
        (("models", "[m]", "fit", "pvalue"), "fit"),
        (("models", "[m]", "groups", "levels", "[metric]", "delta_cfi"), "fit"),
        (("models", "[m]", "groups", "paths", "pairs", "[a b]", "pvalue_adjusted"), "pvalues"),
        (("models", "[m]", "effects", "rows", "[a]", "boot_se"), "standard_errors"),
        (("models", "[m]", "moderation", "[x]", "indirect", "[p]", "index_upper"), "intervals"),
        (("models", "[m]", "diagnostics", "residuals", "[1]", "lower", "[1]"), "other"),
        (("factors", "items", "[A1]", "loadings", "[1]"), "estimates"),
        (("discriminant", "pairs", "[a b]", "htmt"), "reliability"),
    ],
)
def test_kinds_of_numbers(at, kind):
    assert number_kind(at) == kind


def test_numbers_are_ordered_by_how_far_they_are_beyond_what_is_allowed():
    def edit(now):
        model = now["models"][0]
        model["fit"]["cfi"] += 0.05
        model["parameters"][0]["est"] += 0.02

    first, second = changed(edit, fit=0.01, estimates=0.001)
    assert first.place.endswith("est")
    assert first.excess == pytest.approx(20)
    assert second.excess == pytest.approx(5)
    assert "allowed ±0.001" in first.sentence


def test_a_hypothesis_that_came_or_went_stands_with_those_that_flipped():
    (gone,) = changed(lambda now: now["models"][0]["hypotheses"].pop())
    assert (gone.kind, gone.sentence) == ("hypothesis", "is gone")


def test_better_words_are_no_change():
    stored = {
        "study": {"title": {"en": "A"}},
        "questionnaire": {"sha256": "1"},
        "models": [{"name": "m", "syntax": "a ~ b", "source": "x", "title": {"en": "M"}}],
        "notices": [{"code": "few", "text": "Few.", "facts": {"n": 10}, "about": ""}],
        "sample": {"exclusions": [{"code": "incomplete", "reason": {"en": "Gaps"}, "n": 3}]},
    }
    now = deepcopy(stored)
    now["study"]["title"]["en"] = "B"
    now["questionnaire"]["sha256"] = "2"
    now["models"][0] |= {"syntax": "a ~ b # as planned", "source": "y", "title": {"en": "N"}}
    now["notices"][0]["text"] = "Only few."
    now["sample"]["exclusions"][0]["reason"]["en"] = "Incomplete"
    assert find_changes(stored, now, CheckDefinition()) == ()
    now["notices"][0]["facts"]["n"] = 11
    (fact,) = find_changes(stored, now, CheckDefinition())
    assert fact.place == "notices[few].facts.n"
    now["notices"][0]["facts"]["n"] = 10
    now["notices"][0]["code"] = "fewer"
    assert len(find_changes(stored, now, CheckDefinition())) == 2


@pytest.mark.parametrize("lacking", ["stored", "now"])
def test_fields_that_an_older_version_lacks_are_not_compared(lacking):
    older, newer = deepcopy(STORED), deepcopy(STORED)
    newer["models"][0]["news"] = 1.0
    newer["models"][0]["parameters"].append({"lhs": "y", "op": "~", "rhs": "c", "group": 1})
    sides = (older, newer) if lacking == "stored" else (newer, older)
    (entry,) = find_changes(*sides, CheckDefinition(), may_lack=lacking)
    assert entry.place == "models[m].parameters[y ~ c 1]"
    assert len(find_changes(*sides, CheckDefinition())) == 2


def test_moments_and_hints_come_last():
    stored = {"models": [{"name": "m", "moments": {"means": [1.0]}, "fit": {"cfi": 0.9}}]}
    now = deepcopy(stored)
    now["models"][0]["moments"]["means"][0] = 5.0
    now["models"][0]["fit"]["cfi"] = 0.91
    found = find_changes(stored, now, CheckDefinition())
    assert [one.place for one in found] == ["models[m].fit.cfi", "models[m].moments.means[1]"]
