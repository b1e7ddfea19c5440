"""An SPSS file without cases that carries names, labels and missing values (File > Apply)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import QuestionnaireError, listed
from loyaltysem.questionnaire.export.layout import one_line
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.export.variables import (
    NO_ANSWER,
    NOT_ASKED,
    Variable,
    variables,
)
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from loyaltysem.questionnaire.form import Form

NAME_BYTES, LABEL_BYTES, VALUE_LABEL_BYTES = 64, 255, 120


def write(form: Form, language: str) -> Exported:
    """Return the file with labels in one language."""
    columns = list(variables(form))
    _refuse_long_names(columns)
    labels = _Labels(form, columns, language)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.sav"
        labels.write(path)
        content = path.read_bytes()
    return Exported(files={f"{form.questionnaire.name}.{language}.sav": _undated(content)})


def value_numbers(variable: Variable) -> dict[str, int]:
    """Return the number that stands for each value: itself, or its position if it is a word."""
    if variable.type == "integer":
        return {value: int(value) for value in variable.labels}
    return {value: k for k, value in enumerate(variable.labels, start=1)}


def _refuse_long_names(columns: list[Variable]) -> None:
    long = [one.name for one in columns if len(one.name.encode()) > NAME_BYTES]
    if long:
        raise QuestionnaireError(
            f"SPSS takes names of up to {NAME_BYTES} bytes (21 Chinese characters)",
            found=listed(long),
            remedy="Choose shorter codes.",
        )


class _Labels:
    """What is said of each column."""

    def __init__(self, form: Form, columns: list[Variable], language: str) -> None:
        self._form = form
        self._columns = columns
        self._language = language

    def write(self, path: Path) -> None:
        """Write the file."""
        import pandas as pd
        import pyreadstat

        frame = pd.DataFrame(
            {
                one.name: pd.Series([], dtype="str" if _is_text(one) else "float64")
                for one in self._columns
            }
        )
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=_cut(said(self._form.questionnaire.title, self._language), 60),
            column_labels=[
                _cut(said(one.label, self._language), LABEL_BYTES) for one in self._columns
            ],
            variable_value_labels={
                one.name: self._values(one) for one in self._columns if not _is_text(one)
            },
            missing_ranges={
                one.name: [NO_ANSWER, NOT_ASKED] for one in self._columns if not _is_text(one)
            },
            variable_measure={one.name: _measure(one) for one in self._columns},
        )

    def _values(self, variable: Variable) -> dict[Any, str]:
        words = interface(self._language)
        numbers = value_numbers(variable)
        own = {
            numbers[value]: _cut(said(label, self._language), VALUE_LABEL_BYTES)
            for value, label in variable.labels.items()
        }
        return own | {NO_ANSWER: words.phrase("no_answer"), NOT_ASKED: words.phrase("not_asked")}


def _is_text(variable: Variable) -> bool:
    return variable.type in {"text", "date"} and not variable.labels


def _measure(variable: Variable) -> str:
    if variable.type == "number" or (variable.role == "item" and not variable.labels):
        return "scale"
    return "ordinal" if variable.role in {"item", "attention_check"} else "nominal"


def _cut(text: str, n_bytes: int) -> str:
    return one_line(text).encode()[:n_bytes].decode(errors="ignore")


def _undated(content: bytes) -> bytes:
    """Return the file without the time of its making (date and time stand in bytes 92 to 109)."""
    return content[:92] + b"01 Jan 0000:00:00" + content[109:]


PLATFORM = Platform(name="sav", title="SPSS (labels)", multilingual=False, write=write)
