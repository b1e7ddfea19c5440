import json
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from loyaltysem import example_answers
from loyaltysem.cli.app import app, main
from loyaltysem.estimation import fit

MODEL = "f =~ x1 + x2 + x3\ng =~ y1 + a*y2 + y3\ng ~ b*f\nab := a*b\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    rng = np.random.default_rng(11)
    common = rng.normal(size=(160, 1))
    values = 4 + common * [1, 0.8, 0.7, 0.6, 0.5, 0.4] + 0.6 * rng.normal(size=(160, 6))
    data = pd.DataFrame(values, columns=["x1", "x2", "x3", "y1", "y2", "y3"])
    data["sex"] = np.where(np.arange(160) % 2, "men", "women")
    data.to_csv(folder / "data.csv", index=False)
    data.to_excel(folder / "data.xlsx", index=False)
    data.iloc[:, :6].cov().to_csv(folder / "cov.csv")
    data.iloc[:, :6].cov().to_csv(folder / "cov_without_row_names.csv", index=False)
    data.iloc[:, :6].mean().to_frame().T.to_csv(folder / "mean.csv", index=False)
    (folder / "model.txt").write_text(MODEL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reference(folder):
    return fit(MODEL, pd.read_csv(folder / "data.csv"))


def run(folder, *arguments):
    """Run ``loyaltysem fit`` with file names relative to ``folder``."""
    given = [str(folder / a) if (folder / a).is_file() else a for a in arguments]
    return CliRunner().invoke(app, ["fit", *given])


def json_of(folder, *arguments):
    result = run(folder, *arguments, "--format", "json")
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


@pytest.mark.parametrize("data", ["data.csv", "data.xlsx"])
def test_json_has_the_numbers_of_the_fit(folder, reference, data):
    values = json_of(folder, "model.txt", data)
    assert values["converged"] is True
    assert values["n"] == 160
    assert values["npar"] == 13
    assert values["fit"]["chisq"] == pytest.approx(reference.measures()["chisq"], rel=1e-9)
    by_name = {(p["lhs"], p["op"], p["rhs"]): p for p in values["parameters"]}
    assert by_name["g", "~", "f"]["label"] == "b"
    assert by_name["ab", ":=", "a*b"]["group"] == 1
    assert by_name["f", "=~", "x1"]["z"] is None
    columns = "free est se pvalue ci_lower ci_upper std_lv std_all std_nox"
    assert set(columns.split()) <= set(by_name["f", "=~", "x2"])


def test_csv_is_the_table_of_estimates(folder, reference):
    lines = run(folder, "model.txt", "data.csv", "--format", "csv").stdout.splitlines()
    assert lines[0].split(",")[:5] == ["lhs", "op", "rhs", "group", "label"]
    assert len(lines) == 1 + len(reference.estimates())


def test_table_is_the_summary(folder, reference):
    assert run(folder, "model.txt", "data.csv").stdout.strip() == reference.summary().strip()


def test_options_reach_the_fit(folder):
    values = json_of(
        folder, "model.txt", "data.csv", "--estimator", "mlr", "--group", "sex",
        "--group-equal", "loadings,intercepts", "--group-partial", "x2~1",
    )  # fmt: skip
    assert values["estimator"] == "MLR"
    assert values["group_labels"] == ["women", "men"]
    assert "chisq.scaled" in values["fit"]
    assert any("One label" in warning for warning in values["warnings"]) is False


def test_extras_by_name(folder):
    values = json_of(folder, "model.txt", "data.csv", "--extras", "r2, cor_lv,score_test")
    assert set(values["extras"]) == {"r2", "cor_lv", "score_test"}
    assert values["extras"]["cor_lv"]["rows"] == ["f", "g"]
    assert "no equality constraints" in values["extras"]["score_test"]["error"]


@pytest.mark.parametrize("cov", ["cov.csv", "cov_without_row_names.csv"])
def test_covariance_matrix_instead_of_data(folder, reference, cov):
    values = json_of(folder, "model.txt", "--sample-cov", cov, "--n", "160")
    assert values["fit"]["chisq"] == pytest.approx(reference.measures()["chisq"], rel=1e-7)


def test_means_beside_the_matrix(folder):
    values = json_of(
        folder, "model.txt", "--sample-cov", "cov.csv", "--sample-mean", "mean.csv", "--n", "160",
        "--meanstructure",
    )  # fmt: skip
    intercepts = {p["lhs"]: p["est"] for p in values["parameters"] if p["op"] == "~1"}
    assert intercepts["x1"] == pytest.approx(4, abs=0.5)


def test_growth_defaults(folder, tmp_path):
    (tmp_path / "growth.txt").write_text(
        "i =~ 1*x1 + 1*x2 + 1*x3\ns =~ 0*x1 + 1*x2 + 2*x3", encoding="utf-8"
    )
    values = json_of(folder, str(tmp_path / "growth.txt"), "data.csv", "--growth")
    means = {p["lhs"]: p["free"] for p in values["parameters"] if p["op"] == "~1"}
    assert means == {"x1": False, "x2": False, "x3": False, "i": True, "s": True}


def test_a_shipped_model_is_known_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example_answers().to_csv("answers.csv", index=False)
    told = run(tmp_path, "six_factor_loyalty", "answers.csv", "--format", "csv")
    assert "loyalty,~,image" in told.output
    told = run(tmp_path, "six_factor_loyalti", "answers.csv")
    assert "Did you mean 'six_factor_loyalty'" in str(told.exception or told.output)


def test_model_yaml(folder, tmp_path):
    (tmp_path / "model.yaml").write_text(
        "name: small\ntitle: {en: Small}\nquestionnaire: none\nsyntax: |\n  f =~ x1 + x2 + x3\n",
        encoding="utf-8",
    )
    assert json_of(folder, str(tmp_path / "model.yaml"), "data.csv")["fit"]["df"] == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nothing.txt", "data.csv"], "ModelSpecificationError"),
        (["model.txt", "nothing.csv"], "ResponsesError"),
        (["model.txt"], "EstimationError"),
        (["model.txt", "data.csv", "--estimator", "MLX"], "EstimationError"),
        (["model.txt", "data.csv", "--extras", "r3", "--format", "json"], "EstimationError"),
        (["model.txt", "data.csv", "--group", "gender"], "EstimationError"),
        (["model.txt", "--sample-cov", "cov.csv"], "EstimationError"),
    ],
)
def test_mistakes_are_told_as_ours(folder, arguments, error):
    result = run(folder, *arguments)
    assert type(result.exception).__name__ == error


def test_json_holds_the_error_too(folder):
    result = run(folder, "model.txt", "data.csv", "--estimator", "MLX", "--format", "json")
    values = json.loads(result.stdout)
    assert values["converged"] is False
    assert "MLX" in values["error"]


def test_exit_code_and_place_of_a_syntax_error(folder, tmp_path, monkeypatch, capsys):
    bad = tmp_path / "bad.txt"
    bad.write_text("f =~ x1 + x2\ng = y1", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["loyaltysem", "fit", str(bad), str(folder / "data.csv")])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert "line 2, column 3" in told
    assert told.rstrip().endswith("^")
