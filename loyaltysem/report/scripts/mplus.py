"""A model as an input file for Mplus.

Mplus reads names of eight letters and lines of ninety; names are shortened where needed and listed
in a comment. Everything that Mplus would add by itself is said, so that the models are the same
(Muthén & Muthén 2017, Mplus User's Guide, chapters 15-17).
"""

from __future__ import annotations

import re
import textwrap
from itertools import combinations
from typing import TYPE_CHECKING

from loyaltysem.report.scripts.needs import (
    ANSWERS_DAT,
    EXTRACT,
    MISSING,
    from_moments,
    has_means,
    is_given,
    observed_exogenous,
)
from loyaltysem.structural.specifications import CATEGORICAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from loyaltysem.results import ModelResult, ParameterRecord

LONGEST_NAME, LONGEST_LINE = 8, 80
NAME = re.compile(r"[A-Za-z_.][\w.]*")
ARITHMETIC = re.compile(r"[\w.+*/^() -]*")
CONTINUOUS = frozenset({"=~", "~", "~~", ":=", "==", "~1"})
ORDINAL = frozenset({"=~", "~", "~~", ":=", "==", "~1", "|", "~*~"})
FROM_ANSWERS = frozenset({"ML", "MLR", "MLM", "MLMV", "WLSMV", "ULSMV"})
TREATMENTS = frozenset({"listwise", "fiml", "pairwise"})
"""What is done about missing answers that Mplus does by itself with these estimators."""

RESERVED = (
    *("ABS", "ALL", "AND", "ARE", "AT", "BY", "COS", "EQ", "EXP", "GE", "GT", "IS", "LE", "LOG"),
    *("LOG10", "LT", "MODEL", "NE", "NEW", "NOT", "ON", "OR", "PON", "PWITH", "SIN", "SQRT"),
    *("TAN", "TEST", "USING", "WITH", "XWITH"),
)
"""Words of Mplus that are no names."""

STICKY = "\0"
"""Stands for a blank at which no line is broken: a label belongs to what is before it."""


def mplus_input(model: ModelResult, stem: str, items: Sequence[str]) -> str:
    """Return the input for Mplus, or nothing where Mplus would fit another model.

    Parameters
    ----------
    model
        The model.
    stem
        How the file with the moments is named, without its ending.
    items
        The columns of the analysed answers.
    """
    moments = from_moments(model)
    if not _possible(model) or not (moments or _fits_answers(model)):
        return ""
    names = short_names([*items, *_all_names(model)])
    data = _moments(model, names, stem) if moments else _answers(model, names, items)
    return "\n".join(
        [
            f"TITLE: {_ascii(model.name)};",
            *_renamed(names, _all_names(model)),
            *data,
            f"ANALYSIS: ESTIMATOR = {model.estimator};",
            "MODEL:",
            *_model(model, names),
            *_constraints(model, names),
            f"OUTPUT: STANDARDIZED RESIDUAL{_indices(model)};",
            "",
        ]
    )


def _possible(model: ModelResult) -> bool:
    """Tell whether the model is of one group, and its thresholds as Mplus takes them."""
    known = ORDINAL if model.estimator in CATEGORICAL else CONTINUOUS
    several = len({row.group for row in model.parameters if row.group}) > 1
    thresholds = (row for row in model.parameters if row.op in {"|", "~*~"})
    usual = all(row.free is (row.op == "|") and not row.label for row in thresholds)
    told = (row.lhs + row.rhs for row in model.parameters if row.op in {":=", "=="})
    plain = all(ARITHMETIC.fullmatch(text) for text in told)
    return all(row.op in known for row in model.parameters) and usual and plain and not several


def _fits_answers(model: ModelResult) -> bool:
    imputed = model.pooled is not None
    return model.estimator in FROM_ANSWERS and model.missing in TREATMENTS and not imputed


def _indices(model: ModelResult) -> str:
    """Return the option for modification indices, which Mplus does not have beside constraints."""
    constrained = any(row.op in {":=", "=="} for row in model.parameters)
    return "" if constrained else " MODINDICES(3.84)"


def _moments(model: ModelResult, names: dict[str, str], stem: str) -> list[str]:
    """Return the commands that read the moments."""
    moments = model.moments
    variables = moments.variables if moments else ()
    return [
        f'DATA: FILE = "{stem}.covariance.dat";',
        f"  TYPE = {'MEANS ' if has_means(model) else ''}COVARIANCE;",
        f"  NOBSERVATIONS = {moments.n if moments else model.n};",
        "VARIABLE:",
        *_wrapped("NAMES = ", (names[name] for name in variables)),
    ]


