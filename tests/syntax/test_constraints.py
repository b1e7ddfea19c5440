import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.syntax import build_table, compile_expressions, find_constraints

FACTOR = "f =~ x1 + a*x2 + b*x3 + c*x4\n"


def constraints_of(text, **options):
    return find_constraints(build_table(FACTOR + text, **options))


def test_no_constraint_is_the_identity():
    found = constraints_of("")
    np.testing.assert_array_equal(found.K, np.eye(8))
    assert not found.c.any()
    assert not found.is_reduced


def test_equal_labels_give_a_zero_one_matrix():
    table = build_table("f =~ x1 + a*x2 + a*x3 + a*x4")
    found = find_constraints(table)
    assert found.K.shape == (8, 6)
    assert set(np.unique(found.K)) == {0.0, 1.0}
    np.testing.assert_array_equal(found.K.sum(axis=1), 1.0)
    np.testing.assert_array_equal(found.K[0], found.K[2])


def test_group_equalities_tie_the_groups():
    table = build_table("f =~ x1 + x2 + x3", group_labels=("m", "w"), group_equal="loadings")
    found = find_constraints(table)
    theta = found.K @ np.arange(found.K.shape[1]) + found.c
    np.testing.assert_allclose(found.equalities.evaluate(theta), 0.0)
    assert table.n_free - found.K.shape[1] == 2


@pytest.mark.parametrize(
    ("text", "n_reduced", "n_nonlinear"),
    [
        ("a == b", 7, 0),
        ("a == 2*b - c + 1", 7, 0),
        ("a + b + c == 3", 7, 0),
        ("a == 0.5", 7, 0),
        ("a == b; b == c", 6, 0),
        ("a == b^2", 8, 1),
        ("a == b; c == a*b", 7, 1),
        ("a*b == b*a + c", 8, 1),
    ],
)
def test_solutions_satisfy_the_equalities(text, n_reduced, n_nonlinear):
    found = constraints_of(text)
    assert found.K.shape == (8, n_reduced)
    assert len(found.nonlinear) == n_nonlinear
    theta = found.K @ np.random.default_rng(0).normal(size=n_reduced) + found.c
    linear = [
        k for k, name in enumerate(found.equalities.names) if name not in found.nonlinear.names
    ]
    np.testing.assert_allclose(found.equalities.evaluate(theta)[linear], 0.0, atol=1e-12)


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=4))
def test_reparameterization_spans_the_solutions(rows):
    """K has the dimension of the solution space of random linear constraints, or none exists."""
    text = "\n".join(f"{r[0]}*a + {r[1]}*b + {r[2]}*c == {r[3]}" for r in rows)
    matrix, target = np.array(rows, float)[:, :3], np.array(rows, float)[:, 3]
    rank = np.linalg.matrix_rank(matrix)
    solvable = np.linalg.matrix_rank(np.column_stack([matrix, target])) == rank
    if not solvable:
        with pytest.raises(ModelSpecificationError, match="cannot hold"):
            constraints_of(text)
        return
    found = constraints_of(text)
    assert found.K.shape[1] == 8 - rank
    theta = found.K @ np.linspace(-1, 1, 8 - rank) + found.c
    np.testing.assert_allclose(found.equalities.evaluate(theta), 0.0, atol=1e-9)


def test_redundant_constraints_are_dropped_with_a_notice():
    found = constraints_of("a == b\nb == a\n2*a == 2*b")
    assert found.K.shape == (8, 7)
    assert found.notices[0].facts["constraints"] == ["b == a", "2*a == 2*b"]


def test_contradictions_are_refused():
    with pytest.raises(ModelSpecificationError, match="cannot hold"):
        constraints_of("a == b\na == b + 1")


def test_inequalities_are_turned_to_be_positive():
    found = constraints_of("a < 3\nb > 2*c")
    theta = np.zeros(8)
    theta[:3] = 1.0, 5.0, 2.0
    np.testing.assert_allclose(found.inequalities.evaluate(theta), [2.0, 1.0])
    np.testing.assert_allclose(found.inequalities.jacobian(theta)[:, :3], [[-1, 0, 0], [0, 1, -2]])


def test_defined_parameters_may_use_earlier_ones():
    found = compile_expressions(build_table(FACTOR + "d := a*b\ne := d/c\ng := .p2. + .p1."))
    theta = np.array([2.0, 3.0, 4.0, 0, 0, 0, 0, 0])
    assert found.names == ("d", "e", "g")
    np.testing.assert_allclose(found.evaluate(theta), [6.0, 1.5, 3.0])
    np.testing.assert_allclose(
        found.jacobian(theta)[:, :3],
        [[3, 2, 0], [0.75, 0.5, -0.375], [1, 0, 0]],
    )


def test_undefined_values_are_nan_without_warnings():
    found = compile_expressions(build_table(FACTOR + "d := log(a)"))
    assert np.isnan(found.evaluate(np.full(8, -1.0)))[0]


def test_unknown_label_names_the_near_one():
    with pytest.raises(ModelSpecificationError) as caught:
        build_table("f =~ x1 + load2*x2 + x3\nd := load3^2")
    assert caught.value.found == "'load3'"
    assert caught.value.remedy == "Did you mean 'load2'?"


def test_definition_must_not_take_a_label():
    with pytest.raises(ModelSpecificationError, match="also the label"):
        build_table(FACTOR + "a := b*c")


def test_label_of_a_fixed_parameter_is_a_number():
    found = find_constraints(build_table("f =~ one*x1 + a*x2 + x3\na == 2*one"))
    assert found.c[0] == 2.0
