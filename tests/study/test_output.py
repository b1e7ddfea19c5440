"""The output folder takes all of a run or nothing."""

from __future__ import annotations

import pytest

from loyaltysem.errors import StudyError
from loyaltysem.study.output import check_output, write_output

FILES = {"results.json": b"{}", "figures/paths.svg": b"<svg/>"}


def test_files_arrive_with_their_folders(tmp_path):
    write_output(tmp_path / "a" / "out", FILES)
    assert (tmp_path / "a" / "out" / "figures" / "paths.svg").read_bytes() == b"<svg/>"


def test_a_second_run_replaces_the_whole_folder(tmp_path):
    out = tmp_path / "out"
    write_output(out, FILES)
    write_output(out, {"results.json": b"[]"})
    assert {path.name for path in out.iterdir()} == {"results.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_earlier_results_are_not_replaced_unasked(tmp_path):
    write_output(tmp_path / "out", FILES)
    with pytest.raises(StudyError) as caught:
        check_output(tmp_path / "out", overwrite=False)
    assert "--overwrite" in caught.value.remedy
    check_output(tmp_path / "out", overwrite=True)


def test_a_folder_that_no_run_wrote_is_never_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("months of work", encoding="utf-8")
    with pytest.raises(StudyError, match=r"no results\.json"):
        check_output(tmp_path, overwrite=True)


def test_a_file_is_no_folder(tmp_path):
    target = tmp_path / "out"
    target.write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match="is a file"):
        check_output(target, overwrite=True)
    with pytest.raises(StudyError, match="cannot be written"):
        check_output(target / "below", overwrite=True)


def test_a_failed_write_leaves_the_old_results(tmp_path):
    out = tmp_path / "out"
    write_output(out, FILES)
    with pytest.raises(StudyError, match="unchanged"):
        write_output(out, {"results.json": b"new", "results.json/below": b"impossible"})
    assert (out / "results.json").read_bytes() == b"{}"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
