"""From stored results to report files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

from loyaltysem.errors import ReportError, did_you_mean, listed
from loyaltysem.report.compose import compose
from loyaltysem.report.document import Figure
from loyaltysem.report.excel import write_excel
from loyaltysem.report.html import write_html
from loyaltysem.report.latex import write_latex
from loyaltysem.report.markdown import write_markdown
from loyaltysem.report.pdf import write_pdf
from loyaltysem.report.pictures import editable_files, path_pictures
from loyaltysem.report.scripts import model_files
from loyaltysem.report.sections.reproduction import FOLDER, item_codes, stem
from loyaltysem.report.typesetter import picture_pdf
from loyaltysem.report.word import write_word
from loyaltysem.report.wording import languages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.report.context import ModelPictures
    from loyaltysem.report.document import Document
    from loyaltysem.results import StudyResults

Writer: TypeAlias = "Callable[[Document, Path | None], bytes]"

WRITERS: Mapping[str, tuple[str, Writer]] = {
    "html": ("html", write_html),
    "docx": ("docx", lambda document, _: write_word(document)),
    "pdf": ("pdf", write_pdf),
    "latex": ("tex", write_latex),
    "md": ("md", lambda document, _: write_markdown(document)),
    "qmd": ("qmd", lambda document, _: write_markdown(document, "qmd")),
    "xlsx": ("xlsx", lambda document, _: write_excel(document)),
}
"""The formats: the ending of the file, and what writes it."""

FORMATS = tuple(WRITERS)


def render_report(
    results: StudyResults,
    *,
    language: Language = "en",
    formats: Iterable[str] = ("html", "docx"),
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
        Any of ``html`` (one self-contained file), ``docx`` (Word), ``pdf``, ``latex``, ``md``
        (Markdown), ``qmd`` (Quarto) and ``xlsx`` (Excel, the tables alone).
    folder
        The study's folder; files in its ``reports/`` take the place of the shipped wording,
        references, cut-offs, templates and style sheet.
    pictures
        Path diagrams by model name; drawn when None.

    Returns
    -------
    dict
        File names such as ``report.en.html`` to their content, and every figure of the report as
        ``figures/….svg`` and ``.png`` (and ``.pdf`` for LaTeX), path diagrams to be edited as
        ``figures/….tex`` (TikZ) and ``.drawio``, and the models for other programs
        as ``reproduce/…``.

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
    _check("format", wanted, FORMATS)
    _check("language", (language,), languages())
    if pictures is None:
        pictures = path_pictures(results, language)
    document = compose(results, language, pictures=pictures, folder=folder)
    files = render_document(document, wanted, folder)
    return files | editable_files(pictures) | _scripts(results)


def render_document(
    document: Document, formats: Iterable[str], folder: Path | None = None, stem: str = "report"
) -> dict[str, bytes]:
    """Return a document in several formats, and its figures; ``stem`` begins the file names."""
    wanted = tuple(formats)
    chosen = [WRITERS[name] for name in wanted]
    with ThreadPoolExecutor(max_workers=2) as pool:  # Typst works beside Python
        contents = pool.map(lambda writer: writer[1](document, folder), chosen)
        files = {
            f"{stem}.{document.language}.{ending}": content
            for (ending, _), content in zip(chosen, contents, strict=True)
        }
    return files | _figures(document, vectors="latex" in wanted)


def _figures(document: Document, *, vectors: bool) -> dict[str, bytes]:
    """Return the figures as files of their own; with ``vectors`` as PDF too."""
    files: dict[str, bytes] = {}
    for block in document.blocks:
        if isinstance(block, Figure):
            stem = block.stem(document.language)
            files |= {f"{stem}.svg": block.svg.encode(), f"{stem}.png": block.png()}
            if vectors:
                files[f"{stem}.pdf"] = picture_pdf(block.svg)
    return files


def _scripts(results: StudyResults) -> dict[str, bytes]:
    """Return the models for other programs."""
    items = item_codes(results)
    return {
        f"{FOLDER}/{name}": content
        for index, model in enumerate(results.models, start=1)
        for name, content in model_files(model, stem(index), items).items()
    }


def _check(what: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise ReportError(
                f"Reports have no {what} '{name}'",
                expected=listed(known),
                remedy=did_you_mean(name, known),
            )
