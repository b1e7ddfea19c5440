"""Indirect effects: their size, whether they differ from zero, the kind of mediation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Bullets, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.model_charts import distributions_chart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Line
    from loyaltysem.results import EffectRecord, EffectsResult, ModelResult

KINDS = (
    "complementary",
    "indirect_only",
    "competitive",
    "no_direct_path",
    "direct_only",
    "no_effect",
    "unknown",
    "not_judged",
)
"""Kinds of mediation in the order in which the text speaks of them."""


def mediation(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on indirect effects; nothing where they were not computed."""
    if model.effects is None:
        return []
    key = f"table_mediation_{index}"
    mediated = _mediated(model.effects)
    return [
        Heading(key=f"mediation_{index}", level=2, text=context.say("mediation.heading")),
        Paragraph(text=_text(context, model.effects, mediated, key)),
        Bullets(items=tuple(_findings(context, model, mediated))),
        Paragraph(text=context.say("mediation.caution", admissible=model.admissible)),
        _table(context, model, model.effects, key),
        *distributions_chart(context, model, model.effects, index),
    ]


def _mediated(found: EffectsResult) -> list[EffectRecord]:
    """Return the specific indirect paths, or the total indirect effects where there are none."""
    specific = [one for one in found.rows if one.kind == "indirect"]
    return specific or [one for one in found.rows if one.kind == "total_indirect"]


def _text(context: Context, found: EffectsResult, mediated: list[EffectRecord], table: str) -> Line:
    draws = found.bootstrap
    readable = [one for one in mediated if one.readable]
    return context.say(
        "mediation.text",
        table=table,
        draws=draws.draws if draws else 0,
        failed=draws.failed if draws else 0,
        method=found.judged_by,
        total=len(readable),
        unreadable=len(mediated) - len(readable),
        differing=sum(_differs(one, found.judged_by) for one in readable),
    )


def _differs(effect: EffectRecord, method: str) -> bool:
    """Tell whether an effect's interval leaves zero out."""
    lower, upper = effect.interval(method) or (None, None)
    return lower is not None and upper is not None and (lower > 0 or upper < 0)


def _findings(context: Context, model: ModelResult, mediated: list[EffectRecord]) -> Iterable[Line]:
    """Yield one sentence for each kind of mediation that was found."""
    for kind in KINDS:
        paths = [_path(context, model, one) for one in mediated if one.mediation == kind]
        if paths:
            yield context.say(f"mediation_finding.{kind}", paths=paths)


def _path(context: Context, model: ModelResult, effect: EffectRecord) -> str:
    return " → ".join(context.construct(name, model) for name in effect.path.split(" -> "))


def _table(context: Context, model: ModelResult, found: EffectsResult, key: str) -> Table:
    shown = _shown_intervals(found)
    return Table(
        key=key,
        caption=context.say("mediation.caption", title=context.text(model.title)),
        columns=(
            context.column("effect", align="text"),
            context.column("effect_value"),
            context.column("boot_se" if found.bootstrap else "se"),
            *context.columns(*(f"ci_{method}" for method in shown)),
            *context.columns("beta", "share"),
            context.column("mediation", align="text"),
        ),
        rows=tuple(_rows(context, model, found, shown)),
        notes=(
            context.say(
                "mediation.note",
                bootstrap=found.bootstrap is not None,
                unreadable=not all(one.readable for one in found.rows),
            ),
        ),
    )


def _shown_intervals(found: EffectsResult) -> tuple[str, ...]:
    """Return the intervals for the table: the judging one, and with a bootstrap the corrected."""
    return (found.judged_by, "bc") if found.bootstrap else (found.judged_by,)


def _rows(
    context: Context, model: ModelResult, found: EffectsResult, shown: tuple[str, ...]
) -> Iterable[Row]:
    """Yield a block of rows for each pair of variables with an indirect path between them."""
    pairs: dict[tuple[int, str, str], list[EffectRecord]] = {}
    for one in found.rows:
        pairs.setdefault((one.group, one.predictor, one.outcome), []).append(one)
    for effects in pairs.values():
        kinds = [one.kind for one in effects]
        if "total_indirect" not in kinds:
            continue
        yield Row(cells=(words_cell(_path(context, model, effects[-1])),), group=True)
        for one in effects:
            if one.kind != "total_indirect" or kinds.count("indirect") != 1:
                share = one.proportion if one.mediation and "direct" in kinds else None
                yield Row(cells=_cells(context, model, found, one, shown, share))


def _cells(
    context: Context,
    model: ModelResult,
    found: EffectsResult,
    effect: EffectRecord,
    shown: tuple[str, ...],
    share: float | None,
) -> tuple[Cell, ...]:
    name = context.words.label(f"effect.{effect.kind}", path=_path(context, model, effect))
    kind = context.words.label(f"mediation_kind.{effect.mediation}") if effect.mediation else ""
    return (
        words_cell(name if effect.readable else f"{name} †"),
        number_cell(effect.est, Kind.ESTIMATE),
        number_cell(effect.boot_se if found.bootstrap else effect.se, Kind.ESTIMATE),
        *(interval_cell(effect.interval(method), Kind.ESTIMATE) for method in shown),
        number_cell(effect.std_all, Kind.BOUNDED),
        words_cell("") if share is None else number_cell(share, Kind.PERCENT),
        words_cell(kind),
    )
