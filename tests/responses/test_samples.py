"""Exports as the platforms write them: the same eight respondents in every layout.

The files are synthetic; their layouts were taken from public files and readers (docs/platforms.md
says what was not verified). Headings are wordings throughout, codes stand only where a platform
writes them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.responses import read_responses

SAMPLES = Path(__file__).parent / "samples"

ANSWERS = np.array(
    [
        [4, 3, 5, 4, 2, 2],
        [4, 2, 3, 4, 2, 5],
        [5, 2, 3, 4, 5, 2],
        [4, 4, 4, 2, 4, 4],
        [2, 3, 4, 1, 3, 2],
        [4, 3, 2, 3, 4, 2],
        [2, 2, 3, 1, 5, 4],
        [5, 5, 4, 2, 3, 3],
    ],
    dtype=float,
)
"""Answers to the items, the reverse one recoded."""

CHANNELS = ["", "100", "010", "110", "001", "101", "011", "111"]
"""Which options of the multiple choice were ticked."""

GAPS: dict[str, list[tuple[int, int]]] = {
    "spss_labels.sav": [(2, 1)],  # -99 declared missing
    "stata_labels.dta": [(2, 1)],  # -99 undeclared, and off the scale
    "wenjuanxing_by_option_number.xlsx": [(6, 0)],  # -3
    "wenjuanxing_code_gb18030.csv": [(6, 0)],
    "qualtrics_numeric_utf8.csv": [(5, 3), (5, 4), (5, 5)],
    "qualtrics_choicetext_utf16.tsv": [(5, 3), (5, 4), (5, 5)],
}

PLATFORMS = {
    "google_forms.csv": "googleforms",
    "kobo_export_codes.csv": "kobo",
    "limesurvey_responses_codes.csv": "limesurvey",
    "qualtrics_choicetext_utf16.tsv": "qualtrics",
    "qualtrics_numeric_utf8.csv": "qualtrics",
    "spss_labels.sav": "plain",
    "stata_labels.dta": "plain",
    "surveyjs_results.json": "surveyjs",
    "wenjuanxing_by_option_number.xlsx": "wenjuanxing",
    "wenjuanxing_by_option_text.xlsx": "wenjuanxing",
    "wenjuanxing_code_gb18030.csv": "wenjuanxing",
    "wenjuanxing_text_gb18030.csv": "wenjuanxing",
}


@pytest.fixture(scope="module")
def brand():
    return read_questionnaire(SAMPLES / "brand.yaml")


def read(name: str, brand):
    return read_responses(SAMPLES / name, brand)


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_same_answers_from_every_platform(name, brand):
    responses = read(name, brand)
    assert responses.platform == PLATFORMS[name]
    wanted = ANSWERS.copy()
    for row, column in GAPS.get(name, []):
        wanted[row, column] = np.nan
    if responses.platform == "qualtrics":
        wanted = wanted[1:]  # the first one is a preview
        assert responses.ledger.exclusions() == {"preview": 1}
    np.testing.assert_array_equal(responses.answers.to_numpy(), wanted)
    if "limesurvey" not in name:
        gender = responses.demographics["gender"].tolist()
        assert gender == ["1", "2"] * 4 if len(gender) == 8 else ["2", *["1", "2"] * 3]


@pytest.mark.parametrize("name", [one for one in PLATFORMS if "wenjuanxing" in one])
def test_what_wenjuanxing_asks_and_records(name, brand):
    responses = read(name, brand)
    assert responses.demographics["age"].tolist() == list("abcd" * 2)
    ticked = responses.questions[["channels_friends", "channels_social", "channels_other"]]
    nobody = "000" if ("number" in name or "code" in name) else ""
    assert ["".join(row) for row in ticked.to_numpy()] == [nobody, *CHANNELS[1:]]
    assert responses.questions["advice"].tolist() == ["", "无"] * 4
    assert responses.technical["seconds"].tolist()[:2] == ["63", "128"]
    assert [match.how for match in responses.matches].count("left out") == 0


def test_qualtrics_whose_third_heading_row_was_deleted(brand, tmp_path):
    lines = (SAMPLES / "qualtrics_numeric_utf8.csv").read_text(encoding="utf-8").splitlines(True)
    at = next(k for k, line in enumerate(lines) if "ImportId" in line)
    path = tmp_path / "two_rows.csv"
    path.write_text("".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")
    responses = read_responses(path, brand)
    assert responses.platform == "qualtrics"
    whole = read("qualtrics_numeric_utf8.csv", brand)
    assert responses.answers.equals(whole.answers)
