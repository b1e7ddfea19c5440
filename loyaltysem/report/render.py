"""From stored results to report files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import ReportError, did_you_mean, listed
from loyaltysem.report.compose import compose
from loyaltysem.report.document import Figure
from loyaltysem.report.html import write_html
from loyaltysem.report.pictures import path_pictures
from loyaltysem.report.word import write_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.report.context import ModelPictures
    from loyaltysem.report.document import Document
    from loyaltysem.results import StudyResults

FORMATS = ("html", "docx")


def render_report(
    results: StudyResults,
    *,
    language: Language = "en",
    formats: Iterable[str] = FORMATS,
    folder: Path | None = None,
    pictures: Mapping[str, ModelPictures] | None = None,
) -> dict[str, bytes]:
    """Render a study's results as reports in one language.

    Nothing but the results is needed, so a report can be made again from a stored ``results.json``.
    Equal results give equal bytes.

    Parameters
    ----------
    results
        What the study found.
    language
        ``en`` or ``zh``.
    formats
        ``html`` (one self-contained file) and ``docx`` (Word), each at most once.
    folder
        The study's folder; files in its ``reports/`` take the place of the shipped wording,
        references, cut-offs, template and style sheet.
    pictures
        Path diagrams by model name; drawn when None.

    Returns
    -------
    dict
        File names such as ``report.en.html`` to their content, and every figure of the report as
        ``figures/….svg`` and ``.png``.

    Raises
    ------
    ReportError
        A format or language is unknown, or the study's own wording or template is faulty.

    Examples
    --------
    >>> from loyaltysem import read_results, render_report
    >>> files = render_report(read_results(path), language="zh")  # doctest: +SKIP
    """
    wanted = tuple(formats)
    _check_formats(wanted)
    if pictures is None:
        pictures = path_pictures(results, language)
    document = compose(results, language, pictures=pictures, folder=folder)
    files = {f"report.{language}.{name}": _written(document, name, folder) for name in wanted}
    return files | _figures(document)


def _figures(document: Document) -> dict[str, bytes]:
    """Return the figures as files of their own."""
    files: dict[str, bytes] = {}
    for block in document.blocks:
        if isinstance(block, Figure):
            name = block.key.removeprefix("figure_").replace("_", "-")
            stem = f"figures/{name}.{document.language}"
            files |= {f"{stem}.svg": block.svg.encode(), f"{stem}.png": block.png}
    return files


def _written(document: Document, name: str, folder: Path | None) -> bytes:
    return write_html(document, folder) if name == "html" else write_word(document)


def _check_formats(formats: tuple[str, ...]) -> None:
    for name in formats:
        if name not in FORMATS:
            raise ReportError(
                f"Reports have no format '{name}'",
                expected=listed(FORMATS),
                remedy=did_you_mean(name, FORMATS),
            )
