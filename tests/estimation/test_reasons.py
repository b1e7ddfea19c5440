"""Why data do not allow a fit, as facts that a report can word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from loyaltysem import example_answers
from loyaltysem.errors import EstimationError
from loyaltysem.estimation.fitting import fit
from loyaltysem.structural.groups.respondents import check_sizes, group_sizes

if TYPE_CHECKING:
    import pandas as pd

MODEL = "F =~ PR1 + PR2 + PR3 + x"


def answers() -> pd.DataFrame:
    return example_answers()[["PR1", "PR2", "PR3"]].dropna().astype(float)


def reason(data: pd.DataFrame, **options: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(EstimationError) as caught:
        fit(MODEL, data, **options)
    assert caught.value.reason is not None
    return caught.value.reason.code, dict(caught.value.reason.facts)


def test_reasons_name_the_variables_and_counts() -> None:
    whole = answers()
    constant = ("constant", {"variables": ["x"], "group": ""})
    assert reason(whole.assign(x=1.0)) == constant
    copies = ("dependent", {"variables": ["PR1", "x"], "group": ""})
    assert reason(whole.assign(x=whole["PR1"])) == copies
    few = whole.head(4).assign(x=range(4))
    assert reason(few) == ("too_few_respondents", {"n": 4, "needed": 5, "group": ""})
    empty = ("unanswered", {"variables": ["x"], "group": ""})
    assert reason(whole.assign(x=np.nan)) == empty


def test_reasons_name_the_group() -> None:
    half = answers().assign(x=lambda rows: rows["PR1"] % 3, g="a")
    half.loc[half.index[::2], "g"] = "b"
    half.loc[half["g"] == "b", "x"] = 1.0
    assert reason(half, group="g") == ("constant", {"variables": ["x"], "group": "b"})


def test_reasons_of_ordinal_items() -> None:
    whole = answers().assign(x=1.0)
    ordered = list(whole.columns)
    found = reason(whole, ordered=ordered)
    assert found == ("constant", {"variables": ["x"]})
    lacking = answers().assign(x=lambda rows: rows["PR1"] % 3, g="a")
    lacking.loc[lacking.index[::2], "g"] = "b"
    lacking.loc[lacking["g"] == "b", "x"] %= 2
    code, facts = reason(lacking, ordered=ordered, group="g")
    assert code == "category_lost"
    assert (facts["item"], facts["group"]) == ("x", "b")


def test_reasons_of_groups() -> None:
    with pytest.raises(EstimationError) as caught:
        check_sizes({"a": 5, "b": 50}, 10)
    assert caught.value.reason.code == "small_groups"
    assert caught.value.reason.facts == {"groups": [["a", 5]], "needed": 10}
    with pytest.raises(EstimationError) as caught:
        group_sizes(answers().assign(g="a"), "g")
    assert caught.value.reason.code == "single_group"
