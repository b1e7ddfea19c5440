"""Names are looked for in the study's folder first, then among what is shipped."""

from __future__ import annotations

import pytest

from loyaltysem import library
from loyaltysem.errors import LoyaltysemError, StudyError
from loyaltysem.library import available, find, shipped_folder


@pytest.fixture
def study(tmp_path):
    (tmp_path / "questionnaires").mkdir()
    return tmp_path


def test_shipped_name(study):
    found = find("questionnaires", "ecsi_mobile", study)
    assert found == shipped_folder("questionnaires") / "ecsi_mobile.yaml"


def test_own_file_goes_before_the_shipped_one(study):
    own = study / "questionnaires" / "ecsi_mobile.yaml"
    own.write_text("name: mine")
    assert find("questionnaires", "ecsi_mobile", study) == own


def test_path_is_relative_to_the_study(study):
    (study / "deep").mkdir()
    own = study / "deep" / "mine.yaml"
    own.write_text("name: mine")
    assert find("questionnaires", "deep/mine.yaml", study) == own
    assert find("questionnaires", str(own), study / "elsewhere") == own


def test_example_is_a_folder_with_a_study():
    assert (find("examples", "six_factor_loyalty") / "study.yaml").is_file()


def test_unknown_name_lists_own_and_shipped_names(study):
    (study / "questionnaires" / "retail.yaml").write_text("name: retail")
    with pytest.raises(StudyError) as caught:
        find("questionnaires", "ecsi_mobil", study)
    assert caught.value.expected.startswith("retail, acsi, ")
    assert caught.value.remedy == "Did you mean 'ecsi_mobile'?"


def test_unknown_path_is_no_name(study):
    with pytest.raises(StudyError, match=r"'models/no\.yaml' does not exist"):
        find("models", "models/no.yaml", study)


def test_available_names_each_once(study):
    (study / "questionnaires" / "ecsi_mobile.yaml").write_text("name: mine")
    names = available("questionnaires", study)
    assert names[0] == "ecsi_mobile"
    assert len(set(names)) == len(names)
    assert list(available("questionnaires", study / "no")) == sorted(names)


def test_wheel_has_its_folders_inside_the_package(tmp_path, monkeypatch):
    inside = tmp_path / "loyaltysem" / "shipped" / "models"
    inside.mkdir(parents=True)
    monkeypatch.setattr(library, "_PACKAGE", tmp_path / "loyaltysem")
    assert shipped_folder("models") == inside


def test_incomplete_installation_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "_PACKAGE", tmp_path / "loyaltysem")
    with pytest.raises(LoyaltysemError, match="incomplete"):
        shipped_folder("models")


def test_an_example_is_that_of_the_catalogue_even_beside_a_study_made_from_it(tmp_path):
    for folder in ("acsi", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "study.yaml").write_text("title: {en: Mine}", encoding="utf-8")
    assert find("examples", "acsi", tmp_path) == shipped_folder("examples") / "acsi"
    assert find("examples", "mine", tmp_path) == tmp_path / "mine"
