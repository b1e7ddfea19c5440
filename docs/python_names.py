"""Write docs/python.md, the public names of ``import loyaltysem``, from their docstrings."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import loyaltysem

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).with_name("python.md")

ROOMS = {
    "estimation": "Fitting models",
    "syntax": "Models as tables",
    "measurement": "Measurement: items, scales, factors, validity",
    "structural": "Structure: effects, moderation, groups, method variance, power",
    "diagrams": "Diagrams and figures",
    "questionnaire": "Questionnaires",
    "responses": "Answers",
    "study": "Studies",
    "results": "Results",
    "report": "Reports",
    "errors": "Errors and notices",
}

INTRODUCTION = """\
# The Python interface

Made from the docstrings by `make docs`; `help(ls.fit)` says what the arguments mean, which errors
can be raised, the formula and its source. Every table is a pandas DataFrame, every figure a
matplotlib figure; records are frozen. `import loyaltysem as ls` loads nothing that is not used.
"""


def python_names() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for room, title in ROOMS.items():
        parts += [f"\n## {title}\n", "| name | meaning |", "|---|---|", *_rows(room)]
    parts += ["\n## What a `Fit` answers\n", "| name | meaning |", "|---|---|", *_asked_of_a_fit()]
    parts += ["\n## `ls.charts`\n", "| name | meaning |", "|---|---|"]
    parts += [_row(name, getattr(loyaltysem.charts, name)) for name in loyaltysem.charts.__all__]
    return "\n".join(parts) + "\n"


def _rows(room: str) -> Iterator[str]:
    for name in loyaltysem.__all__:
        found = getattr(loyaltysem, name)
        if getattr(found, "__module__", "").split(".")[1:2] == [room]:
            yield _row(name, found)


def _asked_of_a_fit() -> Iterator[str]:
    for name, found in sorted(vars(loyaltysem.Fit).items()):
        if name.startswith("_") or not inspect.getdoc(found):
            continue
        if isinstance(found, property):
            yield f"| `{name}` | {_first_sentence(found)} |"
        elif inspect.isfunction(found):
            yield _row(name, found)


def _row(name: str, found: Any) -> str:
    called = name if inspect.isclass(found) else f"{name}({_arguments(found)})"
    return f"| `{called}` | {_first_sentence(found)} |"


def _arguments(found: Any) -> str:
    """Return the arguments that must be given; the others are an ellipsis."""
    arguments = [one for one in inspect.signature(found).parameters.values() if one.name != "self"]
    needed = [
        f"*{one.name}" if one.kind is one.VAR_POSITIONAL else one.name
        for one in arguments
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    ]
    return ", ".join(needed if len(needed) == len(arguments) else [*needed, "…"])


def _first_sentence(found: Any) -> str:
    text = (inspect.getdoc(found) or "").split("\n\n")[0].replace("\n", " ")
    return re.sub(r"`+([^`]+)`+", r"`\1`", text).replace("|", "\\|")


def main() -> None:
    """Write the page."""
    TARGET.write_text(python_names(), encoding="utf-8")


if __name__ == "__main__":
    main()
