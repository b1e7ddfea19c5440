"""From headings to columns, or to the error that says what is lacking."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from loyaltysem.errors import Place, ResponsesError, did_you_mean, listed
from loyaltysem.questionnaire import form_of
from loyaltysem.responses.headings.found import (
    ID_HEADINGS,
    SIMULATED_HEADING,
    ColumnMap,
    Match,
    Target,
)
from loyaltysem.responses.headings.notices import column_notices
from loyaltysem.responses.headings.search import ColumnSearch, repeated_heading
from loyaltysem.responses.platforms import PLAIN
from loyaltysem.responses.privacy import shown
from loyaltysem.responses.spelling import MISSING_MARKS, NOT_CHOSEN, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.mapping import Mapping as SavedMapping
    from loyaltysem.responses.platforms import Platform
    from loyaltysem.responses.tables import RawTable

    ColumnsByKey = Mapping[str, list[int]]


LOOKED_AT = 5
"""Rows in which headings are looked for that do not stand in the first one."""


def match_headings(
    table: RawTable,
    questionnaire: Questionnaire,
    id_column: str | None = None,
    extra: Sequence[str] = (),
    *,
    platform: Platform | None = None,
    mapping: SavedMapping | None = None,
) -> ColumnMap:
    """Find the column of each question: by a saved mapping, by its code, or by its wording.

    Codes are compared whatever the case, wordings in every language without punctuation. What the
    wording leaves open is an error, never a guess.

    Parameters
    ----------
    table
        The file.
    questionnaire
        What was asked.
    id_column
        Heading of the respondents' ids; that of the platform, ``id``, ``respondent_id`` or
        ``respondent`` when None.
    extra
        Headings of further columns to keep, such as times and devices, or what the platform
        calls so (``seconds``, ``ip`` …).
    platform
        Where the file comes from; by default headings are codes or wordings.
    mapping
        What headings stand for, as it was saved; it goes before all else.

    Returns
    -------
    ColumnMap
        Its notices name headings in another case or matched by wording, columns that nobody asked
        for, and attention checks or demographics that the file does not have.

    Raises
    ------
    ResponsesError
        An item has no column or two, a heading fits several questions, or ``id_column`` or one of
        ``extra`` is not there.
    """
    platform = platform or PLAIN
    form = form_of(questionnaire)
    search = ColumnSearch(table, form, platform, mapping)
    search.run()
    _refuse_missing_items(table, questionnaire, search.columns)
    keys = _columns_by_key(table)
    id_at = _id_column(table, keys, id_column, search.technical.get("id"))
    extra_at = _extra_columns(table, keys, extra, search)
    simulated_at = keys.get(SIMULATED_HEADING, [None])[0]
    matches = search.matches({*extra_at.values(), id_at, simulated_at})
    return ColumnMap(
        platform=platform,
        columns=search.columns,
        form=form,
        id=id_at,
        technical=search.technical,
        extra=extra_at,
        simulated=simulated_at is not None and _says_yes(table.columns[simulated_at]),
        matches=matches,
        notices=column_notices(questionnaire, search.columns, matches),
    )


def columns_found(
    table: RawTable,
    questionnaire: Questionnaire,
    *,
    platform: Platform = PLAIN,
    mapping: SavedMapping | None = None,
) -> tuple[Match, ...]:
    """Return what can be told of each column, be it enough or not; doubtful ones are left out."""
    search = ColumnSearch(table, form_of(questionnaire), platform, mapping, lenient=True)
    search.run()
    return search.matches(())


def _says_yes(cells: TextColumn) -> bool:
    return any(plain(text) not in NOT_CHOSEN | MISSING_MARKS for text in cells.texts)


def _refuse_missing_items(
    table: RawTable, questionnaire: Questionnaire, columns: Mapping[Target, int]
) -> None:
    missing = [code for code in questionnaire.item_codes if Target(code) not in columns]
    if not missing:
        return
    taken = set(columns.values())
    free = [h for k, h in enumerate(table.headings) if k not in taken and h]
    raise ResponsesError(
        f"The file has no column for {len(missing)} of {len(questionnaire.items)} items of"
        f" questionnaire '{questionnaire.name}': {listed(missing)}",
        place=Place(table.path, 1),
        found=f"other headings: {listed(map(shown, free))}" if free else None,
        remedy=_row_of_codes(table, questionnaire)
        or did_you_mean(missing[0], free)
        or "Headings are matched by code or wording; a mapping can name any column.",
    )


def _row_of_codes(table: RawTable, questionnaire: Questionnaire) -> str | None:
    """Return what to do where the codes of most items stand in a row below the first."""
    codes = {code.casefold() for code in questionnaire.item_codes}
    for row, number in enumerate(table.row_numbers[:LOOKED_AT].tolist()):
        cells = {column[row].strip().casefold() for column in table.columns}
        if 2 * len(cells & codes) > len(codes):
            return f"The headings seem to stand in row {number}: delete the rows above it."
    return None


def _columns_by_key(table: RawTable) -> ColumnsByKey:
    columns: dict[str, list[int]] = defaultdict(list)
    for k, heading in enumerate(table.headings):
        columns[heading.casefold()].append(k)
    return dict(columns)


def _id_column(
    table: RawTable, keys: ColumnsByKey, id_column: str | None, recorded: int | None
) -> int | None:
    if id_column is not None:
        return _column_of(table, keys, id_column, "for the respondents' ids")
    if recorded is not None:
        return recorded
    usual = next((name for name in ID_HEADINGS if name in keys), None)
    return None if usual is None else _column_of(table, keys, usual, "for the respondents' ids")


def _extra_columns(
    table: RawTable, keys: ColumnsByKey, extra: Sequence[str], search: ColumnSearch
) -> dict[str, int]:
    recorded = {str(name): column for name, column in search.technical.items()}
    return {
        name: recorded[name] if name in recorded else _column_of(table, keys, name, "asked for")
        for name in extra
    }


def _column_of(table: RawTable, keys: ColumnsByKey, name: str, purpose: str) -> int:
    at = keys.get(name.casefold(), [])
    if not at:
        raise ResponsesError(
            f"The file has no column '{name}' {purpose}",
            place=Place(table.path, 1),
            expected=listed(map(shown, table.headings)),
            remedy=did_you_mean(name, table.headings),
        )
    if len(at) > 1:
        raise repeated_heading(table, name, at)
    return at[0]