def _answers(model: ModelResult, names: dict[str, str], items: Sequence[str]) -> list[str]:
    """Return the commands that read the analysed answers."""
    used = {part for row in model.parameters for part in (row.lhs, row.rhs)}
    ordered = {row.lhs for row in model.parameters if row.op == "|"}
    listwise = ["  LISTWISE = ON;"] if model.missing == "listwise" else []
    lines = [
        f"! The answers as they were analysed, written by: {EXTRACT}",
        f'DATA: FILE = "{ANSWERS_DAT}";',
        *listwise,
        "VARIABLE:",
        *_wrapped("NAMES = ", (names[item] for item in items)),
        *_wrapped("USEVARIABLES = ", (names[item] for item in items if item in used)),
        f"  MISSING = ALL ({MISSING});",
    ]
    if ordered:
        lines += _wrapped("CATEGORICAL = ", (names[item] for item in items if item in ordered))
    return lines


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return names that Mplus takes: eight ASCII letters at most, and no two the same."""
    short: dict[str, str] = {}
    taken = set(RESERVED)
    for name in dict.fromkeys(names):
        base = re.sub(r"\W", "_", name, flags=re.ASCII)[:LONGEST_NAME] or "v"
        base = base if base[0].isalpha() else f"v{base}"[:LONGEST_NAME]
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


def _renamed(names: dict[str, str], used: Sequence[str]) -> list[str]:
    """Return comments on the names that had to be shortened."""
    changed = (
        f"! {names[name]} = {_ascii(name)}"[:LONGEST_LINE] for name in used if name != names[name]
    )
    return list(changed)


def _ascii(text: str) -> str:
    """Return text as Mplus may read it: one line without semicolons and exclamation marks."""
    return re.sub(r"[^\x20-\x7e]|[;!]", "?", text)[: LONGEST_LINE - len("TITLE: ;")]


def _model(model: ModelResult, names: dict[str, str]) -> list[str]:
    """Return the statements: measurement, structure, covariances, variances, means."""
    lines: list[str] = []
    for op, word in (("=~", "BY"), ("~", "ON"), ("~~", "WITH")):
        for name, parts in _terms(model, op, names).items():
            lines += _wrapped(f"{name} {word} ", parts)
    rows = [row for row in model.parameters if not is_given(row, observed_exogenous(model))]
    lines += [f"  {_statement(row, names)};" for row in rows if _is_told_variance(row, model)]
    lines += [f"  {_statement(row, names)};" for row in rows if _is_told_mean(row, model)]
    return lines


def _terms(model: ModelResult, op: str, names: dict[str, str]) -> dict[str, list[str]]:
    """Return what stands on the right-hand sides of an operator, by the left-hand side."""
    exogenous = observed_exogenous(model)
    terms: dict[str, list[str]] = {}
    for row in model.parameters:
        if row.op == op and row.lhs != row.rhs and not is_given(row, exogenous):
            terms.setdefault(names[row.lhs], []).append(_term(row, names[row.rhs], names))
    for first, second in _uncorrelated(model) if op == "~~" else ():
        terms.setdefault(names[first], []).append(f"{names[second]}@0")
    return terms


def _is_told_variance(row: ParameterRecord, model: ModelResult) -> bool:
    """Tell whether a variance is another than Mplus would take: free and without label."""
    ordered = {one.lhs for one in model.parameters if one.op == "|"}
    variance = row.op == "~~" and row.lhs == row.rhs and row.lhs not in ordered
    return variance and (not row.free or bool(row.label))


def _is_told_mean(row: ParameterRecord, model: ModelResult) -> bool:
    """Tell whether a mean is another than Mplus would take: free if observed, 0 if latent."""
    if row.op != "~1" or any(one.op == "|" and one.lhs == row.lhs for one in model.parameters):
        return False
    latent = any(one.op == "=~" and one.lhs == row.lhs for one in model.parameters)
    usual = not row.free and row.est == 0 if latent else row.free
    return not usual or bool(row.label)


def _statement(row: ParameterRecord, names: dict[str, str]) -> str:
    """Return a variance, or a mean in its brackets."""
    name = names[row.lhs]
    if row.op != "~1":
        return _term(row, name, names).replace(STICKY, " ").rstrip("\n")
    value = "*" if row.free else f"@{row.est:.12g}"
    return f"[{name}{value}]" + (f" ({names[row.label]})" if row.free and row.label else "")


def _term(row: ParameterRecord, name: str, names: dict[str, str]) -> str:
    """Return a parameter as free (with its label) or fixed; ``*`` frees Mplus's own markers."""
    if not row.free:
        return f"{name}@{row.est:.12g}"
    return f"{name}*{STICKY}({names[row.label]})\n" if row.label else f"{name}*"


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
    for row in defined:
        lines += _wrapped(f"{names[row.lhs]} = ", [_expression(row.rhs, names)])
    for row in equal:
        left, right = _expression(row.lhs, names), _expression(row.rhs, names)
        lines += _wrapped("0 = ", [f"({left}) - ({right})"])
    return lines


def _expression(text: str, names: dict[str, str]) -> str:
    """Return arithmetic in Mplus's names, with blanks at which a line may be broken."""
    renamed = NAME.sub(lambda found: names.get(found[0], found[0]), text).replace("^", "**")
    return re.sub(r"(?<=[\w)])([+-])(?=[\w(])", r" \1 ", renamed)


def _wrapped(start: str, words: Iterable[str], end: str = ";") -> list[str]:
    """Return a statement on lines that Mplus can read; a label ends its line."""
    text = f"{start}{' '.join(words)}".rstrip() + end
    return [
        line.replace(STICKY, " ")
        for number, part in enumerate(text.split("\n"))
        for line in textwrap.wrap(
            part,
            LONGEST_LINE,
            initial_indent="    " if number else "  ",
            subsequent_indent="    ",
        )
    ]
