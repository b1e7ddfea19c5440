"""A codebook as Markdown, for an appendix or a data repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import one_line
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.export.variables import Variable, variables
from loyaltysem.questionnaire.export.words import condition_words
from loyaltysem.questionnaire.wording import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Form

_MARKS = re.compile(r"([\\`*{}\[\]<>()#+!|~$&-]|(?<!\w)_|_(?!\w))")


def write(form: Form, language: str) -> Exported:
    """Return the codebook in all languages, the given one first."""
    languages = [language, *(one for one in form.questionnaire.languages if one != language)]
    text = "\n".join(_lines(form, languages)) + "\n"
    return Exported(files={f"{form.questionnaire.name}.codebook.md": text.encode()})


def _lines(form: Form, languages: list[str]) -> Iterator[str]:
    asked = form.questionnaire
    yield f"# {_both(asked.title, languages)}"
    yield ""
    yield f"`{asked.name}`, version {_plain(asked.version)}, SHA-256 `{asked.content_hash()}`."
    if asked.translation:
        way = asked.translation
        yield ""
        method = way.method.replace("_", "-")
        yield f"Original language: {way.original}; {method}. {_plain(way.note)}"
    for construct in asked.constructs:
        yield ""
        name = f"**{construct.code}** {_both(construct.name, languages)}"
        yield f"- {name} – {_plain(construct.source)}"
    yield ""
    for variable in variables(form):
        yield from _variable(variable, form, languages)


def _variable(variable: Variable, form: Form, languages: list[str]) -> Iterator[str]:
    yield f"## {_plain(variable.name)}"
    yield ""
    for language in languages:
        yield f"- {_plain(said(variable.label, language))}"
    facts = [variable.role.replace("_", " "), variable.type]
    facts += [f"construct {variable.construct}"] if variable.construct else []
    facts += ["reverse item"] if variable.reverse else []
    yield f"- *{_plain(', '.join(facts))}*"
    if variable.source:
        adapted = f" ({_plain(variable.adaptation)})" if variable.adaptation else ""
        yield f"- Source: {_plain(variable.source)}{adapted}"
    if variable.condition:
        words = condition_words(variable.condition, form, languages[0])
        yield f"- Asked only if {_plain(words)}"
    if variable.labels:
        yield ""
        yield "| value | " + " | ".join(languages) + " |"
        yield "|---|" + "---|" * len(languages)
        for value, label in variable.labels.items():
            cells = " | ".join(_plain(said(label, one)) for one in languages)
            yield f"| {_plain(value)} | {cells} |"
    yield ""


def _both(text: dict[str, str], languages: list[str]) -> str:
    return " / ".join(_plain(said(text, one)) for one in languages)


def _plain(text: str) -> str:
    """Return a text on one line in which no sign is Markdown or HTML."""
    return _MARKS.sub(r"\\\1", one_line(text)).replace("\\-", "-")


PLATFORM = Platform(name="codebook-md", title="Codebook (Markdown)", multilingual=True, write=write)
