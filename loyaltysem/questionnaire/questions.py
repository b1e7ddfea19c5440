"""The kinds of questions: items of constructs, and everything else that is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from loyaltysem.documents import Definition, Line, Text
from loyaltysem.questionnaire.naming import Code, CodedOptions, Options
from loyaltysem.questionnaire.scale import Poles, Scale

QuestionType = Literal["single", "multiple", "ranking", "text", "number", "date"]
"""One option, several options, options put in order, open text, a number, a day."""


class Coded(Definition):
    """What has a code of its own.

    Attributes
    ----------
    code
        Used once in the questionnaire; the name of its column in the data.
    """

    code: Code


class Asked(Coded):
    """What every question can have.

    Attributes
    ----------
    required
        Whether an answer is demanded; as the questionnaire says when left out.
    show_if
        Condition on earlier answers, e.g. ``gender == female and PQ1 >= 5``; always asked when
        left out.
    """

    required: bool | None = None
    show_if: Line | None = None


class Item(Asked):
    """One statement that respondents rate.

    Attributes
    ----------
    wording
        The statement.
    reverse
        Agreeing means less of the construct.
    source
        Paper of this item, when it is not the construct's.
    adaptation
        What was changed against the source.
    scale
        Scale of this item, when it is not the construct's.
    poles
        Both ends, on a semantic differential.
    """

    wording: Text
    reverse: bool = False
    source: str = ""
    adaptation: str = ""
    scale: Scale | None = None
    poles: Poles | None = None


class Construct(Coded):
    """A concept that is measured by several items.

    Attributes
    ----------
    name
        Its name for the reader.
    source
        The paper that the scale was adapted from.
    items
        What is asked to measure it.
    scale
        Scale of its items, when it is not the questionnaire's.
    """

    name: Text
    source: Line
    items: tuple[Item, ...] = Field(min_length=1)
    scale: Scale | None = None


class AttentionCheck(Coded):
    """A question whose right answer is told to the respondent, on the default scale.

    Attributes
    ----------
    wording
        The question, such as: please choose 2 here.
    correct
        The right answer; who gives another is left out, and counted.
    after
        The item after which it stands; without it, it is put between the constructs.
    """

    wording: Text
    correct: StrictInt
    after: Code | None = None


class Demographic(Asked):
    """A question about the respondent that a report tabulates.

    Attributes
    ----------
    name
        Its heading in tables.
    options
        What stands in the data, with its label.
    wording
        The question that is asked; by default the name.
    """

    name: Text
    options: Options
    wording: Text = Field(default_factory=dict)


class Question(Asked):
    """Any other question.

    Attributes
    ----------
    wording
        The question.
    type
        ``single``, ``multiple``, ``ranking``, ``text``, ``number`` or ``date``.
    options
        Of the first three types: option code to label.
    lowest, highest
        Limits of a number.
    least, most
        How many options may be chosen (``multiple``).
    long
        Room for several lines (``text``).
    """

    wording: Text
    type: QuestionType
    options: CodedOptions | None = None
    lowest: float | None = None
    highest: float | None = None
    least: Annotated[StrictInt, Field(ge=0)] | None = None
    most: Annotated[StrictInt, Field(ge=1)] | None = None
    long: bool = False


class Screening(Coded):
    """A question that decides who takes part.

    Attributes
    ----------
    wording
        The question.
    options
        Option code to label.
    accept
        Options of those who take part; other answers end the questionnaire.
    """

    wording: Text
    options: CodedOptions
    accept: tuple[Line, ...] = Field(min_length=1)


class Section(Coded):
    """One page.

    Attributes
    ----------
    title, text
        Printed above the questions.
    asks
        Codes of constructs (all their items), items, attention checks, demographics and questions,
        in the order of asking.
    randomise
        Each respondent gets the page's rated items in an order of their own.
    show_if
        Condition for the whole page.
    """

    title: Text = Field(default_factory=dict)
    text: Text = Field(default_factory=dict)
    asks: tuple[Code, ...] = Field(min_length=1)
    randomise: bool = False
    show_if: Line | None = None
