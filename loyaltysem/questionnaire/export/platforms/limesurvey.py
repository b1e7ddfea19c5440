"""LimeSurvey's tab-separated survey structure.

https://www.limesurvey.org/manual/Tab_Separated_Value_survey_structure: one row per group (G),
question (Q), subquestion (SQ) and answer (A), first all of the base language, then the same rows in
each other language. Codes hold letters and digits only.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from loyaltysem.errors import QuestionnaireError
from loyaltysem.questionnaire.conditions import conditions_joined, is_number
from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    loss,
    one_line,
    option_values,
    point_label,
    stem,
)
from loyaltysem.questionnaire.export.logic import Dialect, condition_text
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.form import Form, gate
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.conditions import Comparison, Condition
    from loyaltysem.questionnaire.form import Block, Entry, Page
    from loyaltysem.questionnaire.scale import Scale

TITLE = "LimeSurvey"
HEADINGS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language",
    "validation", "mandatory", "encrypted", "other", "default", "same_default", "same_script",
    "random_order", "slider_layout", "slider_min", "slider_max", "slider_accuracy",
    "slider_separator",
    "min_num_value_n", "max_num_value_n", "num_value_int_only", "min_answers", "max_answers",
)  # fmt: skip
ANSWER_CODE = r"[A-Za-z0-9]{1,5}"
SEPARATOR = "|"
LANGUAGES = {"zh": "zh-Hans"}
"""Names of languages where LimeSurvey has its own."""

Row = dict[str, str]


def write(form: Form, language: str) -> Exported:
    """Return the tab-separated file (UTF-8 with byte order mark, as LimeSurvey writes it)."""
    _refuse_equal_codes(form)
    rows = list(_Writer(form).rows(language))
    buffer = io.StringIO()
    # Every field is a word or a text on one line; quotes inside are doubled, as fgetcsv reads it.
    table = csv.DictWriter(buffer, HEADINGS, delimiter="\t", lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(rows)
    changed = [entry.code for entry in form.entries if question_code(entry.code) != entry.code]
    losses = [loss(TITLE, "codes_shortened", codes=", ".join(changed))] if changed else []
    return Exported(
        files={f"{form.questionnaire.name}.limesurvey.txt": buffer.getvalue().encode("utf-8-sig")},
        losses=tuple(losses),
    )


def _refuse_equal_codes(form: Form) -> None:
    """Refuse questions that LimeSurvey could not tell apart."""
    seen: dict[str, str] = {}
    for entry in form.entries:
        short = question_code(entry.code).casefold()
        if short in seen:
            raise QuestionnaireError(
                f"LimeSurvey cannot tell '{entry.code}' from '{seen[short]}'",
                found=f"both become '{question_code(entry.code)}'",
                remedy="It takes 20 letters and digits; choose codes that differ in these.",
            )
        seen[short] = entry.code


def question_code(code: str) -> str:
    """Return a code as LimeSurvey takes it: ASCII letters and digits, at most 20."""
    plain = "".join(sign for sign in code if sign.isascii() and sign.isalnum())[:20]
    return plain if plain[:1].isalpha() else f"Q{plain}"


class _Writer:
    """Rows of the file; ids are the positions of questions, equal in all languages."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._gate = gate(form)
        self._dialect = _dialect(form)

    def rows(self, language: str) -> Iterator[Row]:
        """Yield all rows."""
        asked = self._form.questionnaire
        languages = [language, *(one for one in asked.languages if one != language)]
        more = " ".join(_name(one) for one in languages[1:])
        settings = {
            "language": _name(language),
            "additional_languages": more,
            "format": "G",
            "anonymized": "Y",
            "datestamp": "Y",
            "savetimings": "Y",
            "allowprev": "Y",
            "showprogress": "Y",
        }
        yield from ({"class": "S", "name": name, "text": text} for name, text in settings.items())
        for one in languages:
            yield from self._titles(one)
        for one in languages:
            yield from self._groups(one)

    def _titles(self, language: str) -> Iterator[Row]:
        asked = self._form.questionnaire
        thanks = said(asked.thanks, language) or interface(language).phrase("thanks")
        texts = {"surveyls_title": said(asked.title, language), "surveyls_endtext": thanks}
        for name, text in texts.items():
            yield _row("SL", name, _html(text), language)

    def _groups(self, language: str) -> Iterator[Row]:
        number = 0
        for k, page in enumerate(self._form.pages, start=1):
            yield self._group(page, k, language)
            for block in page.blocks:
                number += 1000
                yield from self._block(block, page, number, language)

    def _group(self, page: Page, k: int, language: str) -> Row:
        gated = self._gate if not any(entry.accept for entry in page.entries) else None
        title = said(page.title, language) or interface(language).phrase(
            "progress", page=k, pages=len(self._form.pages)
        )
        return _row("G", title, _html(said(page.text, language)), language) | {
            "id": str(k),
            "type/scale": f"G{k}",
            "relevance": self._relevance(gated, page.show_if),
        }

    def _relevance(self, *conditions: Condition | None) -> str:
        joined = conditions_joined([one for one in conditions if one is not None])
        return condition_text(joined, self._dialect, self._form) if joined else "1"

    def _block(self, block: Block, page: Page, number: int, language: str) -> Iterator[Row]:
        first = block.entries[0]
        yield _row("Q", question_code(block.code), self._prompt(block, language), language) | {
            "id": str(number),
            "type/scale": _type(block),
            "relevance": self._relevance(first.show_if),
            "mandatory": "Y" if first.required else "N",
            "encrypted": "N",
            "other": "N",
            "random_order": "1" if page.randomise and block.is_grid else "",
            **_attributes(first),
        }
        for k, (name, text) in enumerate(_subquestions(block, language), start=1):
            extra = {"id": str(number + k), "related_id": str(number), "type/scale": "0"}
            yield _row("SQ", name, _html(text), language) | extra | {"relevance": "1"}
        for name, text in _answers(block, language):
            extra = {"id": str(number), "type/scale": "0", "relevance": "0"}
            yield _row("A", name, _html(text), language) | extra

    def _prompt(self, block: Block, language: str) -> str:
        if block.is_grid:
            return grid_prompt(block, language)
        return _html(stem(block.entries[0], language))


