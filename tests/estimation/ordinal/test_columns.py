"""Coding of ordinal columns, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.ordinal.columns import check_categories_occur, ordinal_columns


def test_numbers_are_coded_in_their_order() -> None:
    columns = ordinal_columns(pd.DataFrame({"a": [7.0, 2.0, np.nan, 4.0]}), ["a"])
    assert columns.codes[:, 0].tolist() == [2, 0, -1, 1]
    assert columns.categories == ((2, 4, 7),)
    assert columns.n_thresholds == {"a": 2}


def test_ordered_categoricals_keep_their_order() -> None:
    answers = pd.Categorical(["often", "never", None], ["never", "often"], ordered=True)
    columns = ordinal_columns(pd.DataFrame({"a": answers}), ["a"])
    assert columns.codes[:, 0].tolist() == [1, 0, -1]
    assert columns.categories == (("never", "often"),)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        (["low", "high"], "no order"),
        ([1.5, 2.0], "not whole numbers"),
        ([3, 3], "only one category"),
        (list(range(60)), "60 categories"),
        ([np.nan, np.nan], "no answers"),
        ([1.0, np.inf], "not whole numbers"),
    ],
)
def test_what_is_not_ordinal_is_refused(answers: list[object], problem: str) -> None:
    with pytest.raises(EstimationError, match=problem) as raised:
        ordinal_columns(pd.DataFrame({"item": answers}), ["item"])
    assert "'item'" in raised.value.problem


def test_absent_column_is_named_with_the_nearest() -> None:
    with pytest.raises(EstimationError) as raised:
        ordinal_columns(pd.DataFrame({"loyalty1": [1, 2]}), ["loyalty2"])
    assert raised.value.remedy == "Did you mean 'loyalty1'?"


def test_category_that_a_group_lacks_is_named() -> None:
    columns = ordinal_columns(pd.DataFrame({"a": [1, 2, 3, 1, 2]}), ["a"])
    with pytest.raises(EstimationError, match=r"in group 'men' chose category 3 of 'a'"):
        check_categories_occur(columns, columns.codes[[0, 1, 3, 4]], "men")
    check_categories_occur(columns, columns.codes, "men")
