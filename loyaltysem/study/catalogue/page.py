"""An entry of the catalogue as a page to read, in Markdown."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

from loyaltysem.report.bibliography import in_order, reference_line
from loyaltysem.report.document import Run
from loyaltysem.report.markup import parse_line
from loyaltysem.report.references import read_references
from loyaltysem.report.wording import read_words
from loyaltysem.study.catalogue.sources import cited_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.questionnaire import Construct, Item, Scale
    from loyaltysem.report.wording import Words
    from loyaltysem.study.catalogue.entry import Entry


def entry_page(entry: Entry, language: Language) -> str:
    """Return the entry as Markdown; its picture is ``<name>.<language>.svg`` beside it."""
    words = read_words(language)
    parts = chain(
        _head(entry, words),
        _hypotheses(entry, words),
        _example(entry, words),
        _questionnaire(entry, words),
        _references(entry, words),
        _start(entry, words),
    )
    return "\n".join(parts) + "\n"


def _head(entry: Entry, words: Words) -> Iterator[str]:
    title = entry.model.title[words.language]
    counts = {
        "constructs": len(entry.questionnaire.constructs),
        "items": entry.n_items,
        "minutes": math.ceil(entry.minutes(words.language)),
    }
    yield f"# {title}"
    yield ""
    yield words.label("entry.counts", **counts)
    yield words.label("entry.after", source=entry.model.source)
    yield ""
    yield f"![{title}]({entry.name}.{words.language}.svg)"
    yield ""
    origin = entry.population.source.get(words.language, "")
    yield f"*{words.label('entry.figure', source=origin)}*"


def _hypotheses(entry: Entry, words: Words) -> Iterator[str]:
    rows = [(one.id, one.wording[words.language], one.source) for one in entry.hypotheses]
    yield from _heading(words, "hypotheses")
    heads = (words.label(f"entry.{key}") for key in ("hypothesis", "source"))
    yield from _table(("", *heads), rows)


def _example(entry: Entry, words: Words) -> Iterator[str]:
    """Yield what the example study does beyond the paths of the model."""
    names, study = entry.names(words.language), entry.study
    steps = [step for one in entry.model.hypotheses for step in one.variables[1:-1]]
    yield from _heading(words, "example")
    if steps:
        mediators = [names[step] for step in dict.fromkeys(steps)]
        yield "- " + words.label("entry.mediation", mediators=mediators)
    if study.moderation:
        moderators = [names[one.moderator] for one in study.moderation]
        yield "- " + words.label("entry.moderation", moderators=moderators)
    if study.groups:
        yield "- " + words.label("entry.groups", variable=names[study.groups.by])
    for one in study.dimensions:
        constructs = [names[code] for code in one.constructs]
        yield "- " + words.label("entry.dimensions", constructs=constructs)
    yield f"- `examples/{entry.name}/study.yaml`, n = {entry.population.n}"


def _questionnaire(entry: Entry, words: Words) -> Iterator[str]:
    questionnaire = entry.questionnaire
    yield from _heading(words, "questionnaire")
    if questionnaire.instructions:
        yield f"> {questionnaire.instructions[words.language]}"
        yield ""
    yield _answers(questionnaire.scale, words)
    for construct in questionnaire.constructs:
        yield from _construct(construct, words)
    checks = [(one.code, one.wording[words.language]) for one in questionnaire.attention_checks]
    asked = [
        (one.code, (one.wording or one.name)[words.language]) for one in questionnaire.demographics
    ]
    for key, rows in (("attention", checks), ("demographics", asked)):
        if rows:
            yield ""
            yield f"### {words.label(f'entry.{key}')}"
            yield ""
            yield from _items_table(rows, words)


def _construct(construct: Construct, words: Words) -> Iterator[str]:
    yield ""
    yield f"### {construct.name[words.language]} (`{construct.code}`)"
    yield ""
    yield words.label("entry.after", source=construct.source)
    if construct.scale:
        yield _answers(construct.scale, words)
    yield ""
    yield from _items_table([(item.code, _item(item, words)) for item in construct.items], words)


def _item(item: Item, words: Words) -> str:
    """Return an item's wording, marked where it is reversed or has a source of its own."""
    parts = [item.wording[words.language]]
    if item.reverse:
        parts.append(words.label("entry.reverse"))
    if item.source:
        parts.append(words.label("entry.item_after", source=item.source))
    return ("" if words.language == "zh" else " ").join(parts)


def _items_table(rows: Iterable[tuple[str, str]], words: Words) -> Iterator[str]:
    return _table((words.label("entry.code"), words.label("entry.wording")), rows)


def _answers(scale: Scale, words: Words) -> str:
    ends = {"lowest": scale.lowest, "highest": scale.highest}
    if scale.type == "count":
        return words.label("entry.count", **ends)
    least, most = (scale.labels[end][words.language] for end in ends.values())
    return words.label("entry.answers", **ends, least=least, most=most)


def _references(entry: Entry, words: Words) -> Iterator[str]:
    known = read_references()
    yield from _heading(words, "references")
    works = [work for work in cited_works(entry) if work in known]
    for work in in_order(works, known, words.language):
        yield f"- {_marked_up(reference_line(known[work], words.language))}"


def _marked_up(reference: str) -> str:
    runs = [one for one in parse_line(reference) if isinstance(one, Run)]
    return "".join(f"*{one.text}*" if one.style == "italic" else one.text for one in runs)


def _start(entry: Entry, words: Words) -> Iterator[str]:
    yield from _heading(words, "start")
    yield "```"
    yield f"loyaltysem new my-study --from {entry.name}"
    yield "```"


def _heading(words: Words, key: str) -> Iterator[str]:
    yield from ("", f"## {words.label(f'entry.{key}')}", "")


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(_cell(text) for text in row) + " |"


def _cell(text: str) -> str:
    """Return text that cannot end its cell or its row."""
    return text.replace("|", "\\|").replace("\n", " ")
