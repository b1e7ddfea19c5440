"""The measurement part of a model: loadings, composite reliability, AVE, construct correlations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import copysign
from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Column, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.chapters import has_paths, part_heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import LatentPair, ModelResult, ParameterRecord

Validity = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How a model's constructs are measured.

    ``validity`` has composite reliability and AVE by latent variable, ``r2`` the explained share of
    an indicator's variance; ``confirmatory``: they are of the confirmatory factor analysis behind
    the model, save those of the latent variables in ``higher``, which the model itself measures by
    other latent variables.
    """

    rows: tuple[ParameterRecord, ...]
    validity: Mapping[str, Validity]
    r2: Mapping[str, float]
    confirmatory: bool = False
    higher: tuple[str, ...] = ()


def measured(model: ModelResult) -> Measured:
    """Return a model's loadings, of its confirmatory factor analysis where it has one."""
    own = tuple(one for one in model.parameters if one.op == "=~")
    validity: dict[str, Validity] = {
        one.construct_code: (one.composite_reliability, one.ave) for one in model.validity
    }
    found = model.measurement
    if found is None or not found.loadings or not has_paths(model):
        return Measured(rows=own, validity=validity, r2=model.r2)
    known = {one.lhs for one in found.loadings}
    higher = tuple(dict.fromkeys(one.lhs for one in own if one.lhs not in known))
    return Measured(
        rows=(*found.loadings, *(one for one in own if one.lhs in higher)),
        validity={
            one.construct_code: (one.composite_reliability, one.ave) for one in found.constructs
        }
        | {name: validity[name] for name in higher if name in validity},
        r2={**model.r2, **found.r2},
        confirmatory=True,
        higher=higher,
    )


