"""The benchmarks can be built and written up; nothing is timed here."""

import pandas as pd
import pytest

from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.structural.definition import read_model
from loyaltysem.study import read_study

pytest.importorskip("benchmarks.cases", reason="the benchmarks are part of a checkout only")

from benchmarks.__main__ import read_options
from benchmarks.anatomy import gradient_mflop
from benchmarks.cases import comparisons, indicators, measurement_part, model_text, write_case
from benchmarks.large import write_large_study
from benchmarks.programs import Timing, r_arguments
from benchmarks.report import Outcome, write_results


@pytest.fixture(scope="module")
def cases():
    return {case.name: case for case in comparisons()}


def test_every_case_has_the_rows_its_model_needs(cases):
    for case in cases.values():
        assert list(case.data.columns) == indicators(case.model)
        assert len(case.data) == 400


def test_only_fiml_has_gaps(cases):
    shares = {name: case.data.isna().to_numpy().mean() for name, case in cases.items()}
    for name in ("fiml24", "fiml34", "fiml_bootstrap"):
        assert shares.pop(name) == pytest.approx(0.05, abs=0.01)
    assert set(shares.values()) == {0.0}


def test_measurement_part_has_the_antecedents_only():
    assert len(indicators(model_text())) == 34
    assert len(indicators(measurement_part(model_text()))) == 24


def test_options_are_said_in_both_languages(cases):
    assert r_arguments(cases["wlsmv"]) == ', estimator = "WLSMV", ordered = TRUE'
    assert r_arguments(cases["ml"]) == ""


def test_a_case_is_written_where_both_programs_read_it(cases, tmp_path):
    write_case(cases["fiml24"], tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"fiml24.txt", "fiml24.csv"}


def test_results_scale_the_draws_of_lavaan(cases, tmp_path):
    case = cases["bootstrap"]
    ours, theirs = Timing(seconds=(2.0, 4.0, 3.0), value=5000), Timing(seconds=(6.0,), value=100)
    outcome = Outcome(versions="none", compared=[(case, ours, theirs)])
    text = write_results(outcome, tmp_path / "RESULTS.md")
    assert "| Bootstrap, 5,000 draws | 3.000 | 300.00 | **100** | 50 |" in text
    assert (tmp_path / "RESULTS.md").read_text(encoding="utf-8") == text


def test_results_say_that_lavaan_is_absent(cases, tmp_path):
    outcome = Outcome(
        versions="none", compared=[(cases["ml"], Timing(seconds=(1.0,), value=2), None)]
    )
    assert "not installed" in write_results(outcome, tmp_path / "RESULTS.md")


def test_only_takes_the_names_of_cases(cases, monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "--quick", "--only", "ml", "mlr"])
    options = read_options(list(cases))
    assert options.quick
    assert options.only == ["ml", "mlr"]


def test_operations_of_a_gradient_grow_with_the_square_of_the_indicators():
    assert gradient_mflop(680, 10) / gradient_mflop(340, 10) == pytest.approx(4, rel=0.25)


def test_results_tell_how_long_reports_take(tmp_path):
    row = {"constructs": 60, "items": 222, "pages": 230, "elapsed": 41, "cpu": 44.2, "peak": 900}
    text = write_results(Outcome(versions="none", reports=[row]), tmp_path / "RESULTS.md")
    assert "| 60 constructs, 222 items | 230 | 41.0 | 44.2 | 900 |" in text


def test_a_large_study_is_a_study(tmp_path):
    study = read_study(write_large_study(tmp_path / "large", 12, 40))
    questionnaire = read_questionnaire(tmp_path / "large" / "questionnaires" / "large.yaml")
    codes = [item.code for construct in questionnaire.constructs for item in construct.items]
    assert len(questionnaire.constructs) == 12
    assert list(pd.read_csv(tmp_path / "large" / "large.csv")) == codes
    assert len(codes) == 40
    assert len(read_model(tmp_path / "large" / "models" / "large.yaml").hypotheses) == 20
    assert study.simulated
