"""Nothing covers what it should not, in any model that ships and in the reference models."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltysem.diagrams import (
    DiagramOptions,
    DiagramSpec,
    Edge,
    Node,
    overlaps,
    path_layout,
)
from loyaltysem.diagrams.spec import diagram_spec_from_table
from loyaltysem.diagrams.trials import verdict
from loyaltysem.library import available

KINDS = ("full", "structural")
REFERENCE_MODELS = (
    "sem_ml_loyalty_full",
    "sem_ml_mobi_ecsi",
    "sem_ml_poldem",
    "second_order_cfa_ml",
    "cfa_ml_loyalty_measurement",
    "cfa_ml_hs",
    "interaction_dmc_loyalty",
    "mimic_fixedx_hs",
    "mimic_loyalty_meanstr",
    "path_ml_observed",
    "cmb_common_latent_factor",
    "bifactor_cfa_ml",
)
MODERATIONS = {"interaction_dmc_loyalty": {"sxp": ("substitutes", "postpurchase")}}


@pytest.mark.parametrize(("language", "standardized"), [("en", True), ("zh", True), ("zh", False)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", available("models"))
def test_shipped_models(shipped, model, kind, language, standardized):
    table, names = shipped(model, language)
    spec = diagram_spec_from_table(table, names=names, language=language)
    options = DiagramOptions(kind=kind, standardized=standardized)
    assert overlaps(path_layout(spec, options)) == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", available("models"))
def test_shipped_models_are_legible_on_a_page(shipped, model, kind):
    table, names = shipped(model, "en")
    table.loc[table["op"] == "=~", ["std_all", "pvalue"]] = (0.78, 0.0001)
    spec = diagram_spec_from_table(table, names=names)
    layout = path_layout(spec, DiagramOptions(kind=kind))
    sizes = [label.size for label in layout.labels]
    sizes += [size for placed in layout.nodes for size in placed.text.sizes]
    assert overlaps(layout) == ()
    assert min(sizes) / verdict(layout).size > 6.4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", REFERENCE_MODELS)
def test_reference_models(reference, model, kind):
    spec = diagram_spec_from_table(reference(model), moderations=MODERATIONS.get(model))
    assert overlaps(path_layout(spec, DiagramOptions(kind=kind))) == ()


NAMES = (
    "Trust",
    "Willingness to recommend the brand to friends",
    "感知售后服务质量与响应速度",
    "价值",
)
coefficients = st.builds(
    lambda std, factor, pvalue: {"std": std, "est": factor * std, "pvalue": pvalue},
    st.sampled_from((-0.81, -0.12, 0.004, 0.35, 1.04)),
    st.sampled_from((1.0, 10.0)),
    st.sampled_from((0.0001, 0.03, 0.4, None)),
)


@st.composite
def models(draw):
    """Return a model of up to six constructs: paths, loadings, correlated starting points."""
    count = draw(st.integers(2, 6))
    pairs = list(combinations(range(count), 2))
    paths = draw(st.sets(st.sampled_from(pairs), min_size=1, max_size=2 * count - 2))
    ends = {target for _, target in paths}
    starts = [rank for rank in range(count) if rank not in ends]
    links = [("path", f"F{a}", f"F{b}") for a, b in sorted(paths)]
    links += [("covariance", f"F{a}", f"F{b}") for a, b in combinations(starts, 2)]
    links += [
        ("loading", f"F{rank}", f"f{rank}{item}")
        for rank in range(count)
        for item in range(draw(st.integers(1, 5)))
    ]
    nodes = [
        Node(
            name=f"F{rank}",
            label=draw(st.sampled_from(NAMES)),
            kind="latent",
            r2=0.4 if rank in ends else None,
        )
        for rank in range(count)
    ]
    nodes += [
        Node(name=target, label=target, kind="observed")
        for kind, _, target in links
        if kind == "loading"
    ]
    edges = [
        Edge(source=source, target=target, kind=kind, **draw(coefficients))
        for kind, source, target in links
    ]
    return DiagramSpec(nodes=tuple(nodes), edges=tuple(edges))


@settings(max_examples=20, deadline=None)
@given(models(), st.sampled_from(KINDS), st.booleans())
def test_any_model(spec, kind, standardized):
    options = DiagramOptions(kind=kind, standardized=standardized)
    assert overlaps(path_layout(spec, options)) == ()


def test_the_measure_sees_what_is_covered(mediation):
    layout = path_layout(mediation)
    x, y = (
        next(placed.shape for placed in layout.nodes if placed.node.name == "Y"),
        layout.labels[0],
    )
    moved = replace(y, box=replace(y.box, x=x.x, y=x.y))
    found = overlaps(replace(layout, labels=(moved, *layout.labels[1:])))
    assert "label on shape" in {overlap.fault for overlap in found}
    twice = overlaps(replace(layout, labels=(layout.labels[1], *layout.labels[1:])))
    assert "label on label" in {overlap.fault for overlap in twice}
    assert "clipped" in {overlap.fault for overlap in overlaps(replace(layout, width=50.0))}


def test_the_measure_sees_shapes_and_lines(mediation):
    options = DiagramOptions(positions={"X": (0, 0), "M": (0.3, 0), "Y": (4, 0)})
    faults = {overlap.fault for overlap in overlaps(path_layout(mediation, options))}
    assert "shape on shape" in faults
    between = DiagramOptions(
        kind="structural", positions={"X": (0, 0), "M": (2, 0), "Y": (4, 0)}, r2=False
    )
    assert "line on shape" not in {o.fault for o in overlaps(path_layout(mediation, between))}
