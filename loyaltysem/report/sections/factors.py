"""Exploratory factor analysis of all items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.measurement_charts import loadings_chart, scree_chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import FactorItem, FactorsResult, FactorVariance

KMO_GOOD, KMO_FAIR = 0.7, 0.6
"""Kaiser's (1974) 'middling' and 'mediocre'."""

MORE_EIGENVALUES = 3
"""Eigenvalues shown beyond those of the factors."""


def factors(context: Context) -> list[Block]:
    """Return the section on the factor analysis; nothing when there was none."""
    found = context.results.factors
    if found is None:
        return []
    return [
        Heading(key="factors", level=1, text=context.say("factors.heading")),
        Paragraph(text=_adequacy(context, found)),
        _adequacy_table(context, found),
        Paragraph(text=_number(context, found)),
        _eigenvalues(context, found),
        scree_chart(context, found),
        Paragraph(text=_solution(context, found)),
        Paragraph(text=_verdicts(context, found)),
        *_merged(context, found),
        _loadings(context, found),
        loadings_chart(context, found),
        _variance(context, found),
        *_correlations(context, found),
    ]


def _adequacy(context: Context, found: FactorsResult) -> Line:
    poor = [(one.code, one.kmo) for one in found.items if one.kmo < KMO_FAIR]
    return context.say(
        "factors.adequacy",
        kmo=found.kmo,
        good=found.kmo >= KMO_GOOD,
        fair=found.kmo >= KMO_FAIR,
        chisq=found.chisq,
        df=found.df,
        pvalue=found.pvalue,
        poor=poor,
    )


def _adequacy_table(context: Context, found: FactorsResult) -> Table:
    values = (
        ("kmo", found.kmo, Kind.BOUNDED),
        ("bartlett_chisq", found.chisq, Kind.STATISTIC),
        ("bartlett_df", found.df, Kind.COUNT),
        ("bartlett_p", found.pvalue, Kind.PVALUE),
    )
    return Table(
        key="table_adequacy",
        caption=context.say("factors.adequacy_caption"),
        columns=context.columns("index", "value", texts=["index"]),
        rows=tuple(
            Row(cells=(words_cell(context.say(f"factors.{name}")), number_cell(value, kind)))
            for name, value, kind in values
        ),
    )


def _number(context: Context, found: FactorsResult) -> Line:
    return context.say(
        "factors.number",
        counts=found.counts,
        n=found.n_factors,
        chosen=found.chosen_by == "study",
        draws=found.draws,
        components=found.counts.get("parallel_components"),
    )


def _eigenvalues(context: Context, found: FactorsResult) -> Table:
    shown = max(found.n_factors, *found.counts.values()) + MORE_EIGENVALUES
    keys = ("eigenvalue", "random", "eigenvalue_reduced", "random", "map")
    return Table(
        key="table_eigenvalues",
        caption=context.say("factors.eigenvalues"),
        columns=(context.column("number", align="text"), *context.columns(*keys)),
        rows=tuple(
            Row(
                cells=(
                    number_cell(one.number, Kind.COUNT),
                    number_cell(one.component, Kind.ESTIMATE),
                    number_cell(one.component_random, Kind.ESTIMATE),
                    number_cell(one.factor, Kind.ESTIMATE),
                    number_cell(one.factor_random, Kind.ESTIMATE),
                    number_cell(one.partial, Kind.BOUNDED),
                )
            )
            for one in found.eigenvalues[:shown]
        ),
        notes=(context.say("factors.eigenvalues_note", draws=found.draws),),
    )


def _solution(context: Context, found: FactorsResult) -> Line:
    return context.say(
        "factors.solution",
        n=found.n_factors,
        extraction=context.words.label(f"extraction.{found.extraction}"),
        rotation=context.words.label(f"rotation.{found.rotation}"),
        total=found.after[-1].cumulative,
        rmsea=found.measures.get("rmsea"),
        tli=found.measures.get("tli"),
        general=found.general,
    )


def _verdicts(context: Context, found: FactorsResult) -> Line:
    items = found.items

    def flagged(flag: str) -> list[str]:
        return [one.code for one in items if getattr(one, flag)]

    return context.say(
        "factors.verdicts",
        n=found.n_factors,
        weak=flagged("weak"),
        crossing=flagged("cross_loading"),
        low=[(one.code, one.communality) for one in items if one.low_communality],
        astray=flagged("astray"),
    )


