"""Make the gallery: every page of the example's report, in both languages, as small pictures."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Document, Figure, Table, as_text
from loyaltysem.report.pdf import write_pages
from loyaltysem.report.pictures import path_pictures
from loyaltysem.results import read_results
from loyaltysem.study import example_study, run_study

if TYPE_CHECKING:
    from loyaltysem.results import StudyResults

FOLDER = Path(__file__).with_name("gallery")
LANGUAGES = {"en": "English", "zh": "中文"}
PPI = 70
COLOURS = 32
"""Enough for text and the charts' few colours; keeps a page at about 40 kB."""

HEAD = """\
# Gallery

Every page of the report on the shipped example, made by `make docs`. The answers are simulated.

"""


def main() -> None:
    """Run the example and draw its pages."""
    with TemporaryDirectory() as scratch:
        run_study(example_study(), output=Path(scratch) / "output", overwrite=True)
        results = read_results(Path(scratch) / "output" / "results.json")
    shutil.rmtree(FOLDER, ignore_errors=True)
    parts = [_language(results, code) for code in LANGUAGES]
    (FOLDER / "README.md").write_text(HEAD + "\n".join(parts), encoding="utf-8")


def _language(results: StudyResults, language: str) -> str:
    """Write the pages in one language; return their part of the table of contents."""
    document = compose(results, language, pictures=path_pictures(results, language))  # type: ignore[arg-type]
    folder = FOLDER / language
    folder.mkdir(parents=True)
    names = []
    for number, page in enumerate(write_pages(document, PPI), start=1):
        names.append(f"{language}/page-{number:02}.png")
        (FOLDER / names[-1]).write_bytes(_small(page))
    listed = "\n".join(_entries(document))
    shown = "\n".join(f"![{name}]({name})" for name in names)
    return f"## {LANGUAGES[language]}\n\n{listed}\n\n{shown}\n"


def _small(page: bytes) -> bytes:
    """Return a picture with few colours."""
    stream = io.BytesIO()
    picture = Image.open(io.BytesIO(page)).convert("RGB").quantize(COLOURS)
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _entries(document: Document) -> list[str]:
    """Return a line for each table and figure."""
    blocks = [block for block in document.blocks if isinstance(block, Table | Figure)]
    return [f"- {document.label(block.key)}: {as_text(block.caption)}" for block in blocks]


if __name__ == "__main__":
    main()
