"""Which column of a file holds which question."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, Place, ResponsesError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.tables import RawTable

ID_HEADINGS = ("id", "respondent_id", "respondent")
SIMULATED_HEADING = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Column numbers by code; what the file does not have is absent.

    ``id`` is the column of the respondents' ids; ``extra`` are columns that are no questions but
    were asked for by their headings; ``simulated`` tells that the file declares its answers to be
    simulated.
    """

    items: Mapping[str, int]
    attention_checks: Mapping[str, int]
    demographics: Mapping[str, int]
    id: int | None
    extra: Mapping[str, int]
    simulated: bool
    notices: tuple[Notice, ...]


def match_headings(
    table: RawTable,
    questionnaire: Questionnaire,
    id_column: str | None = None,
    extra: Sequence[str] = (),
) -> ColumnMap:
    """Find the column of each question by its code, whatever the case.

    Parameters
    ----------
    table
        The file.
    questionnaire
        What was asked.
    id_column
        Heading of the respondents' ids; ``id``, ``respondent_id`` or ``respondent`` when None.
    extra
        Headings of further columns to keep, such as times and devices.

    Returns
    -------
    ColumnMap
        Its notices name headings in another case, columns that nobody asked for, and attention
        checks or demographics that the file does not have.

    Raises
    ------
    ResponsesError
        An item has no column or two, or ``id_column`` or one of ``extra`` is not there.
    """
    columns = _columns_by_key(table)
    checks = [check.code for check in questionnaire.attention_checks]
    demographics = [demographic.code for demographic in questionnaire.demographics]
    wanted = [*questionnaire.item_codes, *checks, *demographics]
    _refuse_repeats(table, columns, [*wanted, *extra, *ID_HEADINGS, id_column or ""])
    found = {code: columns[code.casefold()][0] for code in wanted if code.casefold() in columns}
    _refuse_missing_items(table, questionnaire, found)
    id_at = _id_column(table, columns, id_column)
    extra_at = {name: _column_of(table, columns, name, "asked for") for name in extra}
    simulated_at = columns.get(SIMULATED_HEADING, [None])[0]
    used = {*found.values(), *extra_at.values(), id_at, simulated_at}
    surplus = tuple(h for k, h in enumerate(table.headings) if k not in used and h)
    return ColumnMap(
        items={code: found[code] for code in questionnaire.item_codes},
        attention_checks={code: found[code] for code in checks if code in found},
        demographics={code: found[code] for code in demographics if code in found},
        id=id_at,
        extra=extra_at,
        simulated=simulated_at is not None,
        notices=(
            *_case_notice(table, found),
            *_surplus_notice(surplus),
            *_absent_notice("attention_checks_absent", "attention checks", checks, found),
            *_absent_notice("demographics_absent", "demographics", demographics, found),
        ),
    )


def _columns_by_key(table: RawTable) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = defaultdict(list)
    for k, heading in enumerate(table.headings):
        columns[heading.casefold()].append(k)
    return dict(columns)


def _refuse_repeats(table: RawTable, columns: dict[str, list[int]], wanted: list[str]) -> None:
    for code in wanted:
        at = columns.get(code.casefold(), [])
        if code and len(at) > 1:
            raise ResponsesError(
                f"Heading '{code}' stands {len(at)} times",
                place=Place(table.path, 1),
                found=listed(f"'{table.headings[k]}' in column {k + 1}" for k in at),
                remedy="Remove or rename one of the columns.",
            )


def _refuse_missing_items(
    table: RawTable, questionnaire: Questionnaire, found: dict[str, int]
) -> None:
    missing = [code for code in questionnaire.item_codes if code not in found]
    if not missing:
        return
    free = [h for k, h in enumerate(table.headings) if k not in found.values() and h]
    raise ResponsesError(
        f"The file has no column for {len(missing)} of {len(questionnaire.items)} items of"
        f" questionnaire '{questionnaire.name}': {listed(missing)}",
        place=Place(table.path, 1),
        found=f"other headings: {listed(free)}" if free else None,
        remedy=did_you_mean(missing[0], free),
    )


def _id_column(table: RawTable, columns: dict[str, list[int]], id_column: str | None) -> int | None:
    if id_column is None:
        return next((columns[h][0] for h in ID_HEADINGS if h in columns), None)
    return _column_of(table, columns, id_column, "for the respondents' ids")


def _column_of(table: RawTable, columns: dict[str, list[int]], name: str, purpose: str) -> int:
    if name.casefold() not in columns:
        raise ResponsesError(
            f"The file has no column '{name}' {purpose}",
            place=Place(table.path, 1),
            expected=listed(table.headings),
            remedy=did_you_mean(name, table.headings),
        )
    return columns[name.casefold()][0]


def _case_notice(table: RawTable, found: dict[str, int]) -> tuple[Notice, ...]:
    changed = {table.headings[k]: code for code, k in found.items() if table.headings[k] != code}
    if not changed:
        return ()
    pairs = listed(f"'{heading}' as {code}" for heading, code in changed.items())
    text = f"{len(changed)} headings were matched in another case: {pairs}."
    return (Notice("headings_other_case", text, {"headings": changed}),)


def _surplus_notice(surplus: tuple[str, ...]) -> tuple[Notice, ...]:
    if not surplus:
        return ()
    text = f"{len(surplus)} columns that the questionnaire does not know were left out: "
    facts = {"n": len(surplus), "columns": surplus}
    return (Notice("columns_left_out", f"{text}{listed(surplus)}.", facts),)


def _absent_notice(
    code: str, kind: str, wanted: list[str], found: dict[str, int]
) -> tuple[Notice, ...]:
    absent = tuple(name for name in wanted if name not in found)
    if not absent:
        return ()
    text = f"The data file has no column for these {kind}: {listed(absent)}."
    return (Notice(code, text, {"n": len(absent), "columns": absent}),)
