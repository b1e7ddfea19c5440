"""Wordings that try to be something else than text."""

from __future__ import annotations

import pytest

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "@SUM(1), \"quoted\", 'single', semi;colon\tand tab",
    "line one\nline two\r\nline three",
    "${PQ1} {PQ1} {{data}} [[Block:x]] [单选题] 1. 2、 #panic(1) \\u0026 `x` $x$ *b* _c_ ~~d~~",
    "\u2028\u202e\u0007\ufeff zero\u200bwidth",
    "1. very long " * 400,
)


@pytest.fixture(scope="session")
def hostile(rich):
    """The rich questionnaire with hostile wordings everywhere."""

    def spoilt(k: int) -> dict[str, str]:
        return {"en": HOSTILE[k % len(HOSTILE)], "zh": HOSTILE[(k + 3) % len(HOSTILE)]}

    count = iter(range(1000))
    constructs = tuple(
        construct.model_copy(
            update={
                "name": spoilt(next(count)),
                "items": tuple(
                    item.model_copy(update={"wording": spoilt(next(count))})
                    for item in construct.items
                ),
            }
        )
        for construct in rich.constructs
    )
    questions = tuple(
        question.model_copy(
            update={
                "wording": spoilt(next(count)),
                "options": {option: spoilt(next(count)) for option in question.options}
                if question.options
                else None,
            }
        )
        for question in rich.questions
    )
    return rich.model_copy(
        update={
            "title": spoilt(0),
            "consent": spoilt(5),
            "thanks": spoilt(1),
            "constructs": constructs,
            "questions": questions,
        }
    )
