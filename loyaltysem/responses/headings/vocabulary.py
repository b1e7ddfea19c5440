"""By which codes and wordings the questions of a form go on a platform."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import option_values, stem
from loyaltysem.questionnaire.wording import said
from loyaltysem.responses.headings.found import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.questionnaire import Form
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.platforms import Platform

_TAG = re.compile(r"<[^>]{1,100}>")
_NUMBER = re.compile(r"^\s*(?:q|第)?\s*\d{1,3}\s*(?:[.、:)．：）]|题)\s*", re.IGNORECASE)
_NOTE = re.compile(r"[\[【][^\[\]【】]{1,12}[题选][\]】]|\*")
_CODE_AT_END = re.compile(r"[(（]\s*[A-Za-z_][A-Za-z0-9_]*\s*[)）]\s*$")

SEVERAL = frozenset({"multiple", "ranking"})
"""Kinds of questions that have a column per option or rank."""


def plain_wording(text: str) -> str:
    """Return a wording without numbering, tags, notes, code, punctuation and blanks."""
    text = unicodedata.normalize("NFKC", text)
    text = _CODE_AT_END.sub("", _NUMBER.sub("", _NOTE.sub("", _TAG.sub("", text))).strip())
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What headings can say.

    Attributes
    ----------
    keys
        What each code stands for, as the platform writes it; doubtful codes are absent.
    wordings
        What has each wording in any language.
    options
        What has each pair of a question's wording and an option's label.
    """

    keys: Mapping[str, Target]
    wordings: Mapping[str, set[Target]]
    options: Mapping[tuple[str, str], set[Target]]


def vocabulary_of(form: Form, platform: Platform) -> Vocabulary:
    """Return the codes and wordings of a form's questions."""
    whole: dict[str, set[Target]] = defaultdict(set)
    options: dict[tuple[str, str], set[Target]] = defaultdict(set)
    for entry in form.entries:
        texts = {one for name in form.questionnaire.languages for one in _texts(entry, name)}
        for text in texts:
            whole[text].add(Target(entry.code))
        if entry.kind in SEVERAL:
            for (option, label), text in itertools.product(entry.options.items(), texts):
                for said_so in label.values():
                    options[text, plain_wording(said_so)].add(Target(entry.code, option))
    return Vocabulary(keys=_keys(form, platform), wordings=whole, options=options)


def option_named(entry: Entry, wording: str) -> str:
    """Return the option of that label in any language (a plain wording), or an empty text."""
    named = [
        option
        for option, label in entry.options.items()
        if wording in {plain_wording(text) for text in label.values()}
    ]
    return named[0] if len(named) == 1 else ""


def _texts(entry: Entry, language: str) -> set[str]:
    texts = {stem(entry, language), said(entry.wording, language)}
    texts |= {said(entry.name, language)} if entry.name else set()
    return {plain_wording(text) for text in texts} - {""}


def _keys(form: Form, platform: Platform) -> dict[str, Target]:
    """Return what each code stands for; a question goes before a part of another one."""
    found: dict[str, set[Target]] = defaultdict(set)
    for entry in form.entries:
        code = platform.code(entry.code)
        found[code].add(Target(entry.code))
        if entry.scale is not None and entry.scale.type == "slider":
            found[f"{code}_1"].add(Target(entry.code))
        for part, target in _parts(entry, platform):
            found[f"{code}_{part.casefold()}"].add(target)
    whole = {
        key: {one for one in targets if not one.part} or targets for key, targets in found.items()
    }
    return {key: targets.pop() for key, targets in whole.items() if len(targets) == 1}


def _parts(entry: Entry, platform: Platform) -> Iterator[tuple[str, Target]]:
    """Yield what stands for each option or rank of a question in a heading."""
    if entry.kind not in SEVERAL:
        return
    if entry.kind == "ranking" and platform.by_rank:
        for rank in range(1, len(entry.options) + 1):
            yield str(rank), Target(entry.code, rank=rank)
        return
    values = option_values(entry, platform.option_codes)
    yield from ((value, Target(entry.code, option)) for option, value in values.items())
    if not set(entry.options) & set(values.values()):
        yield from ((option, Target(entry.code, option)) for option in entry.options)
