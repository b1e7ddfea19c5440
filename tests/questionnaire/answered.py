"""Files of answers as each platform writes them, for round trips.

``answered(layout, form, answers, folder, language)`` writes one file and returns its path.
``answers`` has the columns of ``form.columns`` as text: points and option codes as they stand in
the data, 0/1 per option of a multiple choice, the rank per option of a ranking, and an empty text
where nothing was answered. ``some_answers`` draws such a frame. Where a layout comes from, and what
was not verified, stands in docs/platforms.md.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    one_line,
    option_positions,
    option_values,
    point_label,
    stem,
    with_code,
)
from loyaltysem.questionnaire.export.platforms import (
    googleforms,
    limesurvey,
    qualtrics,
    sav,
    wenjuanxing,
    xlsform,
)
from loyaltysem.questionnaire.export.variables import NO_ANSWER, variables
from loyaltysem.questionnaire.wording import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loyaltysem.questionnaire.form import Block, Entry, Form

    Columns = dict[str, list[str]]


def answered(
    layout: str, form: Form, answers: pd.DataFrame, folder: Path, language: str = "zh"
) -> Path:
    """Write answers in a layout; ``LAYOUTS`` names them."""
    return LAYOUTS[layout](form, answers.astype(str), folder, language)


def some_answers(form: Form, n: int = 12, seed: int = 5) -> pd.DataFrame:
    """Draw answers to every question; one in ten optional ones is left out."""
    rng = np.random.default_rng(seed)
    columns: Columns = {}
    for entry in form.entries:
        left_out = (rng.random(n) < 0.1) & (not entry.required)
        for name, values in _drawn(entry, n, rng).items():
            columns[name] = ["" if left_out[k] else str(values[k]) for k in range(n)]
    return pd.DataFrame(columns)


def _drawn(entry: Entry, n: int, rng: np.random.Generator) -> dict[str, list[object]]:
    if entry.scale:
        points = entry.scale.points
        return {entry.code: [points[k] for k in rng.integers(len(points), size=n)]}
    if entry.kind == "multiple":
        return {name: list(rng.integers(2, size=n)) for name in entry.columns}
    if entry.kind == "ranking":
        ranks = np.array([rng.permutation(len(entry.options)) + 1 for _ in range(n)])
        return dict(zip(entry.columns, ranks.T.tolist(), strict=True))
    if entry.options:
        return {entry.code: list(rng.choice(list(entry.accept or entry.options), size=n))}
    open_answers = {"number": "12", "date": "2026-09-03", "text": '好, "真的"'}
    return {entry.code: [open_answers[entry.kind]] * n}


def _blocks(form: Form) -> Iterator[Block]:
    for page in form.pages:
        yield from page.blocks


def _mapped(series: pd.Series, names: dict[str, str]) -> list[str]:
    return [names.get(answer, answer) for answer in series]


def _write_csv(path: Path, lines: list[list[str]], encoding: str, **style: object) -> Path:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n", **style).writerows(lines)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def _lines(columns: Columns) -> list[list[str]]:
    return [list(columns), *[list(row) for row in zip(*columns.values(), strict=True)]]


def _choice(entry: Entry, answers: pd.DataFrame, option: str) -> pd.Series:
    return answers[f"{entry.code}_{option}"]


# ---- HTML page ----------------------------------------------------------------------------------


def _html_columns(form: Form, answers: pd.DataFrame, language: str) -> Columns:
    asked, n = form.questionnaire, len(answers)
    meta = {
        "id": [f"{k:016x}" for k in range(n)],
        "_started": ["2026-09-03T04:00:00.000Z"] * n,
        "_finished": ["2026-09-03T04:03:10.000Z"] * n,
        "_seconds": ["190"] * n,
        "_language": [language] * n,
        "_questionnaire": [asked.name] * n,
        "_version": [asked.version] * n,
        "_sha256": [asked.content_hash()] * n,
    }
    return meta | {name: list(answers[name]) for name in form.columns}


def html_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_html_columns(form, answers, language))
    return _write_csv(folder / "html.csv", lines, "utf-8-sig")


def html_json(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    asked, columns = form.questionnaire, _html_columns(form, answers, language)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    whole = {
        "questionnaire": asked.name,
        "version": asked.version,
        "sha256": asked.content_hash(),
        "responses": rows,
    }
    path = folder / "html.json"
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


# ---- Wenjuanxing --------------------------------------------------------------------------------


def _wenjuanxing(form: Form, answers: pd.DataFrame, language: str, *, by_text: bool) -> Columns:
    n = len(answers)
    columns = {
        "序号": [str(k + 1) for k in range(n)],
        "提交答卷时间": [f"2026/9/3 12:{k % 60:02d}:00" for k in range(n)],
        "所用时间": ["190秒"] * n,
        "来源": ["微信"] * n,
        "来源详情": ["直接访问"] * n,
        "来自IP": ["110.80.12.0(浙江-杭州)"] * n,
    }
    for number, block in enumerate(_blocks(form), start=1):
        columns |= _wenjuanxing_block(number, block, answers, language, by_text)
    return columns


def _wenjuanxing_block(
    number: int, block: Block, answers: pd.DataFrame, language: str, by_text: bool
) -> Columns:
    columns: Columns = {}
    for k, entry in enumerate(block.entries):
        heading = wenjuanxing.coded_stem(entry, language)
        if block.is_grid and k == 0:
            heading = f"{grid_prompt(block, language)}—{heading}"
        if entry.kind == "multiple":
            for option, text in entry.options.items():
                label = wenjuanxing.option_text(said(text, language))
                marks = _choice(entry, answers, option)
                told = {"1": label, "0": ""} if by_text else {}
                columns[f"{number}、({label})"] = _mapped(marks, {"": "-3", **told})
        elif entry.kind == "ranking":
            columns[f"{number}、{heading}"] = _ranked(entry, answers, language)
        else:
            told = _wenjuanxing_names(entry, language, by_text)
            blank = "(空)" if entry.kind in {"text", "number", "date"} else "-3"
            columns[f"{number}、{heading}"] = _mapped(answers[entry.code], {"": blank, **told})
    return columns


def _wenjuanxing_names(entry: Entry, language: str, by_text: bool) -> dict[str, str]:
    if entry.scale and not is_slider(entry):
        points = list(entry.scale.points)
        if by_text:
            return {str(p): wenjuanxing.point_text(entry.scale, p, language) for p in points}
        return {str(p): str(k) for k, p in enumerate(points, start=1)}
    if by_text:
        return {o: wenjuanxing.option_text(said(t, language)) for o, t in entry.options.items()}
    return option_positions(entry)


def _ranked(entry: Entry, answers: pd.DataFrame, language: str) -> list[str]:
    """Return the labels in the order of their ranks, joined by arrows."""
    told = []
    for _, row in answers.iterrows():
        ranks = {o: row[f"{entry.code}_{o}"] for o in entry.options if row[f"{entry.code}_{o}"]}
        order = sorted(ranks, key=lambda option: int(ranks[option]))
        told.append("→".join(said(entry.options[o], language) for o in order) or "-3")
    return told


def wenjuanxing_text_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_wenjuanxing(form, answers, language, by_text=True))
    return _write_csv(folder / "wenjuanxing_text.csv", lines, "gb18030")


def wenjuanxing_number_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_wenjuanxing(form, answers, language, by_text=False))
    return _write_csv(folder / "wenjuanxing_number.csv", lines, "gb18030")


def wenjuanxing_text_xlsx(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    path = folder / "wenjuanxing_text.xlsx"
    pd.DataFrame(_wenjuanxing(form, answers, language, by_text=True)).to_excel(path, index=False)
    return path


# ---- Qualtrics ----------------------------------------------------------------------------------

_QUALTRICS_META = {
    "StartDate": ("Start Date", "startDate", "2026-09-03 12:00:00"),
    "EndDate": ("End Date", "endDate", "2026-09-03 12:03:10"),
    "Status": ("Response Type", "status", "0"),
    "IPAddress": ("IP Address", "ipAddress", "10.0.0.0"),
    "Progress": ("Progress", "progress", "100"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration", "190"),
    "Finished": ("Finished", "finished", "1"),
    "RecordedDate": ("Recorded Date", "recordedDate", "2026-09-03 12:03:11"),
    "ResponseId": ("Response ID", "_recordId", "R_{k:015d}"),
    "UserLanguage": ("User Language", "userLanguage", "ZH-S"),
}


def _qualtrics(
    form: Form, answers: pd.DataFrame, language: str, *, by_text: bool
) -> list[list[str]]:
    n = len(answers)
    heads: list[tuple[str, str, str]] = []
    columns: list[list[str]] = []
    for tag, (name, key, value) in _QUALTRICS_META.items():
        heads.append((tag, name, json.dumps({"ImportId": key})))
        columns.append([value.format(k=k) for k in range(n)])
    for q, block in enumerate(_blocks(form), start=1):
        for head, column in _qualtrics_block(q, block, answers, language, by_text):
            heads.append(head)
            columns.append(column)
    body = map(list, zip(*columns, strict=True))
    return [*map(list, zip(*heads, strict=True)), *body]


def _qualtrics_block(
    q: int, block: Block, answers: pd.DataFrame, language: str, by_text: bool
) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
    for k, entry in enumerate(block.entries, start=1):
        wording = one_line(stem(entry, language))
        if block.is_grid:
            tag = f"{block.code}_{k}"
            text = f"{grid_prompt(block, language)} - {with_code(wording, entry.code)}"
            names = _qualtrics_names(entry, language, by_text)
            yield (tag, text, _import_id(q, str(k))), _mapped(answers[entry.code], names)
        elif entry.kind in {"multiple", "ranking"}:
            for option, value in option_values(entry, qualtrics.ANSWER_CODE).items():
                label = said(entry.options[option], language)
                marks = {"1": label if by_text else "1", "0": ""}
                chosen = marks if entry.kind == "multiple" else {}
                head = (f"{entry.code}_{value}", f"{wording} - {label}", _import_id(q, value))
                yield head, _mapped(_choice(entry, answers, option), chosen)
        else:
            names = _qualtrics_names(entry, language, by_text)
            tag = f"{entry.code}_1" if is_slider(entry) else entry.code
            yield (tag, wording, _import_id(q)), _mapped(answers[entry.code], names)


def _import_id(q: int, part: str = "") -> str:
    return json.dumps({"ImportId": f"QID{q}_{part}" if part else f"QID{q}"})


def _qualtrics_names(entry: Entry, language: str, by_text: bool) -> dict[str, str]:
    if entry.scale and not is_slider(entry):
        points = enumerate(entry.scale.points, start=1)
        return {
            str(p): point_label(entry.scale, p, language) if by_text else str(k) for k, p in points
        }
    if by_text:
        return {option: said(label, language) for option, label in entry.options.items()}
    return option_values(entry, qualtrics.ANSWER_CODE)


def qualtrics_numeric_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _qualtrics(form, answers, language, by_text=False)
    return _write_csv(folder / "qualtrics_numeric.csv", lines, "utf-8")


def qualtrics_text_tsv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _qualtrics(form, answers, language, by_text=True)
    return _write_csv(folder / "qualtrics_text.tsv", lines, "utf-16", delimiter="\t")


# ---- LimeSurvey ---------------------------------------------------------------------------------


def _limesurvey(form: Form, answers: pd.DataFrame, language: str, *, by_text: bool) -> Columns:
    n = len(answers)
    columns = {
        "id": [str(k + 1) for k in range(n)],
        "submitdate": ["2026-09-03 12:00:00"] * n,
        "lastpage": [str(len(form.pages))] * n,
        "startlanguage": [limesurvey.LANGUAGES.get(language, language)] * n,
        "seed": ["1234567"] * n,
    }
    for block in _blocks(form):
        for entry in block.entries:
            columns |= _limesurvey_entry(block, entry, answers, language, by_text)
    return columns | {"interviewtime": ["190.4"] * n}


def _limesurvey_entry(
    block: Block, entry: Entry, answers: pd.DataFrame, language: str, by_text: bool
) -> Columns:
    code, group = limesurvey.question_code(entry.code), limesurvey.question_code(block.code)
    if entry.kind == "multiple":
        chosen = {"1": "Y", "0": ""}
        return {
            f"{code}[{value}]": _mapped(_choice(entry, answers, option), chosen)
            for option, value in option_values(entry, limesurvey.ANSWER_CODE).items()
        }
    if entry.kind == "ranking":
        return _limesurvey_ranking(code, entry, answers, language, by_text)
    heading = f"{group}[{code}]" if block.is_grid or is_slider(entry) else code
    return {heading: _mapped(answers[entry.code], _limesurvey_names(entry, language, by_text))}


def _limesurvey_names(entry: Entry, language: str, by_text: bool) -> dict[str, str]:
    if entry.scale and not is_slider(entry):
        return {
            str(p): point_label(entry.scale, p, language)
            if by_text
            else limesurvey.point_code(entry.scale, p)
            for p in entry.scale.points
        }
    if by_text:
        return {option: said(label, language) for option, label in entry.options.items()}
    return option_values(entry, limesurvey.ANSWER_CODE)


def _limesurvey_ranking(
    code: str, entry: Entry, answers: pd.DataFrame, language: str, by_text: bool
) -> Columns:
    """Return one column per rank, which holds the option."""
    values = option_values(entry, limesurvey.ANSWER_CODE)
    columns: Columns = {f"{code}[{rank}]": [] for rank in range(1, len(values) + 1)}
    for _, row in answers.iterrows():
        at = {row[f"{entry.code}_{option}"]: option for option in entry.options}
        for rank, heading in enumerate(columns, start=1):
            option = at.get(str(rank), "")
            label = said(entry.options[option], language) if option and by_text else ""
            columns[heading].append(label or values.get(option, ""))
    return columns


def limesurvey_codes_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_limesurvey(form, answers, language, by_text=False))
    path = folder / "limesurvey_codes.csv"
    return _write_csv(path, lines, "utf-8-sig", quoting=csv.QUOTE_ALL)


def limesurvey_text_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_limesurvey(form, answers, language, by_text=True))
    path = folder / "limesurvey_text.csv"
    return _write_csv(path, lines, "utf-8-sig", quoting=csv.QUOTE_ALL)


# ---- KoBoToolbox, ODK ---------------------------------------------------------------------------


def _kobo(form: Form, answers: pd.DataFrame, language: str, *, by_text: bool) -> Columns:
    n = len(answers)
    columns = {
        "start": ["2026-09-03T12:00:00.123+08:00"] * n,
        "end": ["2026-09-03T12:03:10.123+08:00"] * n,
    }
    for page in form.pages:
        for block in page.blocks:
            groups = [page.code, *([block.code] if len(block.entries) > 1 else [])]
            for entry in block.entries:
                columns |= _kobo_entry("/".join(groups), entry, answers, language, by_text)
    return columns | {
        "_id": [str(1000 + k) for k in range(n)],
        "_uuid": [f"uuid-{k}" for k in range(n)],
        "_submission_time": ["2026-09-03T04:03:15"] * n,
        "_index": [str(k + 1) for k in range(n)],
    }


def _kobo_entry(
    path: str, entry: Entry, answers: pd.DataFrame, language: str, by_text: bool
) -> Columns:
    heading, names = f"{path}/{entry.code}", option_values(entry, xlsform.NAME)
    if by_text and entry.scale and not is_slider(entry):
        names = {str(p): point_label(entry.scale, p, language) for p in entry.scale.points}
    elif by_text:
        names = {option: said(label, language) for option, label in entry.options.items()}
    if entry.kind in {"multiple", "ranking"}:
        parts = {o: list(_choice(entry, answers, o)) for o in entry.options}
        joined = [_kobo_joined(entry, row, names) for _, row in answers.iterrows()]
        single = {f"{heading}/{names[o]}": marks for o, marks in parts.items()}
        return {heading: joined, **(single if entry.kind == "multiple" else {})}
    return {heading: _mapped(answers[entry.code], names)}


def _kobo_joined(entry: Entry, row: pd.Series, names: dict[str, str]) -> str:
    given = {option: row[f"{entry.code}_{option}"] for option in entry.options}
    if entry.kind == "multiple":
        return " ".join(names[option] for option, mark in given.items() if mark == "1")
    ranked = sorted((int(rank), option) for option, rank in given.items() if rank)
    return " ".join(names[option] for _, option in ranked)


def kobo_codes_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    lines = _lines(_kobo(form, answers, language, by_text=False))
    style = {"delimiter": ";", "quoting": csv.QUOTE_ALL}
    return _write_csv(folder / "kobo_codes.csv", lines, "utf-8-sig", **style)


def kobo_text_xlsx(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    path = folder / "kobo_text.xlsx"
    pd.DataFrame(_kobo(form, answers, language, by_text=True)).to_excel(path, index=False)
    return path


# ---- Google Forms -------------------------------------------------------------------------------


def google_forms_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    columns: Columns = {"Timestamp": ["2026/09/03 12:03:10 PM GMT+8"] * len(answers)}
    for block in _blocks(form):
        for entry in block.entries:
            columns |= _google_entry(block, entry, answers, language)
    return _write_csv(folder / "google_forms.csv", _lines(columns), "utf-8")


def _google_entry(block: Block, entry: Entry, answers: pd.DataFrame, language: str) -> Columns:
    heading = googleforms.coded_stem(entry, language)
    names = {option: said(label, language) for option, label in entry.options.items()}
    if entry.scale and not is_slider(entry) and not _is_google_scale(block, entry):
        names = {str(p): point_label(entry.scale, p, language) for p in entry.scale.points}
    if entry.kind == "ranking":
        return {
            f"{heading} [{label}]": list(_choice(entry, answers, option))
            for option, label in names.items()
        }
    if entry.kind == "multiple":
        joined = [
            ", ".join(names[o] for o in entry.options if row[f"{entry.code}_{o}"] == "1")
            for _, row in answers.iterrows()
        ]
        return {heading: joined}
    if block.is_grid:
        heading = f"{with_code(grid_prompt(block, language), block.code)} [{heading}]"
    return {heading: _mapped(answers[entry.code], names)}


def _is_google_scale(block: Block, entry: Entry) -> bool:
    return not block.is_grid and entry.scale is not None and len(entry.scale.labels) == 2


# ---- SurveyJS -----------------------------------------------------------------------------------


def surveyjs_json(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    rows = [_surveyjs_row(form, row) for _, row in answers.iterrows()]
    path = folder / "surveyjs.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def _surveyjs_row(form: Form, row: pd.Series) -> dict[str, object]:
    result: dict[str, object] = {}
    for block in _blocks(form):
        if block.is_grid:
            given = {entry.code: row[entry.code] for entry in block.entries}
            result[block.code] = {code: int(value) for code, value in given.items() if value}
            continue
        entry = block.entries[0]
        marks = {o: row[f"{entry.code}_{o}"] for o in entry.options} if entry.columns[1:] else {}
        if entry.kind == "multiple":
            result[entry.code] = [option for option, mark in marks.items() if mark == "1"]
        elif entry.kind == "ranking":
            ranked = {option: int(rank) for option, rank in marks.items() if rank}
            result[entry.code] = sorted(ranked, key=ranked.__getitem__)
        elif row[entry.code]:
            numeric = entry.kind in {"rating", "number"}
            result[entry.code] = float(row[entry.code]) if numeric else row[entry.code]
    return {name: value for name, value in result.items() if value not in ({}, [])}


# ---- SPSS, Stata, plain files -------------------------------------------------------------------


def _numbered(form: Form, answers: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, dict]]:
    """Return the answers as SPSS and Stata hold them, and the value labels in one language."""
    frame, labels = {}, {}
    for variable in variables(form):
        column = answers[variable.name]
        if variable.type in {"text", "date"} and not variable.labels:
            frame[variable.name] = column.astype("str")
            continue
        numbers = sav.value_numbers(variable)
        own = {value: str(number) for value, number in numbers.items()}
        frame[variable.name] = pd.to_numeric(pd.Series(_mapped(column, {"": "", **own})))
        labels[variable.name] = {numbers[v]: said(t, "zh") for v, t in variable.labels.items()}
    return pd.DataFrame(frame), labels


def spss_sav(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    import pyreadstat

    frame, labels = _numbered(form, answers)
    numeric = [name for name in frame if name in labels]
    path = folder / "answers.sav"
    pyreadstat.write_sav(
        frame.fillna(dict.fromkeys(numeric, NO_ANSWER)),
        str(path),
        variable_value_labels=labels,
        missing_ranges={name: [NO_ANSWER] for name in numeric},
    )
    return path


def stata_dta(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    import pyreadstat

    frame, labels = _numbered(form, answers)
    path = folder / "answers.dta"
    pyreadstat.write_dta(frame, str(path), variable_value_labels=labels)
    return path


def plain_csv(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    path = folder / "answers.csv"
    answers.to_csv(path, index=False, encoding="utf-8")
    return path


def plain_xlsx(form: Form, answers: pd.DataFrame, folder: Path, language: str) -> Path:
    path = folder / "answers.xlsx"
    answers.to_excel(path, index=False)
    return path


LAYOUTS: dict[str, Callable[[Form, pd.DataFrame, Path, str], Path]] = {
    one.__name__: one
    for one in (
        html_csv, html_json, wenjuanxing_text_csv, wenjuanxing_number_csv, wenjuanxing_text_xlsx,
        qualtrics_numeric_csv, qualtrics_text_tsv, limesurvey_codes_csv, limesurvey_text_csv,
        kobo_codes_csv, kobo_text_xlsx, google_forms_csv, surveyjs_json, spss_sav, stata_dta,
        plain_csv, plain_xlsx,
    )
}  # fmt: skip
"""All layouts by name."""
