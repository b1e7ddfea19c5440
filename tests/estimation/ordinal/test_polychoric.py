"""Polychoric correlations against the golden case and by their properties."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.ordinal.polychoric import polychoric

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    path = GOLDEN / "cases" / "polychoric_loyalty.json"
    if not path.exists():
        pytest.skip("the golden reference numbers are not here")
    return json.loads(path.read_text())["values"]


@pytest.fixture(scope="module")
def answers(golden: dict[str, Any]) -> pd.DataFrame:
    data = pd.read_csv(GOLDEN / "data" / "loyalty_open.csv")
    return data[golden["lavCor_two_step"]["rows"]]


def test_equals_lavaan(golden: dict[str, Any], answers: pd.DataFrame) -> None:
    found = polychoric(answers)
    expected = np.array(golden["lavCor_two_step"]["values"])
    assert found.correlations == pytest.approx(expected, abs=1e-7)
    cuts = np.array(list(golden["lavCor_thresholds"].values()))
    assert np.concatenate(found.thresholds) == pytest.approx(cuts, abs=1e-12)


def test_equals_psych(golden: dict[str, Any], answers: pd.DataFrame) -> None:
    # psych's optimiser stops at about 1e-5.
    expected = np.array(golden["psych_correct0"]["values"])
    assert polychoric(answers).correlations == pytest.approx(expected, abs=1e-4)


def table(counts: list[list[int]]) -> pd.DataFrame:
    rows = [(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]
    return pd.DataFrame(rows, columns=["a", "b"])


def tetrachoric(counts: list[list[int]], **options: Any) -> float:
    return float(polychoric(table(counts), **options).correlations[0, 1])


def test_even_margins_have_a_closed_form() -> None:
    expected = np.sin(2 * np.pi * (0.3 - 0.25))
    assert tetrachoric([[30, 20], [20, 30]]) == pytest.approx(expected, abs=1e-9)


def test_independent_answers_have_no_correlation() -> None:
    assert tetrachoric([[10, 30], [20, 60]]) == pytest.approx(0.0, abs=1e-9)


def test_single_gap_of_a_two_by_two_table_is_half_filled() -> None:
    moved = tetrachoric([[10, 0], [20, 30]])
    doubled = polychoric(table([[19, 1], [41, 59]])).correlations[0, 1]
    thresholds = polychoric(table([[20, 0], [40, 60]])).thresholds
    # The margins stay, so the doubled table has the same thresholds and the same solution.
    assert np.concatenate(thresholds) == pytest.approx(
        np.concatenate(polychoric(table([[19, 1], [41, 59]])).thresholds)
    )
    assert moved == pytest.approx(doubled, abs=1e-9)


def test_filling_gaps_weakens_the_correlation() -> None:
    counts = [[12, 3, 0], [4, 15, 4], [0, 5, 12]]
    assert 0 < tetrachoric(counts, correct=0.5) < tetrachoric(counts)


def test_perfect_relation_ends_at_the_bound_with_a_notice() -> None:
    found = polychoric(table([[20, 0, 0], [0, 20, 0], [0, 0, 20]]))
    assert found.correlations[0, 1] == pytest.approx(0.999)
    assert [notice.code for notice in found.notices] == ["correlation_at_bound"]


def test_reversed_item_turns_the_sign(answers: pd.DataFrame) -> None:
    turned = answers.iloc[:, :3].assign(sq1=8 - answers["sq1"])
    straight = polychoric(answers.iloc[:, :3]).correlations
    assert polychoric(turned).correlations[0, 1:] == pytest.approx(-straight[0, 1:], abs=1e-9)


def test_pairwise_uses_each_pairs_answers() -> None:
    data = table([[12, 3], [4, 15]]).assign(c=[0, 1] * 17).astype(float)
    data.loc[:3, "c"] = np.nan
    found = polychoric(data, missing="pairwise")
    assert found.n == 34
    assert found.correlations[0, 1] == pytest.approx(tetrachoric([[12, 3], [4, 15]]), abs=1e-12)
    assert polychoric(data).n == 30


def test_nobody_left_is_refused() -> None:
    data = pd.DataFrame({"a": [1.0, 2.0, np.nan, np.nan], "b": [np.nan, np.nan, 1.0, 2.0]})
    with pytest.raises(EstimationError, match="No respondent"):
        polychoric(data)
