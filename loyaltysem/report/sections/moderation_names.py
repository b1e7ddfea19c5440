"""How a moderation's variables and values are called in a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import (
        ConditionalIndirect,
        ModelResult,
        ModerationResult,
        SlopeRecord,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationNames:
    """The reader's names of outcome, predictor, moderator and their product."""

    context: Context
    model: ModelResult
    outcome: str
    predictor: str
    moderator: str
    product: str

    @property
    def facts(self) -> dict[str, object]:
        """The names as facts of a sentence."""
        return {
            "outcome": self.outcome,
            "predictor": self.predictor,
            "moderator": self.moderator,
            "square": self.predictor == self.moderator,
        }

    def value(self, one: SlopeRecord | ConditionalIndirect) -> str:
        """Return a value of the moderator: an option's name, or its distance from the mean."""
        if one.name:
            return self.context.text(one.name)
        if abs(one.sds) < 1e-9:
            return self.context.words.label("moderation.at_mean")
        side = "above" if one.sds > 0 else "below"
        return self.context.words.label(f"moderation.at_{side}", size=f"{abs(one.sds):g}")

    def path(self, path: str) -> str:
        """Return an indirect path in the reader's names."""
        names = (self.context.construct(code, self.model) for code in path.split(" -> "))
        return " → ".join(names)


def moderation_names(
    context: Context, model: ModelResult, found: ModerationResult
) -> ModerationNames:
    """Return the names of a moderation."""
    predictor = context.construct(found.predictor, model)
    moderator = context.text(found.moderator_name) or context.construct(found.moderator, model)
    square = found.predictor == found.moderator
    return ModerationNames(
        context=context,
        model=model,
        outcome=context.construct(found.outcome, model),
        predictor=predictor,
        moderator=moderator,
        product=f"{predictor}²" if square else f"{predictor} × {moderator}",
    )
