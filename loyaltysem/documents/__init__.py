"""The one reader of YAML files: what a file says, and on which line it says it.

A file is parsed to plain Python values (as in YAML 1.2, ``NO``, ``2020-01-01`` and ``18_25`` stay
text) with the line and column of every field, then checked against a schema. All faults are
reported at once.
"""

from loyaltysem.documents.definition import Definition, Line, Text, load
from loyaltysem.documents.reading import (
    MAX_BYTES,
    Document,
    FieldPath,
    parse_document,
    read_document,
)

__all__ = [
    "MAX_BYTES",
    "Definition",
    "Document",
    "FieldPath",
    "Line",
    "Text",
    "load",
    "parse_document",
    "read_document",
]
