"""Each remark is made where it belongs, with its line, and nowhere else."""

from __future__ import annotations

import pytest

from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.questionnaire.design import Remark, judge_questionnaire, minutes_to_fill_in


@pytest.fixture
def judged(written, text):
    def judge(*changes: tuple[str, str]) -> list[Remark]:
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new, 1)
        return list(judge_questionnaire(read_questionnaire(written(changed))))

    return judge


def codes(remarks) -> set[str]:
    return {remark.code for remark in remarks}


ENGLISH, CHINESE = "en: It lasts.", "zh: 耐用。"


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("It is cheap and durable.", "double_barrelled"),
        ("It is simple but dull.", "double_barrelled"),
        ("Its makers are friendly or helpful.", "double_barrelled"),
        ("Price & quality are good.", "double_barrelled"),
        ("It is liked by family and friends.", None),
        ("It is more or less good.", None),
        ("It suits me as well as other shops.", None),
        ("It is not cheap.", "negated"),
        ("It isn't cheap.", "negated"),
        ("It isn't without faults.", "double_negation"),
        ("Obviously it is good.", "leading"),
        ("It is always good.", "absolute"),
        ("It is often good.", "vague"),
        ("It is " + "very " * 30 + "good.", "long_wording"),
        ("耐用。", "same_in_languages"),
    ],
)
def test_english_wordings(judged, wording, code):
    new = codes(judged((ENGLISH, f"en: {wording}"))) - codes(judged())
    assert new == ({code} if code else set())


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("价格便宜并且质量可靠。", "double_barrelled"),
        ("商品价格与服务质量令人满意。", "double_barrelled"),
        ("送货很快，包装也很好。", "double_barrelled"),
        ("它既省时又省钱。", "double_barrelled"),
        ("员工友善或乐于助人。", "double_barrelled"),
        ("即使涨价，我也会购买。", None),
        ("未来我会购买。", None),
        ("服务未达到期望。", "negated"),
        ("客服能够及时回应。", None),
        ("产品和服务令人满意。", None),
        ("质量不好。", "negated"),
        ("质量不断提高。", None),
        ("没有理由不购买。", "double_negation"),
        ("众所周知，它很好。", "leading"),
        ("它永远耐用。", "absolute"),
        ("我经常购买。", "vague"),
        ("它" + "非常" * 25 + "好。", "long_wording"),
        ("It lasts long.", "wrong_script"),
        ("它的 quality 很好。", "untranslated_part"),
        ("它很好,很耐用。", "ascii_punctuation"),
        ("它的APP很好。", None),
    ],
)
def test_chinese_wordings(judged, wording, code):
    new = codes(judged((CHINESE, f"zh: '{wording}'"))) - codes(judged())
    assert new == ({code} if code else set())


LOWEST = "    1: {en: No, zh: 否}"
SECOND = "\n    2: {en: Nay, zh: 勉强}"
FOURTH = "\n    4: {en: Yea, zh: 好}"
MIDDLE = "\n    3: {en: Neither, zh: 一般}"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (LOWEST, LOWEST + SECOND + MIDDLE, "unbalanced_scale"),
        (LOWEST, f"{LOWEST}\n    3: {{en: Good, zh: 好}}", "no_neutral"),
        (LOWEST, LOWEST + MIDDLE, None),
        (LOWEST, LOWEST + SECOND + FOURTH, "unlabelled_middle"),
        ("highest: 10", "highest: 20", "many_points"),
        ("highest: 10", "highest: 4", "even_points"),
        ("en: It breaks.", "en: It lasts..", "near_duplicate"),
        ("code: Q2", "code: Q_1", "similar_codes"),
        ("code: Q2", "code: QI", "similar_codes"),
        ("        reverse: true\n", "", "one_direction"),
        ("Choose 2., zh: 请选2。", "Choose 2., zh: 请您选2，谢谢你。", "mixed_address"),
    ],
)  # fmt: skip
def test_structure(judged, old, new, code):
    end = new.removeprefix("highest: ")
    found = codes(judged((old, new), (" 10: {en", f" {end}: {{en") if end.isdigit() else ("", "")))
    assert found - codes(judged()) - {"few_points"} == ({code} if code else set())


def test_few_items_and_few_points(judged):
    remarks = judged(("highest: 10", "highest: 3"), (" 10: {en", " 3: {en"))
    few = [remark.facts["construct"] for remark in remarks if remark.code == "few_items"]
    assert few == ["quality", "price"]
    assert [remark.place.line for remark in remarks if remark.code == "few_points"] == [22]


def test_line_and_weight(judged):
    remarks = judged((ENGLISH, "en: Cheap and good."))
    (remark,) = (one for one in remarks if one.code == "double_barrelled")
    assert (remark.place.line, remark.weight) == (15, "warning")
    assert remark.facts["words"] == "Cheap and good"
    assert "“Cheap and good.”" in remark.sentence("en")
    assert "一题两问" in remark.sentence("zh")


def test_absences(judged):
    assert {"no_consent", "no_back_translation"} <= codes(judged())
    told = "translation: {original: en, method: back_translation, note: Two.}\nscale:"
    assert "no_back_translation" not in codes(judged(("scale:", told)))
    consent = "consent: {en: You may stop., zh: 您可退出。}\nscale:"
    assert "no_consent" not in codes(judged(("scale:", consent)))


def test_reading_time_grows_with_the_text(loyalty, rich):
    minutes = minutes_to_fill_in(loyalty, "en")
    # 34 items and a check and 6 demographics take 3 s each, 400 to 500 words a fifth of a second
    assert 4 < minutes < 5
    shorter = loyalty.model_copy(update={"instructions": {}})
    assert minutes_to_fill_in(shorter, "en") < minutes
    assert minutes_to_fill_in(rich, "zh") < minutes


@pytest.mark.parametrize(("n", "code"), [(2000, "long_questionnaire"), (5000, "too_long")])
def test_long_questionnaires_are_said_to_be_long(loyalty, n, code):
    long = loyalty.model_copy(update={"instructions": {"en": "word " * n, "zh": "字" * n}})
    assert code in codes(judge_questionnaire(long))


def test_shipped_items_are_worded_well(loyalty):
    """The house's own questionnaire keeps the rules that it is judged by."""
    assert codes(judge_questionnaire(loyalty)) <= {"no_consent", "no_back_translation"}


def test_every_remark_has_a_sentence(loyalty, rich):
    for questionnaire in (loyalty, rich):
        for remark in judge_questionnaire(questionnaire):
            for language in ("en", "zh"):
                assert "{" not in remark.sentence(language)
