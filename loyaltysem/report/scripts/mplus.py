"""A model as an input file for Mplus.

Mplus reads names of eight letters and lines of ninety; names are shortened where needed and listed
in a comment. Everything that Mplus would add by itself is said, so that the models are the same.
"""

from __future__ import annotations

import re
import textwrap
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.results import ModelResult, ParameterRecord

LONGEST_NAME, LONGEST_LINE = 8, 80
NAME = re.compile(r"[A-Za-z_.][\w.]*")
OPERATORS = frozenset({"=~", "~", "~~", ":=", "==", "~1"})
ESTIMATORS = frozenset({"ML", "GLS", "ULS"})


def mplus_input(model: ModelResult, stem: str) -> str:
    """Return the input for Mplus, or nothing where the model has groups or thresholds."""
    known = all(row.op in OPERATORS for row in model.parameters)
    several = len({row.group for row in model.parameters if row.group}) > 1
    if model.moments is None or model.estimator not in ESTIMATORS or several or not known:
        return ""
    names = short_names(_all_names(model))
    return "\n".join(
        [
            f"TITLE: {_ascii(model.name)};",
            *_renamed(names),
            f'DATA: FILE = "{stem}.covariance.dat";',
            "  TYPE = COVARIANCE;",
            f"  NOBSERVATIONS = {model.moments.n};",
            "VARIABLE:",
            *_wrapped("NAMES = ", (names[name] for name in model.moments.variables)),
            f"ANALYSIS: ESTIMATOR = {model.estimator};",
            "MODEL:",
            *_model(model, names),
            *_constraints(model, names),
            "OUTPUT: STANDARDIZED RESIDUAL MODINDICES(3.84);",
            "",
        ]
    )


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return names that Mplus takes: eight ASCII letters at most, and no two the same."""
    short: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        base = re.sub(r"\W", "_", name, flags=re.ASCII)[:LONGEST_NAME] or "v"
        candidate, count = base, 1
        while candidate.upper() in taken:
            count += 1
            candidate = f"{base[: LONGEST_NAME - len(str(count))]}{count}"
        taken.add(candidate.upper())
        short[name] = candidate
    return short


def _all_names(model: ModelResult) -> list[str]:
    """Return variables, latent variables, labels and defined parameters, each once."""
    names = list(model.moments.variables if model.moments else ())
    for row in model.parameters:
        names += [] if row.op == "==" else [row.lhs]
        names += [row.rhs] if row.op in {"=~", "~", "~~"} else []
        names += [row.label] if row.label else []
    return [name for name in dict.fromkeys(names) if name]


def _renamed(names: dict[str, str]) -> list[str]:
    """Return comments on the names that had to be shortened."""
    changed = (
        f"! {short} = {_ascii(name)}"[:LONGEST_LINE]
        for name, short in names.items()
        if name != short
    )
    return list(changed)


def _ascii(text: str) -> str:
    """Return text as Mplus may read it: one line without semicolons and exclamation marks."""
    return re.sub(r"[^\x20-\x7e]|[;!]", "?", text)[:LONGEST_LINE]


def _model(model: ModelResult, names: dict[str, str]) -> Iterator[str]:
    words = {"=~": "BY", "~": "ON", "~~": "WITH"}
    terms: dict[tuple[str, str], list[str]] = {}
    for row in model.parameters:
        if row.op not in words:
            continue
        if row.op == "~~" and row.lhs == row.rhs:
            if not row.free or row.label:
                yield f"  {_term(row, names[row.lhs], names)};"
        else:
            term = _term(row, names[row.rhs], names)
            terms.setdefault((names[row.lhs], words[row.op]), []).append(term)
    for first, second in _uncorrelated(model):
        terms.setdefault((names[first], "WITH"), []).append(f"{names[second]}@0")
    for (name, word), parts in terms.items():
        yield from _wrapped(f"{name} {word} ", parts)


def _term(row: ParameterRecord, name: str, names: dict[str, str]) -> str:
    """Return a parameter as free (with its label) or fixed; ``*`` frees Mplus's own markers."""
    if not row.free:
        return f"{name}@{row.est:g}" if row.est is not None else name
    return f"{name}* ({names[row.label]})\n" if row.label else f"{name}*"


def _uncorrelated(model: ModelResult) -> Iterator[tuple[str, str]]:
    """Yield the pairs of latent variables that Mplus would correlate and the model does not."""
    latent = list(dict.fromkeys(row.lhs for row in model.parameters if row.op == "=~"))
    pairs = {frozenset((row.lhs, row.rhs)) for row in model.parameters if row.op in {"~~", "~"}}
    loaded = {frozenset((row.lhs, row.rhs)) for row in model.parameters if row.op == "=~"}
    for first, second in combinations(latent, 2):
        if frozenset((first, second)) not in pairs | loaded:
            yield first, second


def _constraints(model: ModelResult, names: dict[str, str]) -> list[str]:
    defined = [row for row in model.parameters if row.op == ":="]
    equal = [row for row in model.parameters if row.op == "=="]
    if not defined and not equal:
        return []
    lines = ["MODEL CONSTRAINT:"]
    if defined:
        lines += _wrapped("NEW(", (names[row.lhs] for row in defined), end=");")
    lines += [f"  {names[row.lhs]} = {_expression(row.rhs, names)};" for row in defined]
    return lines + [
        f"  0 = ({_expression(row.lhs, names)}) - ({_expression(row.rhs, names)});" for row in equal
    ]


def _expression(text: str, names: dict[str, str]) -> str:
    return NAME.sub(lambda found: names.get(found[0], found[0]), text).replace("^", "**")


def _wrapped(start: str, words: Iterable[str], end: str = ";") -> list[str]:
    """Return a statement on lines that Mplus can read; a label ends its line."""
    text = f"{start}{' '.join(words)}".rstrip() + end
    return [
        line
        for number, part in enumerate(text.split("\n"))
        for line in textwrap.wrap(
            part,
            LONGEST_LINE,
            initial_indent="    " if number else "  ",
            subsequent_indent="    ",
        )
    ]
