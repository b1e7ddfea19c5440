import numpy as np
import pandas as pd
import pytest

import loyaltysem
from loyaltysem.errors import ModelSpecificationError, ResponsesError
from loyaltysem.measurement.fitted_matrices import fitted_matrices
from loyaltysem.measurement.importance import (
    importance_performance,
    index_scores,
    item_importance,
    total_effects,
)

MODEL = """
service =~ s1 + s2 + s3
image =~ i1 + i2 + i3
loyalty =~ l1 + l2 + l3
image ~ service
loyalty ~ image + service
"""


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(41)
    service = rng.normal(size=400)
    image = 0.6 * service + 0.8 * rng.normal(size=400)
    loyalty = 0.5 * image + 0.3 * service + 0.7 * rng.normal(size=400)
    traits = np.repeat(np.column_stack([service + 1, image - 1, loyalty]), 3, axis=1)
    rows = traits + 0.5 * rng.normal(size=(400, 9)) + 4
    return pd.DataFrame(rows, columns=[f"{c}{i}" for c in "sil" for i in (1, 2, 3)])


@pytest.fixture(scope="module")
def fitted(answers):
    return loyaltysem.fit(MODEL, answers)


def test_total_effects_add_paths_up(fitted):
    table = fitted.estimates().set_index(["lhs", "op", "rhs"])["est"]
    direct, first = table["loyalty", "~", "service"], table["image", "~", "service"]
    effects = total_effects(fitted_matrices(fitted), "loyalty")
    assert effects["service"] == pytest.approx(direct + first * table["loyalty", "~", "image"])
    assert set(effects.index) == {"service", "image"}


def test_performance_lies_between_its_indicators(fitted, answers):
    table = importance_performance(fitted, "loyalty", answers, (1, 7))
    means = (answers[["s1", "s2", "s3"]].mean() - 1) / 6 * 100
    assert means.min() <= table.loc["service", "performance"] <= means.max()
    assert table.loc["service", "performance"] > table.loc["image", "performance"]
    assert table["importance"].is_monotonic_decreasing


def test_standardized_importance(fitted, answers):
    table = importance_performance(fitted, "loyalty", answers, (1, 7), standardized=True)
    standard = fitted.estimates().set_index(["lhs", "op", "rhs"])["std_all"]
    assert table.loc["image", "importance"] == pytest.approx(standard["loyalty", "~", "image"])


def test_importance_does_not_depend_on_units(fitted, answers):
    plain = importance_performance(fitted, "loyalty", answers, (1, 7))
    stretched = answers.copy()
    stretched[["s1", "s2", "s3"]] *= 10
    scale = {item: ((10, 70) if item[0] == "s" else (1, 7)) for item in answers}
    other = importance_performance(loyaltysem.fit(MODEL, stretched), "loyalty", stretched, scale)
    np.testing.assert_allclose(
        other[["importance", "performance"]], plain[["importance", "performance"]], rtol=1e-4
    )


def test_what_leads_nowhere(fitted, answers):
    with pytest.raises(ModelSpecificationError, match="leads to"):
        importance_performance(fitted, "service", answers, (1, 7))
    with pytest.raises(ModelSpecificationError) as caught:
        importance_performance(fitted, "loyality", answers, (1, 7))
    assert caught.value.remedy == "Did you mean 'loyalty'?"
    with pytest.raises(ResponsesError):
        importance_performance(fitted, "loyalty", answers.drop(columns="s1"), (1, 7))
    with pytest.raises(ResponsesError):
        importance_performance(fitted, "loyalty", answers, {"s1": (1, 7)})


def test_items_share_the_importance_of_their_construct(fitted, answers):
    constructs = importance_performance(fitted, "loyalty", answers, (1, 7))
    items = item_importance(fitted, "loyalty", answers, (1, 7))
    shared = items.groupby("construct")["importance"].sum()
    assert shared.to_dict() == pytest.approx(constructs["importance"].to_dict())
    assert items.loc["s2", "performance"] == pytest.approx((answers["s2"].mean() - 1) / 6 * 100)


def test_a_higher_order_target_is_measured_by_its_dimensions(answers):
    model = """
    service =~ s1 + s2 + s3
    image =~ i1 + i2 + i3
    loyal =~ l1 + l2 + l3
    attitude =~ image + loyal
    attitude ~ service
    """
    fitted = loyaltysem.fit(model, answers)
    table = importance_performance(fitted, "attitude", answers, (1, 7))
    means = (answers.drop(columns=["s1", "s2", "s3"]).mean() - 1) / 6 * 100
    assert table.index.tolist() == ["service"]
    assert table["importance"].item() > 0
    assert means.min() < table.attrs["target_performance"] < means.max()


def test_an_index_is_the_performance_with_the_error_of_a_mean(fitted, answers):
    table = index_scores(fitted, answers, (1, 7))
    performance = importance_performance(fitted, "loyalty", answers, (1, 7))
    assert list(table.index) == ["service", "image", "loyalty"]
    assert table.loc["service", "index"] == pytest.approx(performance.loc["service", "performance"])
    estimates = fitted.estimates().query("lhs == 'loyalty' and op == '=~'")
    loadings = estimates.set_index("rhs")["est"]
    weights = loadings / loadings.sum()
    scores = 100 * ((answers[weights.index] - 1) / 6 * weights).sum(axis=1)
    assert table.loc["loyalty", "index"] == pytest.approx(scores.mean())
    assert table.loc["loyalty", "se"] == pytest.approx(scores.std() / np.sqrt(400))
    reach = table["ci_upper"] - table["index"]
    np.testing.assert_allclose(reach, 1.959964 * table["se"], rtol=1e-6)
    ends = index_scores(fitted, answers * 0 + 7, (1, 7))
    np.testing.assert_allclose(ends[["index", "se"]], [[100, 0]] * 3, atol=1e-9)
