"""What several platforms share: texts on one line, codes in wordings, codes of options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.platform import Loss
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from loyaltysem.questionnaire.form import Block, Entry, Form, Page
    from loyaltysem.questionnaire.scale import Scale

_CODE_AT_END = re.compile(r"[（(]\s*([^\W\d]\w{0,63})\s*[)）]\s*$")


def tidy(text: str) -> str:
    """Return a text without control characters and needless blanks; line ends stay."""
    return "\n".join(_plain(line) for line in text.strip().splitlines())


def one_line(text: str) -> str:
    """Return a text without line ends, tabs and control characters."""
    return _plain(" ".join(text.split()))


def _plain(line: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())


def stem(entry: Entry, language: str) -> str:
    """Return the wording of a question, with its poles if it has any."""
    wording = tidy(said(entry.wording, language))
    if entry.poles is None:
        return wording
    left, right = said(entry.poles.left, language), said(entry.poles.right, language)
    return f"{wording} ({one_line(left)} – {one_line(right)})"


def with_code(text: str, code: str) -> str:
    """Return a text with the code of its question in brackets, for platforms without codes."""
    wide = any("\u4e00" <= sign <= "\u9fff" for sign in text)
    return f"{text}（{code}）" if wide else f"{text} ({code})"


def code_at_end(text: str) -> str | None:
    """Return what stands in brackets at the end of a heading, if it can be a code."""
    match = _CODE_AT_END.search(text)
    return match.group(1) if match else None


def point_label(scale: Scale, point: int, language: str) -> str:
    """Return what a point is called: its label; with its number when not all have a label."""
    label = one_line(said(scale.labels.get(point, {}), language))
    if len(scale.labels) == len(scale.points):
        return label
    return f"{point} {label}".strip()


def grid_prompt(block: Block, language: str) -> str:
    """Return the line above a grid."""
    poles = block.scale.type == "semantic_differential"
    return interface(language).phrase("between_poles" if poles else "rate_all")


def option_values(entry: Entry, allowed: str) -> dict[str, str]:
    """Return what stands for each option on a platform.

    Its code where the codes of all options match the regular expression ``allowed``, else its
    position, counted from 1; by the same rule the answers are read back.
    """
    if all(re.fullmatch(allowed, option) for option in entry.options):
        return {option: option for option in entry.options}
    return option_positions(entry)


def option_positions(entry: Entry) -> dict[str, str]:
    """Return the position of each option, counted from 1, as text."""
    return {option: str(k) for k, option in enumerate(entry.options, start=1)}


def conditional(form: Form) -> list[str]:
    """Return codes of the questions and pages that have a condition."""
    questions = [entry.code for entry in form.entries if entry.show_if is not None]
    return [*(page.code for page in form.pages if page.show_if is not None), *questions]


def losses_of(form: Form, platform: str, *codes: str) -> tuple[Loss, ...]:
    """Return those of the named losses that this questionnaire suffers on a platform."""
    found = []
    for code in codes:
        names = _SUFFERING[code](form)
        if names:
            listed = {"questions": ", ".join(names), "pages": ", ".join(names)}
            found.append(Loss(code=code, facts={"platform": platform, **listed}))
    return tuple(found)


def loss(platform: str, code: str, names: Iterable[str] = (), **facts: str) -> Loss:
    """Return one loss."""
    return Loss(code=code, facts={"platform": platform, "questions": ", ".join(names), **facts})


def single_language(form: Form, platform: str, language: str) -> tuple[Loss, ...]:
    """Return the loss of all languages but one."""
    if len(form.questionnaire.languages) < 2:
        return ()
    spoken = interface(language).phrase("language")
    return (loss(platform, "one_language", language=spoken),)


def _gated(form: Form) -> list[str]:
    return [entry.code for entry in form.entries if entry.accept]


def _random(form: Form) -> list[str]:
    return [page.code for page in form.pages if page.randomise]


def _limited(form: Form) -> list[str]:
    return [
        entry.code
        for entry in form.entries
        if any(one is not None for one in (entry.lowest, entry.highest, entry.least, entry.most))
    ]


def _sliders(form: Form) -> list[str]:
    return [entry.code for entry in form.entries if is_slider(entry)]


def _optional(form: Form) -> list[str]:
    return [entry.code for entry in form.entries if not entry.required]


_SUFFERING: dict[str, Callable[[Form], list[str]]] = {
    "skip_logic": conditional,
    "screening": _gated,
    "randomisation": _random,
    "limits": _limited,
    "slider": _sliders,
    "required": _optional,
}


def is_slider(entry: Entry) -> bool:
    """Whether a question is answered on a slider."""
    return entry.scale is not None and entry.scale.type == "slider"


def page_texts(page: Page, language: str) -> Sequence[str]:
    """Return title and text of a page, those that it has."""
    return [text for text in (said(page.title, language), said(page.text, language)) if text]
