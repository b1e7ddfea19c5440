"""The sentences of a report, from the editable catalogues ``reports/wording/<language>/*.yaml``.

A catalogue is a tree of Jinja templates; ``words.say("fit.text", chisq=…)`` renders one of them. A
study's own ``reports/wording/<language>.yaml`` replaces single sentences. Templates run in Jinja's
sandbox, every inserted value is escaped, and a fact that a sentence asks for but does not get is an
error, not a gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined
from markupsafe import Markup, escape

from loyaltysem.documents import read_document
from loyaltysem.errors import Place, ReportError, did_you_mean, listed
from loyaltysem.library import shipped_folder
from loyaltysem.report.citations import in_parentheses
from loyaltysem.report.document import Line, as_text
from loyaltysem.report.markup import parse_line
from loyaltysem.report.numbers import APA, Kind, NumberStyle, relation_to, scientific, written
from loyaltysem.report.sandbox import FAULTS, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

BLANKS = re.compile("[ \n]+")
_WIDE = "[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]"
_HAN = "[\u4e00-\u9fff]"
_TAGS = "(?:<(?!ref)[^<>]*>)*"
WIDE_GAP = re.compile(f"(?<={_WIDE}) +(?={_WIDE})")
BEFORE_HAN = re.compile(f"([A-Za-z0-9%Α-ω²]{_TAGS}|</ref>)(?={_HAN})")
AFTER_HAN = re.compile(f"({_HAN}{_TAGS})(?=[A-Za-z0-9Α-ω])")

NUMBERED = re.compile(r"(\D*)([1-9]\d*)")
"""A name with its number: H4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's sentences, ready to be filled."""

    language: str
    sentences: Mapping[str, str]
    places: Mapping[str, Place]
    environment: Sandbox
    style: NumberStyle = APA

    def knows(self, key: str) -> bool:
        """Tell whether the catalogue has a sentence of this key."""
        return key in self.places

    def say(self, key: str, **facts: object) -> Line:
        """Return a sentence with its facts filled in.

        Raises
        ------
        ReportError
            The catalogue lacks the key, or its template is faulty.
        """
        if key not in self.places:
            raise ReportError(
                f"The wording catalogue '{self.language}' has no sentence '{key}'",
                remedy=did_you_mean(key, self.places),
            )
        try:
            return parse_line(_tidy(self._filled(key, facts), self.language))
        except (ReportError, *FAULTS) as error:
            raise ReportError(
                f"The sentence '{key}' cannot be filled: {str(error).rstrip('.')}",
                place=self.places[key],
                expected=f"a Jinja template over {_named(facts)}",
            ) from None

    def _filled(self, key: str, facts: Mapping[str, object]) -> str:
        """Return a sentence with its facts; one that asks for none need not be compiled."""
        if "{" not in self.sentences[key]:
            return self.sentences[key]
        return self.environment.get_template(key).render(facts)

    def label(self, key: str, **facts: object) -> str:
        """Return a sentence as plain text, for places that know no styles."""
        return as_text(self.say(key, **facts))


def _named(facts: Mapping[str, object]) -> str:
    return f"the facts {listed(sorted(facts))}" if facts else "no facts"


def languages() -> tuple[str, ...]:
    """Return the languages that have a shipped catalogue."""
    return tuple(sorted(path.name for path in _shipped().iterdir() if path.is_dir()))


def read_words(language: str, folder: Path | None = None, style: NumberStyle = APA) -> Words:
    """Read a language's catalogue.

    Parameters
    ----------
    language
        Its code, e.g. ``en`` or ``zh``.
    folder
        A study's folder; its ``reports/wording/<language>.yaml`` replaces single sentences.
    style
        How numbers in sentences are written.

    Raises
    ------
    ReportError
        There is no catalogue for the language, or it holds something other than sentences.
    """
    if language not in languages():
        raise ReportError(
            f"There is no wording catalogue for the language '{language}'",
            expected=listed(languages()),
        )
    own = folder / "reports" / "wording" / f"{language}.yaml" if folder else None
    if own and own.is_file():
        return _with_own(language, own, style)
    if style == APA:
        return _shipped_words(language)
    return _words(language, *_read_shipped(language), style)


@cache
def _shipped_words(language: str) -> Words:
    """Return a shipped catalogue; it is read, and its templates compiled, once in a process."""
    return _words(language, *_read_shipped(language), APA)


def _with_own(language: str, path: Path, style: NumberStyle) -> Words:
    """Return a shipped catalogue in which a study's own file replaces single sentences."""
    sentences, places = _read_shipped(language)
    own_sentences, own_places = _read_catalogue(path)
    _refuse_unknown(own_places, sentences)
    return _words(language, sentences | own_sentences, places | own_places, style)


def _words(
    language: str, sentences: dict[str, str], places: dict[str, Place], style: NumberStyle
) -> Words:
    return Words(
        language=language,
        sentences=sentences,
        places=places,
        environment=_environment(sentences, style),
        style=style,
    )


def _tidy(text: str, language: str) -> str:
    """Return a rendered sentence without the line breaks and double blanks of its template.

    Chinese is written without blanks, but for one between a Han character and Latin letters or
    digits.
    """
    if language == "zh":
        text = WIDE_GAP.sub("", text.replace("\n", ""))
        text = AFTER_HAN.sub(r"\1 ", BEFORE_HAN.sub(r"\1 ", text))
    return BLANKS.sub(" ", text).strip(" \n")


def _shipped() -> Path:
    return shipped_folder("reports") / "wording"


