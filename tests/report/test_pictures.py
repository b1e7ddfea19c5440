"""The path diagram shows which paths depend on a moderator."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.diagrams import DiagramOptions
from loyaltysem.report.pictures import path_pictures, path_spec
from loyaltysem.results.style import StyleRecord

from .cases.moderation import result

PATHS = (("loyalty", "trust"), ("loyalty", "price"))


@pytest.fixture
def moderated(make: Any) -> Any:
    """Return a function that gives a model with moderations."""
    paths = tuple(make.parameter(lhs, "~", rhs, 0.3) for lhs, rhs in PATHS)

    def model(*found: Any) -> Any:
        plain = make.model()
        rows = [row for row in plain.parameters if row.op != "~"]
        return make.model(parameters=(*rows, *paths), moderation=found)

    return model


def test_an_arrow_ends_on_the_moderated_path(moderated: Any) -> None:
    spec = path_spec(moderated(result()), "en", "structural")
    (arrow,) = [edge for edge in spec.edges if edge.kind == "moderation"]
    assert (arrow.source, arrow.onto) == ("price", ("trust", "loyalty"))
    assert arrow.std == pytest.approx(result().product.std_all)
    assert "trust:price" not in {node.name for node in spec.nodes}


def test_the_full_picture_is_the_fitted_model(moderated: Any) -> None:
    spec = path_spec(moderated(result()), "en", "full")
    assert not [edge for edge in spec.edges if edge.kind == "moderation"]


@pytest.mark.parametrize(
    "changes",
    [
        {"readable": False},
        {"moderator": "gender", "moderator_name": {"en": "Gender"}},
        {"moderator": "trust"},
    ],
)
def test_what_cannot_be_drawn_is_left_out(moderated: Any, changes: dict[str, Any]) -> None:
    spec = path_spec(moderated(result(**changes)), "en", "structural")
    assert not [edge for edge in spec.edges if edge.kind == "moderation"]


def test_path_diagrams_follow_the_style_of_the_study(make: Any) -> None:
    plain = make.study()
    style = StyleRecord(digits={"bounded": 1}, leading_zero=True, stars=(0.1,))
    study = plain.model_copy(update={"study": plain.study.model_copy(update={"style": style})})
    (usual,) = path_pictures(plain, "en").values()
    (chosen,) = path_pictures(study, "en").values()
    assert "*\u00a0p\u00a0&lt;\u00a0.05" in usual.main.svg
    assert "*\u00a0p\u00a0&lt;\u00a00.10." in chosen.main.svg
    assert "<!-- .45*** -->" in usual.main.svg
    assert "<!-- 0.5* -->" in chosen.main.svg
    assert "<!-- R² = 0.2 -->" in chosen.main.svg


def test_lines_are_dashed_at_the_level_of_the_sentences() -> None:
    assert DiagramOptions(stars=((0.01, "*"),), level=0.05).limit == 0.05
    assert DiagramOptions(stars=((0.01, "*"),)).limit == 0.01
