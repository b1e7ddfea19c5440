"""Where things stand."""

from dataclasses import replace

import numpy as np
import pytest

from loyaltysem.diagrams import DiagramOptions, overlaps, path_layout
from loyaltysem.diagrams.spec import diagram_spec_from_table
from loyaltysem.errors import ReportError

SIX = """
A =~ a1 + a2 + a3
B =~ b1 + b2 + b3
C =~ c1 + c2 + c3
D =~ d1 + d2 + d3
E =~ e1 + e2 + e3
"""


def place(layout):
    return {placed.node.name: placed.shape for placed in layout.nodes}


def labels(layout):
    return {label.name: label.text for label in layout.labels}


def test_paths_run_from_left_to_right(mediation):
    where = place(path_layout(mediation))
    assert where["X"].x < where["M"].x < where["Y"].x


def test_indicators_stand_outside_in_their_order(mediation):
    where = place(path_layout(mediation))
    assert where["x1"].x == where["x2"].x < where["X"].x
    assert where["x1"].y > where["x2"].y
    assert where["y1"].x == where["y2"].x > where["Y"].x
    assert where["m1"].y == where["m2"].y
    assert where["m1"].x < where["m2"].x


def test_the_structural_picture_has_no_indicators(mediation):
    layout = path_layout(mediation, DiagramOptions(kind="structural"))
    assert set(place(layout)) == {"X", "M", "Y"}
    assert set(labels(layout)) == {"X-M", "M-Y", "X-Y"}


def test_coefficients_and_r2(mediation):
    layout = path_layout(mediation)
    assert labels(layout)["M-Y"] == "−.30*"
    assert labels(layout)["X-Y"] == ".00"
    texts = {placed.node.name: placed.text.lines for placed in layout.nodes}
    assert texts["Y"] == ("Construct Y", "R² = .60")
    assert texts["X"] == ("Construct X",)


def test_own_positions_are_kept_and_given_back(mediation):
    wishes = {"X": (0.0, 0.0), "M": (2.0, 1.5), "Y": (4.0, 0.0)}
    first = path_layout(mediation, DiagramOptions(positions=wishes)).positions()
    distance = first["Y"][0] - first["X"][0], first["M"][1] - first["X"][1]
    assert distance == pytest.approx((4.0, 1.5), abs=0.02)
    again = path_layout(mediation, DiagramOptions(positions=first)).positions()
    assert {name: pytest.approx(place, abs=0.03) for name, place in first.items()} == again


def test_own_sides(mediation):
    where = place(path_layout(mediation, DiagramOptions(sides={"M": "top", "Y": "bottom"})))
    assert where["m1"].y > where["M"].y
    assert where["y1"].y < where["Y"].y


def test_dimensions_stand_right_of_an_outcome_and_left_of_a_starting_point(table):
    dimensions = "P =~ p1 + p2 + p3\nQ =~ q1 + q2 + q3\nR =~ r1 + r2 + r3\nH =~ P + Q + R\n"
    outcome = place(path_layout(diagram_spec_from_table(table(dimensions + "X =~ x1 + x2\nH ~ X"))))
    assert outcome["X"].x < outcome["H"].x < outcome["P"].x
    start = place(path_layout(diagram_spec_from_table(table(dimensions + "X =~ x1 + x2\nX ~ H"))))
    assert start["P"].x < start["H"].x < start["X"].x


def test_many_correlations_form_a_triangle(table):
    layout = path_layout(diagram_spec_from_table(table(SIX)))
    assert not any(route.edge.kind == "covariance" for route in layout.routes)
    assert len(labels(layout)) == 15 + 10
    assert layout.guides
    assert "thin lines" in " ".join(layout.notes)


def test_few_correlations_are_arcs(table):
    layout = path_layout(diagram_spec_from_table(table("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3")))
    assert any(route.edge.kind == "covariance" for route in layout.routes)
    assert not layout.guides


def test_correlations_of_many_exogenous_constructs_are_left_out_with_a_note(table):
    spec = diagram_spec_from_table(table(SIX + "Y =~ y1 + y2 + y3\nY ~ A + B + C + D + E"))
    layout = path_layout(spec)
    assert not any(route.edge.kind == "covariance" for route in layout.routes)
    assert "not drawn" in " ".join(layout.notes)
    drawn = path_layout(spec, DiagramOptions(covariances=True))
    assert sum(route.edge.kind == "covariance" for route in drawn.routes) == 10


def test_a_moderation_ends_on_its_path(table):
    text = "A =~ a1 + a2\nB =~ b1 + b2\nAB =~ a1.b1 + a2.b2\nC =~ c1 + c2\nC ~ A + B + AB"
    spec = diagram_spec_from_table(table(text), moderations={"AB": ("A", "B")})
    layout = path_layout(spec, DiagramOptions(kind="structural"))
    lines = {(route.edge.source, route.edge.kind): route.points for route in layout.routes}
    gaps = lines["B", "path"] - lines["A", "moderation"][-1]
    assert (gaps**2).sum(axis=1).min() < 4.0**2


GROWTH = """
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
i ~ x
s ~ x
t1 ~ c1
t2 ~ c2
t3 ~ c3
t4 ~ c4
"""


