"""Multivariate normality of the items, and what follows for the estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.diagrams.charts import qq_plot
from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.charts import chart, look_of
from loyaltysem.results.model import ROBUST_ESTIMATORS
from loyaltysem.structural.specifications import CATEGORICAL

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure
    from loyaltysem.results import NormalityResult


def normality(context: Context) -> list[Block]:
    """Return the section on multivariate normality; nothing where it was not tested."""
    found = context.results.normality
    if found is None:
        return []
    text = context.say(
        "normality.text",
        n=found.n,
        n_items=found.n_items,
        skewed=found.skewness_pvalue < LEVEL,
        peaked=found.kurtosis_pvalue < LEVEL,
        heavy=found.kurtosis > found.kurtosis_expected,
        outliers=found.n_outliers,
        robust=_robust(context),
    )
    return [
        Heading(key="normality", level=1, text=context.say("normality.heading")),
        Paragraph(text=text),
        _table(context, found),
        _figure(context, found),
    ]


def _robust(context: Context) -> str:
    """Return what of all models does not lean on normality: ``tests``, ``effects`` or nothing."""
    models = context.results.models
    if models and all(one.estimator in ROBUST_ESTIMATORS.union(CATEGORICAL) for one in models):
        return "tests"
    drawn = [one.effects is not None and one.effects.bootstrap is not None for one in models]
    return "effects" if drawn and all(drawn) else ""


def _table(context: Context, found: NormalityResult) -> Table:
    rows = [
        Row(
            cells=(
                words_cell(context.say("normality.skewness")),
                number_cell(found.skewness, Kind.MOMENT),
                words_cell(context.say("normality.chisq", df=found.skewness_df)),
                number_cell(found.skewness_chisq, Kind.STATISTIC),
                number_cell(found.skewness_pvalue, Kind.PVALUE),
            )
        ),
        Row(
            cells=(
                words_cell(context.say("normality.kurtosis")),
                number_cell(found.kurtosis, Kind.MOMENT),
                words_cell(context.say("normality.z")),
                number_cell(found.kurtosis_z, Kind.STATISTIC),
                number_cell(found.kurtosis_pvalue, Kind.PVALUE),
            )
        ),
    ]
    if found.henze_zirkler is not None:
        rows.append(
            Row(
                cells=(
                    words_cell(context.say("normality.henze_zirkler")),
                    words_cell(""),
                    words_cell(context.say("normality.hz")),
                    number_cell(found.henze_zirkler, Kind.ESTIMATE),
                    number_cell(found.henze_zirkler_pvalue, Kind.PVALUE),
                )
            )
        )
    return Table(
        key="table_normality",
        caption=context.say("normality.caption"),
        columns=context.columns(
            "test", "value", "statistic", "size", "p", texts=["test", "statistic"]
        ),
        rows=tuple(rows),
        notes=(context.say("normality.note", n=found.n, expected=found.kurtosis_expected),),
    )


def _figure(context: Context, found: NormalityResult) -> Figure:
    return chart(
        key="figure_normality",
        caption=context.say("normality.figure"),
        alt=context.say("normality.alt"),
        drawing=qq_plot(
            found.observed,
            found.expected,
            x=context.words.label("normality.expected"),
            y=context.words.label("normality.observed"),
            **look_of(context),
        ),
    )
