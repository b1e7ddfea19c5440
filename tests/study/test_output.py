"""The output folder takes all of a run or nothing."""

from __future__ import annotations

import json
import os
import resource
import signal

import pytest

from loyaltysem.errors import StudyError
from loyaltysem.study.output import check_output, write_file, write_output

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


def test_files_that_a_user_put_there_are_not_removed(tmp_path):
    account = json.dumps({"outputs": [{"name": "results.json"}]}).encode()
    out = tmp_path / "out"
    write_output(out, {"results.json": b"{}", "manifest.json": account})
    (out / ".DS_Store").write_bytes(b"")
    check_output(out, overwrite=True)
    (out / "notes").mkdir()
    (out / "notes" / "thesis.docx").write_bytes(b"months of work")
    with pytest.raises(StudyError, match="no run wrote") as caught:
        check_output(out, overwrite=True)
    assert caught.value.found == "notes/thesis.docx"


def test_two_runs_at_once_do_not_replace_one_another_unasked(tmp_path):
    write_output(tmp_path / "out", {"results.json": b"first"}, overwrite=False)
    with pytest.raises(StudyError, match="unchanged"):
        write_output(tmp_path / "out", {"results.json": b"second"}, overwrite=False)
    assert (tmp_path / "out" / "results.json").read_bytes() == b"first"


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


@pytest.fixture
def full_disk():
    """Let no file grow beyond a kilobyte, as when the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_the_earlier_results(tmp_path, full_disk):
    out = tmp_path / "out"
    write_output(out, FILES)
    more = {"results.json": b"[]", "report.en.docx": os.urandom(4096)}
    with pytest.raises(StudyError, match="unchanged") as caught:
        write_output(out, more)
    assert "Free some space" in caught.value.remedy
    assert (out / "results.json").read_bytes() == b"{}"
    assert {path.name for path in out.iterdir()} == {"results.json", "figures"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_nothing_of_a_first_run(tmp_path, full_disk):
    with pytest.raises(StudyError, match="cannot be written"):
        write_output(tmp_path / "out", {"report.en.docx": os.urandom(4096)})
    assert not list(tmp_path.iterdir())


def test_a_full_disk_while_one_file_is_written(tmp_path, full_disk):
    (tmp_path / "plan.json").write_text("old", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be written"):
        write_file(tmp_path / "plan.json", os.urandom(4096))
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
