"""XLSForm for KoBoToolbox, ODK and Ona: https://xlsform.org."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.conditions import conditions_joined
from loyaltysem.questionnaire.export.archive import reproducible
from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    losses_of,
    one_line,
    option_values,
    point_label,
    stem,
    tidy,
)
from loyaltysem.questionnaire.export.logic import Dialect, condition_text
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.form import Form, gate
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.form import Block, Entry, Page

TITLE = "XLSForm (KoBoToolbox, ODK)"
NAME = r"[A-Za-z0-9_.-]{1,32}"
"""Option codes that can be names of choices."""

Row = dict[str, str]


def write(form: Form, language: str) -> Exported:
    """Return the workbook with the sheets survey, choices and settings."""
    languages = [language, *(one for one in form.questionnaire.languages if one != language)]
    writer = _Writer(form, languages)
    sheets = {
        "survey": list(writer.survey()),
        "choices": list(writer.choices()),
        "settings": [_settings(form, languages[0])],
    }
    name = f"{form.questionnaire.name}.xlsx"
    return Exported(files={name: _workbook(sheets)}, losses=losses_of(form, TITLE, "randomisation"))


def language_heading(language: str) -> str:
    """Return ``中文 (zh)``, as the columns of a language are headed."""
    return f"{interface(language).phrase('language')} ({language})"


def _settings(form: Form, language: str) -> Row:
    return {
        "form_title": one_line(said(form.questionnaire.title, language)),
        "form_id": form.questionnaire.name,
        "version": f"{form.questionnaire.version}-{form.questionnaire.content_hash()[:12]}",
        "default_language": language_heading(language),
        "style": "pages",
    }


class _Writer:
    """Rows of the sheets."""

    def __init__(self, form: Form, languages: Sequence[str]) -> None:
        self._form = form
        self._languages = languages
        self._lists = _choice_lists(form)
        self._gate = gate(form)

    def survey(self) -> Iterator[Row]:
        """Yield the rows of the sheet survey."""
        yield {"type": "start", "name": "start"}
        yield {"type": "end", "name": "end"}
        for page in self._form.pages:
            yield from self._page(page)

    def choices(self) -> Iterator[Row]:
        """Yield the rows of the sheet choices."""
        done = set()
        for entry in self._form.entries:
            listing = self._lists.get(entry.code)
            if listing is None or listing in done:
                continue
            done.add(listing)
            for name, label in self._options(entry):
                yield {"list_name": listing, "name": name, **label}

    def _options(self, entry: Entry) -> Iterator[tuple[str, Row]]:
        if entry.scale:
            for point in entry.scale.points:
                labels = {one: point_label(entry.scale, point, one) for one in self._languages}
                yield str(point), self._labels(labels)
        else:
            for option, value in option_values(entry, NAME).items():
                yield value, self._labels(entry.options[option])

    def _labels(self, text: Text, column: str = "label") -> Row:
        return {
            f"{column}::{language_heading(one)}": _plain(said(text, one)) for one in self._languages
        }

    def _page(self, page: Page) -> Iterator[Row]:
        gated = self._gate if not any(entry.accept for entry in page.entries) else None
        shown = conditions_joined([one for one in (gated, page.show_if) if one is not None])
        yield {
            "type": "begin_group",
            "name": page.code,
            "appearance": "field-list",
            **(self._labels(page.title) if page.title else {}),
            **({"relevant": condition_text(shown, DIALECT, self._form)} if shown else {}),
        }
        if page.text:
            yield {"type": "note", "name": f"{page.code}__text", **self._labels(page.text)}
        for block in page.blocks:
            yield from self._block(block)
        yield {"type": "end_group", "name": page.code}

    def _block(self, block: Block) -> Iterator[Row]:
        if len(block.entries) == 1:
            yield self._question(block.entries[0])
            return
        prompts = {one: grid_prompt(block, one) for one in self._languages}
        yield {
            "type": "begin_group",
            "name": block.code,
            "appearance": "table-list",
            **self._labels(prompts),
        }
        yield from (self._question(entry) for entry in block.entries)
        yield {"type": "end_group", "name": block.code}

    def _question(self, entry: Entry) -> Row:
        stems = {one: stem(entry, one) for one in self._languages}
        row = {"type": self._type(entry), "name": entry.code, **self._labels(stems)}
        row["required"] = "yes" if entry.required else ""
        if entry.show_if:
            row["relevant"] = condition_text(entry.show_if, DIALECT, self._form)
        if entry.scale and is_slider(entry):
            ends = entry.scale
            row["parameters"] = f"start={ends.lowest} end={ends.highest} step={ends.step}"
        if entry.kind == "text" and entry.long:
            row["appearance"] = "multiline"
        return row | self._constraint(entry)

    def _type(self, entry: Entry) -> str:
        if is_slider(entry):
            return "range"
        listing = self._lists.get(entry.code)
        if listing:
            kinds = {"multiple": "select_multiple", "ranking": "rank"}
            return f"{kinds.get(entry.kind, 'select_one')} {listing}"
        if entry.kind == "number":
            return "integer" if entry.whole else "decimal"
        return entry.kind

    def _constraint(self, entry: Entry) -> Row:
        parts = {
            ". >= {}": entry.lowest,
            ". <= {}": entry.highest,
            "count-selected(.) >= {}": entry.least,
            "count-selected(.) <= {}": entry.most,
        }
        rules = [rule.format(f"{value:g}") for rule, value in parts.items() if value is not None]
        return {"constraint": " and ".join(rules)} if rules else {}


def _choice_lists(form: Form) -> dict[str, str]:
    """Return the name of the choice list of each question that has one; equal scales share one."""
    lists: dict[str, str] = {}
    scales: list[object] = []
    for entry in form.entries:
        if entry.options:
            lists[entry.code] = f"{entry.code}_options"
        elif entry.scale and not is_slider(entry):
            if entry.scale not in scales:
                scales.append(entry.scale)
            lists[entry.code] = f"scale_{scales.index(entry.scale) + 1}"
    return lists


def _plain(text: str) -> str:
    """Return a text in which nothing is taken for a reference to a question."""
    return tidy(text).replace("${", "$ {")


def _literal(entry: Entry, value: str) -> str:
    stands_for = option_values(entry, NAME).get(value, value) if entry.options else value
    return stands_for if entry.kind == "number" else "'" + stands_for.replace("'", "") + "'"


def _signed(entry: Entry, comparison: str, value: str) -> str:
    sign = "=" if comparison == "==" else comparison
    if entry.kind == "rating":
        return f"${{{entry.code}}} {sign} {value}"
    return f"${{{entry.code}}} {sign} {_literal(entry, value)}"


DIALECT = Dialect(
    compared=_signed,
    selected=lambda entry, option: f"selected(${{{entry.code}}}, {_literal(entry, option)})",
    answered=lambda entry: f"${{{entry.code}}} != ''",
    negated=lambda part: f"not({part})",
    words={"and": " and ", "or": " or "},
)


def _workbook(sheets: dict[str, list[Row]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        headings = list(dict.fromkeys(key for row in rows for key in row))
        for line, row in enumerate([dict(zip(headings, headings, strict=True)), *rows], start=1):
            for column, heading in enumerate(headings, start=1):
                if row.get(heading):
                    cell = sheet.cell(line, column)
                    cell.value = row[heading]
                    cell.data_type = "s"  # a text, even if it begins with =
    buffer = BytesIO()
    book.save(buffer)
    return reproducible(buffer.getvalue())


PLATFORM = Platform(name="xlsform", title=TITLE, multilingual=True, write=write)
