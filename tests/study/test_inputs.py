"""Where the files of a study may lie, and that a run never replaces one of them."""

from __future__ import annotations

import sys

import pytest

from loyaltysem.errors import StudyError
from loyaltysem.study import new_study, plan_study

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links need no rights on POSIX")


@pytest.fixture
def study(tmp_path):
    return new_study(tmp_path / "study")


def changed(study, **keys):
    lines = study.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(":")[0] not in keys]
    kept += [f"{key}: {value}" for key, value in keys.items()]
    study.write_text("\n".join(kept), encoding="utf-8")
    return study


@pytest.mark.parametrize("key", ["data", "questionnaire", "model", "mapping", "output"])
@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "//server/share/x", r"'\\server\share\x'"]
)
def test_places_outside_the_folder_are_refused(study, key, name):
    with pytest.raises(StudyError, match="outside the study's folder") as caught:
        plan_study(changed(study, **{key: name}))
    assert caught.value.place.line


@pytest.mark.parametrize("key", ["data", "questionnaire", "model", "output"])
def test_a_name_that_no_file_can_have_is_refused(study, key):
    with pytest.raises(StudyError, match="longer than any"):
        plan_study(changed(study, **{key: "a" * 3000}), allow_outside=True)


@POSIX
@pytest.mark.parametrize(
    "name",
    [
        "questionnaires/ecommerce_loyalty.yaml",
        "models/six_factor_loyalty.yaml",
        "responses_simulated.csv",
        "reports/wording/en.yaml",
        "reports/styles/report.css",
        "reports/cutoffs.yaml",
        "preregistration.json",
    ],
)
def test_links_to_places_outside_are_refused_unread(study, tmp_path, name):
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: 12345", encoding="utf-8")
    link = study.parent / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    with pytest.raises(StudyError, match="outside the study's folder") as caught:
        plan_study(study)
    assert "12345" not in str(caught.value)


@pytest.mark.parametrize("output", [".", "questionnaires", "models"])
def test_an_output_folder_with_an_input_in_it_is_refused(study, output):
    with pytest.raises(StudyError, match="which it would replace"):
        plan_study(changed(study, output=output))
