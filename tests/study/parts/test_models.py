"""Method variance, dimensions and comparisons of models in a study, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import DocumentError, StudyError
from loyaltysem.responses import read_responses
from loyaltysem.study.parts import Material
from loyaltysem.study.parts.choice import CHOICE, EQUIVALENTS, POWER
from loyaltysem.study.parts.dimensions import DIMENSIONS
from loyaltysem.study.parts.effects import EFFECTS
from loyaltysem.study.parts.hypotheses import hypothesis_records
from loyaltysem.study.parts.method_variance import METHOD_VARIANCE
from loyaltysem.study.parts.model import fit_model, model_result
from loyaltysem.study.plan import plan_study

if TYPE_CHECKING:
    from pathlib import Path

CONSTRUCTS = "abcdm"
STUDY = """
title: {en: Test}
questionnaire: five
data: answers.csv
model: [whole, part]
"""
MEASUREMENT = "\n".join(f"  {c} =~ {c}1 + {c}2 + {c}3" for c in "abcd")
WHOLE = "  b ~ a\n  c ~ a + b\n  d ~ c"
PART = "  b ~ a\n  c ~ b\n  d ~ c"


def questionnaire() -> str:
    lines = [
        "name: five",
        "version: 1.0.0",
        "languages: [en]",
        "title: {en: Five}",
        "scale: {lowest: 1, highest: 7, labels: {1: {en: No}, 7: {en: Yes}}}",
        "constructs:",
    ]
    for code in CONSTRUCTS:
        lines += [f"  - code: {code}", f"    name: {{en: {code}}}", "    source: nobody"]
        lines += ["    items:"]
        lines += [
            f"      - {{code: {code}{k}, wording: {{en: Item {code}{k}.}}}}" for k in range(1, 4)
        ]
    return "\n".join(lines)


def model(name: str, paths: str) -> str:
    hypotheses = (
        "hypotheses:\n  - {id: H1, path: a -> b -> c, sign: '+', wording: {en: By way of b.}}\n"
        if name == "whole"
        else ""
    )
    return (
        f"name: {name}\ntitle: {{en: {name}}}\nquestionnaire: five\n"
        f"syntax: |\n{MEASUREMENT}\n{paths}\n{hypotheses}"
    )


def answers() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 260
    a = rng.normal(size=n)
    b = 0.6 * a + 0.8 * rng.normal(size=n)
    c = 0.4 * a + 0.4 * b + 0.7 * rng.normal(size=n)
    d = 0.6 * c + 0.8 * rng.normal(size=n)
    scores = {"a": a, "b": b, "c": c, "d": d, "m": rng.normal(size=n)}
    items = {
        f"{name}{k}": (1.2 - 0.2 * k) * score + 0.6 * rng.normal(size=n)
        for name, score in scores.items()
        for k in (1, 2, 3)
    }
    return pd.DataFrame(items).mul(1.2).add(4).round().clip(1, 7).astype(int)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("study")
    files = {
        "questionnaires/five": questionnaire(),
        "models/whole": model("whole", WHOLE),
        "models/part": model("part", PART),
    }
    for name, text in files.items():
        path = place / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    answers().to_csv(place / "answers.csv", index=False)
    return place


def planned(folder: Path, more: str = ""):
    path = folder / "study.yaml"
    path.write_text(STUDY + more, encoding="utf-8")
    return plan_study(path)


def material(folder: Path, more: str = "") -> Material:
    plan = planned(folder, more)
    responses = read_responses(plan.data, plan.questionnaire)
    fitted = tuple(fit_model(plan, one, responses) for one in plan.models)
    return Material(plan=plan, responses=responses, models=fitted)


@pytest.fixture(scope="module")
def given(folder) -> Material:
    more = "method_variance: {marker: m, unrelated: [a]}\ndimensions: {constructs: [a, b, c, d]}\n"
    return material(folder, more)


def test_method_variance_has_a_record_of_every_kind(given):
    found = METHOD_VARIANCE.compute(given, given.models[0]).record
    assert found.n_items == 12
    assert 0 < found.factor < found.component < 1
    assert [one.construct_code for one in found.inflation] == ["a", "b", "c", "d"]
    assert {one.name for one in found.unmeasured.models} >= {"traits", "equal", "free"}
    assert [(one.predictor, one.outcome) for one in found.unmeasured.paths] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
        ("c", "d"),
    ]
    assert (found.marker.marker, found.marker.unrelated) == ("m", ("a",))
    assert all(0 <= one.sampling_pvalue <= 1 and one.adj_se > 0 for one in found.marker.pairs)
    assert len(found.marker.pairs) == 6
    assert [one.construct_code for one in found.marker.reliability] == ["a", "b", "c", "d"]


def test_dimensions_are_compared_in_the_model_that_has_them(given):
    (found,) = DIMENSIONS.compute(given).record
    assert (found.model, found.constructs) == ("whole", ("a", "b", "c", "d"))
    assert next(one.name for one in found.models) == "single_factor"
    assert {one.model for one in found.shares} <= {"second_order", "bifactor"}


def test_models_are_weighed_and_tested(given):
    found = CHOICE.compute(given).record
    assert [one.model for one in found.models] == ["whole", "part"]
    assert sum(one.aic_weight for one in found.models) == pytest.approx(1)
    (test,) = found.tests
    assert (test.less, test.more, test.df) == ("whole", "part", 1)


def test_power_and_equivalent_models(given):
    power = POWER.compute(given, given.models[0]).record
    assert [one.test for one in power] == ["exact", "close", "not_close"]
    changes = EQUIVALENTS.compute(given, given.models[1]).record
    assert ("a", "b", "reversed") in [(x.predictor, x.outcome, x.change) for x in changes]


def test_an_indirect_hypothesis_is_judged_by_its_interval(given):
    fitted = given.models[0]
    effects = EFFECTS.compute(given, fitted)
    (found,) = model_result(given.plan, fitted, {"effects": effects}).hypotheses
    row = next(x for x in effects.record.rows if x.path == "a -> b -> c")
    assert (found.lower, found.upper) == row.interval(effects.record.judged_by)
    assert found.est == row.est
    assert found.verdict == ("supported" if row.interval("mc")[0] > 0 else "not_supported")


def test_without_effects_an_indirect_hypothesis_is_not_judged(given):
    fitted = given.models[0]
    (found,) = hypothesis_records(
        fitted.definition, fitted.fit.estimates(), fitted.doubts, converged=True
    )
    assert (found.verdict, found.reason) == ("not_judged", "no_interval")


def test_effects_are_computed_for_an_indirect_hypothesis_unasked(folder):
    assert EFFECTS.wanted(planned(folder, "analyses: [model]\n"))


@pytest.mark.parametrize(
    ("more", "line", "told"),
    [
        ("method_variance: {marker: k}\n", 6, "'k'"),
        ("method_variance: {marker: b}\n", 6, "part of the model"),
        ("method_variance: {marker: m, unrelated: [a, k]}\n", 6, "'k'"),
        ("dimensions: {constructs: [a, k]}\n", 6, "Found: k"),
    ],
)
def test_what_no_model_or_questionnaire_has_is_refused_with_its_place(folder, more, line, told):
    with pytest.raises(StudyError) as caught:
        planned(folder, more)
    assert caught.value.place.line == line
    assert told in str(caught.value)
    assert caught.value.expected


def test_a_single_dimension_is_refused(folder):
    with pytest.raises(DocumentError) as caught:
        planned(folder, "dimensions: {constructs: [a]}\n")
    assert caught.value.place.line == 6
