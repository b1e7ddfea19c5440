import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.adequacy import adequacy
from loyaltysem.measurement.efa import fit_efa
from loyaltysem.study.parts.factors import explored
from loyaltysem.study.settings.factors import FactorsDefinition

CONSTRUCTS = {code: [f"{code}{k}" for k in range(1, 4)] for code in "abc"}
ITEMS = [item for own in CONSTRUCTS.values() for item in own]


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(5)
    traits = np.repeat(rng.normal(size=(300, 3)), 3, axis=1)
    rows = traits + 0.7 * rng.normal(size=(300, 9))
    return pd.DataFrame(np.clip(np.round(4 + 1.2 * rows), 1, 7), columns=ITEMS)


def codes(found):
    return [one.code for one in found.notices]


def test_the_record_holds_what_the_analysis_found(answers):
    found = explored(answers, CONSTRUCTS, FactorsDefinition(), seed=1)
    record = found.record
    fitted = fit_efa(answers, 3)
    assert found.notices == ()
    assert record.counts["parallel"] == record.n_factors == 3
    assert record.chosen_by == "parallel"
    assert record.kmo == adequacy(answers).kmo
    assert [one.code for one in record.items] == ITEMS
    assert record.items[4].loadings == tuple(fitted.loadings.loc["b2"])
    assert record.after[-1].cumulative == pytest.approx(fitted.communalities.mean())
    assert not any(one.astray or one.weak for one in record.items)
    assert record.general is not None


def test_an_item_that_goes_with_another_construct_is_astray(answers):
    rng = np.random.default_rng(6)
    moved = answers.assign(a3=answers["b1"] + rng.integers(-1, 2, size=300))
    record = explored(moved, CONSTRUCTS, FactorsDefinition(n=3), seed=1).record
    assert record.chosen_by == "study"
    assert [one.code for one in record.items if one.astray] == ["a3"]


def test_items_without_variance_are_left_out(answers):
    flat = answers.assign(a1=4.0, c2=np.nan)
    found = explored(flat, CONSTRUCTS, FactorsDefinition(), seed=1)
    assert [one.code for one in found.record.items] == [
        item for item in ITEMS if item not in ("a1", "c2")
    ]
    assert found.notices[0].facts["items"] == ["a1", "c2"]


def test_one_factor_behind_all_constructs_is_told(answers):
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(300, 1)) + 0.6 * rng.normal(size=(300, 9))
    same = pd.DataFrame(rows, columns=ITEMS)
    assert "one_factor_only" in codes(explored(same, CONSTRUCTS, FactorsDefinition(), seed=1))


def test_items_that_share_nothing_are_told():
    noise = pd.DataFrame(np.random.default_rng(8).normal(size=(300, 9)), columns=ITEMS)
    assert "no_common_factor" in codes(explored(noise, CONSTRUCTS, FactorsDefinition(), seed=1))


@pytest.mark.parametrize("rows", [5, 0])
def test_too_few_respondents_allow_no_analysis(answers, rows):
    found = explored(answers.iloc[:rows], CONSTRUCTS, FactorsDefinition(), seed=1)
    assert found.record is None
    assert "no_factors" in codes(found)
