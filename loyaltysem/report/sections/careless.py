"""Signs of careless answering, and what the exclusions change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import CarelessFlag, CarelessResult, ComparedModel, ComparedPath

FIT_KINDS = {
    "chisq": Kind.STATISTIC,
    "df": Kind.COUNT,
    "pvalue": Kind.PVALUE,
    "cfi": Kind.BOUNDED,
    "tli": Kind.BOUNDED,
    "rmsea": Kind.BOUNDED,
    "srmr": Kind.BOUNDED,
}
"""The compared fit measures, in the order of the table."""


def careless(context: Context) -> list[Block]:
    """Return the section on careless answering; nothing where it was not looked for."""
    found = context.results.careless
    if found is None:
        return []
    return [
        Heading(key="careless", level=1, text=context.say("careless.heading")),
        Paragraph(text=_text(context, found)),
        _table(context, found),
        *(block for one in found.compared for block in _comparison(context, one)),
    ]


def _text(context: Context, found: CarelessResult) -> Line:
    return context.say(
        "careless.text",
        n=found.n,
        flagged=found.n_flagged,
        several=found.n_several,
        excluding=[_name(context, one) for one in found.flags if one.excludes],
        least=found.least,
        lost=found.n_excluded,
    )


def _name(context: Context, flag: CarelessFlag) -> str:
    return context.words.label(f"careless_sign.{flag.flag}")


def _table(context: Context, found: CarelessResult) -> Table:
    excluding = any(one.excludes for one in found.flags)
    last = ("excluded_n",) if excluding else ()
    return Table(
        key="table_careless",
        caption=context.say("careless.caption"),
        columns=context.columns(
            "careless_sign", "rule", "n", "percent", *last, texts=["careless_sign", "rule"]
        ),
        rows=tuple(_row(context, one, excluding=excluding) for one in found.flags),
        notes=(
            context.say(
                "careless.note",
                excluding=excluding,
                unavailable=not all(one.available for one in found.flags),
            ),
        ),
    )


def _row(context: Context, flag: CarelessFlag, *, excluding: bool) -> Row:
    known = flag.available
    last = (number_cell(flag.n_excluded if flag.excludes else None, Kind.COUNT),)
    return Row(
        cells=(
            words_cell(context.say(f"careless_sign.{flag.flag}")),
            words_cell(context.say(f"careless_rule.{flag.flag}", threshold=flag.threshold)),
            number_cell(flag.n if known else None, Kind.COUNT),
            number_cell(flag.share if known else None, Kind.PERCENT),
            *(last if excluding else ()),
        )
    )


def _comparison(context: Context, model: ComparedModel) -> list[Block]:
    key = f"table_careless_{model.name}"
    title = _title(context, model.name)
    text = context.say(
        "careless.compared",
        table=key,
        title=title,
        n=model.n,
        n_all=model.n_all,
        changed=[_path(context, model, one) for one in model.paths if _changed(one)],
    )
    rows = [_fit_row(context, model, name) for name in FIT_KINDS if name in model.fit]
    if model.paths:
        rows.append(Row(cells=(words_cell(context.say("careless.paths")),), group=True))
    rows += [_path_row(context, model, one) for one in model.paths]
    table = Table(
        key=key,
        caption=context.say("careless.compared_caption", title=title),
        columns=(
            context.column("quantity", align="text"),
            context.column("without_excluded", n=model.n, starred=True),
            context.column("everybody", n=model.n_all, starred=True),
        ),
        rows=tuple(rows),
        notes=(context.say("careless.compared_note"),),
    )
    return [Paragraph(text=text), table]


def _title(context: Context, name: str) -> str:
    titles = {one.name: one.title for one in context.results.models}
    return context.text(titles[name]) if name in titles else name


def _path(context: Context, model: ComparedModel, path: ComparedPath) -> str:
    fitted = next((one for one in context.results.models if one.name == model.name), None)
    names = [context.construct(code, fitted) for code in (path.rhs, path.lhs)]
    return " → ".join(names)


def _changed(path: ComparedPath) -> bool:
    """Tell whether a path changes its sign or its side of the level of significance."""
    if None in (path.est, path.est_all, path.pvalue, path.pvalue_all):
        return False
    level = LEVEL
    sides = [(one or 0.0) < level for one in (path.pvalue, path.pvalue_all)]
    signs = [(one or 0.0) > 0 for one in (path.est, path.est_all)]
    return sides[0] != sides[1] or (all(sides) and signs[0] != signs[1])


def _fit_row(context: Context, model: ComparedModel, name: str) -> Row:
    kind = FIT_KINDS[name]
    return Row(
        cells=(
            words_cell(context.say(f"careless_fit.{name}")),
            number_cell(model.fit[name], kind),
            number_cell(model.fit_all.get(name), kind),
        )
    )


def _path_row(context: Context, model: ComparedModel, path: ComparedPath) -> Row:
    return Row(
        cells=(
            words_cell(_path(context, model, path)),
            number_cell(path.std_all, Kind.BOUNDED, pvalue=path.pvalue),
            number_cell(path.std_all_all, Kind.BOUNDED, pvalue=path.pvalue_all),
        )
    )
