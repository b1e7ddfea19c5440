"""Answers and mappings as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import Place, ResponsesError, listed
from loyaltysem.files import write_whole
from loyaltysem.responses.headings import columns_found
from loyaltysem.responses.mapping import Mapping, mapping_text, read_mapping
from loyaltysem.responses.platforms import recognised
from loyaltysem.responses.tables import read_table

if TYPE_CHECKING:
    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.answers import Responses

ENDINGS = (".csv", ".xlsx", ".parquet")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def save_mapping_of(
    file: Path | str,
    questionnaire: Questionnaire,
    path: Path | str,
    mapping: Mapping | Path | str | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write what the headings of a file were found to stand for, to be edited; return the path.

    Works, too, where a question has no column yet: those are what the mapping is edited for.

    Raises
    ------
    ResponsesError
        The file cannot be read, or the path exists and ``overwrite`` is false.
    """
    platform, table = recognised(read_table(file))
    given = read_mapping(mapping) if isinstance(mapping, str | Path) else mapping
    matches = columns_found(table, questionnaire, platform=platform, mapping=given)
    text = mapping_text(matches, Path(file).name)
    return write_file(Path(path), text.encode("utf-8"), overwrite=overwrite)


def save_answers(responses: Responses, path: Path | str, *, overwrite: bool = False) -> Path:
    """Write the answers of all who stay in, by the codes of the questions; return the path.

    Reverse items are as they were answered, so that the file can be read again. Texts that a
    spreadsheet would take for a formula have an apostrophe before them.

    Raises
    ------
    ResponsesError
        The ending is none of .csv, .xlsx, .parquet, or the path exists and ``overwrite`` is false.
    """
    return write_table(answer_table(responses), Path(path), overwrite=overwrite)


def answer_table(responses: Responses) -> pd.DataFrame:
    """Return the answers as text, one column per code, respondents as ``id``."""
    asked = responses.questionnaire
    columns: dict[str, object] = {"id": responses.answers.index.to_numpy(dtype=object)}
    for item, scale in zip(asked.items, asked.item_scales, strict=True):
        values = responses.answers[item.code].to_numpy()
        given = scale.lowest + scale.highest - values if item.reverse else values
        columns[item.code] = [_number_text(value) for value in given]
    for name in responses.demographics:
        columns[str(name)] = responses.demographics[name].astype(object).fillna("").to_numpy()
    for name in responses.questions:
        columns[str(name)] = responses.questions[name].to_numpy()
    if responses.simulated:
        columns["simulated"] = "1"
    return pd.DataFrame(columns)


def _number_text(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def write_table(frame: pd.DataFrame, path: Path, *, overwrite: bool = False) -> Path:
    """Write a table of text; nothing in it is a formula. Return the path.

    Raises
    ------
    ResponsesError
        The ending is none of .csv, .xlsx, .parquet, or the path exists and ``overwrite`` is false.
    """
    import io

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ResponsesError(
            f"Answers cannot be written as '{path.name}'", expected=listed(ENDINGS)
        )
    stream = io.BytesIO()
    if ending == ".csv":
        safe = frame.map(_harmless).rename(columns=_harmless)
        safe.to_csv(stream, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    elif ending == ".xlsx":
        _write_workbook(frame, stream)
    else:
        frame.astype(str).to_parquet(stream, index=False)
    return write_file(path, stream.getvalue(), overwrite=overwrite)


def _harmless(cell: object) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay what they are."""
    text = str(cell)
    try:
        float(text)
    except ValueError:
        return f"'{text}" if text.startswith(_FORMULA) else text
    return text


def _write_workbook(frame: pd.DataFrame, stream: object) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    for row in ([str(name) for name in frame.columns], *frame.astype(str).to_numpy().tolist()):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(stream)


def write_file(path: Path, content: bytes, *, overwrite: bool) -> Path:
    """Write a file unless it exists; return its path.

    Raises
    ------
    ResponsesError
        It exists and ``overwrite`` is false, or it cannot be written.
    """
    try:
        write_whole(path, content, overwrite=overwrite)
    except FileExistsError:
        raise ResponsesError(
            f"'{path}' exists", remedy="Choose another name, or allow it with --overwrite."
        ) from None
    except OSError as error:
        raise ResponsesError(
            "The file cannot be written", place=Place(path), found=error.strerror
        ) from None
    return path
