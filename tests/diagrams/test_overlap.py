"""Nothing covers what it should not, in any model that ships and in the reference models."""

from dataclasses import replace

import pytest

from loyaltysem.diagrams import DiagramOptions, overlaps, path_layout
from loyaltysem.diagrams.spec import diagram_spec_from_table
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


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", available("models"))
def test_shipped_models(shipped, model, kind, language):
    table, names = shipped(model, language)
    spec = diagram_spec_from_table(table, names=names, language=language)
    assert overlaps(path_layout(spec, DiagramOptions(kind=kind))) == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", REFERENCE_MODELS)
def test_reference_models(reference, model, kind):
    spec = diagram_spec_from_table(reference(model), moderations=MODERATIONS.get(model))
    assert overlaps(path_layout(spec, DiagramOptions(kind=kind))) == ()


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