def test_growth_factors_stand_before_their_common_indicators(table):
    layout = path_layout(diagram_spec_from_table(table(GROWTH)))
    where = place(layout)
    assert where["x"].x < where["i"].x == where["s"].x < where["t1"].x
    assert len({where[f"t{k}"].x for k in (1, 2, 3, 4)}) == 1
    assert where["t1"].y > where["t2"].y > where["t3"].y > where["t4"].y
    assert overlaps(layout) == ()


def test_what_explains_one_indicator_stands_beyond_it(table):
    spec = diagram_spec_from_table(table(GROWTH))
    where = place(path_layout(spec))
    for k in (1, 2, 3, 4):
        assert where[f"c{k}"].x > where[f"t{k}"].x
        assert where[f"c{k}"].y == pytest.approx(where[f"t{k}"].y)
    assert set(place(path_layout(spec, DiagramOptions(kind="structural")))) == {"i", "s", "x"}


def test_a_cycle_can_be_drawn(table):
    spec = diagram_spec_from_table(table("A ~ B\nB ~ A\nA ~ x\nB ~ z"))
    assert len(path_layout(spec).routes) >= 4


def test_means_on_request(table):
    parameters = table("F =~ x + y")
    means = parameters.iloc[[0, 1]].assign(lhs=["x", "y"], op="~1", rhs="", est=4.25, free=True)
    spec = diagram_spec_from_table(
        parameters.__class__(parameters.to_dict("records") + means.to_dict("records"))
    )
    texts = {n.node.name: n.text.lines for n in path_layout(spec, DiagramOptions(means=True)).nodes}
    assert texts["x"] == ("x", "Int. = 4.25")


def test_what_nothing_explains_has_a_mean_and_not_an_intercept(table):
    parameters = table("y ~ x")
    means = parameters.iloc[[0, 0]].assign(lhs=["x", "y"], op="~1", rhs="", est=4.25, free=True)
    rows = parameters.to_dict("records") + means.to_dict("records")
    spec = diagram_spec_from_table(parameters.__class__(rows), language="zh")
    texts = {n.node.name: n.text.lines for n in path_layout(spec, DiagramOptions(means=True)).nodes}
    assert texts["x"][-1] == "均值 = 4.25"
    assert texts["y"][-1] == "截距 = 4.25"


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "ful"},
        {"positions": {"Z": (0, 0)}},
        {"sides": {"M": "above"}},
        {"sides": {"m1": "left"}},
        {"digits": -1},
        {"digits": 2.5},
        {"standardized": "yes"},
        {"r2": 1},
        {"means": "no"},
        {"covariances": "none"},
        {"positions": {"X": (1.0,)}},
        {"positions": {"X": "left"}},
        {"positions": {"X": (float("nan"), 0.0)}},
    ],
)
def test_choices_that_do_not_exist_are_refused(mediation, options):
    with pytest.raises(ReportError) as caught:
        path_layout(mediation, DiagramOptions(**options))
    assert caught.value.expected


def test_standardized_coefficients_that_are_not_there_are_refused(mediation):
    bare = replace(mediation, edges=tuple(replace(edge, std=None) for edge in mediation.edges))
    with pytest.raises(ReportError, match="no standardized") as caught:
        path_layout(bare)
    assert "standardized=False" in caught.value.remedy
    assert path_layout(bare, DiagramOptions(standardized=False)).labels


def test_a_moderating_arrow_does_not_seem_to_end_on_a_construct(table):
    text = "A =~ a1 + a2\nB =~ b1 + b2\nAW =~ w1.a1 + w2.a2\nW =~ w1 + w2\n"
    text += "Y =~ y1 + y2\nB ~ A\nY ~ A + B + W + AW"
    spec = diagram_spec_from_table(table(text), moderations={"AW": ("W", "A")})
    layout = path_layout(spec, DiagramOptions(kind="structural"))
    tip = next(r.points[-1] for r in layout.routes if r.edge.kind == "moderation")
    assert not any(shape.covers(tip[None], 12.0).any() for shape in place(layout).values())


def test_arrows_do_not_hide_each_others_heads(table):
    chain = "M1 ~ X\nM2 ~ X + M1\nM3 ~ X + M1 + M2\nY ~ X + M1 + M2 + M3"
    layout = path_layout(diagram_spec_from_table(table(chain)))
    tips = np.array([route.points[-1] for route in layout.routes])
    gaps = np.hypot(*(tips[:, None] - tips[None]).transpose(2, 0, 1)) + 99 * np.eye(len(tips))
    assert gaps.min() > 5


def test_a_drawing_is_the_same_every_time(table):
    spec = diagram_spec_from_table(table(SIX + "E ~ A + B\nD ~ C + E"))
    first, second = path_layout(spec), path_layout(spec)
    assert first.positions() == second.positions()
    assert first.labels == second.labels


def test_a_model_without_arrows_is_refused(mediation):
    with pytest.raises(ReportError, match="nothing to draw"):
        path_layout(replace(mediation, nodes=(), edges=()))


def test_wide_coefficients_get_the_room_they_need(mediation):
    edges = tuple(replace(edge, est=-12345.678) for edge in mediation.edges)
    options = DiagramOptions(standardized=False, digits=3)
    assert overlaps(path_layout(replace(mediation, edges=edges), options)) == ()
