"""The screen that closes a run."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from loyaltysem.cli.summary import print_files

WRITTEN = (
    "results.json",
    "report.zh.html",
    "figures/sample.zh.svg",
    "figures/sample.zh.png",
    "figures/paths-1.zh.tex",
    "reproduce/model-1.R",
    "reproduce/model-1.inp",
    "report.en.docx",
    "manifest.json",
)


def shown(*names: str) -> list[str]:
    console = Console(width=60, record=True, file=StringIO())
    print_files(console, [Path("[thesis]/output") / name for name in names])
    return console.export_text().splitlines()


def test_reports_come_first_and_figures_are_counted() -> None:
    assert shown(*WRITTEN) == [
        "",
        "Reports",
        "  [thesis]/output/report.zh.html",
        "  [thesis]/output/report.en.docx",
        "Beside them",
        "  [thesis]/output: results.json, manifest.json",
        "  [thesis]/output/figures: 3 files of figures and editable diagrams",
        "  [thesis]/output/reproduce: 2 files to fit the models in lavaan, Mplus and semopy",
    ]
