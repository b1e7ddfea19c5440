"""Kinds of mediation and shares of the total effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.structural.effects import effects
from loyaltysem.structural.mediation import judging_method, mediation, mediation_kind

POSITIVE, NEGATIVE, NOTHING = (0.3, 0.1, 0.5), (-0.3, -0.5, -0.1), (0.1, -0.1, 0.3)


@pytest.mark.parametrize(
    ("indirect", "direct", "kind"),
    [
        (POSITIVE, POSITIVE, "complementary"),
        (NEGATIVE, NEGATIVE, "complementary"),
        (POSITIVE, NEGATIVE, "competitive"),
        (NEGATIVE, NOTHING, "indirect_only"),
        (NOTHING, POSITIVE, "direct_only"),
        (NOTHING, NOTHING, "no_effect"),
        (POSITIVE, None, "no_direct_path"),
        (NOTHING, None, "no_effect"),
        ((0.3, np.nan, np.nan), POSITIVE, "unknown"),
    ],
)
def test_kinds_of_zhao_lynch_and_chen(indirect, direct, kind):
    assert mediation_kind(indirect, direct) == kind


def found(direct: float, second: float = 0.5, *, text: str = "m ~ a\n y ~ m + a\n"):
    """Return effects of a model whose sample covariances are those of the population."""
    a, n = 1.0, 500
    am, b = 0.6, 0.5
    data = np.random.default_rng(1).standard_normal((n, 4))
    data -= data.mean(axis=0)
    data = data @ np.linalg.inv(np.linalg.cholesky(np.cov(data.T, ddof=0))).T
    cause = a * data[:, 0]
    one = am * cause + data[:, 1]
    two = second * cause + data[:, 3]
    y = b * one + 0.4 * two + direct * cause + data[:, 2]
    return effects(
        fit(text, pd.DataFrame({"a": cause, "m": one, "k": two, "y": y})), monte_carlo=500
    )


def test_the_share_of_the_total():
    table = mediation(found(0.3))
    assert list(table["kind"]) == ["indirect", "total_indirect"]
    row = table.iloc[0]
    assert row["proportion"] == pytest.approx(row["est"] / row["total"])
    assert row["mediation"] == "complementary"


def test_opposite_signs_have_no_share():
    table = mediation(found(-0.9))
    assert set(table["mediation"]) == {"competitive"}
    assert table["proportion"].isna().all()


def test_two_mediators_that_cancel_have_no_share_either():
    table = mediation(found(0.3, -0.5, text="m ~ a\n k ~ a\n y ~ m + k + a"))
    assert list(table["path"]) == ["a -> m -> y", "a -> k -> y", "a -> y"]
    assert table["proportion"].isna().all()
    assert list(table["mediation"])[:2] == ["complementary", "competitive"]


def test_without_a_direct_path_full_mediation_is_assumed_not_found():
    table = mediation(found(0.0, text="m ~ a\n y ~ m"))
    assert set(table["mediation"]) == {"no_direct_path"}
    assert table["direct"].isna().all()


def test_the_best_interval_at_hand_judges():
    effects_found = found(0.3)
    assert judging_method(effects_found) == "mc"
    assert (
        mediation(effects_found, method="delta")["lower"].iloc[0]
        < mediation(effects_found)["lower"].iloc[0]
    )
    with pytest.raises(EstimationError) as caught:
        mediation(effects_found, method="bc")
    assert "delta, mc" in str(caught.value)
