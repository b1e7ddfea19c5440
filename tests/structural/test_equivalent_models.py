"""What is said to be equivalent fits the same; what is not, is not said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit
from loyaltysem.structural.equivalent_models import equivalent_models, equivalent_table
from loyaltysem.structural.measurement_model import refit
from loyaltysem.syntax import build_table

MEASUREMENT = "\n".join(f"{c} =~ {c}1 + {c}2 + {c}3" for c in "abcd")
STRUCTURES = {
    "chain": "b ~ a\nc ~ b\nd ~ c",
    "mediation": "c ~ a + b\nd ~ a + b + c",
    "two causes": "c ~ a + b\nd ~ c",
    "saturated": "b ~ a\nc ~ a + b\nd ~ a + b + c",
    "fork": "b ~ a\nc ~ a\nd ~ b",
}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    n = 300
    a = rng.normal(size=n)
    b = 0.4 * a + rng.normal(size=n)
    c = 0.4 * a + 0.3 * b + rng.normal(size=n)
    d = 0.3 * c + 0.2 * a + 0.3 * b + rng.normal(size=n)
    scores = dict(zip("abcd", (a, b, c, d), strict=True))
    return pd.DataFrame(
        {f"{x}{k}": s + 0.7 * rng.normal(size=n) for x, s in scores.items() for k in (1, 2, 3)}
    )


@pytest.mark.parametrize("structure", STRUCTURES.values(), ids=STRUCTURES.keys())
def test_equivalent_models_fit_the_same(data, structure):
    fitted = fit(f"{MEASUREMENT}\n{structure}", data)
    changes = equivalent_models(fitted.table)
    assert changes
    for change in changes:
        other = refit(fitted, equivalent_table(fitted.table, change))
        assert other.df == fitted.df
        assert other.tests[0].statistic == pytest.approx(fitted.tests[0].statistic, abs=1e-5)


def test_what_is_not_listed_fits_otherwise(data):
    """Turning the path of a collider, or correlating across a mediator, changes the model."""
    fitted = fit(f"{MEASUREMENT}\n{STRUCTURES['two causes']}", data)
    listed = {(one.predictor, one.outcome, one.change) for one in equivalent_models(fitted.table)}
    assert ("c", "d", "reversed") not in listed
    turned = fit(f"{MEASUREMENT}\nc ~ a + b + d", data)
    assert abs(turned.tests[0].statistic - fitted.tests[0].statistic) > 1


def test_a_lone_exogenous_cause_may_be_turned():
    changes = equivalent_models(build_table(f"{MEASUREMENT}\n{STRUCTURES['chain']}"))
    assert ("a", "b", "reversed") in {(x.predictor, x.outcome, x.change) for x in changes}


def test_loops_and_correlated_disturbances_are_passed_over():
    assert equivalent_models(build_table(f"{MEASUREMENT}\nb ~ c + a\nc ~ b + d")) == ()
    table = build_table(f"{MEASUREMENT}\nb ~ a\nc ~ a\nb ~~ c\nd ~ b")
    assert all("c" not in (one.predictor, one.outcome) for one in equivalent_models(table))
