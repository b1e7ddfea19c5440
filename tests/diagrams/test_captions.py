"""Coefficients on the lines, sentences below."""

from dataclasses import replace

import pytest

from loyaltysem.diagrams.captions import edge_texts, note_sentences
from loyaltysem.diagrams.options import DiagramOptions
from loyaltysem.diagrams.spec import Edge
from loyaltysem.diagrams.wording import TEXTS


def loading(pvalue, free=True):
    return Edge(source="F", target="x", kind="loading", est=1.0, std=0.7, pvalue=pvalue, free=free)


def notes(spec, options=None, *, hidden=False):
    options = options or DiagramOptions()
    return " ".join(note_sentences(spec, spec.edges, options, hidden_covariances=hidden))


def test_loadings_with_one_mark_go_without_it():
    assert edge_texts([loading(0.0), loading(None, free=False)], DiagramOptions()) == (".70", ".70")


def test_loadings_with_different_marks_keep_them():
    assert edge_texts([loading(0.0), loading(0.02)], DiagramOptions()) == (".70***", ".70*")


def test_raw_coefficients():
    assert edge_texts([loading(0.0)], DiagramOptions(standardized=False)) == ("1.00",)


def test_the_note_explains_what_is_seen(mediation):
    text = notes(mediation)
    assert "Standardized" in text
    assert "*\u00a0p\u00a0<\u00a0.05" in text
    assert "Dashed: p\u00a0≥\u00a0.05" in text
    assert "fixed" in text
    assert "correlations are not drawn" not in text
    assert "correlations are not drawn" in notes(mediation, hidden=True)


def test_nothing_is_explained_that_is_not_seen(mediation):
    firm = tuple(replace(edge, pvalue=0.0, free=True) for edge in mediation.edges)
    text = notes(replace(mediation, edges=firm))
    assert "Dashed" not in text
    assert "fixed" not in text


def test_another_star_convention_is_the_one_explained(mediation):
    options = DiagramOptions(stars=((0.05, "**"), (0.1, "*")))
    assert "*\u00a0p\u00a0<\u00a0.10, **\u00a0p\u00a0<\u00a0.05" in notes(mediation, options)
    assert "Dashed: p\u00a0≥\u00a0.10." in notes(mediation, options)


def test_means_beside_standardized_coefficients_are_said_to_be_raw(mediation):
    nodes = tuple(replace(node, mean=4.25) for node in mediation.nodes)
    shown = replace(mediation, nodes=nodes)
    told = TEXTS["raw_means"]["en"]
    assert told in notes(shown, DiagramOptions(means=True))
    assert told not in notes(shown)
    assert told not in notes(shown, DiagramOptions(means=True, standardized=False))
    assert told not in notes(mediation, DiagramOptions(means=True))


def test_own_notes_come_last(mediation):
    assert notes(replace(mediation, notes=("Simulated data.",))).endswith("Simulated data.")


@pytest.mark.parametrize("key", TEXTS)
def test_every_sentence_is_there_in_both_languages(key):
    assert set(TEXTS[key]) == {"en", "zh"}
    assert TEXTS[key]["en"].count("{}") == TEXTS[key]["zh"].count("{}")


@pytest.mark.parametrize(
    ("est", "text"), [(-0.0004, "−0.0004"), (3e-7, "0.000000"), (0.0, "0.00"), (1e7, "10000000.00")]
)
def test_raw_coefficients_of_small_units_do_not_look_like_zero(est, text):
    edge = replace(loading(None), est=est)
    assert edge_texts([edge], DiagramOptions(standardized=False)) == (text,)
