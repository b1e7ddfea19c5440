"""Starting values: exact where the data follow the model, possible everywhere."""

import numpy as np
import pytest

from loyaltysem.estimation.continuous import continuous_problem
from loyaltysem.estimation.matrix_moments import moments_from_matrix
from loyaltysem.estimation.one_factor import factor_variance, one_factor_loadings
from loyaltysem.estimation.options import resolve
from loyaltysem.syntax.build import build_table

LOADINGS = np.array([1.0, 0.8, 1.3, 0.6])
SECOND_ORDER = """
a =~ x1 + x2 + x3
b =~ x4 + x5 + x6
c =~ x7 + x8 + x9
h =~ a + b + c
y ~ h
"""


def one_factor(loadings, variance=0.7, errors=0.4):
    return variance * np.outer(loadings, loadings) + errors * np.eye(len(loadings))


@pytest.mark.parametrize("size", [3, 4])
def test_loadings_of_one_factor_are_exact_on_its_own_matrix(size):
    cov = one_factor(LOADINGS[:size])
    np.testing.assert_allclose(one_factor_loadings(cov), LOADINGS[:size])
    assert factor_variance(cov, LOADINGS[:size]) == pytest.approx(0.7)
    found = one_factor_loadings(cov, unit_variance=True)
    np.testing.assert_allclose(found, LOADINGS[:size] * np.sqrt(0.7))


def test_covariances_that_fit_no_factor_give_equal_reliabilities():
    cov = np.array([[1.0, 0.5, 0.5], [0.5, 4.0, -0.5], [0.5, -0.5, 9.0]])
    np.testing.assert_allclose(one_factor_loadings(cov), [1.0, 2.0, 3.0])


def test_two_negatively_related_indicators_get_opposite_signs():
    found = one_factor_loadings(np.array([[1.0, -0.3], [-0.3, 1.0]]))
    assert found[0] > 0 > found[1]


def problem(model, cov, names=None, **settings):
    table = build_table(model, **settings)
    moments = moments_from_matrix(cov, table.observed, n=500, rescale=False)
    return continuous_problem(table, moments, resolve("ML", fixed_x=False))


def test_the_start_is_the_solution_where_the_data_follow_the_model():
    made = problem(SECOND_ORDER, np.eye(10), fixed_x=False)
    theta = np.random.default_rng(0).uniform(0.5, 1.0, made.table.n_free)
    sigma = made.objective.at(theta).groups[0].implied.sigma
    exact = problem(SECOND_ORDER, sigma, fixed_x=False)
    np.testing.assert_allclose(exact.start(), theta, atol=1e-8)


@pytest.mark.parametrize("plain", [False, True])
def test_every_start_implies_possible_moments(plain, reference):
    for case in ("bifactor_cfa_ml", "sem_ml_mobi_ecsi", "path_heywood", "sem_ml_poldem"):
        golden, data = reference(case)
        table = build_table(golden["model"], std_lv="bifactor" in case)
        made = problem(golden["model"], data[list(table.observed)].cov())
        assert np.isfinite(made.objective.at(made.start(plain=plain)).value)


def test_a_start_in_the_text_stands_before_a_computed_one():
    made = problem("f =~ x1 + start(0.123)*x2 + x3", one_factor(LOADINGS[:3]))
    assert made.start()[0] == 0.123


def test_a_fixed_marker_sets_the_scale_of_the_others():
    made = problem("f =~ 2*x1 + x2 + x3", one_factor(LOADINGS[:3]))
    np.testing.assert_allclose(made.start()[:2], 2 * LOADINGS[1:3])
