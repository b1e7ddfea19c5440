"""What a reader of the results must know about the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.headings.found import Match, Target


def column_notices(
    questionnaire: Questionnaire, columns: Mapping[Target, int], matches: Sequence[Match]
) -> tuple[Notice, ...]:
    """Return the notices about codes in another case, wordings, and columns left over or lacking.

    Parameters
    ----------
    questionnaire
        What was asked.
    columns
        Column number of what was found.
    matches
        What was made of each column, in the file's order.
    """
    found = {target.question for target in columns}
    checks = [check.code for check in questionnaire.attention_checks]
    demographics = [demographic.code for demographic in questionnaire.demographics]
    return (
        *_other_case(columns, matches),
        *_by_wording(matches),
        *_left_out(matches),
        *_absent("attention_checks_absent", "attention checks", checks, found),
        *_absent("demographics_absent", "demographics", demographics, found),
    )


def _other_case(columns: Mapping[Target, int], matches: Sequence[Match]) -> Iterator[Notice]:
    told = [(matches[column], str(target)) for target, column in columns.items()]
    changed = {
        match.heading: code
        for match, code in told
        if match.how == "code"
        and match.heading != code
        and match.heading.casefold() == code.casefold()
    }
    if changed:
        pairs = listed(f"'{heading}' as {code}" for heading, code in changed.items())
        text = f"Headings matched in another case ({len(changed)}): {pairs}."
        yield Notice("headings_other_case", text, {"headings": changed})


def _by_wording(matches: Sequence[Match]) -> Iterator[Notice]:
    by_wording = {m.heading: m.code for m in matches if m.how in {"wording", "options"}}
    if by_wording:
        text = f"Columns matched by their wording, not by a code: {len(by_wording)}."
        yield Notice("headings_by_wording", text, {"headings": by_wording})


def _left_out(matches: Sequence[Match]) -> Iterator[Notice]:
    surplus = tuple(match.heading for match in matches if match.how == "left out" and match.heading)
    if surplus:
        text = (
            f"Columns that the questionnaire does not know, left out ({len(surplus)}):"
            f" {listed(surplus)}."
        )
        yield Notice("columns_left_out", text, {"n": len(surplus), "columns": surplus})


def _absent(code: str, kind: str, wanted: Sequence[str], found: set[str]) -> Iterator[Notice]:
    absent = tuple(name for name in wanted if name not in found)
    if absent:
        text = f"The data file has no column for these {kind}: {listed(absent)}."
        yield Notice(code, text, {"n": len(absent), "columns": absent})
