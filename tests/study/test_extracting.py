"""The answers as a study analyses them, for other programs."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import StudyError
from loyaltysem.study import new_study
from loyaltysem.study.extracting import extract_answers
from loyaltysem.study.output import EXTRACTED, check_output


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return new_study(tmp_path_factory.mktemp("extract") / "study")


def test_the_analysed_answers_are_written(study, tmp_path):
    table, bare = extract_answers(study, tmp_path)
    answers = pd.read_csv(table)
    assert answers.shape == (457, 37)
    assert not answers.isna().to_numpy().any()
    given = pd.read_csv(study.parent / "responses_simulated.csv").set_index("id")
    complete = given[answers.columns].apply(pd.to_numeric, errors="coerce").dropna()
    kept = complete[(given.loc[complete.index, "AC1"] == 3).to_numpy()]
    assert np.array_equal(answers["SQ4"], 8 - kept["SQ4"])
    assert np.array_equal(np.loadtxt(bare), answers.to_numpy())


def test_missing_answers_are_told_to_both_programs(study, tmp_path):
    text = study.read_text(encoding="utf-8").replace("missing: listwise", "missing: fiml")
    study.with_name("fiml.yaml").write_text(text, encoding="utf-8")
    table, bare = extract_answers(study.with_name("fiml.yaml"), tmp_path)
    answers = pd.read_csv(table)
    assert len(answers) == 475
    assert int(answers.isna().to_numpy().sum()) == int((np.loadtxt(bare) == -99).sum()) > 0


def test_files_are_not_replaced_unasked(study, tmp_path):
    extract_answers(study, tmp_path)
    with pytest.raises(StudyError, match="there already"):
        extract_answers(study, tmp_path)
    assert extract_answers(study, tmp_path, overwrite=True)


def test_extracted_answers_do_not_stand_in_the_way_of_a_run(tmp_path):
    (tmp_path / "results.json").write_text("{}")
    (tmp_path / "manifest.json").write_text('{"outputs": [{"name": "results.json"}]}')
    (tmp_path / "reproduce").mkdir()
    for name in EXTRACTED:
        (tmp_path / name).write_text("1")
    check_output(tmp_path, overwrite=True)
