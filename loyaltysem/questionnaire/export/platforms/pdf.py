"""A PDF to print, set by Typst; the questionnaire goes in as data, so no text can be markup."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from loyaltysem.library import shipped_folder
from loyaltysem.questionnaire.export.layout import single_language
from loyaltysem.questionnaire.export.paper import Paper, paper_of
from loyaltysem.questionnaire.export.platform import Exported, Loss, Platform

if TYPE_CHECKING:
    from loyaltysem.questionnaire.form import Form

LATIN = ("Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif", "Libertinus Serif")
CHINESE = (
    "SimSun", "Songti SC", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "FandolSong",
    "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei",
)  # fmt: skip


def write(form: Form, language: str) -> Exported:
    """Return the document in one language, and whether Chinese signs are missing in it."""
    import typst

    paper = paper_of(form, language)
    known = set(typst.Fonts().families())
    latin, chinese = ([name for name in names if name in known] for names in (LATIN, CHINESE))
    template = shipped_folder("questionnaires") / "interface" / "paper.typ"
    data = json.dumps(_data(paper, [*latin[:1], *chinese[:1]], language), ensure_ascii=False)
    content: bytes = typst.compile(str(template), sys_inputs={"paper": data})
    losses = single_language(form, "PDF", language)
    if not chinese and _is_chinese(data):
        losses = (*losses, Loss(code="no_cjk_font"))
    return Exported(files={f"{form.questionnaire.name}.{language}.pdf": content}, losses=losses)


def _data(paper: Paper, fonts: list[str], language: str) -> dict[str, Any]:
    return {
        "title": paper.title,
        "foot": paper.foot,
        "lang": language.split("-", maxsplit=1)[0],
        "fonts": fonts,
        "parts": [
            {"kind": type(part).__name__.lower(), **dataclasses.asdict(part)}
            for part in paper.parts
        ],
    }


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


PLATFORM = Platform(name="pdf", title="PDF", multilingual=False, write=write)