def _merged(context: Context, found: FactorsResult) -> list[Block]:
    """Return which constructs share a factor; nothing where each has one of its own."""
    homes: dict[str, list[str]] = {}
    for code, factor in _homes(found.items).items():
        homes.setdefault(factor, []).append(context.construct(code))
    merged = [(name, homes[name]) for name in found.factors if len(homes.get(name, ())) > 1]
    return (
        [Paragraph(text=context.say("factors.merged", merged=merged, one=found.n_factors == 1))]
        if merged
        else []
    )


def _homes(items: Sequence[FactorItem]) -> dict[str, str]:
    """Return the factor on which most items of each construct load, by construct."""
    factors: dict[str, list[str]] = {}
    for one in items:
        if not one.weak:
            factors.setdefault(one.construct_code, []).append(one.factor)
    return {code: max(dict.fromkeys(own), key=own.count) for code, own in factors.items()}


def _loadings(context: Context, found: FactorsResult) -> Table:
    place = {name: position for position, name in enumerate(found.factors)}
    ordered = sorted(
        found.items,
        key=lambda one: (place[one.factor], -abs(one.loadings[place[one.factor]])),
    )
    rows = [_item(context, one, found.hide_below) for one in ordered]
    spaces = [words_cell("")] * 2
    for name in ("ss_loadings", "proportion", "cumulative"):
        kind = Kind.ESTIMATE if name == "ss_loadings" else Kind.PERCENT
        values = [number_cell(getattr(one, name), kind) for one in found.after]
        label = words_cell(context.say(f"factors.{name}"))
        rows.append(Row(cells=(label, spaces[0], *values, spaces[1])))
    return Table(
        key="table_factors",
        caption=context.say("factors.caption", n=found.n_factors),
        columns=(
            *context.columns("item", "construct", texts=["item", "construct"]),
            *(context.column("factor", name=name) for name in found.factors),
            context.column("communality"),
        ),
        rows=tuple(rows),
        notes=(context.say("factors.note", hide_below=found.hide_below),),
    )


def _item(context: Context, item: FactorItem, hide_below: float) -> Row:
    loadings = [
        number_cell(value, Kind.BOUNDED) if abs(value) >= hide_below else words_cell("")
        for value in item.loadings
    ]
    return Row(
        cells=(
            words_cell(item.code),
            words_cell(context.construct(item.construct_code)),
            *loadings,
            number_cell(item.communality, Kind.BOUNDED),
        )
    )


def _variance(context: Context, found: FactorsResult) -> Table:
    keys = ("ss_loadings", "percent_variance", "cumulative")
    return Table(
        key="table_variance",
        caption=context.say("factors.variance"),
        columns=(
            context.column("number", align="text"),
            *(context.column(f"{key}_before") for key in keys),
            *(context.column(f"{key}_after") for key in keys),
        ),
        rows=tuple(
            Row(cells=(words_cell(after.factor), *_shares(before), *_shares(after)))
            for before, after in zip(found.before, found.after, strict=True)
        ),
        notes=(context.say("factors.variance_note"),),
    )


def _shares(one: FactorVariance) -> tuple[Cell, ...]:
    return (
        number_cell(one.ss_loadings, Kind.ESTIMATE),
        number_cell(one.proportion, Kind.PERCENT),
        number_cell(one.cumulative, Kind.PERCENT),
    )


def _correlations(context: Context, found: FactorsResult) -> list[Block]:
    """Return the correlations of the factors; nothing where they do not correlate."""
    if not found.correlations:
        return []
    known = {(one.first, one.second): one.correlation for one in found.correlations}
    rows = []
    for position, name in enumerate(found.factors):
        below = [known.get((other, name)) for other in found.factors[:position]]
        cells = [number_cell(value, Kind.BOUNDED) for value in below]
        rest = [words_cell("")] * (len(found.factors) - position - 1)
        rows.append(Row(cells=(words_cell(name), *cells, words_cell("–"), *rest)))
    return [
        Table(
            key="table_factor_correlations",
            caption=context.say("factors.correlations"),
            columns=(
                context.column("number", align="text"),
                *(context.column("factor", name=name) for name in found.factors),
            ),
            rows=tuple(rows),
        )
    ]
