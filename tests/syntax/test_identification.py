import json
from pathlib import Path

import pytest

from loyaltysem.errors import IdentificationError
from loyaltysem.syntax import (
    build_table,
    check_identification,
    degrees_of_freedom,
)

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "cases"
THREE = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\n"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("f =~ NA*x1 + x2 + x3\ng =~ y1 + y2 + y3", "'f' has no scale"),
        ("f =~ x1 + x2", "'f' has two indicators"),
        ("f =~ NA*x1 + x2\nf ~~ 1*f", "'f' has two indicators"),
        (THREE + "h =~ z\nz ~~ z\nh ~ f", "'h' has one indicator, 'z'"),
        (THREE + "h =~ 0\nh ~ f", "Nothing measures the latent variable 'h'"),
        ("f =~ x1 + x2 + x3\nx1 ~~ x2", "1 more free parameters"),
    ],
)
def test_impossible_models_are_refused_by_name(text, who):
    with pytest.raises(IdentificationError, match=who):
        check_identification(build_table(text))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (THREE, {}),
        (THREE, {"std_lv": True}),
        ("f =~ x1 + x2\ng =~ y1 + y2", {}),
        ("f =~ a*x1 + a*x2\nf ~~ 1*f", {"auto_fix_first": False}),
        ("f =~ NA*x1 + a*x1 + b*x2 + c*x3\na + b + c == 3", {}),
        (THREE + "h =~ z\nh ~ f", {}),
        (THREE + "h =~ 0\nh ~ 2*f\nh ~~ 0*h\nw ~ h", {}),
        (THREE, {"group_labels": ("a", "b"), "group_equal": "loadings", "std_lv": True}),
        ("y ~ x\nz ~ y", {}),
    ],
)
def test_possible_models_pass(text, options):
    assert check_identification(build_table(text, **options)) == ()


def test_group_is_named():
    table = build_table("f =~ c(1, NA)*x1 + x2 + x3", group_labels=("men", "women"))
    with pytest.raises(IdentificationError, match="in group 'women'"):
        check_identification(table)


def test_feedback_is_noticed():
    table = build_table("y1 ~ y2 + x1\ny2 ~ y1 + x2")
    (notice,) = check_identification(table)
    assert notice.code == "feedback_loop"
    assert notice.facts["variables"] == ["y1", "y2"]


@pytest.mark.parametrize(
    "name",
    ["cfa_ml_hs", "path_ml_observed", "mimic_fixedx_hs", "mimic_loyalty_meanstr", "wlsmv_mimic",
     "wlsmv_mixed", "mg_wlsmv_loyalty_gender_thr_load", "mg_ml_hs_school_partial",
     "sem_ml_poldem_eqop", "sem_ml_nonlinear_constraint", "sem_ml_inequality_constraint"],
)  # fmt: skip
def test_degrees_of_freedom_are_those_of_lavaan(name):
    if not GOLDEN.exists():
        pytest.skip("the reference numbers are not beside this checkout")
    case = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    resolved = case["options_resolved"]
    stated = [p for p in case["parameters"] if p["op"] == "|" and p["group"] == 1]
    ordered = {p["lhs"]: sum(q["lhs"] == p["lhs"] for q in stated) for p in stated}
    table = build_table(
        case["model"],
        group_labels=case["group_labels"] or ("",),
        ordered=ordered,
        fixed_x=resolved["fixed.x"],
        conditional_x=resolved["conditional.x"],
        meanstructure=resolved["meanstructure"],
        group_equal=case["options"].get("group.equal", ()),
        group_partial=case["options"].get("group.partial", ()),
    )
    assert degrees_of_freedom(table) == case["fit"]["df"]
