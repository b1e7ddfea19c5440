"""Robustness: paths under all sensible analyses, as a table and as specification curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams.charts import specification_curve
from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Figure, Line
    from loyaltysem.results import (
        ModelResult,
        PathStabilityRecord,
        RobustnessResult,
        SpecificationRecord,
    )

DECISIONS = ("estimator", "gaps", "respondents", "items", "controls")


def robustness(context: Context, result: ModelResult, index: int) -> list[Block]:
    """Return the section on other specifications; nothing where none were tried."""
    found = result.robustness
    if found is None or not found.stability:
        return []
    drawn = [one for one in found.stability if one.drawn]
    keys = [f"figure_specifications_{index}_{rank}" for rank in range(1, len(drawn) + 1)]
    table, choices = f"table_stability_{index}", f"table_specifications_{index}"
    return [
        Heading(key=f"robustness_{index}", level=2, text=context.say("robustness.heading")),
        Paragraph(text=_text(context, found, table, choices, keys)),
        Paragraph(text=_verdict(context, result, found)),
        _stability(context, result, found, table),
        _specifications(context, result, found, choices),
        *(_curve(context, result, found, one, key) for one, key in zip(drawn, keys, strict=True)),
    ]


def _text(
    context: Context, found: RobustnessResult, table: str, choices: str, curves: list[str]
) -> Line:
    counts = pd.Series([one.status for one in found.specifications]).value_counts()
    return context.say(
        "robustness.text",
        table=table,
        choices=choices,
        curves=curves,
        total=len(found.specifications),
        decisions=_varied(found),
        careless=found.n_careless,
        weakest=found.weakest,
        controls=[context.construct(name) for name in found.controls],
        improper=int(counts.get("improper", 0)),
        failed=int(counts.get("not_converged", 0) + counts.get("refused", 0)),
    )


def _varied(found: RobustnessResult) -> list[str]:
    """Return the decisions that were tried in more than one way."""
    return [
        name for name in DECISIONS if len({getattr(one, name) for one in found.specifications}) > 1
    ]


def _verdict(context: Context, result: ModelResult, found: RobustnessResult) -> Line:
    """Say which paths hold under all specifications and which depend on them."""
    stable = [_path(context, result, one) for one in found.stability if one.stable]
    unstable = [_path(context, result, one) for one in found.stability if not one.stable]
    return context.say("robustness.verdict", stable=stable, unstable=unstable)


def _path(context: Context, result: ModelResult, one: PathStabilityRecord) -> str:
    return f"{context.construct(one.predictor, result)} → {context.construct(one.outcome, result)}"


def _stability(context: Context, result: ModelResult, found: RobustnessResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("robustness.caption", title=context.text(result.title)),
        columns=(
            context.column("path", align="text"),
            *context.columns(
                "beta_main",
                "beta_median",
                "beta_range",
                "n_specifications",
                "n_same_sign",
                "n_significant",
            ),
            context.column("stable", align="text"),
        ),
        rows=tuple(Row(cells=_stability_cells(context, result, one)) for one in found.stability),
        notes=(context.say("robustness.note"),),
    )


def _stability_cells(
    context: Context, result: ModelResult, one: PathStabilityRecord
) -> tuple[Cell, ...]:
    return (
        words_cell(_path(context, result, one)),
        number_cell(one.main, Kind.BOUNDED),
        number_cell(one.median, Kind.BOUNDED),
        interval_cell((one.lowest, one.highest), Kind.BOUNDED),
        number_cell(one.n, Kind.COUNT),
        number_cell(one.n_same_sign, Kind.COUNT),
        number_cell(one.n_significant, Kind.COUNT),
        words_cell(context.words.label("stable_yes" if one.stable else "stable_no")),
    )


def _option(context: Context, name: str, one: SpecificationRecord) -> str:
    """Return what a specification chose, in the reader's words."""
    value = getattr(one, name)
    return value if name == "estimator" else context.words.label(f"specification_{name}.{value}")


def _specifications(
    context: Context, result: ModelResult, found: RobustnessResult, key: str
) -> Table:
    decisions = _varied(found)
    return Table(
        key=key,
        caption=context.say("robustness.choices_caption", title=context.text(result.title)),
        columns=(
            *context.columns(
                *(f"specification_{name}" for name in decisions),
                texts=[f"specification_{name}" for name in decisions],
            ),
            *context.columns(
                "n_specification", "specification_cfi", "specification_rmsea", "specification_srmr"
            ),
            context.column("specification_status", align="text"),
        ),
        rows=tuple(
            Row(cells=_specification_cells(context, one, decisions)) for one in found.specifications
        ),
        notes=(context.say("robustness.choices_note"),),
    )


def _specification_cells(
    context: Context, one: SpecificationRecord, decisions: list[str]
) -> tuple[Cell, ...]:
    status = "main" if one.main and one.status == "fitted" else one.status
    return (
        *(words_cell(_option(context, name, one)) for name in decisions),
        number_cell(one.n or None, Kind.COUNT),
        number_cell(one.cfi, Kind.BOUNDED),
        number_cell(one.rmsea, Kind.BOUNDED),
        number_cell(one.srmr, Kind.BOUNDED),
        words_cell(context.words.label(f"specification_status.{status}")),
    )


def _curve(
    context: Context,
    result: ModelResult,
    found: RobustnessResult,
    path: PathStabilityRecord,
    key: str,
) -> Figure:
    decisions = {
        name: context.words.label(f"columns.specification_{name}") for name in _varied(found)
    }
    rows = [
        {
            "est": estimate.est,
            "ci_lower": estimate.ci_lower,
            "ci_upper": estimate.ci_upper,
            "main": one.main,
            **{title: _option(context, name, one) for name, title in decisions.items()},
        }
        for one in found.specifications
        for estimate in one.paths
        if (estimate.outcome, estimate.predictor) == (path.outcome, path.predictor)
    ]
    table = pd.DataFrame(rows).astype({"est": float, "ci_lower": float, "ci_upper": float})
    main = table.index[table["main"]]
    name = _path(context, result, path)
    return chart(
        key=key,
        caption=context.say("robustness.curve", path=name),
        alt=context.say(
            "robustness.curve_alt",
            path=name,
            n=path.n,
            low=path.lowest,
            high=path.highest,
            significant=path.n_significant,
        ),
        drawing=specification_curve(
            table,
            decisions=list(decisions.values()),
            axis="β",
            main=main[0] if len(main) else None,
            **look_of(context),
        ),
    )
