"""Files of answers of every kind, mangled: a reading that adds up, or one of our errors."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

from loyaltysem.errors import LoyaltysemError, ResponsesError
from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.responses import read_responses
from loyaltysem.responses.tables import read_table
from tests.questionnaire.answered import LAYOUTS, answered, some_answers

EXAMPLES = int(os.environ.get("LOYALTYSEM_EXAMPLES", "2000")) // 100
ASKED = read_questionnaire(Path(__file__).parents[1] / "questionnaire" / "rich.yaml")
HOSTILE = (
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "@SUM(1)",
    "\x00",
    "１２",
    "非常同意",
    "a" * 5000,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, tuple[str, bytes]]:
    """One good file of each layout, and of Parquet and Feather."""
    folder = tmp_path_factory.mktemp("good")
    form = form_of(ASKED)
    answers = some_answers(form, n=8).assign(A1="2")
    paths = {name: answered(name, form, answers, folder) for name in LAYOUTS}
    paths["parquet"], paths["feather"] = folder / "a.parquet", folder / "a.feather"
    answers.to_parquet(paths["parquet"])
    answers.to_feather(paths["feather"])
    return {name: (path.suffix, path.read_bytes()) for name, path in paths.items()}


damage = st.tuples(
    st.sampled_from(["cut", "flip", "repeat", "insert", "drop", "hostile", "recode"]),
    st.floats(0, 1),
    st.integers(0, 255),
    st.sampled_from(HOSTILE),
)


def damaged(content: bytes, changes: list[tuple[str, float, int, str]]) -> bytes:
    """Return the content after some damage."""
    for kind, share, byte, text in changes:
        at = int(share * len(content))
        if kind == "cut":
            content = content[: max(at, 1)]
        elif kind == "flip" and content:
            at = min(at, len(content) - 1)
            content = content[:at] + bytes([content[at] ^ (byte or 1)]) + content[at + 1 :]
        elif kind == "repeat":
            content = content[:at] + content[at : at + byte] * 2 + content[at + byte :]
        elif kind == "insert":
            content = content[:at] + bytes([byte]) * 3 + content[at:]
        elif kind == "drop":
            content = content[:at] + content[at + byte :]
        elif kind == "hostile":
            content = content[:at] + text.encode() + content[at:]
        else:
            content = content.decode("utf-8", errors="ignore").encode(
                ("utf-16", "gb18030", "big5", "latin-1")[byte % 4], errors="ignore"
            )
    return content


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layout", [*LAYOUTS, "parquet", "feather"])
def test_damaged_files_are_read_or_refused(good, layout, tmp_path_factory):
    ending, content = good[layout]
    path = tmp_path_factory.mktemp("damaged") / f"answers{ending}"

    @settings(
        max_examples=max(EXAMPLES, 10),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(st.lists(damage, min_size=1, max_size=4))
    def never_a_bare_traceback(changes):
        path.write_bytes(damaged(content, changes))
        try:
            responses = read_responses(path, ASKED)
        except LoyaltysemError:
            return
        excluded = sum(responses.ledger.exclusions().values())
        assert responses.n_read == responses.n_analysed + excluded
        assert every_cell_is_told(responses)

    never_a_bare_traceback()


def every_cell_is_told(responses) -> bool:
    """Whether each missing answer of those who stay in has an entry in the ledger."""
    rows, columns = np.nonzero(responses.answers.isna().to_numpy())
    items = responses.answers.columns[columns]
    cells = set(zip(responses.answers.index[rows], items, strict=True))
    entries = responses.ledger.entries
    told = entries[entries["action"].isin(["left_missing", "set_missing"])]
    return cells <= set(zip(told["respondent"], told["item"].astype(str), strict=True))


def bomb(n_megabytes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (n_megabytes << 20))
    return stream.getvalue()


def far_cell(place: bytes = b'r="XFD1048576"') -> bytes:
    stream = io.BytesIO()
    pd.DataFrame({"Q1": [1]}).to_excel(stream, index=False)
    with zipfile.ZipFile(stream) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'r="A2"', place)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for one, content in parts.items():
            packed.writestr(one, content)
    return stream.getvalue()


def arrow_bomb(kind: str) -> bytes:
    """A few kilobytes that claim forty million answers."""
    table = pa.table({f"Q{k}": np.zeros(10_000_000, dtype=np.int8) for k in range(4)})
    stream = io.BytesIO()
    if kind == "parquet":
        parquet.write_table(table, stream, compression="zstd")
    else:
        feather.write_feather(table, stream, compression="zstd")
    return stream.getvalue()


def sparse_records(n: int) -> bytes:
    return ("[" + ",".join(f'{{"k{k}":1}}' for k in range(n)) + "]").encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb(500)),
        ("small_bomb.xlsx", bomb(60)),
        ("bomb.parquet", arrow_bomb("parquet")),
        ("bomb.feather", arrow_bomb("feather")),
        ("sparse.json", sparse_records(5000)),
        ("far_quoted.xlsx", far_cell(b"r='AL1048576'")),
        ("far.xlsx", far_cell()),
        ("deep.json", b"[" * 100_000),
        ("deep_records.json", b'[{"a":' * 3000),
        ("wide.csv", (",".join(f"c{k}" for k in range(30_000)) + "\n").encode()),
        ("nul.csv", b"Q1,Q2\n\x00,\x00\n"),
        ("quote.csv", b'Q1,Q2\n"1,2\n'),
        ("empty.sav", b"$FL2" + b"\0" * 500),
        ("empty.dta", b"<stata_dta><header>"),
        ("short.parquet", b"PAR1PAR1"),
        ("short.feather", b"ARROW1\0\0ARROW1"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000),
    ],
)
def test_files_made_to_do_harm_are_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ResponsesError) as fault:
        read_responses(path, ASKED)
    assert "Traceback" not in str(fault.value)


def test_ten_thousand_columns_are_read(tmp_path):
    names = [f"c{k}" for k in range(10_000)]
    path = tmp_path / "wide.csv"
    path.write_text(",".join(names) + "\n" + ",".join(["1"] * 10_000) + "\n", encoding="utf-8")
    assert len(read_table(path).headings) == 10_000


def test_nothing_is_calculated(tmp_path):
    path = tmp_path / "formula.xlsx"
    frame = pd.DataFrame({"Q1": ["=1+1", "<b>5</b>"], "Q2": ["=cmd|'/c calc'!A1", "2"]})
    frame.to_excel(path, index=False)
    table = read_table(path)
    assert table.cells.tolist() == [["<b>5</b>", "2"]]  # a formula without a stored result is empty
    assert [notice.code for notice in table.notices] == [
        "formulas_without_result",
        "empty_rows_skipped",
    ]


def test_merged_cells_leave_empty_cells(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Q1", "Q2"], [1, 2], [3, 4]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    path = tmp_path / "merged.xlsx"
    book.save(path)
    assert read_table(path).cells.tolist() == [["1", "2"], ["", "4"]]


def test_odd_numbers_of_a_parquet_file_are_text(tmp_path):
    path = tmp_path / "odd.parquet"
    odd = {"a": [np.inf, np.nan], "b": [2**63 - 1, 0], "c": [[1, 2], None], "d": [True, False]}
    pd.DataFrame(odd).to_parquet(path)
    found = read_table(path).cells.tolist()
    assert found == [["inf", str(2**63 - 1), "[1, 2]", "1"], ["", "0", "", "0"]]
