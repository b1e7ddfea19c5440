import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.careless import (
    FLAGS,
    CarelessRules,
    careless_answers,
    longest_runs,
)

CONSTRUCTS = {name: [f"{name}{i}" for i in range(1, 5)] for name in "abcd"}
ITEMS = [item for own in CONSTRUCTS.values() for item in own]


@pytest.fixture
def answers():
    """Thoughtful answers on a scale of 1 to 7; a4 is worded in reverse."""
    rng = np.random.default_rng(12)
    traits = rng.normal([1.5, 0.5, -0.5, -1.5], size=(200, 4))
    rows = np.repeat(traits, 4, axis=1) + 0.4 * rng.normal(size=(200, 16))
    frame = pd.DataFrame(np.clip(np.round(rows + 4), 1, 7), columns=ITEMS)
    frame["a4"] = 8 - frame["a4"]
    return frame


def account(answers, **options):
    return careless_answers(answers, CONSTRUCTS, reverse=["a4"], scale=(1, 7), **options)


def test_runs_end_at_missing_answers():
    rows = [[3, 3, np.nan, 3, 3], [np.nan] * 5, [1, 2, 2, 2, 1]]
    assert longest_runs(rows).tolist() == [2, 0, 3]


def test_the_same_answer_throughout_is_seen(answers):
    answers.iloc[0] = 4
    found = account(answers)
    flags = found.flags.iloc[0]
    assert flags["long_string"]
    assert flags["straight_lining"]
    assert flags["low_variability"]
    assert found.indices.loc[0, "long_string"] == 16
    assert found.indices.loc[0, "straight_lined"] == 1


def test_random_answers_are_inconsistent(answers):
    rng = np.random.default_rng(3)
    answers.iloc[:50] = rng.integers(1, 8, size=(50, 16))
    found = account(answers, rules=CarelessRules(synonyms=0.4))
    consistency = found.indices[["even_odd", "person_total", "synonyms"]]
    assert (consistency[:50].mean() + 0.4 < consistency[50:].mean()).all()
    assert found.flags["even_odd"][:50].mean() > found.flags["even_odd"][50:].mean() + 0.2


def test_even_odd_is_the_stepped_up_correlation_of_half_means(answers):
    recoded = answers.assign(a4=8 - answers["a4"]).iloc[5]
    odd = [recoded[own[::2]].mean() for own in CONSTRUCTS.values()]
    even = [recoded[own[1::2]].mean() for own in CONSTRUCTS.values()]
    r = np.corrcoef(odd, even)[0, 1]
    assert account(answers).indices.loc[5, "even_odd"] == pytest.approx(2 * r / (1 + r))


def test_copies_and_speed(answers):
    answers.iloc[7] = answers.iloc[3]
    seconds = pd.Series(100.0, index=answers.index)
    seconds[4] = 16.0
    found = account(answers, seconds=seconds)
    assert found.flags.index[found.flags["duplicate"]].tolist() == [3, 7]
    assert found.flags.index[found.flags["too_fast"]].tolist() == [4]
    assert found.indices.loc[4, "seconds_per_item"] == pytest.approx(1.0)


def test_outliers_by_mahalanobis_distance(answers):
    rng = np.random.default_rng(1)
    answers.iloc[9] = rng.choice([1, 7], size=16)
    found = account(answers)
    assert found.flags.loc[9, "outlier"]
    complete = answers.assign(a4=8 - answers["a4"])
    centred = (complete - complete.mean()).iloc[9].to_numpy()
    expected = centred @ np.linalg.solve(complete.cov().to_numpy(), centred)
    assert found.indices.loc[9, "distance"] == pytest.approx(expected)


def test_what_is_unanswered_flags_nobody(answers):
    answers.iloc[2] = np.nan
    found = account(answers)
    assert not found.flags.iloc[2].any()


def test_flags_are_counted_and_combined(answers):
    answers.iloc[:3] = 4
    found = account(answers)
    assert tuple(found.counts().index) == FLAGS
    assert found.counts()["long_string"] == 3
    assert found.flagged(["long_string", "duplicate"], least=2).sum() == 3
    assert account(answers, rules=CarelessRules(long_string=1.0)).counts()["long_string"] == 0


def test_what_cannot_be_judged_is_said(answers):
    few = careless_answers(answers[["a1", "a2"]].head(2), {"a": ["a1", "a2"]})
    assert {notice.code for notice in few.notices} == {
        "no_distance",
        "no_even_odd",
        "no_synonyms",
        "no_antonyms",
        "no_seconds",
    }


def test_unknown_items(answers):
    with pytest.raises(ResponsesError) as caught:
        careless_answers(answers, {"a": ["a1", "z1"]})
    assert caught.value.found == "z1"


def test_shared_devices_are_counted_over_all_columns(answers):
    devices = pd.DataFrame({"ip": ["a", "b", "b", " ", ""], "browser": ["x", "y", "z", "z", None]})
    found = account(answers, devices=devices)
    assert found.indices["same_device"][:4].tolist() == [0, 1, 1, 1]
    assert found.indices["same_device"][4:].isna().all()
    assert found.flags["same_device"].sum() == 3


def test_reverse_items_are_turned_on_their_own_scale(answers):
    wider = answers.assign(a4=answers["a4"] + 3)
    ends = dict.fromkeys(ITEMS, (1.0, 7.0)) | {"a4": (1.0, 13.0)}
    options = {"reverse": ["a4"]}
    turned = careless_answers(wider, CONSTRUCTS, scale=ends, **options)
    plain = careless_answers(answers, CONSTRUCTS, scale=(1, 7), **options)
    assert turned.indices["distance"].to_numpy() == pytest.approx(
        plain.indices["distance"].to_numpy()
    )
