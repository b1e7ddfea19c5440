"""From models to graphs."""

import pandas as pd
import pytest

from loyaltysem.diagrams.spec import diagram_spec, diagram_spec_from_table
from loyaltysem.errors import ReportError
from loyaltysem.results import ModelResult, ParameterRecord

PRODUCT = """
A =~ a1 + a2
B =~ b1 + b2
AB =~ a1.b1 + a2.b2
C =~ c1 + c2
C ~ A + B + AB
A ~~ 0*AB
"""


def edge_between(spec, source, target):
    return next(edge for edge in spec.edges if (edge.source, edge.target) == (source, target))


def test_arrows_point_as_in_the_model(table):
    spec = diagram_spec_from_table(table("F =~ x + y\nF ~ g\nx ~~ y"))
    kinds = {(edge.source, edge.target): edge.kind for edge in spec.edges}
    assert kinds[("F", "x")] == "loading"
    assert kinds[("g", "F")] == "path"
    assert kinds[("x", "y")] == "covariance"
    assert not any(source == target for source, target in kinds)


def test_fixed_parameters_are_not_tested_and_zeros_not_drawn(table):
    spec = diagram_spec_from_table(table("F =~ x + y\nG =~ z + w\nF ~~ 0*G"))
    assert edge_between(spec, "F", "x").pvalue is None
    assert not edge_between(spec, "F", "x").free
    assert edge_between(spec, "F", "y").pvalue is not None
    assert not any(edge.kind == "covariance" for edge in spec.edges)


def test_r2_is_the_complement_of_the_residual_variance_where_something_is_explained(table):
    spec = diagram_spec_from_table(table("F =~ x + y\nF ~ g"))
    assert spec.node("F").r2 == pytest.approx(0.6)
    assert spec.node("g").r2 is None


def test_names_are_for_the_reader(table):
    spec = diagram_spec_from_table(table("F =~ x + y"), names={"F": "满意度"}, language="zh")
    assert spec.node("F").label == "满意度"
    assert spec.node("x").label == "x"


def test_a_moderation_replaces_its_product(table):
    spec = diagram_spec_from_table(table(PRODUCT), moderations={"AB": ("A", "B")})
    names = {node.name for node in spec.nodes}
    assert not names & {"AB", "a1.b1", "a2.b2"}
    arrow = next(edge for edge in spec.edges if edge.kind == "moderation")
    assert (arrow.source, arrow.target, arrow.onto) == ("A", "C", ("B", "C"))


@pytest.mark.parametrize("moderations", [{"AX": ("A", "B")}, {"AB": ("A", "D")}])
def test_a_moderation_by_an_unknown_variable_is_refused(table, moderations):
    with pytest.raises(ReportError) as caught:
        diagram_spec_from_table(table(PRODUCT), moderations=moderations)
    assert caught.value.found in {"AX", "D"}


def test_a_moderation_of_a_path_that_is_not_there_is_refused(table):
    text = PRODUCT.replace("C ~ A + B + AB", "C ~ A + AB")
    with pytest.raises(ReportError, match="path from 'B' to 'C'"):
        diagram_spec_from_table(table(text), moderations={"AB": ("A", "B")})


def test_one_group_at_a_time(table):
    parameters = table("F =~ x + y")
    both = pd.concat([parameters, parameters.assign(group=2, est=3.0)])
    assert edge_between(diagram_spec_from_table(both, group=2), "F", "y").est == 3.0
    with pytest.raises(ReportError):
        diagram_spec_from_table(both, group=3)


def test_a_table_of_something_else_is_refused():
    with pytest.raises(ReportError) as caught:
        diagram_spec_from_table(pd.DataFrame({"lhs": ["a"], "value": [1.0]}))
    assert "op" in str(caught.value)


def test_numbers_that_are_not_finite_are_absent(table):
    parameters = table("F =~ x + y").assign(est=float("nan"), std_all=float("inf"))
    edge = edge_between(diagram_spec_from_table(parameters), "F", "y")
    assert (edge.est, edge.std) == (None, None)


def test_a_stored_result_gives_the_same_graph(table):
    parameters = table("F =~ x + y\nF ~ g")
    unknown = dict.fromkeys(("se", "z", "ci_lower", "ci_upper", "std_lv", "std_nox"))
    records = tuple(
        ParameterRecord(**(row | unknown), label="")
        for row in parameters.astype(object).where(parameters.notna(), None).to_dict("records")
    )
    result = ModelResult.model_construct(
        names={"F": {"en": "Factor", "zh": "因子"}},
        parameters=records,
        r2={"F": 0.6, "x": 0.6, "y": 0.6},
    )
    spec = diagram_spec(result, language="zh")
    assert spec == diagram_spec_from_table(parameters, names={"F": "因子"}, language="zh")


def test_the_group_is_named_when_there_are_several(table):
    parameters = table("F =~ x + y").assign(group_label="women")
    both = pd.concat([parameters, parameters.assign(group=2, group_label="men")])
    assert diagram_spec_from_table(both, group=2).notes == ("Group: men.",)
    assert diagram_spec_from_table(parameters).notes == ()
