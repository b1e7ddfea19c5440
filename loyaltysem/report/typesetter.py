"""Typst: pages and pictures from text, in a folder of their own and without the network."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from loyaltysem.diagrams.fonts import BUNDLED_FONT
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAIN = "main.typ"

PICTURE = """\
#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image("picture.svg")
"""

FAULT_OF_TYPST = "internal error"
"""How Typst's messages about its own faults begin; those of tagging do not occur without tags."""

AFTER_HEADER = 33
"""Bytes of a PNG's signature and header, after which its resolution stands."""

INCHES_PER_METRE = 39.3701


def typeset(files: Mapping[str, str]) -> bytes:
    """Return the PDF that Typst makes of ``files``, beginning with ``main.typ``.

    The same files give the same bytes. Nothing outside of them can be read: they stand in a folder
    of their own, which is the only one that Typst may open.

    Raises
    ------
    ReportError
        A template is faulty.
    """
    return _compiled(files, "pdf")[0]


def page_pictures(files: Mapping[str, str], ppi: int) -> tuple[bytes, ...]:
    """Return the pages that `typeset` makes as PNG, in ``ppi`` dots per inch."""
    return _compiled(files, "png", ppi)


def _compiled(
    files: Mapping[str, str], form: Literal["pdf", "png"], ppi: int | None = None
) -> tuple[bytes, ...]:
    import typst

    with TemporaryDirectory(prefix="loyaltysem-") as scratch:
        place = Path(scratch)
        for name, text in files.items():
            (place / name).write_text(text, encoding="utf-8")
        try:
            made = _compile(place, form, ppi)
        except typst.TypstError as error:
            if not str(error).startswith(FAULT_OF_TYPST):
                raise ReportError(
                    f"The template report.typ is faulty: {str(error).splitlines()[0]}"
                ) from None
            made = _compile(place, form, ppi, tagged=False)
    return (bytes(made),) if isinstance(made, bytes) else tuple(made)


def _compile(
    place: Path, form: Literal["pdf", "png"], ppi: int | None, *, tagged: bool = True
) -> Any:
    """Return what Typst makes of a folder; ``tagged`` for readers who listen to the document."""
    import typst

    return typst.compile(
        place / MAIN,
        root=place,
        font_paths=fonts(),
        format=form,
        ppi=ppi,
        timestamp=0,
        package_path=place,
        package_cache_path=place,
        pdf_tags=tagged,
    )


@cache
def fonts() -> Any:
    """Return the fonts of the package, of Typst and of the machine; searched for once."""
    import typst

    return typst.Fonts(font_paths=[BUNDLED_FONT.parent])


def picture_pdf(svg: str) -> bytes:
    """Return a picture as a PDF page of its own size, which LaTeX can include."""
    return typeset({MAIN: PICTURE, "picture.svg": svg})


def png_beside(svg: str, dpi: int = 300) -> Callable[[], bytes]:
    """Return what waits for `picture_png`, which runs while the next picture is drawn."""
    return _pool().submit(picture_png, svg, dpi).result


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the threads that Typst runs in; it leaves the interpreter free."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="typst")


def picture_png(svg: str, dpi: int = 300) -> bytes:
    """Return a picture as PNG that knows its resolution."""
    (png,) = page_pictures({MAIN: PICTURE, "picture.svg": svg}, dpi)
    per_metre = round(dpi * INCHES_PER_METRE)
    content = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + content + struct.pack(">I", zlib.crc32(content))
    return png[:AFTER_HEADER] + chunk + png[AFTER_HEADER:]
