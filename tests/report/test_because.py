"""Why something could not be computed, in the reader's language."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import loyaltysem
from loyaltysem.errors import ConvergenceError, EstimationError, Reason
from loyaltysem.estimation.ordinal.columns import CategoryLostError
from loyaltysem.report.wording import read_words
from loyaltysem.study.plain import reason_facts

NOT_REASONS = {"told", "in_group"}
PRINTING = ("no_little_test", "no_normality_test", "groups_not_compared", "moderation_failed")
ALSO_PRINTING = ("not_compared_with_everybody", "no_measurement_model")
ALLOWED = re.compile(r"Little|WLS|lms|t1|t2|age|Trust|m\b|Price|Loyalty")


def _cases() -> Any:
    path = Path(__file__).parent / "cases" / "because.py"
    spec = spec_from_file_location("because_cases", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = _cases()


def say(language: str, code: str, facts: dict[str, Any]) -> str:
    about = {"moderator": "price", "path": "trust -> loyalty", "model": "m", **facts}
    return read_words(language).label(f"notice.{code}", facts=about, text="", name=str.title)


def raised() -> set[str]:
    """Return the codes of reasons that the program gives."""
    package = Path(loyaltysem.__file__).parent
    texts = (path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    return {code for text in texts for code in re.findall(r'\bReason\(\s*"(\w+)"', text)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_is_worded_and_every_wording_is_a_reason(language: str) -> None:
    keys = {
        key.removeprefix("because.") for key in read_words(language).places if "because." in key
    }
    assert keys - NOT_REASONS == raised() == {code for code, _ in CASES.REASONS}


@pytest.mark.parametrize("notice", [*PRINTING, *ALSO_PRINTING])
@pytest.mark.parametrize(("code", "because"), CASES.REASONS)
def test_no_english_stands_in_a_chinese_reason(
    notice: str, code: str, because: dict[str, Any]
) -> None:
    said = say("zh", notice, CASES.told(code, because))
    assert not re.search("[A-Za-z]", ALLOWED.sub("", said)), said
    assert said.endswith("。")


@pytest.mark.parametrize("notice", [*PRINTING, *ALSO_PRINTING])
def test_a_reason_without_code_is_quoted_as_the_programs_words(notice: str) -> None:
    facts = reason_facts(EstimationError("It cannot be done"))
    assert say("zh", notice, facts).endswith("。程序信息：“It cannot be done”。")
    assert say("en", notice, facts).endswith(". The program’s message: “It cannot be done”.")
    stored_earlier = {"why": "It cannot be done"}
    assert say("zh", notice, stored_earlier) == say("zh", notice, facts)


@pytest.mark.parametrize(
    ("language", "code", "because", "expected"),
    [
        (
            "en",
            "too_few_respondents",
            {"n": 1, "needed": 13},
            "the answers of 1 respondent can be used, and at least 13 are needed",
        ),
        (
            "zh",
            "too_few_respondents",
            {"n": 1, "needed": 13},
            "可用的答卷只有 1 份，至少需要 13 份",
        ),
        (
            "zh",
            "small_groups",
            {"groups": [["男", 12], ["女", 9]], "needed": 13},
            "模型要求每组至少有 13 名受访者，以下各组人数不足：“男”12 人、“女”9 人",
        ),
        (
            "en",
            "category_lost",
            {"item": "t1", "categories": "1", "group": "male"},
            "nobody in the group “male” chose category 1 of t1, which others chose",
        ),
        (
            "zh",
            "category_lost",
            {"item": "t1", "categories": "1", "group": "男"},
            "“男”组中无人选择 t1 的类别 1，而其他人选择了该类别",
        ),
        (
            "en",
            "constant",
            {"variables": ["t1", "t2"]},
            "everybody gave the same answer to t1 and t2",
        ),
        ("zh", "constant", {"variables": ["t1", "t2"]}, "所有人对 t1 和 t2 的作答都相同"),
    ],
)
def test_reasons_read_as_sentences(
    language: str, code: str, because: dict[str, Any], expected: str
) -> None:
    start = {"en": "Little’s test could not be computed: ", "zh": "未能计算 Little 检验："}
    stop = {"en": ".", "zh": "。"}
    said = say(language, "no_little_test", CASES.told(code, because))
    assert said == start[language] + expected + stop[language]


def test_errors_bring_their_reason() -> None:
    assert reason_facts(ConvergenceError("No optimum"))["reason"] == "not_converged"
    lost = reason_facts(CategoryLostError("Nobody", facts={"item": "t1"}))
    assert (lost["reason"], lost["because"]) == ("category_lost", {"item": "t1"})
    one = EstimationError("Constant.", reason=Reason("constant", {"variables": ["t1"]}))
    expected = {"why": "Constant", "reason": "constant", "because": {"variables": ["t1"]}}
    assert reason_facts(one) == expected
