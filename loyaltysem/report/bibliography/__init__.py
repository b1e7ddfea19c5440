"""The works that a report cites: what they are, and how a list of references writes them."""

from loyaltysem.report.bibliography.listing import (
    SHORT_FORM,
    Reference,
    ReferenceStyle,
    authors_of,
    chinese_authors,
    in_order,
    reference_line,
)
from loyaltysem.report.bibliography.work import ChineseTitle, Work

__all__ = [
    "SHORT_FORM",
    "ChineseTitle",
    "Reference",
    "ReferenceStyle",
    "Work",
    "authors_of",
    "chinese_authors",
    "in_order",
    "reference_line",
]
