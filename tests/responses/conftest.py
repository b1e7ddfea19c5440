"""A small questionnaire, and files of answers to it."""

from __future__ import annotations

import pytest

from loyaltysem.questionnaire import (
    AttentionCheck,
    Construct,
    Demographic,
    Item,
    Questionnaire,
    Scale,
)


def both(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"{text}(中)"}


@pytest.fixture
def questionnaire() -> Questionnaire:
    ends = {1: both("No"), 5: both("Yes")}
    return Questionnaire(
        name="shop",
        version="1.0",
        title=both("Shop"),
        scale=Scale(highest=5, labels=ends),
        constructs=(
            Construct(
                code="quality",
                name=both("Quality"),
                source="Garvin (1987)",
                items=(
                    Item(code="Q1", wording=both("It lasts.")),
                    Item(code="Q2", wording=both("It breaks."), reverse=True),
                ),
            ),
            Construct(
                code="price",
                name=both("Price"),
                source="Zeithaml (1988)",
                scale=Scale(highest=10, labels={1: both("No"), 10: both("Yes")}),
                items=(Item(code="P1", wording=both("It is fair.")),),
            ),
        ),
        attention_checks=(AttentionCheck(code="A1", wording=both("Choose 2."), correct=2),),
        demographics=(
            Demographic(
                code="gender",
                name=both("Gender"),
                options={"m": {"en": "Male", "zh": "男"}, "f": {"en": "Female", "zh": "女"}},
            ),
        ),
    )


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes, name: str = "answers.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
