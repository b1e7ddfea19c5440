"""Several studies, or one study in several samples, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.measurement.cutoffs import read_cutoffs
from loyaltysem.report.context import Context, number_cell, words_cell
from loyaltysem.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Row,
    Table,
    numbered,
    plain,
)
from loyaltysem.report.numbers import Kind
from loyaltysem.report.wording import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loyaltysem.results import HypothesisResult, ModelResult, ParameterRecord, StudyResults

LABELS = ("table", "figure", "note", "contents", "tables", "figures", "pages", "to_top")
MEASURES = (
    ("chisq", Kind.STATISTIC),
    ("df", Kind.COUNT),
    ("pvalue", Kind.PVALUE),
    ("cfi", Kind.BOUNDED),
    ("tli", Kind.BOUNDED),
    ("rmsea", Kind.BOUNDED),
    ("srmr", Kind.BOUNDED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """A model in one of the studies; ``name`` heads its column."""

    name: str
    context: Context
    model: ModelResult


def compose_batch(studies: Mapping[str, StudyResults], language: str) -> Document:
    """Put the comparison of several studies together in one language.

    Parameters
    ----------
    studies
        Results by the name that heads their column.
    language
        ``en`` or ``zh``.
    """
    words = read_words(language)
    contexts = {
        name: Context(
            results=results,
            words=words,
            cutoffs={rule.quantity: rule for rule in read_cutoffs("thesis", None)},
        )
        for name, results in studies.items()
    }
    first = next(iter(contexts.values()))
    version = first.results.provenance.loyaltysem
    return Document(
        language=language,
        title=words.label("batch.title"),
        subtitle=first.say("batch.subtitle", names=list(studies)),
        colophon=first.say("report.generated", version=version),
        blocks=numbered(_blocks(contexts)),
        labels={key: words.label(f"report.{key}") for key in LABELS},
        style=words.style,
    )


def _blocks(contexts: Mapping[str, Context]) -> list[Block]:
    several = any(len(one.results.models) > 1 for one in contexts.values())
    fitted = [
        _Fitted(
            name=f"{name}: {context.text(model.title)}" if several else name,
            context=context,
            model=model,
        )
        for name, context in contexts.items()
        for model in context.results.models
    ]
    return [
        *_samples(contexts),
        *_reliabilities(contexts),
        *_fits(fitted),
        *_paths(fitted),
        *_hypotheses(fitted),
    ]


def _samples(contexts: Mapping[str, Context]) -> list[Block]:
    context = _first(contexts)
    table = Table(
        key="table_batch_samples",
        caption=context.say("batch.samples.caption"),
        columns=(
            context.column("study", align="text"),
            *context.columns("n_read", "n_analysed"),
            context.column("model", align="text"),
        ),
        rows=tuple(_sample_row(name, one) for name, one in contexts.items()),
    )
    return _section(context, "samples", table, n=len(contexts))


def _sample_row(name: str, context: Context) -> Row:
    results = context.results
    return Row(
        cells=(
            words_cell(name),
            number_cell(results.sample.n_read, Kind.COUNT),
            number_cell(results.sample.n_analysed, Kind.COUNT),
            words_cell("; ".join(context.text(model.title) for model in results.models)),
        )
    )


def _reliabilities(contexts: Mapping[str, Context]) -> list[Block]:
    context = _first(contexts)
    alphas = {
        name: {scale.construct_code: scale.alpha for scale in one.results.reliability}
        for name, one in contexts.items()
    }
    names = {
        scale.construct_code: one.text(scale.name)
        for one in contexts.values()
        for scale in one.results.reliability
    }
    if not names:
        return []
    rows = (
        (name, tuple(number_cell(of.get(code), Kind.BOUNDED) for of in alphas.values()))
        for code, name in names.items()
    )
    return _section(context, "reliability", _side_by_side(context, "reliability", contexts, rows))


def _fits(fitted: Sequence[_Fitted]) -> list[Block]:
    if not fitted:
        return []
    context = fitted[0].context
    table = Table(
        key="table_batch_fit",
        caption=context.say("batch.fit.caption"),
        columns=(
            context.column("study", align="text"),
            *(_measure_column(context, measure) for measure, _ in MEASURES),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(one.name),
                    *(number_cell(one.model.fit.get(name), kind) for name, kind in MEASURES),
                )
            )
            for one in fitted
        ),
    )
    failed = [one.name for one in fitted if not one.model.converged]
    return _section(context, "fit", table, failed=failed)


def _measure_column(context: Context, measure: str) -> Column:
    return Column(title=context.say(f"index.{measure}"))


def _paths(fitted: Sequence[_Fitted]) -> list[Block]:
    found = [{_ends(row): row for row in one.model.parameters if row.op == "~"} for one in fitted]
    names = {
        ends: f"{one.context.construct(ends[0], one.model)} → "
        f"{one.context.construct(ends[1], one.model)}"
        for one, rows in zip(fitted, found, strict=True)
        for ends in rows
    }
    if not names:
        return []
    context = fitted[0].context
    rows = ((name, tuple(_path_cell(of.get(ends)) for of in found)) for ends, name in names.items())
    heads = [one.name for one in fitted]
    table = _side_by_side(context, "paths", heads, rows, starred=True)
    return _section(context, "paths", table, opposite=_opposite(found, names))


def _ends(row: ParameterRecord) -> tuple[str, str]:
    return row.rhs, row.lhs


def _path_cell(row: ParameterRecord | None) -> Cell:
    if row is None:
        return words_cell("")
    return number_cell(row.std_all, Kind.BOUNDED, pvalue=row.pvalue)


def _opposite(
    found: Sequence[Mapping[tuple[str, str], ParameterRecord]],
    names: Mapping[tuple[str, str], str],
) -> list[str]:
    """Return the paths that are significant with both signs."""
    opposite = []
    for ends, name in names.items():
        rows = [of[ends] for of in found if ends in of]
        clear = [row.est for row in rows if row.est is not None and (row.pvalue or 1.0) < 0.05]
        if clear and min(clear) < 0 < max(clear):
            opposite.append(name)
    return opposite


def _hypotheses(fitted: Sequence[_Fitted]) -> list[Block]:
    found = [{_key(row): row for row in one.model.hypotheses} for one in fitted]
    keys = dict.fromkeys(key for of in found for key in of)
    if not keys:
        return []
    context = fitted[0].context
    rows = (
        (f"{key[0]}: {key[1]}", tuple(_verdict_cell(context, of.get(key)) for of in found))
        for key in keys
    )
    heads = [one.name for one in fitted]
    verdicts = {key: {of[key].verdict for of in found if key in of} for key in keys}
    differing = [key[0] for key, told in verdicts.items() if len(told) > 1]
    return _section(
        context,
        "hypotheses",
        _side_by_side(context, "hypotheses", heads, rows, texts=True),
        differing=differing,
        total=len(keys),
    )


def _key(one: HypothesisResult) -> tuple[str, str]:
    return one.id, one.path


def _verdict_cell(context: Context, one: HypothesisResult | None) -> Cell:
    return words_cell("" if one is None else context.say(f"verdict.{one.verdict}"))


def _side_by_side(
    context: Context,
    key: str,
    heads: Mapping[str, object] | Sequence[str],
    rows: Iterable[tuple[str, tuple[Cell, ...]]],
    *,
    starred: bool = False,
    texts: bool = False,
) -> Table:
    """Return a table with a column for each study."""
    columns = [
        Column(title=plain(name), align="text" if texts else "number", starred=starred)
        for name in heads
    ]
    notes = (context.say("stars"),) if starred else ()
    return Table(
        key=f"table_batch_{key}",
        caption=context.say(f"batch.{key}.caption"),
        columns=(context.column(f"batch_{key}", align="text"), *columns),
        rows=tuple(Row(cells=(words_cell(name), *cells)) for name, cells in rows),
        notes=notes,
    )


def _section(context: Context, key: str, table: Table, **facts: object) -> list[Block]:
    text: Line = context.say(f"batch.{key}.text", table=table.key, **facts)
    heading = context.say(f"batch.{key}.heading")
    return [
        Heading(key=f"batch_{key}", level=1, text=heading),
        Paragraph(text=text),
        table,
    ]


def _first(contexts: Mapping[str, Context]) -> Context:
    return next(iter(contexts.values()))
