import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.errors import ModelSyntaxError
from loyaltysem.syntax.expressions import (
    Free,
    affine,
    evaluate,
    free_in,
    names_in,
    parse_expression,
    substitute,
)

VALUES = {"a": 0.5, "b": -2.0, "c": 3.0}
FREE = {name: Free(k) for k, name in enumerate(VALUES)}
THETA = np.array(list(VALUES.values()))


def value_and_gradient(text, theta=THETA):
    node = substitute(parse_expression(text), FREE)
    return evaluate(node, theta, {k: k for k in range(3)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*b", -1.0),
        ("-c^2", -9.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("a - b - c", -0.5),
        ("c/a/2", 3.0),
        ("-(a + b)*c", 4.5),
        ("a--b", -1.5),
        ("sqrt(c*12) + abs(b) + log(exp(a))", 8.5),
        ("1e2 + .5", 100.5),
        ("min(a, b, c) - max(a, b, c)", -5.0),
        ("max(-1, 2*a)", 1.0),
        ("a**2", 0.25),
        ("cos(0) + sin(0) + log10(100)", 3.0),
    ],
)
def test_values(text, expected):
    assert value_and_gradient(text)[0] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        *("a*b/c", "(a*b)/(a*b + c)", "exp(a)^2/sqrt(c)", "c^a", "b^2", "abs(b)*log(c)", "2"),
        *("a - b^3", "min(a, b)*c", "max(a*c, b, c^2)", "log2(c) + log10(a)"),
        *("sin(a)*cos(b)/tan(c)", "asin(a) + acos(a) + atan(b)", "sinh(a)*cosh(b) - tanh(c)"),
    ],
)
def test_gradients_match_differences(text):
    _, gradient = value_and_gradient(text)
    step = 1e-6
    for k in range(3):
        shift = np.zeros(3)
        shift[k] = step
        upper, lower = (value_and_gradient(text, THETA + s)[0] for s in (shift, -shift))
        assert gradient[k] == pytest.approx((upper - lower) / (2 * step), abs=1e-8)


def test_many_parameter_vectors_at_once():
    theta = np.random.default_rng(1).normal(size=(4, 2, 3))
    values, gradients = value_and_gradient("a*b + c^2", theta)
    assert values.shape == (4, 2)
    assert gradients.shape == (4, 2, 3)
    np.testing.assert_allclose(values, theta[..., 0] * theta[..., 1] + theta[..., 2] ** 2)
    np.testing.assert_allclose(gradients[..., 2], 2 * theta[..., 2])


@pytest.mark.parametrize(
    ("text", "constant", "coefficients"),
    [
        ("2*a - (b - 3)/2", 1.5, {0: 2.0, 1: -0.5}),
        ("a - a", 0.0, {}),
        ("a^1 + 2^2", 4.0, {0: 1.0}),
        ("sqrt(4)*c", 0.0, {2: 2.0}),
        ("a*(2*3)", 0.0, {0: 6.0}),
    ],
)
def test_affine_forms(text, constant, coefficients):
    form = affine(substitute(parse_expression(text), FREE))
    assert form.constant == constant
    assert form.coefficients == coefficients


@pytest.mark.parametrize(
    "text", ["a*b", "a^2", "1/a", "exp(a)", "2^a", "a/0", "log(-1)", "(-1)^.5"]
)
def test_what_is_not_affine(text):
    assert affine(substitute(parse_expression(text), FREE)) is None


def test_names_and_parameters_of_a_tree():
    node = parse_expression("b*`my label` + a*b")
    assert names_in(node) == ["b", "my label", "a"]
    assert free_in(substitute(parse_expression("c + a*c"), FREE)) == [0, 2]


@pytest.mark.parametrize("text", ["", "a +", "(a", "a)", "a b", "f(a)", "* a", "a ~ b"])
def test_what_is_no_expression(text):
    with pytest.raises(ModelSyntaxError):
        parse_expression(text)


numbers = st.floats(-5, 5).map(lambda x: round(x, 3))


@given(
    numbers, numbers, numbers, st.sampled_from(["+", "-", "*"]), st.sampled_from(["+", "-", "*"])
)
def test_precedence_agrees_with_arithmetic(x, y, z, first, second):
    text = f"({x}) {first} ({y}) {second} ({z})"
    expected = eval(text)
    assert math.isclose(float(value_and_gradient(text)[0]), expected, abs_tol=1e-12)
