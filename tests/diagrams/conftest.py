"""Models to draw: small ones by hand, the shipped ones, those with reference numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from loyaltysem.diagrams.spec import DiagramSpec, Edge, Node
from loyaltysem.library import find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.structural.definition import read_model
from loyaltysem.syntax import build_table

REFERENCE = Path(__file__).parents[2].parent / "shared" / "golden"


def _rows(text: str) -> list[dict[str, object]]:
    """Return a parameter table with made-up coefficients of all signs and sizes."""
    rows = []
    for rank, row in enumerate(build_table(text).rows):
        std = (0.12 + 0.23 * (rank % 4)) * (-1 if rank % 5 == 4 else 1)
        if row.op == "~~" and row.lhs == row.rhs:
            std = 0.4
        pvalue = (0.0001, 0.004, 0.03, 0.4)[rank % 4]
        rows.append(
            {
                "lhs": row.lhs,
                "op": row.op,
                "rhs": row.rhs,
                "group": row.group,
                "free": row.free > 0,
                "est": row.ustart if row.free == 0 and row.ustart is not None else 1.7 * std,
                "pvalue": pvalue if row.free else None,
                "std_all": std,
            }
        )
    return rows


@pytest.fixture(scope="session")
def table():
    """Return a maker of parameter tables from model text."""
    return lambda text: pd.DataFrame(_rows(text))


@pytest.fixture(scope="session")
def reference():
    """Return a reader of the parameter tables of the reference cases."""

    def read(name: str) -> pd.DataFrame:
        path = REFERENCE / "cases" / f"{name}.json"
        if not path.exists():
            pytest.skip("reference numbers are not beside this checkout")
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["parameters"])

    return read


@pytest.fixture(scope="session")
def shipped():
    """Return a reader of (parameter table, names in a language) of the shipped models."""

    def read(name: str, language: str) -> tuple[pd.DataFrame, dict[str, str]]:
        model = read_model(find("models", name))
        questionnaire = read_questionnaire(find("questionnaires", model.questionnaire))
        names = {construct.code: construct.name[language] for construct in questionnaire.constructs}
        names |= {code: text[language] for code, text in model.names.items()}
        return pd.DataFrame(_rows(model.syntax)), names

    return read


@pytest.fixture
def mediation() -> DiagramSpec:
    """X → M → Y with a direct path, two indicators each."""
    nodes, edges = [], []
    for name, r2 in (("X", None), ("M", 0.4), ("Y", 0.6)):
        nodes.append(Node(name=name, label=f"Construct {name}", kind="latent", r2=r2))
        for rank in (1, 2):
            item = f"{name.lower()}{rank}"
            nodes.append(Node(name=item, label=item, kind="observed"))
            edges.append(
                Edge(
                    source=name,
                    target=item,
                    kind="loading",
                    est=1.0,
                    std=0.8,
                    pvalue=0.0 if rank > 1 else None,
                    free=rank > 1,
                )
            )
    for source, target, std, pvalue in (
        ("X", "M", 0.5, 0.0),
        ("M", "Y", -0.3, 0.02),
        ("X", "Y", -0.001, 0.9),
    ):
        edges.append(
            Edge(source=source, target=target, kind="path", est=2 * std, std=std, pvalue=pvalue)
        )
    return DiagramSpec(nodes=tuple(nodes), edges=tuple(edges))
