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
from loyaltysem.results import MomentsRecord, PooledResult

if TYPE_CHECKING:
    from pathlib import Path


ITEMS = ("t1", "t2", "l1")


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
    (found,) = [one.text for one in scripts(model, "model-1", ITEMS) if one.program == program]
    return found


def test_moments_are_written_in_full(make: Any) -> None:
    model = fitted(make)
    files = model_files(model, "model-1", ITEMS)
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


def test_a_label_stays_on_the_line_of_its_parameter(make: Any) -> None:
    rows = [make.parameter("trust", "=~", "t1", 1.0, free=False)]
    rows += [make.parameter("trust", "=~", f"item_{n:03}", 0.9, label=f"l{n}") for n in range(40)]
    moments = MomentsRecord(variables=("t1",), n=9, means=(0,), covariance=((1,),))
    text = script(make.model(parameters=tuple(rows), moments=moments), "Mplus")
    labelled = [line for line in text.splitlines() if "(l" in line]
    assert len(labelled) == 40
    assert all(re.search(r"\S\* \(l\d+\)", line) for line in labelled)


def test_words_of_mplus_are_no_names() -> None:
    names = short_names(["on", "With", "1st", "quality"])
    assert not {name.upper() for name in names.values()} & {"ON", "WITH"}
    assert names["1st"][0].isalpha()


def with_means(make: Any) -> Any:
    """Return a model in which the means of two items are held equal."""
    rows = (
        make.parameter("trust", "=~", "t1", 1.0, free=False),
        make.parameter("trust", "=~", "t2", 0.9),
        make.parameter("t1", "~1", "", 4.5, label="m"),
        make.parameter("t2", "~1", "", 4.5, label="m"),
        make.parameter("trust", "~1", "", 0.0, free=False),
    )
    moments = MomentsRecord(
        variables=("t1", "t2"), n=9, means=(4.25, 4.75), covariance=((2, 1), (1, 2))
    )
    return make.model(parameters=rows, moments=moments)


def test_means_of_the_model_are_fitted_too(make: Any) -> None:
    model = with_means(make)
    assert "sample.mean = means" in script(model, "lavaan")
    assert "[t1*] (m);" in script(model, "Mplus")
    assert "[trust" not in script(model, "Mplus")
    triangle = model_files(model, "m", ITEMS)["m.covariance.dat"].decode()
    assert triangle.splitlines() == ["4.25 4.75", "2", "1 2"]
    assert "semopy" not in [one.program for one in scripts(model, "m", ITEMS)]


def test_given_moments_of_predictors_are_no_parameters(make: Any) -> None:
    rows = (
        make.parameter("trust", "=~", "t1", 1.0, free=False),
        make.parameter("trust", "=~", "t2", 0.9),
        make.parameter("trust", "~", "l1", 0.4),
        make.parameter("l1", "~~", "l1", 2.0, free=False),
    )
    moments = MomentsRecord(variables=ITEMS, n=9, means=(0,) * 3, covariance=((1,) * 3,) * 3)
    model = make.model(parameters=rows, moments=moments)
    assert "l1@" not in script(model, "Mplus")
    assert "l1 ~~" not in script(model, "semopy")
    assert "calc_stats" not in script(model, "semopy")


@pytest.mark.parametrize(
    ("estimator", "scaled", "indices"), [("ML", True, True), ("GLS", False, False)]
)
def test_semopy_prints_what_it_gets_right(
    make: Any, estimator: str, scaled: bool, indices: bool
) -> None:
    text = script(fitted(make).model_copy(update={"estimator": estimator}), "semopy")
    assert ("(n - 1) / n" in text) is scaled
    assert ("calc_stats" in text) is indices


def test_mplus_reads_answers_where_moments_are_not_enough(make: Any) -> None:
    rows = (
        make.parameter("trust", "=~", "t1", 1.0, free=False),
        make.parameter("trust", "=~", "t2", 0.9),
        make.parameter("t1", "|", "t1", -0.5),
        make.parameter("t2", "|", "t1", 0.5),
        make.parameter("t1", "~~", "t1", 0.4, free=False),
        make.parameter("t2", "~~", "t2", 0.4, free=False),
    )
    changes = {"estimator": "WLSMV", "missing": "pairwise"}
    model = make.model(parameters=rows, moments=None).model_copy(update=changes)
    text = script(model, "Mplus")
    assert "NAMES = t1 t2 l1;" in text
    assert "USEVARIABLES = t1 t2;" in text
    assert "CATEGORICAL = t1 t2;" in text
    assert "MISSING = ALL (-99);" in text
    assert "@0.4" not in text


def test_short_names_differ() -> None:
    names = short_names(["product_quality", "product_price", "PRODUCT_x", "满意"])
    assert len({name.upper() for name in names.values()}) == 4
    assert all(len(name) <= 8 and name.isascii() for name in names.values())


def test_models_that_a_program_cannot_fit_are_left_out(make: Any) -> None:
    model = fitted(make)
    robust = model.model_copy(update={"estimator": "MLR"})
    assert [one.program for one in scripts(robust, "m", ITEMS)] == ["lavaan", "Mplus"]
    staged = model.model_copy(update={"moments": None, "missing": "em"})
    assert [one.program for one in scripts(staged, "m", ITEMS)] == ["lavaan"]
    assert 'missing = "two.stage"' in script(staged, "lavaan")
    pooled = PooledResult.model_construct()
    imputed = model.model_copy(update={"moments": None, "missing": "mi", "pooled": pooled})
    assert scripts(imputed, "m", ITEMS) == ()
    several = (*model.parameters, model.parameters[0].model_copy(update={"group": 2}))
    grouped = model.model_copy(update={"parameters": several})
    assert [one.program for one in scripts(grouped, "m", ITEMS)] == ["lavaan"]
    missing = model.model_copy(update={"moments": None, "missing": "fiml"})
    assert 'missing = "fiml"' in script(missing, "lavaan")


@pytest.mark.parametrize("text", ["'\")", 'x)-"; system("rm")', ')--" )-"'])
def test_a_model_cannot_leave_its_string_in_r(text: str) -> None:
    made = raw_string(text)
    dashes = made[2 : made.index("(")]
    assert made.index(f'){dashes}"') == len(made) - len(dashes) - 2


@pytest.mark.parametrize(
    "changes",
    [
        {"syntax": 'f =~ x1 + start(system("rm"))*x2'},
        {"estimator": 'MLR"); system("rm")#'},
        {"estimator": "MLR", "missing": 'x"); system("rm")#'},
    ],
)
def test_stored_results_bring_no_code_to_r(make: Any, changes: dict[str, str]) -> None:
    assert not any(
        "system" in one.text for one in scripts(fitted(make).model_copy(update=changes), "m", ITEMS)
    )


def test_a_comment_ends_alike_for_every_program(make: Any) -> None:
    model = fitted(make)
    text = script(model.model_copy(update={"syntax": model.syntax + "\n# a\rb\u2028c"}), "lavaan")
    assert "# a b c\n" in text


@pytest.mark.slow
def test_semopy_runs_its_script(make: Any, tmp_path: Path) -> None:
    for name, content in model_files(fitted(make), "model-1", ITEMS).items():
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
    for name, content in model_files(fitted(make), "model-1", ITEMS).items():
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(["Rscript", "model-1.R"], cwd=tmp_path, capture_output=True, check=False)
    if b"there is no package called" in run.stderr:
        pytest.skip("lavaan is not installed")
    assert run.returncode == 0, run.stderr.decode()
    assert b"Degrees of freedom" in run.stdout
