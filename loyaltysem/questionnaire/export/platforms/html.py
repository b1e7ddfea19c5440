"""One HTML page to fill in on a phone or computer, offline, in all languages.

The page is made of three fixed files (``questionnaires/interface/form.*``) and the questionnaire as
JSON, which the script sets as text only. Its content security policy allows that script and that
style by their hashes, and nothing else: no network, no images, no frames.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import TYPE_CHECKING, Any

from loyaltysem.library import shipped_folder
from loyaltysem.questionnaire.conditions import Answered, Compared, Condition, Joined, Not, Selected
from loyaltysem.questionnaire.export.layout import grid_prompt
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from loyaltysem.questionnaire.form import Block, Entry, Form, Page

_PHRASES = (
    "language", "begin", "next", "back", "finish", "optional", "progress", "choose_some",
    "choose_least", "choose_most", "rank", "rank_all", "missing", "missing_many", "not_a_number",
    "not_whole", "not_a_date", "number_between", "number_least", "number_most", "not_set", "clear",
    "thanks", "screened_out", "declined", "kept_here", "kept_count", "save_csv", "save_json",
    "again", "erase", "erase_sure", "resumed", "restart", "not_kept",
)  # fmt: skip


def write(form: Form, language: str) -> Exported:
    """Return the page; it opens in the language of the browser, else in the given one."""
    folder = shipped_folder("questionnaires") / "interface"
    script, style = ((folder / name).read_text("utf-8") for name in ("form.js", "form.css"))
    page = (folder / "form.html").read_text("utf-8")
    title = html.escape(said(form.questionnaire.title, language))
    parts = {
        "language": language,
        "title": title,
        "no_script": html.escape(interface(language).phrase("no_script")),
        "script_hash": _hash(script),
        "style_hash": _hash(style),
        "style": style,
        "script": script,
        "data": _data(form, language),
    }
    pieces = page.split("{{")
    filled = pieces[0] + "".join(
        parts[name] + rest for name, rest in (piece.split("}}", maxsplit=1) for piece in pieces[1:])
    )
    return Exported(files={f"{form.questionnaire.name}.html": filled.encode()})


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _data(form: Form, language: str) -> str:
    """Return the questionnaire as JSON that cannot end the script element it stands in."""
    asked = form.questionnaire
    data = {
        "name": asked.name,
        "version": asked.version,
        "sha256": asked.content_hash(),
        "language": language,
        "languages": asked.languages,
        "title": asked.title,
        "thanks": asked.thanks,
        "screened_out": asked.screened_out,
        "words": {
            one: {key: interface(one).phrases[key] for key in _PHRASES} for one in asked.languages
        },
        "pages": [_page(page, asked.languages) for page in form.pages],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _page(page: Page, languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": page.title,
        "text": page.text,
        "randomise": page.randomise,
        "condition": _tree(page.show_if),
        "blocks": [_block(block, languages) for block in page.blocks],
    }


def _block(block: Block, languages: tuple[str, ...]) -> dict[str, Any]:
    prompts = {one: grid_prompt(block, one) for one in languages} if block.is_grid else {}
    return {
        "code": block.code,
        "grid": block.is_grid,
        "prompt": prompts,
        "entries": [_entry(entry) for entry in block.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    scale, poles = entry.scale, entry.poles
    return {
        "code": entry.code,
        "kind": entry.kind,
        "role": entry.role,
        "wording": entry.wording,
        "required": entry.required,
        "condition": _tree(entry.show_if),
        "options": [[option, label] for option, label in entry.options.items()],
        "accept": entry.accept,
        "lowest": entry.lowest,
        "highest": entry.highest,
        "whole": entry.whole,
        "least": entry.least,
        "most": entry.most,
        "long": entry.long,
        "poles": {"left": poles.left, "right": poles.right} if poles else None,
        "scale": None
        if scale is None
        else {
            "type": scale.type,
            "lowest": scale.lowest,
            "highest": scale.highest,
            "step": scale.step,
            "points": list(scale.points),
            "labels": scale.labels,
        },
    }


def _tree(condition: Condition | None) -> dict[str, Any] | None:
    """Return a condition as the script reads it."""
    match condition:
        case None:
            return None
        case Compared(code, comparison, value):
            return {"op": comparison, "code": code, "value": value}
        case Selected(code, option):
            return {"op": "selected", "code": code, "value": option}
        case Answered(code):
            return {"op": "answered", "code": code}
        case Not(part):
            return {"op": "not", "part": _tree(part)}
        case Joined(word, parts):
            return {"op": word, "parts": [_tree(part) for part in parts]}


PLATFORM = Platform(name="html", title="HTML page", multilingual=True, write=write)
