"""The answers as a study analyses them, for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import StudyError, listed
from loyaltysem.report.scripts.needs import ANSWERS_CSV, ANSWERS_DAT, MISSING
from loyaltysem.study.output import write_file
from loyaltysem.study.parts.screening import answers_read, screened
from loyaltysem.study.parts.treatment import analysed
from loyaltysem.study.plan import plan_study

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def extract_answers(
    path: Path,
    to: Path,
    *,
    sample: str | None = None,
    allow_outside: bool = False,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the answers that a study analyses: exclusions made, reverse items recoded.

    Nothing else is written of the respondents, neither ids nor characteristics. With ``missing:
    listwise`` those who lack an answer that a model needs are left out.

    Parameters
    ----------
    path
        The study file.
    to
        The folder; the scripts of a report are looked for beside the answers.
    sample
        Which of the study's ``samples``; None for a study with one data file.
    allow_outside
        Whether the study may name files outside its own folder.
    overwrite
        Whether files of the same names may be replaced.

    Returns
    -------
    tuple of Path
        ``answers.csv`` with headings and empty cells for missing answers, and ``answers.dat``
        without headings and with -99 for them, as Mplus reads it.

    Raises
    ------
    LoyaltysemError
        The study or its answers cannot be read, or files stand in the way.
    """
    plan = plan_study(path, sample=sample, allow_outside=allow_outside)
    files = {to / ANSWERS_CSV: ",", to / ANSWERS_DAT: " "}
    there = [file for file in files if file.exists()]
    if there and not overwrite:
        raise StudyError(
            "Files are there already, and are not replaced unasked",
            found=listed(str(file) for file in there),
            remedy="Give --overwrite to replace them.",
        )
    answers = analysed(plan, screened(plan, answers_read(plan)).kept).answers
    for file, between in files.items():
        write_file(file, _written(answers, between).encode("ascii"))
    return tuple(files)


def _written(answers: pd.DataFrame, between: str) -> str:
    """Return answers as text; with blanks between them they have no headings."""
    bare = between == " "
    return answers.to_csv(
        sep=between,
        index=False,
        header=not bare,
        na_rep=str(MISSING) if bare else "",
        float_format="%.12g",
        lineterminator="\n",
    )
