"""Preregistration: what is frozen, what cannot be replaced or edited, and what deviates."""

from __future__ import annotations

import json

import pytest

from loyaltysem.errors import StudyError
from loyaltysem.report import render_report
from loyaltysem.results import read_results
from loyaltysem.study import freeze_study, new_study, plan_study, run_study
from loyaltysem.study.deviations import compare_with_plan
from loyaltysem.study.preregistration import _digest, read_statement

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
    assert len(found.kept) > 10
    assert {one.name for one in found.kept if one.subject == "setting"} >= {"estimator", "missing"}


def test_before_the_answers_are_there(study):
    next(study.parent.glob("*.csv")).unlink()
    assert not freeze_study(study).answers_present


def edit(path, *replacements):
    text = path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def told(study, n=400):
    statement = read_statement(study.parent / "preregistration.json")
    found = compare_with_plan(statement, plan_study(study), n)
    return {(one.kind, one.subject, one.name): (one.planned, one.now) for one in found.deviations}


def test_deviations_are_told_apart(study):
    write(study, "analyses: [descriptives, reliability]", "careless: {exclude: [long_string]}")
    freeze_study(study, planned_n=400)
    careless = "careless: {exclude: [long_string, low_variability], flags: {long_string: 0.8}}"
    write(
        study,
        "analyses: [descriptives, model]",
        "estimator: MLR",
        "language: [en, zh]",
        "style: {leading_zero: true}",
        "bootstrap: {draws: 200, seed: 3, workers: 2}",
        careless,
    )
    assert told(study, 350) == {
        ("dropped", "analysis", "reliability"): ("–", ""),
        ("exploratory", "analysis", "model"): ("", "–"),
        ("changed", "setting", "estimator"): ("ML", "MLR"),
        ("changed", "sample_size", ""): ("400", "350"),
        ("exploratory", "setting", "bootstrap"): ("", "draws: 200; seed: 3"),
        ("changed", "exclusion", "careless.flags.long_string"): ("0.5", "0.8"),
        ("changed", "exclusion", "careless.exclude"): (
            "long_string",
            "long_string, low_variability",
        ),
    }


def test_hypotheses_and_lines_of_a_model_that_differ(study):
    freeze_study(study)
    model = next((study.parent / "models").glob("*.yaml"))
    text = model.read_text(encoding="utf-8")
    third = text[text.index("  - id: H3") : text.index("  - id: H4")]
    edit(
        model,
        ('sign: "+"', 'sign: "-"'),
        (third, ""),
        ("  # structural model\n", "  # the paths\n"),
        ("price + image\n", "price  + image + substitutes\n"),
    )
    write(
        study,
        "analyses: [descriptives, reliability]",
        "moderation: {outcome: loyalty, predictor: price, moderator: image, hypothesis: {id: H99,"
        " sign: '-', wording: {en: Less.}}}",
    )
    found = told(study)
    moderation = found.pop(("exploratory", "setting", "moderation[1]"))
    assert "predictor: price; moderator: image" in moderation[1]
    assert "Less" not in moderation[1]
    assert found == {
        ("changed", "hypothesis", "H1"): ("product_quality -> loyalty (+)",
                                          "product_quality -> loyalty (-)"),
        ("dropped", "hypothesis", "H3"): ("price -> loyalty (+)", ""),
        ("exploratory", "hypothesis", "H99"): ("", "price × image -> loyalty (-)"),
        ("changed", "model", "six_factor_loyalty"): (
            "post_purchase ~ product_quality + service_quality + price + image",
            "post_purchase ~ product_quality + service_quality + price + image + substitutes",
        ),
    }  # fmt: skip


def test_questions_and_attention_checks_that_differ(study):
    freeze_study(study)
    asked = next((study.parent / "questionnaires").glob("*.yaml"))
    edit(asked, ("correct: 3", "correct: 2"), ("This platform is trustworthy", "I trust it"))
    kinds = told(study)
    assert kinds.pop(("changed", "exclusion", "AC1")) == ("3", "2")
    ((kind, subject, _), (_, now)) = kinds.popitem()
    assert (kind, subject) == ("changed", "question")
    assert "I trust it" in now
    assert not kinds


def test_other_changes_of_the_questionnaire_are_told_by_its_hash(study):
    freeze_study(study)
    edit(next((study.parent / "questionnaires").glob("*.yaml")), ("Up to 3000", "3000 or less"))
    ((key, (planned, now)),) = told(study).items()
    assert key == ("changed", "question", "")
    assert planned.split()[0] == now.split()[0] == "ecommerce_loyalty"
    assert planned != now


def test_a_setting_that_the_plan_did_not_know_had_its_default(study):
    freeze_study(study)
    path = study.parent / "preregistration.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["plan"]["settings"]["factors"]
    _rewrite(path, content)
    assert told(study) == {}


def _rewrite(path, content):
    """Write a statement with the hash that fits."""
    content.pop("sha256")
    path.write_text(json.dumps(content | {"sha256": _digest(content)}), encoding="utf-8")


@pytest.mark.parametrize("part", ["hypotheses", "settings", "questionnaire", "analyses"])
def test_a_statement_of_another_shape_is_refused(study, part):
    path = freeze_study(study).path
    content = json.loads(path.read_text(encoding="utf-8"))
    content["plan"][part] = 1
    _rewrite(path, content)
    with pytest.raises(StudyError, match="not as this loyaltysem writes it") as caught:
        plan_study(study)
    assert caught.value.found == f"plan.{part}"


def test_a_full_disk_leaves_no_half_of_a_statement(study, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(StudyError, match="No space left"):
        freeze_study(study)
    assert not (study.parent / "preregistration.json").exists()


def test_the_report_says_it_in_both_languages(study):
    freeze_study(study, planned_n=400)
    write(study, "analyses: [descriptives]", "language: [en, zh]", "formats: html")
    run = run_study(study)
    results = read_results(study.parent / "output" / "results.json")
    assert results.preregistration == run.results.preregistration
    for language, words in (("en", "Planned, not done"), ("zh", "计划但未执行")):
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
