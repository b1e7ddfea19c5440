"""What a measurement found, as tables on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.results import (
        CorrelationsResult,
        DiscriminantResult,
        FactorsResult,
        ItemsResult,
        ReliabilityResult,
    )
    from loyaltysem.results.measured import MeasurementResults


WIDTH = 120
"""Columns of the tables where no terminal says how many it has."""


def print_measured(found: MeasurementResults) -> None:
    """Print all tables of a measurement, then what a reader must know."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    title = found.questionnaire.title
    console.print(f"[bold]{escape(title.get('en') or next(iter(title.values())))}[/]")
    console.print(f"{found.n} of {found.n_read} respondents\n")
    tables = [_alphas(found.reliability), _coefficients(found.reliability)]
    tables.append(_item_table(found.reliability, found.items))
    if found.factors:
        tables += [_counts(found.factors), _loadings(found.factors)]
    if found.correlations:
        tables.append(_correlations(found.correlations))
    if found.discriminant and found.discriminant.pairs:
        tables.append(_pairs(found.discriminant))
    for table in tables:
        console.print(table)
        console.print()
    for notice in found.notices:
        console.print(f"[yellow]![/] {escape(notice.text)}")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _interval(ends: tuple[float, float] | None) -> str:
    return "–" if ends is None else f"[{ends[0]:.3f}, {ends[1]:.3f}]"


def _alphas(scales: Sequence[ReliabilityResult]) -> Table:
    heads = ("construct", "items", "n", "alpha", "95% (Feldt)", "95% (bootstrap)")
    table = _table("Reliability", *heads)
    for one in scales:
        table.add_row(
            escape(one.construct_code),
            str(one.n_items),
            str(one.n),
            _figure(one.alpha),
            escape(_interval(one.ci)),
            escape(_interval(one.boot_ci)),
        )
    return table


def _coefficients(scales: Sequence[ReliabilityResult]) -> Table:
    names = {
        "mean_r": "mean r",
        "split_half": "split-half",
        "lambda6": "lambda 6",
        "omega": "omega",
        "ordinal_alpha": "alpha, ordinal",
        "categorical_omega": "omega, ordinal",
    }
    table = _table("Further coefficients", "construct", *names.values())
    for one in scales:
        values = [_figure(one.coefficients.get(name)) for name in names]
        table.add_row(escape(one.construct_code), *values)
    return table


def _item_table(scales: Sequence[ReliabilityResult], items: ItemsResult | None) -> Table:
    """Return each item within its scale; the index of discrimination and the slope beside it."""
    groups = {one.code: one for one in items.items} if items else {}
    slopes = {one.code: one.slope for scale in items.graded for one in scale.items} if items else {}
    heads = ("item", "item-total r", "alpha if deleted", "discrimination", "slope (GRM)")
    table = _table("Items", *heads)
    for scale in scales:
        for item in scale.items:
            group = groups.get(item.code)
            table.add_row(
                escape(item.code),
                _figure(item.item_total),
                _figure(item.alpha_if_deleted),
                _figure(group.discrimination if group else None),
                _figure(slopes.get(item.code), 2),
            )
    return table


def _counts(found: FactorsResult) -> Table:
    table = _table("Number of factors", "rule", "factors")
    rules = {"parallel": "parallel analysis", "map": "minimum average partial"}
    for code, name in (rules | {"kaiser": "eigenvalues above 1"}).items():
        table.add_row(name, str(found.counts[code]))
    table.caption = f"KMO {found.kmo:.3f}; Bartlett chi-square({found.df}) = {found.chisq:.2f}"
    return table


def _loadings(found: FactorsResult) -> Table:
    title = f"Loadings ({found.extraction}, {found.rotation})"
    table = _table(title, "item", *found.factors, "h2", "remarks")
    for item in found.items:
        shown = [
            _figure(value) if abs(value) >= found.hide_below else "" for value in item.loadings
        ]
        remarks = [
            flag.replace("_", " ")
            for flag in ("weak", "cross_loading", "low_communality", "astray")
            if getattr(item, flag)
        ]
        table.add_row(escape(item.code), *shown, _figure(item.communality), ", ".join(remarks))
    return table


def _correlations(found: CorrelationsResult) -> Table:
    pairs = {(one.first, one.second): one.r for one in found.pairs}
    codes = [one.construct_code for one in found.scores]
    numbers = [str(number) for number in range(1, len(codes) + 1)]
    table = _table("Construct scores", "construct", "M", "SD", *numbers)
    for position, score in enumerate(found.scores):
        below = [_figure(pairs[code, codes[position]], 2) for code in codes[:position]]
        name = f"{position + 1} {escape(score.construct_code)}"
        table.add_row(name, _figure(score.mean, 2), _figure(score.sd, 2), *below)
    return table


def _pairs(found: DiscriminantResult) -> Table:
    table = _table("Heterotrait-monotrait ratios", "pair", "HTMT", "95% interval", "HTMT2")
    for one in found.pairs:
        mark = "[red]" if one.distinct is False else ""
        table.add_row(
            f"{escape(one.first)} – {escape(one.second)}",
            f"{mark}{_figure(one.htmt)}",
            escape(_interval(one.ci)),
            _figure(one.htmt2),
        )
    table.caption = f"not distinct where the upper limit reaches {found.threshold}"
    return table
