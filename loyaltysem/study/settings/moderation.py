"""The key ``moderation`` of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysem.documents import Definition, Line, Text
from loyaltysem.structural.moderation import Moderated
from loyaltysem.structural.moderation.specification import ModerationMethod, Pairing
from loyaltysem.structural.products import Centring


class ModerationHypothesis(Definition):
    """What is expected of the product of predictor and moderator; as a model's hypotheses.

    Attributes
    ----------
    id
        Such as H11.
    sign
        ``+`` if the moderator strengthens the path, ``-`` if it weakens it.
    wording
        The hypothesis in words.
    source
        Who argued for it.
    """

    id: Line
    sign: Literal["+", "-"]
    wording: Text
    source: str = ""


class ModerationDefinition(Definition):
    """A path that may depend on a moderator.

    Attributes
    ----------
    outcome, predictor
        Both ends of the path, in the names of the model.
    moderator
        A latent variable of the model, the predictor itself (a quadratic effect), or something
        observed: a demographic of two options, or an item or construct of the questionnaire that
        the model does not use (its mean answer).
    levels
        The two options of a demographic that are compared, the reference first.
    method
        ``lms`` (latent moderated structural equations), or ``products`` of indicators.
    products
        Of indicators: ``matched`` pairs, or ``all_pairs``.
    centring
        Of products: ``double_mean``, ``mean``, ``residual`` or ``none``.
    at
        Values of the moderator at which slopes are shown, in its standard deviations.
    hypothesis
        What is expected of the product.
    """

    outcome: Line
    predictor: Line
    moderator: Line
    levels: Annotated[tuple[Line, ...], Field(min_length=2, max_length=2)] | None = None
    method: ModerationMethod = "lms"
    products: Pairing = "matched"
    centring: Centring = "double_mean"
    at: Annotated[tuple[float, ...], Field(min_length=1, max_length=7)] = (-1.0, 0.0, 1.0)
    hypothesis: ModerationHypothesis | None = None

    @property
    def asked(self) -> Moderated:
        """The moderation itself."""
        return Moderated(
            outcome=self.outcome,
            predictor=self.predictor,
            moderator=self.moderator,
            method=self.method,
            products=self.products,
            centring=self.centring,
        )
