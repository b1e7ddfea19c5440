"""An entry of the catalogue as a page to read: Markdown and a picture of its model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams import draw_paths, figure_bytes
from loyaltysem.estimation import fit
from loyaltysem.structural.simulation import implied_correlations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.study.catalogue.entry import Entry

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "counts": "{constructs} constructs, {items} items, about {minutes} minutes to answer.",
        "source": "After",
        "hypotheses": "Hypotheses",
        "hypothesis": "Hypothesis",
        "items": "Questionnaire",
        "code": "Code",
        "wording": "Wording",
        "reverse": " *(reverse)*",
        "figure": "Population values of the example; they are invented.",
        "start": "Start a study from it",
    },
    "zh": {
        "counts": "{constructs} 个构念，{items} 个题项，作答约需 {minutes} 分钟。",
        "source": "依据",
        "hypotheses": "研究假设",
        "hypothesis": "假设",
        "items": "问卷题项",
        "code": "编码",
        "wording": "题项内容",
        "reverse": "*（反向计分）*",
        "figure": "图中数值为示例所用的总体参数，系虚构。",
        "start": "以此为起点新建研究",
    },
}


def entry_picture(entry: Entry, language: Language) -> bytes:
    """Return the path diagram of the entry's model with its population values, as SVG.

    The model is fitted to the correlations that the population values imply, so that the estimates
    are these values.
    """
    implied = implied_correlations(entry.model, entry.population)
    at = [implied.names.index(item) for item in entry.model.items]
    items = list(entry.model.items)
    correlations = pd.DataFrame(implied.matrix[at][:, at], index=items, columns=items)
    fitted = fit(entry.model.syntax, sample_cov=correlations, n=entry.population.n)
    paths = any(element.op == "~" for element in entry.model.statements.elements)
    drawing = draw_paths(
        fitted,
        kind="structural" if paths else "full",
        language=language,
        names=_names(entry, language),
        stars=(),
    )
    return figure_bytes(drawing, "svg")


def _names(entry: Entry, language: str) -> dict[str, str]:
    names = {one.code: one.name[language] for one in entry.questionnaire.constructs}
    return names | {code: name[language] for code, name in entry.model.names.items()}


def entry_page(entry: Entry, language: Language) -> str:
    """Return the entry as Markdown; its picture is ``<name>.<language>.svg`` beside it."""
    return "\n".join(_lines(entry, language)) + "\n"


def _lines(entry: Entry, language: Language) -> Iterator[str]:
    words = WORDS[language]
    yield f"# {entry.model.title[language]}"
    yield ""
    yield words["counts"].format(
        constructs=len(entry.questionnaire.constructs),
        items=entry.n_items,
        minutes=math.ceil(entry.minutes(language)),
    )
    yield f"{words['source']}: {entry.model.source}."
    yield ""
    yield f"![{entry.model.title[language]}]({entry.name}.{language}.svg)"
    yield ""
    yield f"*{words['figure']}*"
    yield ""
    yield from _hypotheses(entry, language)
    yield from _items(entry, language)
    yield f"## {words['start']}"
    yield ""
    yield "```"
    yield f"loyaltysem new my-study --from {entry.name}"
    yield "```"


def _hypotheses(entry: Entry, language: str) -> Iterator[str]:
    words = WORDS[language]
    if not entry.model.hypotheses:
        return
    yield f"## {words['hypotheses']}"
    yield ""
    yield f"| | {words['hypothesis']} | {words['source']} |"
    yield "|---|---|---|"
    for one in entry.model.hypotheses:
        yield f"| {one.id} | {_cell(one.wording[language])} | {_cell(one.source)} |"
    yield ""


def _items(entry: Entry, language: str) -> Iterator[str]:
    words = WORDS[language]
    yield f"## {words['items']}"
    for construct in entry.questionnaire.constructs:
        yield ""
        yield f"**{construct.name[language]}** ({construct.source})"
        yield ""
        yield f"| {words['code']} | {words['wording']} |"
        yield "|---|---|"
        for item in construct.items:
            reverse = words["reverse"] if item.reverse else ""
            yield f"| {item.code} | {_cell(item.wording[language])}{reverse} |"
    yield ""


def _cell(text: str) -> str:
    """Return text that cannot end its cell or its row."""
    return text.replace("|", "\\|").replace("\n", " ")
