"""The scripts of a model, and the files that they read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.report.scripts.lavaan import lavaan_script
from loyaltysem.report.scripts.mplus import mplus_input
from loyaltysem.report.scripts.needs import from_moments, has_means
from loyaltysem.report.scripts.semopy import semopy_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.results import ModelResult, MomentsRecord


PROGRAMS = ("lavaan", "Mplus", "semopy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script that fits a model in another program."""

    program: str
    ending: str
    text: str


def scripts(model: ModelResult, stem: str, items: Sequence[str]) -> tuple[Script, ...]:
    """Return the scripts of a model; programs that cannot fit it are left out.

    Parameters
    ----------
    model
        A model of a study.
    stem
        How the files with the moments are named, without their ending.
    items
        Codes of the questionnaire's items in their order: the columns of the analysed answers.
    """
    made = (
        Script(program="lavaan", ending="R", text=lavaan_script(model, stem)),
        Script(program="Mplus", ending="inp", text=mplus_input(model, stem, items)),
        Script(program="semopy", ending="py", text=semopy_script(model, stem)),
    )
    return tuple(script for script in made if script.text)


def model_files(model: ModelResult, stem: str, items: Sequence[str]) -> dict[str, bytes]:
    """Return the scripts of a model and the moments that they read, by file name."""
    files = {
        f"{stem}.{one.ending}": one.text.encode("utf-8") for one in scripts(model, stem, items)
    }
    if model.moments and from_moments(model):
        rows = _triangle(model.moments, means=has_means(model))
        files[f"{stem}.covariance.csv"] = _table(model.moments).encode("utf-8")
        files[f"{stem}.covariance.dat"] = rows.encode("ascii")
    return files


def _table(moments: MomentsRecord) -> str:
    """Return the covariance matrix with names, for R and Python."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["", *moments.variables])
    for name, row in zip(moments.variables, moments.covariance, strict=True):
        writer.writerow([name, *map(repr, row)])
    return stream.getvalue()


def _triangle(moments: MomentsRecord, *, means: bool) -> str:
    """Return the lower triangle without names, below the means if wanted, as Mplus reads them."""
    rows = [row[: place + 1] for place, row in enumerate(moments.covariance)]
    wanted = [moments.means, *rows] if means else rows
    return "".join(" ".join(f"{value:.10g}" for value in row) + "\n" for row in wanted)
