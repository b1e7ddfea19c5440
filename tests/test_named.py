"""Shipped definitions are read by name, files by path."""

import pytest

import loyaltysem as ls


def test_a_plain_name_is_looked_up_in_the_own_folder_and_then_among_the_shipped_ones(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert ls.read_model("six_factor_loyalty").name == "six_factor_loyalty"
    assert "CL1" in ls.read_questionnaire("ecommerce_loyalty").item_codes


@pytest.mark.parametrize("read", [ls.read_model, ls.read_questionnaire])
def test_what_does_not_exist_is_an_error_that_names_what_does(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ls.StudyError, match="ecsi"):
        read("ecsy")
    with pytest.raises(ls.DocumentError, match="does not exist"):
        read("ecsy.yaml")
