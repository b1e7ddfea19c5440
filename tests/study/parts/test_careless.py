"""Signs of careless answering in a study: counted, excluded, compared."""

from __future__ import annotations

import pytest

from loyaltysem.errors import LoyaltysemError

COLUMNS = "seconds: seconds, devices: [ip]"


@pytest.fixture(scope="module")
def excluding(run_small):
    names = "[too_fast, duplicate, same_device, long_string]"
    return run_small(f"careless: {{exclude: {names}, {COLUMNS}, compare: true}}\n")


def flags(results):
    return {one.flag: one for one in results.careless.flags}


def test_signs_are_counted_without_settings_and_exclude_nobody(run_small):
    assert run_small("missing: fiml\n").careless is None
    results = run_small(f"careless: {{{COLUMNS}}}\nmissing: fiml\n")
    found = flags(results)
    assert found["duplicate"].n == 2
    assert found["too_fast"].n == 1
    assert found["same_device"].n == 2
    assert found["long_string"].n == 3
    assert not any(one.excludes for one in found.values())
    assert results.sample.n_analysed == results.sample.n_read == 160


def test_without_times_and_addresses_their_signs_are_not_available(run_small):
    found = flags(run_small("careless: {}\nmissing: fiml\n"))
    assert not found["too_fast"].available
    assert not found["same_device"].available
    assert found["duplicate"].available


def test_thresholds_are_those_of_the_study(run_small):
    found = flags(run_small(f"careless: {{flags: {{seconds_per_item: 40}}, {COLUMNS}}}\n"))
    assert found["too_fast"].threshold == 40
    assert found["too_fast"].n == 160


def test_exclusions_add_up_and_stand_in_the_ledger(excluding):
    found, sample = flags(excluding), excluding.sample
    lost = {one.code: one.n for one in sample.exclusions}
    assert lost["too_fast"] == found["too_fast"].n_excluded == 1
    assert lost["duplicate"] == found["duplicate"].n_excluded == 2
    assert lost["same_device"] == 2
    assert found["long_string"].n == 3
    assert lost["long_string"] == found["long_string"].n_excluded
    assert excluding.careless.n_excluded == 5 + lost["long_string"]
    assert sample.n_analysed == 160 - sum(lost.values())
    assert [one.code for one in sample.exclusions][-1] == "incomplete"


def test_models_are_compared_with_everybody(excluding):
    (compared,) = excluding.careless.compared
    assert compared.n == excluding.sample.n_analysed
    assert compared.n_all == 160 - 20
    assert [(one.lhs, one.rhs) for one in compared.paths] == [
        ("trust", "service"),
        ("loyalty", "trust"),
    ]
    (model,) = excluding.models
    own = next(row for row in model.parameters if (row.lhs, row.op) == ("trust", "~"))
    assert compared.paths[0].est == own.est
    assert compared.paths[0].est_all != own.est
    assert compared.fit["chisq"] == model.fit["chisq"]


def test_several_signs_may_be_needed(run_small):
    names = "[too_fast, long_string, straight_lining]"
    results = run_small(f"careless: {{exclude: {names}, least: 2, {COLUMNS}}}\nmissing: fiml\n")
    assert {one.code: one.n for one in results.sample.exclusions} == {"long_string": 3}


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("{exclude: [too_fast]}", "seconds"),
        ("{exclude: [same_device]}", "devices"),
        ("{compare: true}", "exclude"),
        ("{exclude: [hasty]}", "hasty"),
        ("{exclude: [outlier], least: 2}", "least"),
    ],
)
def test_settings_that_mean_nothing_are_refused(plan_small, settings, word):
    with pytest.raises(LoyaltysemError) as caught:
        plan_small(f"careless: {settings}\n")
    assert word in str(caught.value)
    assert caught.value.place is not None


@pytest.mark.parametrize("column", ["duration", "service1x", "ip"])
def test_columns_without_times_are_refused(run_small, column):
    with pytest.raises(LoyaltysemError) as caught:
        run_small(f"careless: {{seconds: {column}}}\n")
    assert column in str(caught.value)
