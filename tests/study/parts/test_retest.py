import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.retest import retest_reliability
from loyaltysem.study.parts.retest import repeated

CONSTRUCTS = {"trust": ["t1", "t2"], "loyalty": ["l1"]}


@pytest.fixture
def waves():
    rng = np.random.default_rng(4)
    level = rng.normal(size=(60, 1))
    columns = ["t1", "t2", "l1"]
    ids = [f"r{k}" for k in range(60)]
    first, second = (
        pd.DataFrame(level + 0.5 * rng.normal(size=(60, 3)), columns=columns, index=ids)
        for _ in range(2)
    )
    return first, second.iloc[20:].sample(frac=1, random_state=1)


def test_waves_are_joined_by_id(waves):
    first, second = waves
    trust, loyalty = repeated(first, second, CONSTRUCTS).record
    both = pd.DataFrame({"one": first["l1"], "two": second["l1"].reindex(first.index)})
    assert trust.n == loyalty.n == 40
    assert loyalty.agreement == pytest.approx(retest_reliability(both).agreement)
    assert trust.agreement_ci[0] < trust.agreement < trust.agreement_ci[1]


def test_other_respondents_have_no_retest(waves):
    first, second = waves
    strangers = second.set_axis([f"s{k}" for k in range(len(second))])
    found = repeated(first, strangers, CONSTRUCTS)
    assert found.record == ()
    assert [one.facts["construct"] for one in found.notices] == ["trust", "loyalty"]
