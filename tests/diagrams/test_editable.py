"""Path diagrams to be edited: TikZ and draw.io."""

import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from loyaltysem.diagrams import DiagramOptions, draw_paths, save_paths
from loyaltysem.diagrams.spec import DiagramSpec, Edge, Node
from loyaltysem.errors import ReportError

HOSTILE = '50 % of $x_1$ & <b>\\input{a}</b> #{~^}" 顾客'


@pytest.fixture
def moderated() -> DiagramSpec:
    """X → Y, moderated by W, with a covariance and a hostile name."""
    nodes = tuple(
        Node(name=name, label=label, kind="latent")
        for name, label in (("X", HOSTILE), ("W", "W"), ("Y", "Y"))
    )
    edges = (
        Edge(source="X", target="Y", kind="path", est=0.4, std=0.5, pvalue=0.001),
        Edge(source="W", target="Y", kind="path", est=0.1, std=0.1, pvalue=0.6),
        Edge(source="X", target="W", kind="covariance", est=0.2, std=-0.3, pvalue=0.01),
        Edge(
            source="W",
            target="Y",
            kind="moderation",
            est=0.2,
            std=0.2,
            pvalue=0.01,
            onto=("X", "Y"),
        ),
    )
    return DiagramSpec(nodes=nodes, edges=edges, language="zh")


def cells(path):
    root = ElementTree.parse(path).getroot()
    return {cell.get("id"): cell for cell in root.iter("mxCell")}


def test_lines_hang_on_their_shapes_in_drawio(mediation, tmp_path):
    path = save_paths(mediation, tmp_path / "paths.drawio")
    found = cells(path)
    names = {
        key: cell.get("value").split("\n")[0] for key, cell in found.items() if cell.get("value")
    }
    ends = {
        (names[cell.get("source")], names[cell.get("target")])
        for key, cell in found.items()
        if key.startswith("e")
    }
    assert ("Construct X", "Construct M") in ends
    assert ("Construct M", "m1") in ends
    assert len(ends) == len(mediation.edges)


def test_coefficients_hang_on_their_lines_in_drawio(mediation, tmp_path):
    found = cells(save_paths(mediation, tmp_path / "paths.drawio"))
    labels = [cell for key, cell in found.items() if key.startswith("l")]
    assert len(labels) == len(mediation.edges)
    for label in labels:
        assert label.get("parent") in found
        assert -1 <= float(label.find("mxGeometry").get("x")) <= 1


def test_shapes_keep_their_places_in_drawio(mediation, tmp_path):
    options = DiagramOptions(kind="structural", positions={"X": (1, 1), "M": (3, 2), "Y": (5, 1)})
    found = cells(save_paths(mediation, tmp_path / "p.drawio", options=options))
    place = {
        cell.get("value").split("\n")[0]: cell.find("mxGeometry")
        for key, cell in found.items()
        if key.startswith("v")
    }
    x, m, y = (place[f"Construct {name}"] for name in "XMY")
    assert float(m.get("x")) - float(x.get("x")) == pytest.approx(144, abs=0.2)
    assert float(x.get("y")) - float(m.get("y")) == pytest.approx(72, abs=0.2)
    assert x.get("y") == y.get("y")


def test_a_moderation_ends_on_no_shape_in_drawio(moderated, tmp_path):
    found = cells(save_paths(moderated, tmp_path / "p.drawio"))
    free = [cell for key, cell in found.items() if key.startswith("e") and not cell.get("target")]
    assert len(free) == 1
    assert free[0].find("mxGeometry/mxPoint[@as='targetPoint']") is not None


def test_names_are_text_in_drawio(moderated, tmp_path):
    found = cells(save_paths(moderated, tmp_path / "p.drawio"))
    assert any("<b>" in (cell.get("value") or "") for cell in found.values())
    assert all("html=1" not in (cell.get("style") or "") for cell in found.values())


def test_names_are_text_in_tikz(moderated, tmp_path):
    text = save_paths(moderated, tmp_path / "p.tex").read_text(encoding="utf-8")
    assert r"\input{a}" not in text
    assert r"\textbackslash{}" in text
    assert r"50 \%" in text
    assert "ctex" in text


def test_english_diagrams_need_no_chinese_typeface_in_tikz(mediation, tmp_path):
    text = save_paths(mediation, tmp_path / "p.tex").read_text(encoding="utf-8")
    assert "ctex" not in text
    assert text.count(r"\draw[") == len(mediation.edges)
    assert "dash pattern" in text


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("xelatex"), reason="xelatex is not installed")
def test_tikz_compiles(moderated, tmp_path):
    path = save_paths(moderated, tmp_path / "p.tex")
    run = subprocess.run(
        ["xelatex", "-halt-on-error", "-interaction=nonstopmode", path.name],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    assert path.with_suffix(".pdf").is_file()


def test_pictures_take_their_format_from_their_name(mediation, tmp_path):
    path = save_paths(mediation, tmp_path / "p.png", dpi=50, style="mono")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_another_ending_is_refused(mediation, tmp_path):
    with pytest.raises(ReportError) as caught:
        save_paths(mediation, tmp_path / "p.vsdx")
    assert caught.value.found == ".vsdx"
    assert ".drawio" in caught.value.expected


def test_a_resolution_that_is_none_is_refused(mediation, tmp_path):
    with pytest.raises(ReportError, match="resolution"):
        save_paths(mediation, tmp_path / "p.png", dpi=0)


def test_another_language_is_refused(mediation):
    with pytest.raises(ReportError, match="language") as caught:
        draw_paths(replace(mediation, language="fr"))
    assert caught.value.expected == "en, zh"


@pytest.mark.parametrize("wrong", [{"names": ["X"]}, {"moderations": {"XW": "X"}}])
def test_mappings_of_another_form_are_refused(table, wrong):
    with pytest.raises(ReportError, match="given by"):
        draw_paths(table("Y ~ X"), **wrong)


def test_a_folder_that_does_not_exist_is_refused(mediation, tmp_path):
    with pytest.raises(ReportError, match="cannot be written"):
        save_paths(mediation, tmp_path / "none" / "p.tex")
