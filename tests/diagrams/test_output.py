"""Figures as files."""

from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from loyaltysem.diagrams import draw_paths, figure_bytes, inline_svg, save_figure
from loyaltysem.diagrams.style import COLOUR, figure_style
from loyaltysem.errors import LoyaltysemWarning, ReportError

UNDRAWABLE = "name\U000f1234\x00\x0b"
HOSTILE = '</text><script>alert(1)</script> $\\frac{a}{b}$ & "quoted" --> %s {x}'


@pytest.fixture
def figure(mediation):
    return draw_paths(mediation)


@pytest.mark.parametrize(
    ("form", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_every_format_gives_the_same_bytes_again(mediation, form, start):
    first, second = (figure_bytes(draw_paths(mediation), form, dpi=72) for _ in range(2))
    assert first == second
    assert first.startswith(start)


def test_files_take_their_format_from_their_name(figure, tmp_path):
    path = save_figure(figure, tmp_path / "paths.PDF")
    assert path.read_bytes().startswith(b"%PDF")


def test_the_resolution_is_that_asked_for(figure):
    image = figure_bytes(figure, "png", dpi=100)
    width = int.from_bytes(image[16:20], "big")
    assert width == pytest.approx(figure.get_size_inches()[0] * 100, abs=1)


def test_unknown_formats_and_places_are_refused(figure, tmp_path):
    with pytest.raises(ReportError) as caught:
        save_figure(figure, tmp_path / "paths.bmp")
    assert caught.value.found == "bmp"
    with pytest.raises(ReportError):
        save_figure(figure, tmp_path / "nowhere" / "paths.svg")


def test_texts_stay_what_they_are(mediation):
    nodes = tuple(replace(node, label=HOSTILE) for node in mediation.nodes)
    svg = figure_bytes(draw_paths(replace(mediation, nodes=nodes, notes=(HOSTILE,))), "svg")
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert "script" not in tags
    assert b"<script" not in svg


def test_a_name_that_no_font_can_draw_warns_and_still_gives_a_valid_file(mediation):
    nodes = tuple(replace(node, label=UNDRAWABLE) for node in mediation.nodes)
    with pytest.warns(LoyaltysemWarning, match="Noto Sans CJK SC"):
        figure = draw_paths(replace(mediation, nodes=nodes))
    ElementTree.fromstring(figure_bytes(figure, "svg"))


def test_an_inline_figure_has_its_own_ids(figure):
    text = inline_svg(figure, "fig-1")
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    links = [
        value for element in root.iter() for key, value in element.attrib.items() if "href" in key
    ]
    assert ids
    assert all(name.startswith("fig-1-") for name in ids)
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert "<metadata" not in text
    assert "<style" not in text


def test_matplotlib_is_left_as_it_was(mediation):
    before = dict(mpl.rcParams)
    figure_bytes(draw_paths(mediation), "svg")
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_the_styles_differ_and_others_are_refused(mediation):
    colour, mono = (figure_bytes(draw_paths(mediation, style=name)) for name in ("colour", "mono"))
    assert colour != mono
    assert COLOUR.positive.encode() in colour
    assert COLOUR.positive.encode() not in mono
    with pytest.raises(ReportError) as caught:
        figure_style("color")
    assert "colour" in str(caught.value)


def test_only_models_can_be_drawn():
    with pytest.raises(ReportError) as caught:
        draw_paths(3)
    assert caught.value.found == "int"


def test_whatever_has_estimates_can_be_drawn(table):
    class Fitted:
        def estimates(self) -> pd.DataFrame:
            return table("F =~ x + y")

    names = {"F": "Factor"}
    assert figure_bytes(draw_paths(Fitted(), names=names)) == figure_bytes(
        draw_paths(table("F =~ x + y"), names=names)
    )
