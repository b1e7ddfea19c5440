"""Does a questionnaire contradict itself? Each fault is found with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Place, QuestionnaireError, did_you_mean, listed
from loyaltysem.questionnaire.order import order_faults
from loyaltysem.questionnaire.texts import scales, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.documents import FieldPath
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.questions import Question
    from loyaltysem.questionnaire.scale import Scale

RESERVED = ("id", "respondent", "respondent_id", "simulated")
"""Headings that mean something else in a file of answers."""

NPS_ENDS = (0, 10)
UNLABELLED = frozenset({"semantic_differential", "count"})
"""Types of scales whose points have no labels."""


def check_consistency(questionnaire: Questionnaire) -> None:
    """Refuse a questionnaire that contradicts itself.

    Raises
    ------
    QuestionnaireError
        Codes used twice (in whatever case, since headings are matched without it), reserved codes,
        missing or surplus translations, labels beside the scale or missing at its ends, poles
        missing or where there are none, a correct or accepted answer that cannot be given, limits
        that contradict each other; sections that leave something out or ask it twice, conditions
        that cannot be read or look ahead. ``faults`` holds one error for each.
    """
    faults = [
        *_scale_faults(questionnaire),
        *_code_faults(questionnaire),
        *_translation_faults(questionnaire),
        *_attention_faults(questionnaire),
        *_pole_faults(questionnaire),
        *_screening_faults(questionnaire),
        *_question_faults(questionnaire),
    ]
    faults = faults or list(order_faults(questionnaire))
    if faults:
        whole = questionnaire.place() or Place(questionnaire.name)
        raise QuestionnaireError.together(faults, place=Place(whole.file))


def _scale_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    for at, scale in scales(questionnaire):
        if len(scale.points) < 2:
            yield QuestionnaireError(
                "A scale needs two points or more",
                place=questionnaire.place(*at),
                found=f"lowest {scale.lowest}, highest {scale.highest}",
            )
            continue
        yield from _point_faults(questionnaire, at, scale)
        yield from _label_faults(questionnaire, at, scale)


def _point_faults(
    questionnaire: Questionnaire, at: FieldPath, scale: Scale
) -> Iterator[QuestionnaireError]:
    if scale.type == "nps" and (scale.lowest, scale.highest) != NPS_ENDS:
        yield QuestionnaireError(
            "A scale of type 'nps' goes from 0 to 10",
            place=questionnaire.place(*at),
            found=f"lowest {scale.lowest}, highest {scale.highest}",
        )
    if scale.points[-1] != scale.highest or (scale.step > 1 and scale.type != "slider"):
        yield QuestionnaireError(
            "The step does not fit the scale",
            place=questionnaire.place(*at, "step"),
            found=f"{scale.step} from {scale.lowest} to {scale.highest}",
            expected="a divisor of the range on a slider, 1 on every other scale",
        )


def _label_faults(
    questionnaire: Questionnaire, at: FieldPath, scale: Scale
) -> Iterator[QuestionnaireError]:
    ends = set() if scale.type in UNLABELLED else {scale.lowest, scale.highest}
    for end in sorted(ends - set(scale.labels)):
        yield QuestionnaireError(
            f"The end {end} of the scale has no label", place=questionnaire.place(*at, "labels")
        )
    for point in scale.labels.keys() - set(scale.points):
        yield QuestionnaireError(
            f"Label {point} lies off the scale",
            place=questionnaire.place(*at, "labels", point),
            expected=f"{scale.lowest} to {scale.highest}",
        )


def _codes(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, str]]:
    for k, construct in enumerate(questionnaire.constructs):
        yield ("constructs", k, "code"), construct.code
        for j, item in enumerate(construct.items):
            yield ("constructs", k, "items", j, "code"), item.code
    for shelf in ("screening", "attention_checks", "demographics", "questions", "sections"):
        for k, one in enumerate(getattr(questionnaire, shelf)):
            yield (shelf, k, "code"), one.code
    for k, question in enumerate(questionnaire.questions):
        if question.type in {"multiple", "ranking"}:
            for option in question.options or ():
                yield ("questions", k, "options", option), f"{question.code}_{option}"


def _code_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    seen: dict[str, FieldPath] = {}
    for at, code in _codes(questionnaire):
        place, key = questionnaire.place(*at), code.casefold()
        if key in RESERVED:
            yield QuestionnaireError(
                f"Code '{code}' is reserved: a heading of that name has a meaning of its own",
                place=place,
                remedy="Choose another code.",
            )
        elif key in seen:
            first = questionnaire.place(*seen[key])
            line = f" (first on line {first.line})" if first else ""
            yield QuestionnaireError(
                f"Code '{code}' is used twice{line}",
                place=place,
                remedy="Each construct, item, check, demographic, question and section needs a code"
                " of its own; an option to tick has one made of question and option.",
            )
        seen.setdefault(key, at)


def _translation_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    languages = questionnaire.languages
    for at, text in texts(questionnaire):
        missing = [language for language in languages if language not in text]
        surplus = [language for language in text if language not in languages]
        if missing:
            yield QuestionnaireError(
                f"The text '{next(iter(text.values()), '')}' is not translated",
                place=questionnaire.place(*at),
                found=listed(text),
                expected=listed(languages),
            )
        for language in surplus:
            yield _unknown_language(questionnaire, (*at, language), language)
    if questionnaire.translation and questionnaire.translation.original not in languages:
        original = questionnaire.translation.original
        yield _unknown_language(questionnaire, ("translation", "original"), original)


def _unknown_language(
    questionnaire: Questionnaire, at: FieldPath, language: str
) -> QuestionnaireError:
    return QuestionnaireError(
        f"The language '{language}' is not one of this questionnaire",
        place=questionnaire.place(*at),
        expected=listed(questionnaire.languages),
        remedy=did_you_mean(language, questionnaire.languages),
    )


def _attention_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    scale = questionnaire.scale
    for k, check in enumerate(questionnaire.attention_checks):
        if check.correct not in scale.points:
            yield QuestionnaireError(
                f"The correct answer of attention check '{check.code}' lies off the scale",
                place=questionnaire.place("attention_checks", k, "correct"),
                found=check.correct,
                expected=f"{scale.lowest} to {scale.highest}",
            )
        if check.after is not None and check.after not in questionnaire.item_codes:
            yield QuestionnaireError(
                f"Attention check '{check.code}' stands after '{check.after}', which is no item",
                place=questionnaire.place("attention_checks", k, "after"),
                remedy=did_you_mean(check.after, questionnaire.item_codes),
            )


def _pole_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    if questionnaire.attention_checks and questionnaire.scale.type in UNLABELLED:
        yield QuestionnaireError(
            "Attention checks need a scale with labels, and the questionnaire's has none",
            place=questionnaire.place("attention_checks"),
            found=f"type {questionnaire.scale.type}",
            remedy="Give that scale to the constructs or items that need it, and labels to this.",
        )
    for k, construct in enumerate(questionnaire.constructs):
        for j, item in enumerate(construct.items):
            scale = item.scale or construct.scale or questionnaire.scale
            if (scale.type == "semantic_differential") != (item.poles is not None):
                word = "no" if item.poles is None else "but"
                yield QuestionnaireError(
                    f"Item '{item.code}' has {word} poles"
                    + ("" if item.poles is None else " is not on a semantic differential"),
                    place=questionnaire.place("constructs", k, "items", j),
                    remedy="On a semantic differential, and only there, each item has poles:"
                    " {left: …, right: …}.",
                )


def _screening_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    for k, screening in enumerate(questionnaire.screening):
        for j, option in enumerate(screening.accept):
            if option not in screening.options:
                yield QuestionnaireError(
                    f"Screening question '{screening.code}' accepts '{option}', which is no option",
                    place=questionnaire.place("screening", k, "accept", j),
                    expected=listed(screening.options),
                    remedy=did_you_mean(option, screening.options),
                )


_ALLOWED = {
    "single": {"options"},
    "multiple": {"options", "least", "most"},
    "ranking": {"options"},
    "text": {"long"},
    "number": {"lowest", "highest"},
    "date": set[str](),
}
_EXTRAS = ("options", "least", "most", "long", "lowest", "highest")


def _question_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    for k, question in enumerate(questionnaire.questions):
        allowed = _ALLOWED[question.type]
        given = [name for name in _EXTRAS if getattr(question, name) not in (None, False)]
        for name in set(given) - allowed:
            yield QuestionnaireError(
                f"'{name}' means nothing for a question of type '{question.type}'",
                place=questionnaire.place("questions", k, name),
                expected=listed(sorted(allowed)) or "no such key",
            )
        if "options" in allowed and question.options is None:
            yield QuestionnaireError(
                f"Question '{question.code}' has no options",
                place=questionnaire.place("questions", k),
            )
        if _limits_contradict(question):
            yield QuestionnaireError(
                f"The limits of question '{question.code}' contradict each other",
                place=questionnaire.place("questions", k),
            )


def _limits_contradict(question: Question) -> bool:
    lowest, highest, least, most = (
        question.lowest,
        question.highest,
        question.least,
        question.most,
    )
    n = len(question.options or ())
    return (
        (lowest is not None and highest is not None and lowest > highest)
        or (least is not None and least > (n if most is None else most))
        or (most is not None and most > n > 0)
    )
