import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltysem.syntax import build_table, find_constraints, table_options, table_text

REFERENCE = json.loads((Path(__file__).parent / "reference" / "partables.json").read_text("utf-8"))
GROUPS = {"group_labels": ("m", "w")}


def structure(table):
    rows = [
        (r.lhs, r.op, r.rhs, r.group, bool(r.free), r.ustart, r.exo)
        for r in table.rows
        if r.group and not (r.op == "~~" and r.lhs != r.rhs and r.ustart == 0)  # absent is zero
    ]
    found = find_constraints(table)
    return (
        sorted(rows, key=str),
        found.K.shape,
        found.defined.names,
        len(found.inequalities),
        len(found.nonlinear),
    )


def rebuilt(table):
    return build_table(table_text(table), options=table_options(table))


@pytest.mark.parametrize("case", REFERENCE, ids=[case["name"] for case in REFERENCE])
def test_text_of_varied_models_builds_them_again(case):
    groups = dict(case["options"]).get("ngroups", 1)
    table = build_table(
        case["model"],
        group_labels=tuple(str(g) for g in range(groups)),
        ordered={n: v[0] for n, v in dict(case["options"]).get("nthresholds", {}).items()},
        conditional_x=dict(case["options"]).get("conditional.x", False),
        std_lv=dict(case["options"]).get("std.lv", False),
        group_equal=dict(case["options"]).get("group.equal", ()),
    )
    assert structure(rebuilt(table)) == structure(table)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("`a b` =~ `x (1)` + l*`x 2` + x3\nd := l^2", {}),
        ("f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3", {"auto_cov_lv_x": False}),
        ("f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3", {"orthogonal": True}),
        ("f =~ x1 + x2 + x3\n.p2. == .p3.", {}),
        ("f =~ x1 + p2*x2 + x3\n.p3. > p2", {}),
        ("f =~ x1 + c(1, NA)*x2 + start(.5)*x3", GROUPS),
        ("f =~ x1 + x2 + x3", {**GROUPS, "group_equal": ("loadings", "intercepts")}),
        ("f =~ x1 + x2 + x3", {"int_lv_free": True, "int_ov_free": False, "meanstructure": True}),
    ],
)
def test_text_builds_the_same_model(text, options):
    table = build_table(text, **options)
    assert structure(rebuilt(table)) == structure(table)


def test_text_is_stable():
    table = build_table("f =~ x1 + a*x2 + x3\ny ~ f + z")
    assert table_text(rebuilt(table)) == table_text(rebuilt(rebuilt(table)))


modifier = st.sampled_from(["", "a*", "b*", "0.5*", "NA*", "start(2)*"])


@settings(max_examples=40)
@given(st.lists(modifier, min_size=6, max_size=6), st.booleans(), st.sampled_from(["", "f ~ g"]))
def test_random_models_round_trip(modifiers, std_lv, path):
    terms = [f"{m}x{k}" for k, m in enumerate(modifiers)]
    text = f"f =~ {' + '.join(terms[:3])}\ng =~ {' + '.join(terms[3:])}\n{path}"
    table = build_table(text, std_lv=std_lv)
    assert structure(rebuilt(table)) == structure(table)


def test_printed_table_and_frame():
    table = build_table("f =~ x1 + a*x2 + x3")
    frame = table.to_frame()
    assert frame["free"].max() == table.n_free
    assert list(frame["label"])[1] == "a"
    assert str(table).split("\n")[0].split() == [
        "id", "lhs", "op", "rhs", "free", "ustart", "label"]  # fmt: skip
