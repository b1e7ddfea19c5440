import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.behaviour import customer_behaviour
from loyaltysem.measurement.future_purchases import (
    PurchaseModel,
    fit_purchase_model,
    repeat_purchases,
)

# Fader, Hardie & Lee (2005), table 2: the estimates for 2,357 customers of CDNOW, in weeks.
CDNOW = PurchaseModel(r=0.243, alpha=4.414, a=0.793, b=2.426, loglik=-9582.4, n=2357)


def drawn(n, model, age, seed=1):
    """Return customers whose purchases follow a model."""
    rng = np.random.default_rng(seed)
    rate, drop = rng.gamma(model.r, 1 / model.alpha, n), rng.beta(model.a, model.b, n)
    repeats, last = np.zeros(n, int), np.zeros(n)
    for one in range(n):
        now = rng.exponential(1 / rate[one])
        while now <= age[one]:
            repeats[one], last[one] = repeats[one] + 1, now
            if rng.random() < drop[one]:
                break
            now += rng.exponential(1 / rate[one])
    return repeats, last


def test_the_expectation_of_the_paper():
    # section 4: a customer with two repeat purchases, the last in week 30.43 of 38.86
    assert CDNOW.expected(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=5e-4)


def test_who_never_came_back_counts_as_alive():
    never, once = CDNOW.alive([0, 3], [0, 5], [30, 30]).tolist()
    assert never == 1.0
    assert 0 < once < 0.5
    assert CDNOW.alive(3, 29, 30) > CDNOW.alive(3, 5, 30)


def test_a_large_sample_gives_the_parameters_back():
    truth = PurchaseModel(r=0.6, alpha=5.0, a=0.8, b=2.5, loglik=0.0, n=0)
    age = np.random.default_rng(2).uniform(30, 60, 6000)
    repeats, last = drawn(6000, truth, age)
    found = fit_purchase_model(repeats, last, age)
    assert [found.r, found.alpha] == pytest.approx([truth.r, truth.alpha], rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(0.8 / 3.3, rel=0.1)


def test_the_unit_of_time_does_not_matter():
    age = np.full(400, 40.0)
    repeats, last = drawn(400, CDNOW, age, seed=4)
    weeks = fit_purchase_model(repeats, last, age)
    days = fit_purchase_model(repeats, 7 * last, 7 * age)
    assert days.r == pytest.approx(weeks.r, rel=1e-3)
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-3)
    assert days.loglik == pytest.approx(weeks.loglik - repeats.sum() * np.log(7), abs=1e-3)


def test_loglik_of_one_customer_by_hand():
    age = np.full(50, 20.0)
    repeats, last = np.arange(50) % 4, np.where(np.arange(50) % 4, 9.0, 0.0)
    found = fit_purchase_model(repeats, last, age)
    r, alpha, a, b = found.r, found.alpha, found.a, found.b

    def one(x, t, T):
        rate = np.prod(r + np.arange(x)) * alpha**r
        stays = np.exp(betaln(a, b + x) - betaln(a, b)) / (alpha + T) ** (r + x)
        leaves = np.exp(betaln(a + 1, b + x - 1) - betaln(a, b)) / (alpha + t) ** (r + x)
        return rate * (stays + (leaves if x else 0.0))

    by_hand = sum(np.log(one(*row)) for row in zip(repeats, last, age, strict=True))
    assert found.loglik == pytest.approx(by_hand, abs=1e-6)


def test_purchases_become_what_the_model_asks_for():
    bought = pd.DataFrame(
        {
            "customer": ["a", "a", "b"],
            "date": ["2024-01-01", "2024-01-15", "2024-01-08"],
            "amount": [5, 5, 5],
        }
    )
    found = repeat_purchases(customer_behaviour(bought, until="2024-01-29"))
    assert found.loc["a"].tolist() == [1, 2, 4]
    assert found.loc["b"].tolist() == [0, 0, 3]


def test_refusals():
    with pytest.raises(ResponsesError, match="do not belong together"):
        fit_purchase_model([1], [5], [3])
    with pytest.raises(ResponsesError, match="Nobody bought again"):
        fit_purchase_model([0, 0], [0, 0], [3, 4])
