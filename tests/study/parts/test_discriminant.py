import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.htmt import htmt
from loyaltysem.study.parts.discriminant import distinguished

CONSTRUCTS = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"], "c": ["c1"]}


@pytest.fixture
def answers():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 200))
    traits = np.column_stack([a, a, a, 0.5 * a + b, 0.5 * a + b, 0.5 * a + b, b])
    rows = traits + 0.6 * rng.normal(size=(200, 7))
    return pd.DataFrame(rows, columns=["a1", "a2", "a3", "b1", "b2", "b3", "c1"])


def test_ratios_are_those_of_constructs_with_several_items(answers):
    record = distinguished(answers, CONSTRUCTS, draws=50, seed=2).record
    (pair,) = record.pairs
    several = {code: CONSTRUCTS[code] for code in "ab"}
    plain = htmt(answers, several, draws=50, seed=2).pairs.iloc[0]
    assert (pair.first, pair.second) == ("a", "b")
    assert pair.htmt == plain["htmt"]
    assert pair.ci == (plain["ci_lower"], plain["ci_upper"])
    assert pair.distinct
    assert len(record.cross_loadings) == 7


def test_an_item_that_belongs_elsewhere_is_told(answers):
    swapped = answers.assign(a3=answers["b1"], b1=answers["a3"])
    record = distinguished(swapped, CONSTRUCTS, draws=0, seed=2).record
    assert {one.code for one in record.cross_loadings if one.highest_elsewhere} >= {"a3", "b1"}
    assert record.pairs[0].ci is None


def test_a_single_item_has_no_correlation_with_its_own_construct(answers):
    record = distinguished(answers, CONSTRUCTS, draws=0, seed=2).record
    assert record.cross_loadings[-1].correlations["c"] is None
    assert not record.cross_loadings[-1].highest_elsewhere


def test_one_construct_needs_no_discrimination(answers):
    assert distinguished(answers, {"a": CONSTRUCTS["a"]}, draws=0, seed=2).record is None


def test_nobody_with_complete_answers_is_told(answers):
    gaps = answers.copy()
    gaps.iloc[::2, 0] = np.nan
    gaps.iloc[1::2, 3] = np.nan
    found = distinguished(gaps, CONSTRUCTS, draws=0, seed=2)
    assert found.record is None
    assert found.notices[0].code == "no_discriminant_validity"
