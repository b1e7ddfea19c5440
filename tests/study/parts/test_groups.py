"""Groups in a study: how they are formed, what is refused, and the records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import DocumentError, StudyError
from loyaltysem.responses import read_responses
from loyaltysem.study.parts.grouping import grouping
from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import compute_study

QUESTIONNAIRE = """
name: small
version: "1"
languages: [en]
title: {en: A}
scale: {lowest: 1, highest: 7, labels: {1: {en: No}, 7: {en: Yes}}}
constructs:
  - code: trust
    name: {en: Trust}
    source: Own
    items:
      - {code: t1, wording: {en: Item t1}}
      - {code: t2, wording: {en: Item t2}}
      - {code: t3, wording: {en: Item t3}}
  - code: loyal
    name: {en: Loyalty}
    source: Own
    items:
      - {code: l1, wording: {en: Item l1}}
      - {code: l2, wording: {en: Item l2}}
      - {code: l3, wording: {en: Item l3}}
demographics:
  - code: gender
    name: {en: Gender}
    options: {male: {en: Male}, female: {en: Female}, other: {en: Other}}
"""
MODEL = """
name: small
title: {en: A}
questionnaire: small
syntax: |
  trust =~ t1 + t2 + t3
  loyal =~ l1 + l2 + l3
  loyal ~ trust
"""
STUDY = """
title: {en: A}
questionnaire: questionnaires/small.yaml
data: answers.csv
model: models/small.yaml
analyses: [model]
"""


def answers() -> pd.DataFrame:
    """Return answers in which the second item of trust is easier for women to agree with."""
    rng = np.random.default_rng(11)
    gender = np.array(["female"] * 160 + ["male"] * 140 + ["other"] * 6 + [""] * 4)
    trust = rng.normal(size=310)
    loyal = 0.5 * trust + rng.normal(size=310)
    items = {
        f"{name}{k}": factor + 0.6 * rng.normal(size=310)
        for name, factor in (("t", trust), ("l", loyal))
        for k in (1, 2, 3)
    }
    items["t2"] += np.where(gender == "female", 1.0, 0.0)
    frame = pd.DataFrame(items)
    return (4 + frame).round().clip(1, 7).astype(int).assign(gender=gender)


@pytest.fixture
def study(tmp_path):
    """Return a function that writes a study with an entry ``groups``, and returns its path."""
    for folder, text in (("questionnaires", QUESTIONNAIRE), ("models", MODEL)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "small.yaml").write_text(text, encoding="utf-8")
    answers().to_csv(tmp_path / "answers.csv", index=False)

    def write(groups: str):
        path = tmp_path / "study.yaml"
        path.write_text(f"{STUDY}groups: {groups}\n", encoding="utf-8")
        return path

    return write


def formed(path):
    plan = plan_study(path)
    return grouping(read_responses(plan.data, plan.questionnaire), plan.definition.groups)


def test_groups_of_a_study(study):
    results = compute_study(plan_study(study("{by: gender, levels: [male, female]}")))
    (model,) = results.models
    found = model.groups
    assert [(one.code, one.name["en"], one.n) for one in found.groups] == [
        ("male", "Male", 140),
        ("female", "Female", 160),
    ]
    assert (found.n_missing, found.n_left_out) == (4, 6)
    assert [(one.level, one.partial) for one in found.levels] == [
        ("configural", False),
        ("metric", False),
        ("scalar", False),
        ("scalar", True),
        ("strict", False),
    ]
    assert [one.parameter for one in found.releases] == ["t2~1"]
    assert found.means_supported
    assert found.means_partial
    assert {(one.group, one.reference) for one in found.means} == {("female", "male")}
    assert len(found.paths.estimates) == 2
    assert found.cutoffs.sample == "small"
    assert "invariance_release_explorative" in {one.code for one in model.notices}


def test_categories_that_a_group_lacks_make_numbers_of_all(study, tmp_path):
    frame = answers()
    frame.loc[frame["gender"] == "male", "t1"] = frame["t1"].clip(lower=3)
    path = study("{by: gender, levels: [male, female], release: false}\nestimator: WLSMV")
    frame.to_csv(tmp_path / "answers.csv", index=False)
    (model,) = compute_study(plan_study(path)).models
    assert model.estimator == "WLSMV"
    assert [one.level for one in model.groups.levels] == [
        "configural",
        "metric",
        "scalar",
        "strict",
    ]
    (told,) = [one for one in model.notices if one.code == "groups_of_numbers"]
    assert told.facts["group"] == "male"
    assert told.facts["item"] in told.facts["why"]


def test_options_are_joined_and_ordered(study):
    found = formed(study("{by: gender, levels: [[female, other], male]}"))
    assert list(found.names.values()) == [{"en": "Female / Other"}, {"en": "Male"}]
    assert found.codes.value_counts().to_dict() == {"female+other": 166, "male": 140}
    assert found.n_left_out == 0


def test_constructs_and_items_are_cut(study):
    found = formed(study("{by: trust, split: median}"))
    middle = answers()[["t1", "t2", "t3"]].mean(axis=1)
    low = int((middle <= middle.median()).sum())
    assert found.codes.value_counts().to_dict() == {
        f"≤ {middle.median():g}": low,
        f"> {middle.median():g}": 310 - low,
    }
    cut = formed(study("{by: t1, split: [3, 5]}"))
    assert list(cut.names) == ["≤ 3", "> 3, ≤ 5", "> 5"]
    assert formed(study("{by: t1, split: 4}")).names.keys() == {"≤ 4", "> 4"}


@pytest.mark.parametrize(
    ("groups", "problem"),
    [
        ("{by: gendre}", "cannot be grouped by 'gendre'"),
        ("{by: trust}", "only by a cut"),
        ("{by: gender, split: median}", "no numbers to split"),
        ("{by: gender, levels: [male, femal]}", "no option 'femal'"),
        ("{by: t1, split: 40}", "make no two groups"),
    ],
)
def test_what_makes_no_groups_is_refused_with_its_place(study, groups, problem):
    with pytest.raises(StudyError, match=problem) as caught:
        plan_study(study(groups))
    assert caught.value.place.line == 7


def test_small_groups_are_named_with_counts_before_anything_is_computed(study):
    with pytest.raises(StudyError, match="Too few respondents for 19 parameters") as caught:
        plan_study(study("{by: gender}"))
    assert caught.value.found == "'other' with 6"
    assert "levels" in caught.value.remedy


@pytest.mark.parametrize(
    "groups",
    [
        "{by: gender, levels: [male]}",
        "{by: gender, levels: [male, [male, female]]}",
        "{by: t1, split: [5, 3]}",
        "{by: gender, correction: holms}",
    ],
)
def test_contradictory_settings_are_refused(study, groups):
    with pytest.raises(DocumentError):
        plan_study(study(groups))


def test_a_demographic_that_the_data_lack(study, tmp_path):
    answers().drop(columns="gender").to_csv(tmp_path / "answers.csv", index=False)
    with pytest.raises(StudyError, match="no column for 'gender'"):
        plan_study(study("{by: gender}"))
