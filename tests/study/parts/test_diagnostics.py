"""Local fit of a model, and its replication by the second engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit
from loyaltysem.study.parts.diagnostics import MI_LIMIT, RESIDUAL_LIMIT, SHOWN, diagnostics
from loyaltysem.study.parts.replication import replication

SYNTAX = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f"


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(5)
    f = rng.normal(size=300)
    g = 0.5 * f + rng.normal(size=300)
    noise = rng.normal(size=(300, 7))
    noise[:, 1] += 0.8 * noise[:, 0]
    values = np.stack([f, f, f, f, g, g, g], axis=1) + noise
    return fit(SYNTAX, pd.DataFrame(values, columns=["x1", "x2", "x3", "x4", "y1", "y2", "y3"]))


def test_the_largest_modification_indices_come_first(fitted):
    found = diagnostics(fitted).modification
    frame = fitted.modification_indices()
    assert found.n == len(frame)
    assert found.n_above == (frame["mi"] > MI_LIMIT).sum()
    assert [row.mi for row in found.rows] == frame["mi"].head(SHOWN).tolist()
    assert {found.rows[0].lhs, found.rows[0].rhs} == {"x1", "x2"}


def test_residuals_are_those_of_the_fit(fitted):
    found = diagnostics(fitted)
    (residuals,) = found.residuals
    (frames,) = fitted.residuals("cor.bollen").values()
    matrix = frames["cov"].to_numpy()
    for place, row in enumerate(residuals.lower):
        assert row == tuple(matrix[place, : place + 1])
    below = np.abs(matrix[np.tril_indices(7, -1)])
    assert residuals.n_pairs == 21
    assert residuals.n_large == (below > RESIDUAL_LIMIT).sum()
    assert abs(found.largest[0].residual) == below.max()


def test_the_largest_residuals_carry_their_z_values(fitted):
    first = diagnostics(fitted).largest[0]
    for kind in ("normalized", "standardized"):
        (frames,) = fitted.residuals(kind).values()
        assert getattr(first, kind) == frames["cov"].loc[first.second, first.first]


def test_semopy_agrees_with_a_fit(fitted):
    found = replication(fitted)
    assert found.state == "agrees"
    assert found.n_agreeing == found.n_parameters == fitted.table.n_free
    assert found.largest_difference < 1e-3
    assert {one.index for one in found.indices if not one.agrees} >= {"aic", "bic", "logl"}


def test_what_semopy_cannot_fit_is_said():
    answers = pd.DataFrame(np.random.default_rng(1).normal(size=(40, 2)), columns=["x", "y"])
    answers["group"] = ["a", "b"] * 20
    grouped = fit("y ~ x", answers, group="group")
    found = replication(grouped)
    assert found.state == "impossible"
    assert found.reason
    assert found.indices == ()
