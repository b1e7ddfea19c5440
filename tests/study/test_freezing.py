"""Preregistration: what is frozen, what cannot be replaced or edited, and what deviates."""

from __future__ import annotations

import json

import pytest

from loyaltysem.errors import StudyError
from loyaltysem.report import render_report
from loyaltysem.results import read_results
from loyaltysem.study import freeze_study, new_study, plan_study, run_study
from loyaltysem.study.preregistration import compare_with_plan, read_statement

KEPT = {"questionnaire", "data", "model"}


def write(study, *lines):
    own = [line for line in study.read_text(encoding="utf-8").splitlines() if line[:4] != "titl"]
    own = [line for line in own if line.split(":")[0] in KEPT]
    study.write_text("\n".join(["title: {en: A, zh: 甲}", *own, *lines]), encoding="utf-8")


@pytest.fixture
def study(tmp_path):
    path = new_study(tmp_path / "study")
    write(path, "analyses: [descriptives, reliability]")
    return path


def test_a_study_that_keeps_its_plan_has_no_deviations(study):
    frozen = freeze_study(study, planned_n=100)
    assert frozen.answers_present
    found = compare_with_plan(read_statement(frozen.path), plan_study(study), 100)
    assert found.deviations == ()
    assert found.sha256 == frozen.sha256
    assert found.kept > 10


def test_before_the_answers_are_there(study):
    next(study.parent.glob("*.csv")).unlink()
    assert not freeze_study(study).answers_present


def test_deviations_are_told_apart(study):
    freeze_study(study, planned_n=400)
    write(study, "analyses: [descriptives, model]", "estimator: MLR", "language: [en, zh]")
    model = next((study.parent / "models").glob("*.yaml"))
    text = model.read_text(encoding="utf-8").replace('sign: "+"', 'sign: "-"', 1)
    model.write_text(text, encoding="utf-8")
    statement = read_statement(study.parent / "preregistration.json")
    found = compare_with_plan(statement, plan_study(study), 350)
    told = {(one.kind, one.subject, one.name): (one.planned, one.now) for one in found.deviations}
    changed = [key for key in told if key[:2] == ("changed", "hypothesis")]
    assert len(changed) == 1
    del told[changed[0]]
    assert told == {
        ("dropped", "analysis", "reliability"): ("", ""),
        ("exploratory", "analysis", "model"): ("", ""),
        ("changed", "setting", "estimator"): ("ML", "MLR"),
        ("changed", "sample_size", ""): ("400", "350"),
    }


def test_the_report_says_it_in_both_languages(study):
    freeze_study(study, planned_n=400)
    write(study, "analyses: [descriptives]", "language: [en, zh]", "formats: html")
    run = run_study(study)
    results = read_results(study.parent / "output" / "results.json")
    assert results.preregistration == run.results.preregistration
    for language, words in (("en", "Dropped"), ("zh", "未执行")):
        page = render_report(results, language=language, formats=["html"])
        text = page[f"report.{language}.html"].decode()
        assert words in text
        assert results.preregistration.sha256 in text


def test_what_was_frozen_once_is_neither_replaced_nor_edited(study):
    path = freeze_study(study).path
    with pytest.raises(StudyError, match="frozen already"):
        freeze_study(study)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["plan"]["planned_n"] = 5
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StudyError, match="edited"):
        plan_study(study)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(StudyError, match="no preregistration"):
        read_statement(path)
