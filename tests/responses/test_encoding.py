"""Encodings of Chinese files are told, or the reader says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.responses.encoding import decode

SIMPLIFIED = "id,gender,city\n1,男,北京\n2,女,上海\n3,女,广州\n4,男,武汉大学学生宿舍\n"
TRADITIONAL = "id,gender,city\n1,男,臺北\n2,女,高雄\n3,女,新竹\n4,男,國立臺灣大學學生宿舍\n"
FILE = Path("answers.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark"])
def test_unicode_is_read_without_a_word(encoding):
    content = (
        b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le")
        if encoding == "utf-16-le-mark"
        else SIMPLIFIED.encode(encoding)
    )
    assert decode(FILE, content) == (SIMPLIFIED, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED + "5,男,㐀㐁\n", "gb18030"),
        (TRADITIONAL, "big5"),
        ("id,Q1,gender\n1,4,男\n2,3,女\n", "gb18030"),
        ("id,Q1,gender\n1,4,男\n2,3,女\n", "big5"),
        ("Q1,advice\n4,很好\n", "gb18030"),
        ("Q1,advice\n4,很好，謝謝！\n", "big5"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
    ],
)
def test_encodings_are_guessed_and_said(text, encoding):
    decoded, (notice,) = decode(FILE, text.encode(encoding))
    assert decoded == text
    assert notice.code == "encoding_guessed"


def test_bytes_that_are_no_text():
    with pytest.raises(ResponsesError, match="encoding"):
        decode(FILE, b"\x00\x01\x80\x02\xc3")