def loadings(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on loadings and convergent validity; nothing without latent variables."""
    found = measured(model)
    if not found.rows:
        return []
    return [
        part_heading(context, f"loadings_{index}", model, "loadings.heading"),
        Paragraph(text=_text(context, model, found, f"table_loadings_{index}")),
        _table(context, model, found, index),
    ]


def _negative(context: Context, model: ModelResult, rows: Sequence[ParameterRecord]) -> list[str]:
    """Return the indicators that load against most others of their construct."""
    signs: dict[str, float] = {}
    for one in rows:
        signs[one.lhs] = signs.get(one.lhs, 0.0) + copysign(1.0, one.std_all or 1.0)
    against = (one for one in rows if (one.std_all or 0.0) * signs[one.lhs] < 0)
    return [context.construct(one.rhs, model) for one in against]


def _text(context: Context, model: ModelResult, found: Measured, table: str) -> Line:
    rows, validity = found.rows, found.validity
    latent = {one.lhs for one in rows}
    rules = context.cutoffs
    weak = [
        (context.construct(one.rhs, model), one.std_all)
        for one in rows
        if one.std_all is not None and not rules["loading"].met_by(abs(one.std_all))
    ]
    known = [one.std_all for one in rows if one.std_all is not None]
    return context.say(
        "loadings.text",
        table=table,
        confirmatory=found.confirmatory,
        lowest=min(known, default=None),
        highest=max(known, default=None),
        weak=weak,
        outside=[context.construct(one.rhs, model) for one in rows if abs(one.std_all or 0) > 1],
        negative=_negative(context, model, rows),
        not_significant=[
            context.construct(one.rhs, model)
            for one in rows
            if one.pvalue is not None and one.pvalue >= LEVEL
        ],
        validity=any(name in validity for name in latent),
        low_cr=_missing_rule(context, model, validity, 0, "composite_reliability"),
        low_ave=_missing_rule(context, model, validity, 1, "ave"),
        tolerated_cr=_tolerated_cr(context, model, validity),
        tolerated_ave=_tolerated_ave(context, model, validity),
        rules=rules,
    )


def _missing_rule(
    context: Context,
    model: ModelResult,
    validity: Mapping[str, Validity],
    which: int,
    quantity: str,
) -> list[tuple[str, float]]:
    """Return the constructs whose value misses its cut-off."""
    rule = context.cutoffs[quantity]
    return [
        (context.construct(name, model), value)
        for name, values in validity.items()
        if (value := values[which]) is not None and not rule.met_by(value)
    ]


def _tolerated_cr(
    context: Context, model: ModelResult, validity: Mapping[str, Validity]
) -> list[str]:
    """Return the constructs whose composite reliability meets only the weaker cut-off."""
    rule = context.cutoffs["composite_reliability"]
    return [
        context.construct(name, model)
        for name, (reliability, _) in validity.items()
        if reliability is not None and rule.tolerates(reliability)
    ]


def _tolerated_ave(
    context: Context, model: ModelResult, validity: Mapping[str, Validity]
) -> list[str]:
    """Return the constructs with a low AVE that the profile tolerates next to a good CR."""
    ave, cr = context.cutoffs["ave"], context.cutoffs["composite_reliability"]
    return [
        context.construct(name, model)
        for name, (reliability, extracted) in validity.items()
        if extracted is not None
        and reliability is not None
        and ave.tolerates(extracted)
        and cr.met_by(reliability)
    ]


def _table(context: Context, model: ModelResult, found: Measured, index: int) -> Table:
    rows = found.rows
    shown = any(one.lhs in found.validity for one in rows)
    texts = ["construct", "indicator"]
    keys = ("construct", "indicator", "estimate", "se", "z", "p")
    last = ("cr", "ave") if shown else ()
    fixed = any(not one.free for one in rows)
    return Table(
        key=f"table_loadings_{index}",
        caption=context.say("loadings.caption", title=context.text(model.title)),
        columns=(
            *context.columns(*keys, texts=texts),
            _starred(context),
            *context.columns("smc", *last),
        ),
        rows=tuple(
            row
            for _, block in groupby(rows, key=lambda one: one.lhs)
            for row in _block(context, model, list(block), found, shown=shown)
        ),
        notes=(
            context.say(
                "loadings.note",
                fixed=fixed,
                validity=shown,
                confirmatory=found.confirmatory,
                higher=[context.construct(name, model) for name in found.higher],
            ),
            context.say("stars"),
        ),
    )


def _starred(context: Context) -> Column:
    return context.column("std", starred=True)


def _block(
    context: Context,
    model: ModelResult,
    rows: Sequence[ParameterRecord],
    found: Measured,
    *,
    shown: bool,
) -> list[Row]:
    """Return the rows of one latent variable; with CR and AVE where ``shown``."""
    latent, span = rows[0].lhs, len(rows)
    name = words_cell(context.construct(latent, model), rows=span)
    limits = [context.cutoffs[key].cutoff for key in ("composite_reliability", "ave")]
    values = found.validity.get(latent, (None, None)) if shown else ()
    last = tuple(
        number_cell(value, Kind.BOUNDED, limit=limit, rows=span)
        for value, limit in zip(values, limits, strict=False)
    )
    lines = [
        (
            words_cell(context.construct(one.rhs, model)),
            *estimate_cells(one),
            number_cell(found.r2.get(one.rhs), Kind.BOUNDED),
        )
        for one in rows
    ]
    return [
        Row(cells=(name, *lines[0], *last)),
        *(Row(cells=line) for line in lines[1:]),
    ]


def estimate_cells(row: ParameterRecord) -> tuple[Cell, ...]:
    """Return estimate, standard error, z, p and the standardized estimate with stars.

    A fixed parameter has no standard error, and therefore no stars.
    """
    se, z, pvalue = (row.se, row.z, row.pvalue) if row.free else (None, None, None)
    return (
        number_cell(row.est, Kind.ESTIMATE),
        number_cell(se, Kind.ESTIMATE),
        number_cell(z, Kind.STATISTIC),
        number_cell(pvalue, Kind.PVALUE),
        number_cell(row.std_all, Kind.BOUNDED, pvalue=pvalue),
    )


def correlations(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on the constructs' correlations; nothing for fewer than two."""
    if not model.latent_correlations:
        return []
    names = latent_names(model)
    largest = max(_apart(model), key=lambda pair: abs(pair.correlation), default=None)
    return [
        part_heading(context, f"correlations_{index}", model, "correlations.heading"),
        Paragraph(
            text=context.say(
                "correlations.text",
                table=f"table_correlations_{index}",
                first=context.construct(largest.first, model) if largest else "",
                second=context.construct(largest.second, model) if largest else "",
                largest=largest.correlation if largest else None,
                inseparable=inseparable(context, model),
            )
        ),
        _triangle(context, model, names, index),
    ]


def latent_names(model: ModelResult) -> list[str]:
    """Return the latent variables in the order in which the model defines them."""
    named = [one for pair in model.latent_correlations for one in (pair.first, pair.second)]
    defined = [one.lhs for one in model.parameters if one.op == "=~"]
    return [name for name in dict.fromkeys((*defined, *named)) if name in set(named)]


def inseparable(context: Context, model: ModelResult) -> list[tuple[str, str, float]]:
    """Return the names and correlations of constructs that the data can hardly tell apart."""
    return [
        (context.construct(first, model), context.construct(second, model), correlation)
        for (first, second), correlation in inseparable_codes(model).items()
    ]


def inseparable_codes(model: ModelResult) -> dict[tuple[str, str], float]:
    """Return the pairs that the model's notices call inseparable, with their correlations."""
    facts = (one.facts for one in model.notices if one.code == "inseparable_constructs")
    return {
        (str(one["first"]), str(one["second"])): float(str(one["correlation"]))
        for one in facts
        if {"first", "second", "correlation"} <= one.keys()
    }


def _apart(model: ModelResult) -> list[LatentPair]:
    """Return the pairs in which neither is a dimension of the other."""
    nested = {frozenset((one.lhs, one.rhs)) for one in model.parameters if one.op == "=~"}
    return [
        one for one in model.latent_correlations if frozenset((one.first, one.second)) not in nested
    ]


def _triangle(context: Context, model: ModelResult, names: Sequence[str], index: int) -> Table:
    pairs = {
        frozenset((one.first, one.second)): one.correlation for one in model.latent_correlations
    }
    rows = []
    for position, name in enumerate(names):
        below = (pairs.get(frozenset((name, other))) for other in names[:position])
        cells = [number_cell(value, Kind.BOUNDED) for value in below]
        rest = [words_cell("")] * (len(names) - position - 1)
        label = context.say(
            "correlations.row", number=position + 1, name=context.construct(name, model)
        )
        rows.append(Row(cells=(words_cell(label), *cells, words_cell("–"), *rest)))
    numbers = (context.column("position", number=k + 1) for k in range(len(names)))
    return Table(
        key=f"table_correlations_{index}",
        caption=context.say("correlations.caption", title=context.text(model.title)),
        columns=(context.column("construct", align="text"), *numbers),
        rows=tuple(rows),
        notes=(context.say("correlations.note"),),
    )