def _read_shipped(language: str) -> tuple[dict[str, str], dict[str, Place]]:
    """Return the sentences of all files of a shipped catalogue; each stands in one file only."""
    sentences: dict[str, str] = {}
    places: dict[str, Place] = {}
    for path in sorted((_shipped() / language).glob("*.yaml")):
        more, at = _read_catalogue(path)
        for key in more.keys() & sentences.keys():
            raise ReportError(f"The sentence '{key}' stands twice", place=at[key])
        sentences |= more
        places |= at
    return sentences, places


def _read_catalogue(path: Path) -> tuple[dict[str, str], dict[str, Place]]:
    """Return the sentences and their places, keyed by their dotted path."""
    document = read_document(path)
    sentences: dict[str, str] = {}
    places: dict[str, Place] = {}
    for at, sentence in _leaves(document.data, ()):
        key, place = ".".join(at), document.place(*at)
        if not isinstance(sentence, str):
            raise ReportError(
                f"'{key}' is not a sentence", place=place, found=sentence, expected="text"
            )
        sentences[key], places[key] = sentence, place
    return sentences, places


def _leaves(tree: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _leaves(branch, (*at, key))
    else:
        yield at, tree


def _refuse_unknown(own: Mapping[str, Place], shipped: Mapping[str, str]) -> None:
    for key, place in own.items():
        if key not in shipped:
            raise ReportError(
                f"The wording catalogue knows no sentence '{key}'",
                place=place,
                remedy=did_you_mean(key, shipped),
            )


def _environment(sentences: dict[str, str], style: NumberStyle) -> Sandbox:
    environment = Sandbox(
        autoescape=True,
        undefined=StrictUndefined,
        loader=DictLoader(sentences),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    fill = _Filling(sentences, style)
    environment.filters |= {
        "listed": fill.listed,
        "listed_values": fill.listed_values,
        "with_values": fill.with_values,
        "with_shares": fill.with_shares,
        "ids": fill.ids,
        "cite": fill.cite,
        "named": lambda code, name: name(code),
        "arrow": lambda path, name: " → ".join(name(end) for end in path.split(" -> ")),
        "share": lambda value: written(round(100 * value, 6), Kind.CUTOFF, style),
        "scientific": lambda value: scientific(value, style, 1),
        "p": lambda value: relation_to(written(value, Kind.PVALUE, style)),
        **{kind.value: fill.number_filter(kind) for kind in Kind if kind is not Kind.TEXT},
    }
    environment.globals |= {
        "ref": _reference,
        "cutoff": fill.cutoff,
        "star_levels": fill.star_levels(),
    }
    return environment


def _next_id(name: str) -> str:
    """Return the name that follows a numbered one, H5 after H4; nothing after other names."""
    found = NUMBERED.fullmatch(name)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""


def _reference(key: str) -> Markup:
    return Markup('<ref to="{}"></ref>').format(key)


@dataclass(frozen=True, slots=True)
class _Filling:
    """The filters that sentences use on their facts."""

    sentences: Mapping[str, str]
    style: NumberStyle

    def number_filter(self, kind: Kind) -> Any:
        def write(value: float | None, limit: float | None = None) -> str:
            return written(value, kind, self.style, limit=limit)

        return write

    def cite(self, source: str) -> str:
        """Return sources as they are cited in parentheses in this language."""
        return in_parentheses(source).replace("; ", self.sentences["list.between_sources"])

    def cutoff(self, rule: Any) -> str:
        """Return a cut-off with its relation, e.g. ``≥ .70``."""
        sign = {">=": "≥", "<=": "≤"}.get(rule.relation, rule.relation)
        return f"{sign}\u00a0{written(rule.cutoff, Kind.CUTOFF, self.style)}"

    def star_levels(self) -> list[tuple[str, str]]:
        """Return the stars and their levels of significance as written: ``* .05``."""
        return [
            (mark, written(level, Kind.CUTOFF, self.style))
            for level, mark in reversed(self.style.stars)
        ]

    def listed(self, names: Iterable[object]) -> Markup:
        """Join names as the language does: ``A, B, and C``; ``A、B和C``."""
        parts = [escape(name) for name in names]
        if len(parts) < 2:
            return Markup("").join(parts)
        last = self.sentences["list.last_of_two" if len(parts) == 2 else "list.last"]
        return Markup(self.sentences["list.between"]).join(parts[:-1]) + last + parts[-1]

    def with_values(
        self, pairs: Sequence[tuple[str, float]], kind: str = "bounded", limit: float | None = None
    ) -> Markup:
        """Join names with their values: ``price (.652) and image (.688)``."""
        return self.listed_values(
            (name, written(value, Kind(kind), self.style, limit=limit)) for name, value in pairs
        )

    def with_shares(self, pairs: Sequence[tuple[str, float]]) -> Markup:
        """Join names with shares in per cent: ``PE3 (15.5 %) and BL1 (17.9 %)``."""
        unit = self.sentences["list.percent"]
        return self.listed_values(
            (name, written(share, Kind.PERCENT, self.style) + unit) for name, share in pairs
        )

    def ids(self, names: Sequence[str]) -> Markup:
        """Join numbered names, three or more in a row as a range: ``H2 and H4–H16``."""
        runs: list[list[str]] = []
        for name in names:
            follows = bool(runs) and _next_id(runs[-1][-1]) == name
            runs[-1].append(name) if follows else runs.append([name])
        return self.listed(
            part for run in runs for part in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)
        )

    def listed_values(self, pairs: Iterable[tuple[str, str]]) -> Markup:
        """Join names with values that are written already."""
        around = Markup(self.sentences["list.with_value"])
        return self.listed(around.format(name, value) for name, value in pairs)
