"""What records of results show at a prompt and in a notebook."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice
from loyaltysem.records import ROWS, Shown


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Found(Shown):
    n: int
    share: float
    path: tuple[str, ...]
    nothing: None
    many: np.ndarray
    table: pd.DataFrame
    indices: dict[str, float]
    notices: tuple[Notice, ...]


def found(rows=2):
    return Found(
        n=200,
        share=0.12345,
        path=("a", "b<c"),
        nothing=None,
        many=np.array([1.5, 0.25]),
        table=pd.DataFrame({"item": ["q1"] * rows, "loading": [0.5] * rows}),
        indices={"cfi": 0.99},
        notices=(Notice("few", "There are few items."),),
    )


def test_numbers_tables_and_notices_are_shown():
    text = repr(found())
    assert text.startswith("Found\n! There are few items.\n")
    for words in ("n      200", "share  0.123", "path   a, b<c", "1.500, 0.250", "loading", "cfi"):
        assert words in text
    assert "nothing" not in text


def test_long_tables_are_cut():
    assert repr(found(rows=10 * ROWS)).count("\n") < 3 * ROWS


def test_a_notebook_gets_html_with_names_escaped():
    page = found()._repr_html_()
    assert "b&lt;c" in page
    assert "b<c" not in page
    assert page.count("<table") == 3
