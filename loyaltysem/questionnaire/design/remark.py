"""What is said about a questionnaire's design."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from loyaltysem.questionnaire.wording import interface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.errors import Place

Weight = Literal["warning", "advice"]
"""Will harm the study; may be meant so."""

WARNINGS = frozenset({
    "double_barrelled", "double_negation", "leading", "few_items", "only_reverse", "mixed_scales",
    "many_points", "unbalanced_scale", "no_neutral", "near_duplicate", "same_in_languages",
    "wrong_script", "too_long",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that a reviewer of the questionnaire would say.

    Attributes
    ----------
    code
        Its kind, a key under ``remarks`` in ``questionnaires/interface``.
    place
        Where it stands in the file; None when there was no file.
    facts
        Its particulars.
    """

    code: str
    place: Place | None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        """How much it matters."""
        return "warning" if self.code in WARNINGS else "advice"

    def sentence(self, language: str = "en") -> str:
        """Return it in words."""
        return interface(language).remarks[self.code].format(**self.facts)
