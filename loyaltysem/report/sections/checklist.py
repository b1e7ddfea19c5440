"""Where the report answers what APA's reporting standards ask of a structural equation study.

The items follow JARS-Quant, Table 7 (Appelbaum et al., 2018), in our own words. An item counts as
met when the report contains a section, table or figure that answers it; what only the authors can
say (such as why a path has its direction) is theirs to add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.report.context import words_cell
from loyaltysem.report.document import (
    Block,
    Column,
    Figure,
    Heading,
    Line,
    Paragraph,
    Reference,
    Row,
    Run,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.report.context import Context
    from loyaltysem.results import StudyResults

MOST_PLACES = 3
"""Places that are named for one item."""

PART = re.compile(r"_\d+")
"""What the key of a further part of a table has beyond that of its first part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to report.

    ``places`` are beginnings of the keys of what answers it, the best first; none when only the
    authors can answer. ``applies`` tells whether it is asked of a study (None: of every one).
    """

    key: str
    places: tuple[str, ...] = ()
    applies: Callable[[StudyResults], bool] | None = None


def _has_paths(results: StudyResults) -> bool:
    return any(row.op == "~" for model in results.models for row in model.parameters)


def _has_gaps(results: StudyResults) -> bool:
    left_out = any(one.code == "incomplete" for one in results.sample.exclusions)
    return left_out or any(one.n_missing for one in results.descriptives)


def _has_effects(results: StudyResults) -> bool:
    return any(model.effects for model in results.models)


def _simulated(results: StudyResults) -> bool:
    return results.study.simulated


ITEMS: dict[str, tuple[Item, ...]] = {
    "sample": (
        Item(key="flow", places=("table_sample", "figure_flow")),
        Item(key="characteristics", places=("table_demographics",)),
        Item(key="simulated", places=("sample",), applies=_simulated),
        Item(
            key="missing",
            places=("missing", "table_missing", "figure_missing", "table_ledger"),
            applies=_has_gaps,
        ),
        Item(key="distribution", places=("normality", "table_normality", "table_descriptives")),
        Item(key="power", places=("table_power", "power")),
    ),
    "measures": (
        Item(key="wording", places=("table_questions",)),
        Item(key="reliability", places=("table_reliability", "reliability")),
        Item(key="loadings", places=("table_loadings",)),
        Item(
            key="discriminant",
            places=("table_htmt", "table_fornell_larcker", "table_correlations"),
        ),
    ),
    "specification": (
        Item(key="theory"),
        Item(key="direction", applies=_has_paths),
        Item(key="original", places=("preregistration",)),
        Item(key="parameters_counted", places=("model_",)),
        Item(key="equivalent", places=("table_equivalent", "equivalents_"), applies=_has_paths),
        Item(
            key="rivals", places=("table_models", "table_weights", "comparison", "table_dimensions")
        ),
    ),
    "estimation": (
        Item(key="software", places=("table_provenance",)),
        Item(key="estimator", places=("model_",)),
        Item(key="convergence", places=("model_",)),
        Item(key="resampling", places=("table_mediation_",), applies=_has_effects),
    ),
    "results": (
        Item(key="global_fit", places=("table_fit_",)),
        Item(key="local_fit", places=("table_largest_residuals_", "table_residuals_")),
        Item(key="abstract_fit", places=("summary",)),
        Item(key="estimates", places=("table_parameters_", "table_paths_")),
        Item(key="hypotheses", places=("table_hypotheses_",), applies=_has_paths),
        Item(key="covariances", places=("table_covariances_",)),
        Item(key="reproduction", places=("reproduction_", "provenance")),
    ),
}
"""What is asked, in its sections."""


def checklist(context: Context, blocks: list[Block]) -> list[Block]:
    """Return the checklist for the report that ``blocks`` make up."""
    if not context.results.models:
        return []
    keys = [block.key for block in blocks if isinstance(block, Heading | Table | Figure)]
    judged = {
        item.key: (_status(item, context.results, keys), _found(item, keys))
        for items in ITEMS.values()
        for item in items
    }
    counts = [status for status, _ in judged.values()]
    table = Table(
        key="table_checklist",
        caption=context.say("checklist.caption"),
        columns=_columns(context),
        rows=tuple(row for part in ITEMS for row in _part(context, part, judged)),
        notes=(context.say("checklist.note"),),
    )
    text = context.say(
        "checklist.text",
        table=table.key,
        met=counts.count("met"),
        asked=len(counts) - counts.count("not_applicable"),
        author=counts.count("author"),
        not_met=counts.count("not_met"),
    )
    heading = Heading(key="checklist", level=2, text=context.say("checklist.heading"))
    return [heading, Paragraph(text=text), table]


def _status(item: Item, results: StudyResults, keys: list[str]) -> str:
    if item.applies and not item.applies(results):
        return "not_applicable"
    if not item.places:
        return "author"
    return "met" if _found(item, keys) else "not_met"


def _found(item: Item, keys: list[str]) -> list[str]:
    """Return the keys of what answers an item: all that share the best beginning."""
    found = ([key for key in keys if key.startswith(place)] for place in item.places)
    return next((some for some in found if some), [])


def _columns(context: Context) -> tuple[Column, ...]:
    return context.columns("reported", "status", "place", texts=["reported", "status", "place"])


def _part(context: Context, part: str, judged: dict[str, tuple[str, list[str]]]) -> list[Row]:
    head = words_cell(context.say(f"checklist_parts.{part}"))
    return [Row(cells=(head,), group=True), *(_row(context, one, judged) for one in ITEMS[part])]


def _row(context: Context, item: Item, judged: dict[str, tuple[str, list[str]]]) -> Row:
    status, found = judged[item.key]
    return Row(
        cells=(
            words_cell(context.say(f"checklist_items.{item.key}")),
            words_cell(context.say(f"checklist_status.{status}"), strong=status == "not_met"),
            words_cell(_places(context, found) if status == "met" else ""),
        )
    )


def _places(context: Context, keys: list[str]) -> Line:
    """Return mentions of the first places; the parts of a table that was cut up as one of them."""
    between = Run("、" if context.words.language == "zh" else ", ")
    parts: list[Run | Reference] = []
    for first, last in _stretches(keys)[:MOST_PLACES]:
        parts += [between] if parts else []
        parts += (
            [Reference(first)] if first == last else [Reference(first), Run("–"), Reference(last)]
        )
    return tuple(parts)


def _stretches(keys: list[str]) -> list[tuple[str, str]]:
    """Return the first and the last of each run of keys that are parts of the same table."""
    ends: dict[str, str] = {}
    for key in keys:
        whole = next((one for one in ends if PART.fullmatch(key.removeprefix(one))), key)
        ends[whole] = key
    return list(ends.items())
