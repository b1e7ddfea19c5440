"""Office files are zip packages; equal contents are to be equal files."""

from __future__ import annotations

import io
import zipfile

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every part."""

TYPES = "[Content_Types].xml"
"""The part that readers expect first."""


def with_fixed_dates(package: bytes) -> bytes:
    """Return a package with its parts in a fixed order and with fixed dates."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(result, "w") as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != TYPES, name)):
            part = zipfile.ZipInfo(name, ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return result.getvalue()
