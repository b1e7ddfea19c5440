"""The scripts for other programs fit the same model."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.report.scripts import model_files, scripts
from loyaltysem.report.scripts.lavaan import raw_string
from loyaltysem.report.scripts.mplus import short_names
from loyaltysem.results import MomentsRecord

if TYPE_CHECKING:
    from pathlib import Path


def fitted(make: Any) -> Any:
    """Return a reference model with the moments that it was fitted to."""
    model = make.loyalty().models[0]
    homes = {
        row.rhs: row.lhs
        for row in model.parameters
        if row.op == "=~" and row.rhs not in model.names
    }
    names = tuple(homes)
    covariance = tuple(
        tuple(
            2.0 if one == other else 1.2 if homes[one] == homes[other] else 0.4 for other in names
        )
        for one in names
    )
    moments = MomentsRecord(
        variables=names, n=model.n, means=(0.0,) * len(names), covariance=covariance
    )
    return model.model_copy(update={"moments": moments})


def script(model: Any, program: str) -> str:
    (found,) = [one.text for one in scripts(model, "model-1") if one.program == program]
    return found


def test_moments_are_written_in_full(make: Any) -> None:
    model = fitted(make)
    files = model_files(model, "model-1")
    assert set(files) == {
        f"model-1.{ending}" for ending in ("R", "inp", "py", "covariance.csv", "covariance.dat")
    }
    rows = list(csv.reader(io.StringIO(files["model-1.covariance.csv"].decode())))
    assert tuple(rows[0][1:]) == model.moments.variables
    assert [[float(value) for value in row[1:]] for row in rows[1:]] == [
        list(row) for row in model.moments.covariance
    ]
    triangle = files["model-1.covariance.dat"].decode().splitlines()
    assert [len(row.split()) for row in triangle] == list(range(1, len(rows)))


def test_mplus_can_read_the_input(make: Any) -> None:
    text = script(fitted(make), "Mplus")
    assert all(len(line) <= 90 for line in text.splitlines())
    words = re.findall(r"[A-Za-z_]\w*", text.partition("MODEL:")[2].partition("OUTPUT:")[0])
    assert all(len(word) <= 10 for word in words)
    assert text.count(";") > 5


def test_mplus_is_told_of_labels_and_defined_parameters(make: Any) -> None:
    rows = (
        make.parameter("trust", "=~", "t1", 1.0, free=False),
        make.parameter("trust", "=~", "t2", 0.9),
        make.parameter("loyalty", "=~", "l1", 1.0, free=False),
        make.parameter("loyalty", "~", "trust", 0.5, label="a_long_label"),
        make.parameter("twice", ":=", "2*a_long_label^2", 0.5),
    )
    moments = MomentsRecord(
        variables=("t1", "t2", "l1"), n=9, means=(0, 0, 0), covariance=((1,) * 3,) * 3
    )
    text = script(make.model(parameters=rows, moments=moments), "Mplus")
    assert "trust BY t1@1 t2*;" in text
    assert "loyalty ON trust* (a_long_l)" in text
    assert "twice = 2*a_long_l**2;" in text


def test_short_names_differ() -> None:
    names = short_names(["product_quality", "product_price", "PRODUCT_x", "满意"])
    assert len({name.upper() for name in names.values()}) == 4
    assert all(len(name) <= 8 and name.isascii() for name in names.values())


def test_models_that_a_program_cannot_fit_are_left_out(make: Any) -> None:
    model = fitted(make)
    robust = model.model_copy(update={"estimator": "MLR"})
    assert [one.program for one in scripts(robust, "m")] == ["lavaan"]
    several = (*model.parameters, model.parameters[0].model_copy(update={"group": 2}))
    grouped = model.model_copy(update={"parameters": several})
    assert [one.program for one in scripts(grouped, "m")] == ["lavaan"]
    missing = model.model_copy(update={"moments": None, "missing": "fiml"})
    assert 'missing = "fiml"' in script(missing, "lavaan")


@pytest.mark.parametrize("text", ["'\")", 'x)-"; system("rm")', ')--" )-"'])
def test_a_model_cannot_leave_its_string_in_r(text: str) -> None:
    made = raw_string(text)
    dashes = made[2 : made.index("(")]
    assert made.index(f'){dashes}"') == len(made) - len(dashes) - 2


@pytest.mark.slow
def test_semopy_runs_its_script(make: Any, tmp_path: Path) -> None:
    for name, content in model_files(fitted(make), "model-1").items():
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "model-1.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    assert b"RMSEA" in run.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_lavaan_runs_its_script(make: Any, tmp_path: Path) -> None:
    for name, content in model_files(fitted(make), "model-1").items():
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(["Rscript", "model-1.R"], cwd=tmp_path, capture_output=True, check=False)
    if b"there is no package called" in run.stderr:
        pytest.skip("lavaan is not installed")
    assert run.returncode == 0, run.stderr.decode()
    assert b"Degrees of freedom" in run.stdout
