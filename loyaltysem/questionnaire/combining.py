"""Constructs of several questionnaires put together into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loyaltysem.documents.writing import written_yaml
from loyaltysem.errors import QuestionnaireError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loyaltysem.questionnaire import Construct, Questionnaire, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A questionnaire put together.

    Attributes
    ----------
    text
        The YAML of the new questionnaire.
    renamed
        (questionnaire, old code) → new code of what would have stood twice.
    left_out
        (questionnaire, code) of the demographics that another one of the same code, but other
        options, kept out.
    """

    text: str
    renamed: Mapping[tuple[str, str], str]
    left_out: tuple[tuple[str, str], ...] = ()


def combine_questionnaires(
    parts: Sequence[tuple[Questionnaire, str]], *, name: str, title: Mapping[str, str]
) -> Combination:
    """Put constructs of several questionnaires together.

    Codes, sources, scales and reverse items stay; a code that would stand twice gets the number of
    its part appended. Languages are those that all have. Instructions, consent and attention checks
    come from the first questionnaire, demographics from all, each code once; the word on the
    translation stays when it is the same in all.

    Parameters
    ----------
    parts
        Questionnaire and code of a construct, in the order in which they are asked.
    name, title
        Of the new questionnaire.

    Raises
    ------
    QuestionnaireError
        A construct does not exist or is named twice, or the questionnaires have no language in
        common.
    """
    languages = _common_languages([one for one, _ in parts])
    first = parts[0][0]
    _refuse_repetition(parts)
    renamed: dict[tuple[str, str], str] = {}
    taken: set[str] = {one.code for one in first.attention_checks}
    constructs = [
        _renamed(
            questionnaire, _construct(questionnaire, code), number, taken, renamed, first.scale
        )
        for number, (questionnaire, code) in enumerate(parts, start=1)
    ]
    demographics, left_out = _demographics([one for one, _ in parts], taken)
    same = all(one.translation == first.translation for one, _ in parts)
    whole = {
        "name": name,
        "version": "0.1",
        "languages": list(languages),
        "title": dict(title),
        "instructions": first.instructions,
        "consent": first.consent,
        "translation": _plain(first.translation) if first.translation and same else None,
        "scale": _plain(first.scale),
        "constructs": constructs,
        "attention_checks": [_plain(one) for one in first.attention_checks],
        "demographics": demographics,
    }
    kept = {key: _in_languages(value, languages) for key, value in whole.items() if value}
    head = "# Put together from " + ", ".join(f"{one.name}: {code}" for one, code in parts) + ".\n"
    return Combination(text=head + written_yaml(kept), renamed=renamed, left_out=left_out)


def _demographics(
    questionnaires: Iterable[Questionnaire], taken: set[str]
) -> tuple[list[dict[str, Any]], tuple[tuple[str, str], ...]]:
    """Return each demographic once, and those that another one of their code kept out."""
    chosen: dict[str, dict[str, Any]] = {}
    left_out: dict[tuple[str, str], None] = {}
    for questionnaire in questionnaires:
        for one in questionnaire.demographics:
            plain = _plain(one)
            if one.code in taken or chosen.setdefault(one.code, plain) != plain:
                left_out[questionnaire.name, one.code] = None
    return list(chosen.values()), tuple(left_out)


def _common_languages(questionnaires: Sequence[Questionnaire]) -> tuple[str, ...]:
    common = [
        language
        for language in questionnaires[0].languages
        if all(language in one.languages for one in questionnaires)
    ]
    if not common:
        raise QuestionnaireError(
            "The questionnaires have no language in common",
            found="; ".join(f"{one.name}: {listed(one.languages)}" for one in questionnaires),
        )
    return tuple(common)


def _refuse_repetition(parts: Iterable[tuple[Questionnaire, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for questionnaire, code in parts:
        if (questionnaire.name, code) in seen:
            raise QuestionnaireError(f"The construct '{questionnaire.name}:{code}' is named twice")
        seen.add((questionnaire.name, code))


def _construct(questionnaire: Questionnaire, code: str) -> Construct:
    codes = [one.code for one in questionnaire.constructs]
    if code not in codes:
        raise QuestionnaireError(
            f"The questionnaire '{questionnaire.name}' has no construct '{code}'",
            expected=listed(codes),
            remedy=did_you_mean(code, codes),
        )
    return questionnaire.construct_named(code)


def _renamed(
    questionnaire: Questionnaire,
    construct: Construct,
    number: int,
    taken: set[str],
    renamed: dict[tuple[str, str], str],
    usual: Scale,
) -> dict[str, Any]:
    """Return a construct with codes that nobody has yet; ``taken`` and ``renamed`` grow."""
    values = _plain(construct)
    scale = construct.scale or questionnaire.scale
    if scale != usual:
        values["scale"] = _plain(scale)
    for block in (values, *values["items"]):
        old = block["code"]
        if old in taken:
            block["code"] = renamed[questionnaire.name, old] = _free(f"{old}_{number}", taken)
        taken.add(block["code"])
    return values


def _free(code: str, taken: set[str]) -> str:
    while code in taken:
        code += "x"
    return code


def _plain(definition: Any) -> dict[str, Any]:
    plain: dict[str, Any] = definition.model_dump(mode="json", exclude_unset=True)
    return plain


def _in_languages(value: Any, languages: tuple[str, ...]) -> Any:
    """Return a value whose texts have only the languages that are left."""
    if isinstance(value, list):
        return [_in_languages(one, languages) for one in value]
    if not isinstance(value, dict):
        return value
    if set(languages) <= set(value) and all(isinstance(one, str) for one in value.values()):
        return {language: value[language] for language in languages}
    return {
        key: _points(_in_languages(one, languages))
        if key == "labels"
        else _in_languages(one, languages)
        for key, one in value.items()
    }


def _points(labels: dict[str, Any]) -> dict[int, Any]:
    """Return labels by the points of the scale, which plain values have as text."""
    return {int(point): label for point, label in labels.items()}
