from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.errors import LoyaltysemError, ModelSyntaxError
from loyaltysem.syntax import build_table, parse_model


def said(text):
    return [str(element) for element in parse_model(text).elements]


def modifiers(text):
    return parse_model(text).elements[0].modifiers


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("f =~ x1 + x2", ["f =~ x1", "f =~ x2"]),
        ("f =~ x1 +\n   x2\n + x3", ["f =~ x1", "f =~ x2", "f =~ x3"]),
        ("f =~ x1; g =~ y1", ["f =~ x1", "g =~ y1"]),
        ("# first\nf =~ x1 ! second\n\n", ["f =~ x1"]),
        ("a + b ~~ c", ["a ~~ c", "b ~~ c"]),
        ("y ~ 1 + x", ["y ~ 1", "y ~ x"]),
        ("y ~ c(a, b)*1", ["y ~ 1"]),
        ("u | t1 + t2", ["u | t1", "u | t2"]),
        ("u ~*~ 1*u", ["u ~*~ u"]),
        ("f <~ x1 + x2", ["f <~ x1", "f <~ x2"]),
        ("满意度 =~ 题1 + 题2", ["满意度 =~ 题1", "满意度 =~ 题2"]),
        ("满意度 ＝～ 题1 ＋ 题2；题1 ～～ 题2", ["满意度 =~ 题1", "满意度 =~ 题2", "题1 ~~ 题2"]),
        ("`overall satisfaction` =~ `item (1)` + x.2", [
            "overall satisfaction =~ item (1)", "overall satisfaction =~ x.2"]),
        ("y ~ a:b", ["y ~ a:b"]),
        ("f =~ c(1,\n 2)*x", ["f =~ x"]),
        ("f\n=~ x1", ["f =~ x1"]),
        ("f =~ x + a*x + y", ["f =~ x", "f =~ y"]),
        ("f =~ x1\r\nf =~ x2\r\n", ["f =~ x1", "f =~ x2"]),
    ],
)  # fmt: skip
def test_elements(text, elements):
    assert said(text) == elements


@pytest.mark.parametrize(
    ("term", "field", "value"),
    [
        ("0.5*x", "fixed", (0.5,)),
        ("-1*x", "fixed", (-1.0,)),
        ("(1/4)*x", "fixed", (0.25,)),
        ("sqrt(4)*x", "fixed", (2.0,)),
        ("1e-3*x", "fixed", (0.001,)),
        (".5*x", "fixed", (0.5,)),
        ("NA*x", "freed", (True,)),
        ("a*x", "label", ("a",)),
        ('"a b"*x', "label", ("a b",)),
        ('equal("a")*x', "label", ("a",)),
        ('label("a", "b")*x', "label", ("a", "b")),
        ("start(0.8)*x", "start", (0.8,)),
        ("0.8?x", "start", (0.8,)),
        ("start(0.8, NA)*x", "start", (0.8, None)),
        ("c(a, b)*x", "label", ("a", "b")),
        ("c(1, NA)*x", "fixed", (1.0, None)),
        ("c(1, NA, a)*x", "label", ("", "", "a")),
        ("c(1, NA, a)*x", "freed", (False, True, False)),
        ("start(2)*x + a*x", "start", (2.0,)),
        ("start(2)*x + a*x", "label", ("a",)),
        ("start(2)*a*x", "label", ("a",)),
    ],
)
def test_modifiers(term, field, value):
    assert getattr(modifiers(f"f =~ {term}"), field) == value


def test_lines_that_begin_with_minus():
    model = parse_model("f =~ a*x + b*y\nd := a\n - b\n-a == 2*b")
    assert [(c.lhs, c.rhs) for c in model.constraints] == [("d", "a-b"), ("-a", "2*b")]


def test_constraints_lose_their_blanks():
    constraints = parse_model("f =~ a*x; d := a * ( b + 1 ); a == b ^ 2; a > 0").constraints
    assert [(c.lhs, c.op, c.rhs) for c in constraints] == [
        ("d", ":=", "a*(b+1)"),
        ("a", "==", "b^2"),
        ("a", ">", "0"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("# nothing", 1, 1),
        ("f =~ x1\ng = x2", 2, 3),
        ("f =~ x1 x2", 1, 9),
        ("f =~ x1 + + x2", 1, 11),
        ("f =~", 1, 5),
        ("=~ x1", 1, 1),
        ("f =~ x1 ~ x2", 1, 9),
        ("just words", 1, 1),
        ("f =~ 2x", 1, 6),
        ("f =~ f", 1, 6),
        ("f =~ 1", 1, 6),
        ("y ~ 2", 1, 5),
        ("f =~ c(1, 2*x1\ng =~ y1", 1, 7),
        ("f =~ 1)*x1", 1, 7),
        ("f =~ foo(1)*x1", 1, 6),
        ("f =~ start(a)*x1", 1, 6),
        ("f =~ label(1)*x1", 1, 6),
        ("f =~ *x1", 1, 6),
        ("f =~ a+*x1", 1, 8),
        ("f =~ x1\nf =~ x1", 2, 6),
        ("x ~~ y\ny ~~ x", 2, 6),
        ("a*f =~ x1", 1, 3),
        ("f =~ a*x\nd := a +", 2, 9),
        ("f =~ a*x\nd := g(a)", 2, 6),
        ("f =~ a*x\nd := a\nd := a^2", 3, 1),
        ("f =~ a*x\n2*a := a", 2, 1),
        ("f =~ a*x\na >= 1", 2, 4),
        ("f =~ `x1", 1, 6),
        ('f =~ "a*x1', 1, 6),
        ("y ~ a:b:c", 1, 8),
        ("y ~ a:1", 1, 7),
        ("f =~ x1 % x2", 1, 9),
    ],
)
def test_errors_show_the_place(text, line, column):
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model(text, "model.lav")
    error = caught.value
    assert (error.place.line, error.place.column) == (line, column)
    excerpt = error.excerpt.split("\n")
    assert excerpt[0] == "    " + text.split("\n")[line - 1]
    assert excerpt[1].index("^") == 4 + column - 1
    assert "model.lav, line" in str(error)


def test_caret_stands_under_wide_characters():
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model("满意 = 题1")
    assert caught.value.excerpt.split("\n")[1] == "    " + " " * 5 + "^"


def test_blocks_are_refused_with_the_alternative():
    with pytest.raises(ModelSyntaxError, match=r"c\(\.\.\., \.\.\.\)\*"):
        parse_model("group: 1\nf =~ x1")


@given(st.text(alphabet='fgxy12=~:<>|+*()/^-., \n;"`#NAc一', max_size=60))
def test_any_text_is_read_or_refused(text):
    with suppress(LoyaltysemError):
        build_table(text)


WORDS = [
    "f",
    "=~",
    "x1",
    "x2",
    "+",
    "*",
    "~",
    "~~",
    "1",
    "NA",
    "a",
    ":=",
    "==",
    "\n",
    "c(1,NA)",
    "|",
]


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_any_sequence_of_words_is_read_or_refused(text):
    with suppress(LoyaltysemError):
        build_table(text)


@pytest.mark.parametrize("call", ["start(c(1, 0.9))", "start(1, 0.9)"])
def test_a_call_takes_its_values_for_groups_with_or_without_c(call):
    (element,) = parse_model(f"f =~ {call}*x").elements
    assert element.modifiers.start == (1.0, 0.9)


def test_labels_for_groups_stand_in_a_call():
    (element,) = parse_model('f =~ label(c("a", "b"))*x').elements
    assert element.modifiers.label == ("a", "b")
