"""Each mistake of a user ends in one clear message, exit code 2, and no output folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loyaltysem.errors import LoyaltysemError
from loyaltysem.study import run_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def refused(study: Path) -> LoyaltysemError:
    with pytest.raises(LoyaltysemError) as caught:
        run_study(study)
    assert not (study.parent / "output").exists()
    assert [path.name for path in study.parent.iterdir() if path.name.startswith(".")] == []
    return caught.value


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def answers(study: Path) -> Path:
    return study.parent / "responses_simulated.csv"


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def edit_column(study: Path, code: str, change: Callable[[list[str]], list[str]]) -> None:
    """Replace the answers of one column."""
    rows = [line.split(",") for line in answers(study).read_text(encoding="utf-8").splitlines()]
    at = rows[0].index(code)
    for row, cell in zip(rows[1:], change([row[at] for row in rows[1:]]), strict=True):
        row[at] = cell
    answers(study).write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")


def test_missing_data_file(study):
    answers(study).unlink()
    error = refused(study)
    assert "responses_simulated.csv" in str(error)
    assert error.place.line == line_of(study, "data:")


def test_empty_data_file(study):
    answers(study).write_bytes(b"")
    assert "empty" in str(refused(study))


def test_headings_without_answers(study):
    edit(answers(study), lambda text: text.splitlines()[0] + "\n")
    assert answers(study).name in str(refused(study))


def test_item_without_a_column(study):
    edit(answers(study), lambda text: text.replace("PQ2", "PQX", 1))
    message = str(refused(study))
    assert "PQ2" in message
    assert answers(study).name in message


def test_heading_twice(study):
    edit(answers(study), lambda text: text.replace("PQ2", "PQ1", 1))
    assert "PQ1" in str(refused(study))


def test_text_in_a_column_of_numbers(study):
    edit_column(study, "PQ1", lambda cells: ["often" for _ in cells])
    message = str(refused(study))
    assert "PQ1" in message
    assert "often" in message


def test_a_column_off_the_scale(study):
    edit_column(study, "PQ1", lambda cells: ["70" for _ in cells])
    message = str(refused(study))
    assert "PQ1" in message
    assert "70" in message


def test_constant_item(study):
    edit_column(study, "PQ1", lambda cells: ["4" for _ in cells])
    message = str(refused(study))
    assert "PQ1" in message
    assert "variance" in message


def test_nobody_left_after_cleaning(study):
    edit_column(study, "PQ1", lambda cells: ["" for _ in cells])
    message = str(refused(study))
    assert "No respondent is left" in message
    assert "incomplete" in message


def test_construct_with_one_item(study):
    model = study.parent / "models" / "six_factor_loyalty.yaml"
    edit(model, lambda text: text.replace("PR1 + PR2 + PR3 + PR4", "PR1"))
    error = refused(study)
    assert "price" in str(error)
    assert error.place.line == line_of(model, "price           =~")


def test_model_with_an_unknown_variable(study):
    model = study.parent / "models" / "six_factor_loyalty.yaml"
    edit(model, lambda text: text.replace("PR4", "PR9"))
    error = refused(study)
    assert "PR9" in str(error)
    assert error.place.line == line_of(model, "PR9")


def test_model_that_breaks_the_grammar(study):
    model = study.parent / "models" / "six_factor_loyalty.yaml"
    edit(model, lambda text: text.replace("image           =~ IM1 +", "image           =~ IM1 + +"))
    error = refused(study)
    assert "^" in str(error)
    assert error.place.line == line_of(model, "image           =~")


def test_unknown_key_with_a_suggestion(study):
    edit(study, lambda text: text.replace("profile:", "profil:"))
    error = refused(study)
    assert "profile" in error.remedy
    assert error.place.line == line_of(study, "profil:")


def test_unreadable_yaml(study):
    edit(study, lambda text: text.replace("title:", "title: [", 1))
    assert "YAML" in str(refused(study))


def test_unknown_questionnaire_and_model(study):
    edit(study, lambda text: text.replace("questionnaire: ecommerce", "questionnaire: ecomerce"))
    assert "Did you mean 'ecommerce_loyalty'" in str(refused(study))


def test_study_file_that_does_not_exist(tmp_path):
    assert "nowhere.yaml" in str(refused(tmp_path / "nowhere.yaml"))


def test_exit_codes_and_a_single_message(loyaltysem, study):
    edit(study, lambda text: text.replace("profile:", "profil:"))
    finished = loyaltysem("run", study)
    assert finished.returncode == 2
    assert finished.stderr.startswith("Error: ")
    assert "Traceback" not in finished.stderr
    assert finished.stdout == ""


def test_output_folder_below_a_file(loyaltysem, study):
    finished = loyaltysem("run", study, "--output", study / "below")
    assert finished.returncode == 2
    assert "cannot be written" in finished.stderr


def test_earlier_results_are_kept_unless_told(loyaltysem, study):
    with study.open("a", encoding="utf-8") as file:
        file.write("\nanalyses: [reliability]\n")
    assert loyaltysem("run", study, "--quiet").returncode == 0
    results = study.parent / "output" / "results.json"
    before = results.read_bytes()
    refused_run = loyaltysem("run", study)
    assert refused_run.returncode == 2
    assert "--overwrite" in refused_run.stderr
    assert results.read_bytes() == before
    assert loyaltysem("run", study, "--overwrite", "--quiet").returncode == 0
    assert results.read_bytes() == before
