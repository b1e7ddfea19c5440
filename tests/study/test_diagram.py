"""How a study says what its figures look like."""

from __future__ import annotations

import pytest

from loyaltysem.diagrams import DiagramOptions
from loyaltysem.errors import DocumentError, StudyError
from loyaltysem.library import find
from loyaltysem.results import DiagramRecord
from loyaltysem.structural.definition import read_model
from loyaltysem.study.definition import read_study
from loyaltysem.study.settings.diagram import DiagramDefinition, check_diagram

STUDY = """\
title: {en: A}
questionnaire: ecommerce_loyalty
data: answers.csv
model: six_factor_loyalty
"""


@pytest.fixture
def study(tmp_path):
    def read(text: str):
        path = tmp_path / "study.yaml"
        path.write_text(STUDY + text, encoding="utf-8")
        return read_study(path)

    return read


def refused(definition) -> StudyError:
    model = read_model(find("models", "six_factor_loyalty"))
    with pytest.raises(StudyError) as caught:
        check_diagram(definition, [model])
    return caught.value


def test_the_record_has_all_that_the_study_says(study):
    wanted = study("diagram: {style: mono, dpi: 600, positions: {loyalty: [5, 2.5]}}").diagram
    record = DiagramRecord(**wanted.model_dump())
    assert record.style == "mono"
    assert record.positions == {"loyalty": (5.0, 2.5)}
    assert set(DiagramDefinition.model_fields) == set(DiagramRecord.model_fields)


def test_what_is_not_said_is_as_in_a_drawing_by_hand():
    plain, usual = DiagramDefinition(), DiagramOptions()
    for name in ("standardized", "covariances", "r2", "means", "positions", "sides"):
        assert getattr(plain, name) == getattr(usual, name)


@pytest.mark.parametrize(
    "text",
    ["diagram: {positions: {loyality: [5, 2]}}", "diagram: {sides: {loyality: top}}"],
)
def test_an_unknown_variable_is_refused_with_a_guess(study, text):
    error = refused(study(text))
    assert error.place.line == 5
    assert "loyalty" in error.remedy


@pytest.mark.parametrize(
    "text",
    [
        "diagram: {positions: {loyalty: [.inf, 2]}}",
        "diagram: {sides: {loyalty: above}}",
        "diagram: {style: pink}",
        "diagram: {dpi: 9}",
    ],
)
def test_what_cannot_be_drawn_is_refused(study, text):
    with pytest.raises(DocumentError):
        study(text)