def _row(kind: str, name: str, text: str, language: str) -> Row:
    return {"class": kind, "name": one_line(name), "text": text, "language": _name(language)}


def _name(language: str) -> str:
    return LANGUAGES.get(language, language)


def _html(text: str) -> str:
    """Return a text for a place that takes HTML and expressions in braces, on one line."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    bare = escaped.replace("{", "&#123;").replace("}", "&#125;")
    return "<br />".join(one_line(line) for line in bare.splitlines())


def _type(block: Block) -> str:
    entry = block.entries[0]
    if block.is_grid:
        return "F"
    if is_slider(entry):
        return "K"
    if entry.kind == "text":
        return "T" if entry.long else "S"
    types = {"rating": "L", "single": "L", "multiple": "M", "ranking": "R", "number": "N"}
    return types.get(entry.kind, "D")


def _attributes(entry: Entry) -> Row:
    limits = {
        "min_num_value_n": entry.lowest,
        "max_num_value_n": entry.highest,
        "min_answers": entry.least,
        "max_answers": entry.most,
    }
    row = {name: f"{value:g}" for name, value in limits.items() if value is not None}
    if entry.whole:
        row["num_value_int_only"] = "1"
    if entry.scale and is_slider(entry):
        ends = entry.scale
        numbers = {"min": ends.lowest, "max": ends.highest, "accuracy": ends.step, "layout": 1}
        row |= {f"slider_{name}": str(number) for name, number in numbers.items()}
        row["slider_separator"] = SEPARATOR
    return row


def _subquestions(block: Block, language: str) -> Iterator[tuple[str, str]]:
    """Yield code and text: rows of a grid, options of a multiple choice, the slider itself."""
    entry = block.entries[0]
    if block.is_grid:
        yield from ((question_code(row.code), stem(row, language)) for row in block.entries)
    elif entry.scale and is_slider(entry):
        yield question_code(entry.code), _slider_ends(entry.scale, language)
    elif entry.kind == "multiple":
        for option, value in option_values(entry, ANSWER_CODE).items():
            yield value, said(entry.options[option], language)


def _slider_ends(scale: Scale, language: str) -> str:
    """Return ``|Cold|Hot``: what LimeSurvey prints left and right of a slider."""
    ends = (said(scale.labels.get(end, {}), language) for end in (scale.lowest, scale.highest))
    return SEPARATOR + SEPARATOR.join(end.replace(SEPARATOR, "/") for end in ends)


def _answers(block: Block, language: str) -> Iterator[tuple[str, str]]:
    entry = block.entries[0]
    if entry.scale and not is_slider(entry):
        for point in entry.scale.points:
            yield point_code(entry.scale, point), point_label(entry.scale, point, language)
    elif entry.kind in {"single", "ranking"}:
        for option, value in option_values(entry, ANSWER_CODE).items():
            yield value, said(entry.options[option], language)


def point_code(scale: Scale, point: int) -> str:
    """Return the answer code of a point: its number, or its position on a scale below 0."""
    return str(point if scale.lowest >= 0 else point - scale.lowest + 1)


def _dialect(form: Form) -> Dialect:
    """Return ExpressionScript; a row of a grid is named through its question."""
    grids = {
        entry.code: question_code(block.code)
        for page in form.pages
        for block in page.blocks
        if block.is_grid or is_slider(block.entries[0])
        for entry in block.entries
    }

    def name(entry: Entry) -> str:
        own = question_code(entry.code)
        return f"{grids[entry.code]}_{own}.NAOK" if entry.code in grids else f"{own}.NAOK"

    def compared(entry: Entry, comparison: Comparison, value: str) -> str:
        return f"{name(entry)} {comparison} {_literal(entry, value)}"

    def selected(entry: Entry, option: str) -> str:
        value = option_values(entry, ANSWER_CODE)[option]
        return f'{question_code(entry.code)}_{value}.NAOK == "Y"'

    return Dialect(
        compared=compared,
        selected=selected,
        answered=lambda entry: f"!is_empty({name(entry)})",
        negated=lambda part: f"!({part})",
        words={"and": " and ", "or": " or "},
    )


def _literal(entry: Entry, value: str) -> str:
    if entry.scale and is_number(value):
        return point_code(entry.scale, int(float(value)))
    if entry.options:
        return f'"{option_values(entry, ANSWER_CODE)[value]}"'
    return value if is_number(value) else '"' + value.replace('"', "") + '"'


PLATFORM = Platform(name="limesurvey", title=TITLE, multilingual=True, write=write)
