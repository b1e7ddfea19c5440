import numpy as np
import pytest

from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.incomplete.likelihood import (
    expected_information,
    observed_information,
)
from loyaltysem.estimation.incomplete.objective import FimlObjective, IncompleteSample
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.structure import structure
from loyaltysem.syntax import build_table, model_matrices

MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ f
x1 ~~ x4
"""
N = 120


@pytest.fixture(params=[True, False], ids=["compressed", "rows"])
def objective(request):
    table = build_table(MODEL, meanstructure=True, group_labels=("a", "b"))
    matrices = model_matrices(table)
    structures = tuple(structure(group, matrices.n_free) for group in matrices.groups)
    rng = np.random.default_rng(8)
    samples = []
    for share in (0.25, 0.75):
        data = rng.normal(size=(N, 6)) + rng.normal(size=(N, 1))
        data[rng.random((N, 6)) < 0.15] = np.nan
        patterns = missing_patterns(data, compress=request.param)
        samples.append(IncompleteSample(patterns=patterns, weight=share, deviance=3.0))
    return FimlObjective(structures, tuple(samples))


@pytest.fixture
def theta(objective):
    """A possible point away from the optimum: loadings near 1, variances near 1."""
    q = objective.structures[0].n_free
    table = build_table(MODEL, meanstructure=True, group_labels=("a", "b"))
    rng = np.random.default_rng(9)
    theta = rng.normal(scale=0.1, size=q)
    for row in table.rows:
        if row.free and (row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs)):
            theta[row.free - 1] += 1.0
    return theta


def differences(function, at, step=1e-5):
    units = np.eye(len(at)) * step
    return np.array([(function(at + u) - function(at - u)) / (2 * step) for u in units])


def test_gradient_is_the_derivative_of_the_value(objective, theta):
    numeric = differences(lambda at: objective.at(at).value, theta)
    assert objective.at(theta).gradient() == pytest.approx(numeric, abs=1e-8)


def test_hessian_is_the_derivative_of_the_gradient(objective, theta):
    numeric = differences(lambda at: objective.at(at).gradient(), theta)
    assert objective.at(theta).hessian() == pytest.approx(numeric, abs=1e-7)


def test_information_is_that_of_the_moments_along_the_jacobian(objective, theta):
    point = objective.at(theta)
    total = 0.0
    for places, sample, group in zip(
        objective.structures, objective.samples, point.groups, strict=True
    ):
        delta = jacobian(places, group.implied, means=True)
        moments = expected_information(sample.patterns, group.implied.sigma)
        total = total + sample.weight * delta.T @ moments @ delta
    assert point.expected_information() == pytest.approx(total, abs=1e-10)
    extra = np.linalg.eigvalsh(point.information() - point.expected_information())
    assert extra.min() > -1e-10


def test_linear_model_has_the_observed_information_of_the_moments():
    """Without a loading to estimate the moments are linear in theta: no curvature is left."""
    table = build_table("x1 ~~ x2\nx2 ~~ x3", meanstructure=True)
    places = structure(model_matrices(table).groups[0], table.n_free)
    data = np.random.default_rng(3).normal(size=(50, 3))
    data[::4, 1] = np.nan
    patterns = missing_patterns(data)
    sample = IncompleteSample(patterns=patterns, weight=1.0, deviance=0.0)
    theta = np.zeros(table.n_free)
    for row in table.rows:
        theta[row.free - 1] = {"~1": 0.2}.get(row.op, 1.0 if row.lhs == row.rhs else 0.3)
    point = FimlObjective((places,), (sample,)).at(theta)
    implied = point.groups[0].implied
    delta = jacobian(places, implied, means=True)
    moments = observed_information(patterns, implied.mu, implied.sigma)
    assert point.hessian() == pytest.approx(delta.T @ moments @ delta, abs=1e-10)


def test_small_parts_change_nothing(objective, theta, monkeypatch):
    whole = objective.at(theta).hessian()
    monkeypatch.setattr("loyaltysem.estimation.incomplete.objective.CHUNK_CELLS", 1)
    assert objective.at(theta).hessian() == pytest.approx(whole, rel=1e-11)


def test_impossible_moments_have_an_infinite_value(objective, theta):
    assert objective.at(-theta).value == np.inf
