import numpy as np
import pytest

from loyaltysem.estimation.robust import (
    MomentGroup,
    moment_information,
    moment_meat,
    normal_theory_trace,
    sandwich,
    ugamma_traces,
    weighted,
)


def spd(rng, size):
    root = rng.normal(size=(size, size))
    return root @ root.T + np.eye(size)


@pytest.fixture(params=["full", "diagonal"])
def groups(request):
    rng = np.random.default_rng(5)
    made = []
    for share in (0.4, 0.6):
        weight = spd(rng, 6)
        made.append(
            MomentGroup(
                share=share,
                jacobian=rng.normal(size=(6, 3)),
                weight=np.diagonal(weight).copy() if request.param == "diagonal" else weight,
                gamma=spd(rng, 6),
            )
        )
    return made


def full(weight):
    return np.diag(weight) if weight.ndim == 1 else weight


def whole(blocks):
    size = sum(len(block) for block in blocks)
    matrix, start = np.zeros((size, size)), 0
    for block in blocks:
        matrix[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return matrix


def test_traces_are_those_of_the_full_matrices(groups):
    weight = whole([g.share * full(g.weight) for g in groups])
    gamma = whole([g.gamma / g.share for g in groups])
    delta = np.vstack([g.jacobian for g in groups])
    bread = np.linalg.inv(delta.T @ weight @ delta)
    u = weight - weight @ delta @ bread @ delta.T @ weight
    traces = ugamma_traces(groups, bread)
    assert traces.trace == pytest.approx(np.trace(u @ gamma))
    assert traces.trace_squared == pytest.approx(np.trace(u @ gamma @ u @ gamma))
    assert traces.meat == pytest.approx(delta.T @ weight @ gamma @ weight @ delta)


def test_information_and_meat_sum_over_groups(groups):
    weight = whole([g.share * full(g.weight) for g in groups])
    delta = np.vstack([g.jacobian for g in groups])
    assert moment_information(groups) == pytest.approx(delta.T @ weight @ delta)
    assert moment_meat(groups) == pytest.approx(ugamma_traces(groups, np.eye(3)).meat)


def test_right_weights_make_the_corrections_vanish():
    rng = np.random.default_rng(8)
    gamma, delta = spd(rng, 6), rng.normal(size=(6, 2))
    group = MomentGroup(share=1.0, jacobian=delta, weight=np.linalg.inv(gamma), gamma=gamma)
    bread = np.linalg.inv(moment_information([group]))
    traces = ugamma_traces([group], bread)
    assert traces.trace == pytest.approx(4.0)
    assert traces.trace_squared == pytest.approx(4.0)
    assert sandwich(bread, traces.meat) == pytest.approx(bread)


def test_sandwich_is_symmetric():
    rng = np.random.default_rng(9)
    product = sandwich(spd(rng, 4), spd(rng, 4))
    assert np.array_equal(product, product.T)


def test_diagonal_weights_act_as_matrices():
    matrix = np.arange(6.0).reshape(3, 2)
    weight = np.array([1.0, 2.0, 3.0])
    assert np.array_equal(weighted(weight, matrix), np.diag(weight) @ matrix)


def test_saturated_trace_of_normal_data_counts_the_moments():
    data = np.random.default_rng(2).normal(size=(100_000, 3))
    cov = np.cov(data.T, bias=True)
    trace = normal_theory_trace(
        data, data.mean(axis=0), cov, np.linalg.inv(cov), meanstructure=True
    )
    assert trace == pytest.approx(9.0, rel=0.02)
