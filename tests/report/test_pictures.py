"""The path diagram shows which paths depend on a moderator."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.report.pictures import path_spec

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
