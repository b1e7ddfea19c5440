import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import DocumentError, ResponsesError, StudyError
from loyaltysem.study.parts.behaviour import bought
from loyaltysem.study.settings.behaviour import BehaviourDefinition

CONSTRUCTS = {"loyalty": ["l1", "l2"]}


@pytest.fixture
def transactions():
    """Return purchases of 40 customers: customer k buys about k / 4 times."""
    rng = np.random.default_rng(2)
    rows = [
        {"customer": k, "date": f"2024-{month:02d}-{day:02d}", "amount": 10.0 + k}
        for k in range(1, 41)
        for month, day in zip(
            rng.integers(1, 13, 1 + k // 4), rng.integers(1, 29, 1 + k // 4), strict=True
        )
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def answers():
    ids = [str(k) for k in range(5, 46)]
    level = np.arange(41) / 10 + 1
    return pd.DataFrame({"l1": level, "l2": level + 1}, index=ids)


def test_purchases_meet_answers(transactions, answers):
    wanted = BehaviourDefinition(data="t.csv", until="2024-12-31")
    found = bought(transactions, answers, CONSTRUCTS, wanted)
    record = found.record
    assert record.n_transactions == len(transactions)
    assert (record.n_customers, record.n_matched, record.n_unmatched) == (40, 36, 5)
    assert (record.first_day[:4], record.last_day) == ("2024", "2024-12-31")
    assert sum(one.n_customers for one in record.tiers) == 40
    assert sum(one.n_respondents for one in record.tiers) == 36
    assert record.model.horizon == 52
    assert all(one.expected > 0 for one in record.tiers)
    assert [one.code for one in found.notices] == ["respondents_without_purchases"]


def test_scores_that_follow_purchases_rise_with_the_tier(transactions, answers):
    wanted = BehaviourDefinition(data="t.csv")
    (group,) = bought(transactions, answers, CONSTRUCTS, wanted).record.known_groups
    assert group.rho > 0.5
    assert group.pvalue < 0.01
    assert len(group.means) == 3


def test_fixed_rules_are_kept(transactions, answers):
    rules = {"monetary": (20.0, 40.0)}
    wanted = BehaviourDefinition(data="t.csv", rules=rules)
    assert bought(transactions, answers, CONSTRUCTS, wanted).record.rules == rules


def test_customers_who_never_come_back_have_no_future(transactions, answers):
    once = transactions.drop_duplicates("customer")
    found = bought(once, answers, CONSTRUCTS, BehaviourDefinition(data="t.csv"))
    assert found.record.model is None
    assert "no_purchase_model" in [one.code for one in found.notices]


def test_strangers_are_refused(transactions, answers):
    strange = answers.set_axis([f"row {k}" for k in range(len(answers))])
    with pytest.raises(ResponsesError, match="No customer"):
        bought(transactions, strange, CONSTRUCTS, BehaviourDefinition(data="t.csv"))


@pytest.mark.parametrize(
    ("more", "line", "told"),
    [
        ("behaviour: {data: none.csv}", 6, "does not exist"),
        ("behaviour: {data: answers.csv, until: someday}", 6, "not a date"),
        ("retest: {data: none.csv}", 6, "second wave"),
        ("factors: {n: 9}", 6, "So many factors"),
    ],
)
def test_what_cannot_be_analysed_is_refused_with_its_place(plan_small, more, line, told):
    with pytest.raises(StudyError, match=told) as caught:
        plan_small(f"{more}\n")
    assert caught.value.place.line == line


def test_rules_must_fit_the_tiers(plan_small):
    with pytest.raises(DocumentError, match="ascending"):
        plan_small("behaviour: {data: answers.csv, rules: {recency: [30, 10]}}\n")
