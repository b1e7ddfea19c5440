"""A codebook as CSV: one row per column of the data, one per value (in the manner of DDI).

DDI Codebook 2.5 describes a variable (``var``) by name, label, question text, categories
(``catgry``) and missing values; the columns here are these, with both languages side by side.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import one_line
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.export.variables import Variable, variables
from loyaltysem.questionnaire.export.words import condition_words
from loyaltysem.questionnaire.wording import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Form

_FIXED = ("variable", "question", "role", "construct", "reverse", "type", "page", "source")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write(form: Form, language: str) -> Exported:
    """Return the codebook (UTF-8 with byte order mark, so that Excel reads it)."""
    languages = [language, *(one for one in form.questionnaire.languages if one != language)]
    headings = [
        *_FIXED,
        "adaptation",
        *(f"label_{one}" for one in languages),
        "value",
        *(f"value_label_{one}" for one in languages),
        *(f"asked_if_{one}" for one in languages),
    ]
    buffer = io.StringIO()
    table = csv.DictWriter(buffer, headings, restval="", lineterminator="\n")
    table.writeheader()
    for variable in variables(form):
        for row in _rows(variable, form, languages):
            table.writerow({key: harmless(value) for key, value in row.items()})
    name = f"{form.questionnaire.name}.codebook.csv"
    return Exported(files={name: buffer.getvalue().encode("utf-8-sig")})


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    text = one_line(cell)
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text


def _rows(variable: Variable, form: Form, languages: list[str]) -> Iterator[dict[str, str]]:
    """Yield the row of the variable, then one for each of its values."""
    condition = variable.condition
    yield {
        "variable": variable.name,
        "question": variable.question,
        "role": variable.role,
        "construct": variable.construct,
        "reverse": "yes" if variable.reverse else "",
        "type": variable.type,
        "page": variable.page,
        "source": variable.source,
        "adaptation": variable.adaptation,
        **{f"label_{one}": said(variable.label, one) for one in languages},
        **{
            f"asked_if_{one}": condition_words(condition, form, one) if condition else ""
            for one in languages
        },
    }
    for value, label in variable.labels.items():
        labels = {f"value_label_{one}": said(label, one) for one in languages}
        yield {"variable": variable.name, "value": value, **labels}


PLATFORM = Platform(name="codebook-csv", title="Codebook (CSV)", multilingual=True, write=write)
