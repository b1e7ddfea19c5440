"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from loyaltysem import files
from loyaltysem.files import UNFINISHED, replace_folder, scratch_beside, write_whole


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def filled(folder, text):
    folder.mkdir()
    (folder / "results.json").write_text(text, encoding="utf-8")
    return folder


def test_a_file_is_replaced_only_where_that_is_allowed(tmp_path):
    path = tmp_path / "a.txt"
    write_whole(path, b"one", overwrite=False)
    write_whole(path, b"two")
    with pytest.raises(FileExistsError):
        write_whole(path, b"three", overwrite=False)
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["a.txt"]


def test_a_disk_without_links_refuses_alike(tmp_path, monkeypatch):
    def no_links(*_names):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_whole(tmp_path / "a.txt", b"one", overwrite=False)
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a.txt", b"two", overwrite=False)
    assert (tmp_path / "a.txt").read_bytes() == b"one"


@pytest.mark.skipif(sys.platform == "win32", reason="links and devices are those of POSIX")
def test_links_and_devices_stay_what_they_are(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    write_whole(Path(os.devnull), b"nothing")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_is_replaced(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(files, "_exchanged", lambda *_names: False)
    target = filled(tmp_path / "out", "old")
    with scratch_beside(target) as scratch:
        replace_folder(filled(scratch / "new", "new"), target)
    assert (target / "results.json").read_text(encoding="utf-8") == "new"
    assert names(tmp_path) == ["out"]


def test_an_interruption_between_two_steps_brings_the_old_folder_back(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_exchanged", lambda *_names: False)
    target, rename = filled(tmp_path / "out", "old"), Path.rename

    def interrupted(self, to):
        if self.name == "new":
            raise KeyboardInterrupt
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), scratch_beside(target) as scratch:
        replace_folder(filled(scratch / "new", "new"), target)
    assert (target / "results.json").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["out"]


def test_a_folder_that_was_filled_meanwhile_is_not_replaced_unasked(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    with scratch_beside(target) as scratch:
        replace_folder(filled(scratch / "new", "first"), target, overwrite=False)
    with pytest.raises(OSError, match="not empty"), scratch_beside(target) as scratch:
        replace_folder(filled(scratch / "new", "second"), target, overwrite=False)
    assert (target / "results.json").read_text(encoding="utf-8") == "first"


def test_what_killed_runs_left_is_removed_when_it_is_old(tmp_path):
    for name, age in (("old", 7200), ("young", 60)):
        left = filled(tmp_path / f"{UNFINISHED}{name}", "half")
        when = left.stat().st_mtime - age
        os.utime(left, (when, when))
    write_whole(tmp_path / "a.txt", b"")
    assert names(tmp_path) == [f"{UNFINISHED}young", "a.txt"]
