"""The key ``groups`` of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from loyaltysem.documents import Definition, Line
from loyaltysem.structural.groups.multiplicity import Correction
from loyaltysem.structural.groups.release import Criterion

Split = Literal["median"] | tuple[float, ...]


def _several(value: object) -> object:
    """Let one cut stand for a list of one."""
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else value


def _ascending(split: Split | None) -> Split | None:
    if isinstance(split, tuple) and (not split or list(split) != sorted(set(split))):
        raise ValueError("must be 'median', or numbers in ascending order")
    return split


def _joined(value: object) -> object:
    """Let one option stand for a group of one."""
    if not isinstance(value, list | tuple):
        return value
    return [[one] if isinstance(one, str) else one for one in value]


def _at_least_two(levels: tuple[tuple[str, ...], ...] | None) -> tuple[tuple[str, ...], ...] | None:
    if levels is None:
        return None
    named = [option for group in levels for option in group]
    if len(levels) < 2 or not all(levels):
        raise ValueError("must name two groups or more")
    if len(set(named)) < len(named):
        raise ValueError("names an option twice")
    return levels


class GroupsDefinition(Definition):
    """Which groups of respondents are compared, and how.

    Attributes
    ----------
    by
        A demographic of the questionnaire, or an item or construct (its mean answer) with
        ``split``.
    split
        Where an item or construct is cut: ``median``, or one number or more; who is at or below a
        cut belongs to the lower group.
    levels
        The options of the demographic that are compared, the reference first; several in brackets
        are joined into one group. All options that were chosen, without this key.
    partial
        Parameters that are not held equal, such as ``price =~ PR2`` or ``PR2 ~ 1``.
    release
        Whether items are released one by one where a level of invariance does not hold.
    criterion
        What decides that: ``chen`` (Chen 2007), ``cfi`` (Cheung & Rensvold 2002) or ``chisq``.
    correction
        Of p-values for the number of tests: ``holm``, ``bonferroni``, ``bh`` or ``none``.
    """

    by: Line
    split: Annotated[Split | None, BeforeValidator(_several), AfterValidator(_ascending)] = None
    levels: Annotated[
        tuple[tuple[Line, ...], ...] | None,
        BeforeValidator(_joined),
        AfterValidator(_at_least_two),
    ] = None
    partial: tuple[Line, ...] = Field(default=())
    release: bool = True
    criterion: Criterion = "chen"
    correction: Correction = "holm"
