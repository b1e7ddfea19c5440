"""Runs that can be trusted: the same again, without the network, and never half-written."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import subprocess
import sys
import time

import pytest

from loyaltysem.study import new_study, run_study

SHORT = "[reliability, model, mediation]"


@pytest.fixture
def short(tmp_path):
    """The example study with few analyses and a small bootstrap."""
    path = new_study(tmp_path / "thesis")
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(":")[0] in {"questionnaire", "data", "model"}]
    kept += ["title: {en: Short}", "formats: [html, md, latex]", f"analyses: {SHORT}"]
    path.write_text("\n".join([*kept, "bootstrap: {draws: 300, seed: 3}"]), encoding="utf-8")
    return path


def hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def numbers(values, at=""):
    if isinstance(values, dict):
        for key, value in values.items():
            yield from numbers(value, f"{at}.{key}")
    elif isinstance(values, list):
        for k, value in enumerate(values):
            yield from numbers(value, f"{at}[{k}]")
    elif isinstance(values, float):
        yield at, values


def test_the_same_on_one_worker_and_on_two(short, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run_study(short)
    once = hashes(short.parent / "output")
    stored = json.loads((short.parent / "output" / "results.json").read_text(encoding="utf-8"))
    run_study(short, overwrite=True, workers=2)
    again = hashes(short.parent / "output")
    timed = {"manifest.json", "ro-crate-metadata.json"}
    assert {k: v for k, v in once.items() if k not in timed} == {
        k: v for k, v in again.items() if k not in timed
    }

    text = short.read_text(encoding="utf-8").replace("seed: 3}", "seed: 3, workers: 2}")
    short.write_text(text, encoding="utf-8")
    run_study(short, overwrite=True)
    shared = json.loads((short.parent / "output" / "results.json").read_text(encoding="utf-8"))
    there = dict(numbers(shared))
    for at, value in numbers(stored):
        assert there[at] == pytest.approx(value, rel=1e-10, abs=1e-10), at


def test_no_network(short, monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run_study(short).written


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_cut_off_leaves_the_earlier_results(short, blow):
    run_study(short)
    output = short.parent / "output"
    before = hashes(output)
    command = [sys.executable, "-m", "loyaltysem", "run", str(short), "--overwrite"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as running:
        time.sleep(3)
        running.send_signal(blow)
        _, said = running.communicate(timeout=120)
    if running.returncode == 0:
        pytest.skip("the run was quicker than the blow")
    assert hashes(output) == before
    if blow is signal.SIGINT:
        assert running.returncode == 130
        assert b"nothing was written" in said
