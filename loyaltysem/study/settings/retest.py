"""The key ``retest`` of a study."""

from __future__ import annotations

from loyaltysem.documents import Definition, Line


class RetestDefinition(Definition):
    """A second wave: answers of the same respondents to the same questionnaire.

    Attributes
    ----------
    data
        Its file; respondents are recognised by the id column of both files.
    """

    data: Line
