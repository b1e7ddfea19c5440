"""What the respondents bought, and whether their attitudes go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.measurement_charts import tiers_chart

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import BehaviourResult, KnownGroups, TierRecord


def behaviour(context: Context) -> list[Block]:
    """Return the section on purchases; nothing without a table of purchases."""
    found = context.results.behaviour
    if found is None:
        return []
    return [
        Heading(key="behaviour", level=1, text=context.say("behaviour.heading")),
        Paragraph(text=_text(context, found)),
        _tiers(context, found),
        *_known_groups(context, found),
    ]


def _text(context: Context, found: BehaviourResult) -> Line:
    return context.say(
        "behaviour.text",
        transactions=found.n_transactions,
        customers=found.n_customers,
        matched=found.n_matched,
        first=found.first_day,
        last=found.last_day,
        repurchased=found.repurchased,
        rules=sorted(found.rules),
        model=found.model,
    )


def _tiers(context: Context, found: BehaviourResult) -> Table:
    keys = ["customers", "respondents", "recency", "frequency", "monetary", "repurchased"]
    keys += ["alive", "expected"] if found.model else []
    return Table(
        key="table_tiers",
        caption=context.say("behaviour.caption"),
        columns=(context.column("tier", align="text"), *context.columns(*keys)),
        rows=tuple(_tier(context, one, modelled=bool(found.model)) for one in found.tiers),
        notes=(context.say("behaviour.note", model=found.model),),
    )


def _tier_name(context: Context, name: str) -> str:
    """Return the name of a tier; the usual ones in the reader's language."""
    key = f"tier.{name}"
    return context.words.label(key) if context.words.knows(key) else name


def _tier(context: Context, tier: TierRecord, *, modelled: bool) -> Row:
    future = (
        number_cell(tier.alive, Kind.BOUNDED),
        number_cell(tier.expected, Kind.MOMENT),
    )
    return Row(
        cells=(
            words_cell(_tier_name(context, tier.name)),
            number_cell(tier.n_customers, Kind.COUNT),
            number_cell(tier.n_respondents, Kind.COUNT),
            number_cell(tier.recency, Kind.MOMENT),
            number_cell(tier.frequency, Kind.MOMENT),
            number_cell(tier.monetary, Kind.MOMENT),
            number_cell(tier.repurchased, Kind.PERCENT),
            *(future if modelled else ()),
        )
    )


def _known_groups(context: Context, found: BehaviourResult) -> list[Block]:
    """Return the means of scores by tier; nothing where respondents are of one tier only."""
    if not found.known_groups:
        return []
    level = LEVEL
    rising = [one for one in found.known_groups if _rises(one, level)]
    others = [one for one in found.known_groups if one not in rising]
    names = {
        which: [context.construct(one.construct_code) for one in some]
        for which, some in (("rising", rising), ("others", others))
    }
    table = Table(
        key="table_known_groups",
        caption=context.say("known_groups.caption"),
        columns=(
            context.column("construct", align="text"),
            *(context.column("factor", name=_tier_name(context, one.name)) for one in found.tiers),
            context.column("rho", starred=True),
            context.column("p"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.construct_code)),
                    *(number_cell(mean, Kind.MOMENT) for mean in one.means),
                    number_cell(one.rho, Kind.BOUNDED, pvalue=one.pvalue),
                    number_cell(one.pvalue, Kind.PVALUE),
                )
            )
            for one in found.known_groups
        ),
        notes=(context.say("known_groups.note"), context.say("stars")),
    )
    return [
        Paragraph(text=context.say("known_groups.text", **names)),
        table,
        *tiers_chart(context, found, [_tier_name(context, one.name) for one in found.tiers]),
    ]


def _rises(group: KnownGroups, level: float) -> bool:
    """Tell whether scores rise with the tier beyond chance."""
    return bool(group.rho and group.rho > 0 and group.pvalue is not None and group.pvalue < level)
