"""Which column of a file holds which question."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from loyaltysem.errors import Notice, Place, ResponsesError, did_you_mean, listed
from loyaltysem.questionnaire import form_of
from loyaltysem.questionnaire.export.layout import option_values, stem
from loyaltysem.questionnaire.wording import said
from loyaltysem.responses.platforms import PLAIN, Platform, Technical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from loyaltysem.questionnaire import Form, Questionnaire
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.mapping import Mapping as SavedMapping
    from loyaltysem.responses.platforms import Heading
    from loyaltysem.responses.tables import RawTable

ID_HEADINGS = ("id", "respondent_id", "respondent")
SIMULATED_HEADING = "simulated"

How = Literal["mapping", "code", "wording", "options", "technical", "left out"]
"""By what a column was recognised."""

_TAG = re.compile(r"<[^>]{1,100}>")
_NUMBER = re.compile(r"^\s*(?:q|第)?\s*\d{1,3}\s*(?:[.、:)．：）]|题)\s*", re.IGNORECASE)
_NOTE = re.compile(r"[\[【][^\[\]【】]{1,12}[题选][\]】]|\*")
_CODE_AT_END = re.compile(r"[(（]\s*[A-Za-z_][A-Za-z0-9_]*\s*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can hold: the answers to a question, or one of its options or ranks."""

    question: str
    option: str = ""
    rank: int = 0

    def __str__(self) -> str:
        """Return the name under which it stands in a mapping."""
        return f"{self.question}_{self.option or self.rank}" if self.part else self.question

    @property
    def part(self) -> bool:
        """Whether it is only an option or a rank of the question."""
        return bool(self.option or self.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What was made of one column: ``code`` is that of the question, empty when left out."""

    heading: str
    column: int
    code: str
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Where the questions stand; what the file does not have is absent.

    Attributes
    ----------
    platform
        Where the file comes from.
    columns
        Column number of what was found.
    form
        The questions.
    id, technical, extra
        Columns of the respondents' ids, of what the platform recorded, and of those that were
        asked for by their headings.
    simulated
        The file declares its answers to be simulated.
    matches
        One per column, in the file's order.
    """

    platform: Platform
    columns: Mapping[Target, int]
    form: Form
    id: int | None
    technical: Mapping[Technical, int]
    extra: Mapping[str, int]
    simulated: bool
    matches: tuple[Match, ...]
    notices: tuple[Notice, ...] = field(default=())

    def of_role(self, *roles: str) -> dict[str, int]:
        """Return the columns of the questions of some roles that stand in one column."""
        return {
            entry.code: self.columns[Target(entry.code)]
            for entry in self.form.entries
            if entry.role in roles and Target(entry.code) in self.columns
        }

    @property
    def items(self) -> dict[str, int]:
        """Columns of the items."""
        return self.of_role("item")

    @property
    def attention_checks(self) -> dict[str, int]:
        """Columns of the attention checks."""
        return self.of_role("attention_check")

    @property
    def demographics(self) -> dict[str, int]:
        """Columns of the demographics."""
        return self.of_role("demographic")

    def parts(self, entry: Entry) -> dict[Target, int]:
        """Return the columns of the options or ranks of a question."""
        return {
            target: column
            for target, column in self.columns.items()
            if target.part and target.question == entry.code
        }


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
    search = _Search(table, form_of(questionnaire), platform or PLAIN, mapping)
    search.run()
    _refuse_missing_items(table, questionnaire, search.columns)
    keys = _columns_by_key(table)
    id_at = _id_column(table, keys, id_column, search)
    recorded = {str(name): column for name, column in search.technical.items()}
    extra_at = {
        name: recorded[name] if name in recorded else _column_of(table, keys, name, "asked for")
        for name in extra
    }
    simulated_at = keys.get(SIMULATED_HEADING, [None])[0]
    matches = search.matches({*extra_at.values(), id_at, simulated_at})
    found = {target.question for target in search.columns}
    checks = [check.code for check in questionnaire.attention_checks]
    demographics = [demographic.code for demographic in questionnaire.demographics]
    return ColumnMap(
        platform=search.platform,
        columns=search.columns,
        form=search.form,
        id=id_at,
        technical=search.technical,
        extra=extra_at,
        simulated=simulated_at is not None,
        matches=matches,
        notices=(
            *_case_notice(table, search.columns, matches),
            *_wording_notice(matches),
            *_surplus_notice(matches),
            *_absent_notice("attention_checks_absent", "attention checks", checks, found),
            *_absent_notice("demographics_absent", "demographics", demographics, found),
        ),
    )


def columns_found(
    table: RawTable,
    questionnaire: Questionnaire,
    *,
    platform: Platform = PLAIN,
    mapping: SavedMapping | None = None,
) -> tuple[Match, ...]:
    """Return what can be told of each column, be it enough or not; doubtful ones are left out."""
    search = _Search(table, form_of(questionnaire), platform, mapping, lenient=True)
    search.run()
    return search.matches(())


class _Search:
    """Looks for the questions, from the surest sign to the weakest."""

    def __init__(
        self,
        table: RawTable,
        form: Form,
        platform: Platform,
        mapping: SavedMapping | None,
        *,
        lenient: bool = False,
    ) -> None:
        self.lenient = lenient
        self.table, self.form, self.platform, self.mapping = table, form, platform, mapping
        self.headings = [platform.heading(table, k) for k in range(len(table.headings))]
        self.entries = {entry.code: entry for entry in form.entries}
        self.columns: dict[Target, int] = {}
        self.technical: dict[Technical, int] = {}
        self.how: dict[int, How] = {}
        self._left_out: set[int] = set()

    def run(self) -> None:
        """Search by all signs."""
        self.by_mapping()
        self.by_code()
        self.by_wording()
        self.by_options()

    def by_mapping(self) -> None:
        """Take what the saved mapping says."""
        if self.mapping is None:
            return
        known = {str(target): target for target in self._targets()}
        recorded: dict[str, Technical] = {name: name for name in get_args(Technical)}
        for column, code in self.mapping.columns_of(self.table, [*known, *recorded]):
            if code is None:
                self._left_out.add(column)
            elif code in known:
                self._take(known[code], column, "mapping")
            else:
                self.technical[recorded[code]] = column
                self.how[column] = "mapping"

    def by_code(self) -> None:
        """Take the columns whose heading is, or holds, the code of a question."""
        keys = self._keys()
        for column, heading in self._open():
            if heading.technical and heading.technical not in self.technical:
                self.technical[heading.technical] = column
                self.how[column] = "technical"
                continue
            hits = [keys[code] for code in heading.codes if code in keys]
            if hits:
                self._take(self._option_of(hits[0], heading), column, "code")
                continue
            above = keys.get(self.platform.code(heading.group))
            if above and self._option_of(above, heading).part:
                self._take(self._option_of(above, heading), column, "code")

    def _option_of(self, target: Target, heading: Heading) -> Target:
        """Return the option that a heading with the question's code names, if it names one."""
        entry = self.entries[target.question]
        if target.part or not heading.part:
            return target
        named = [
            option
            for option, label in entry.options.items()
            if entry.kind in {"multiple", "ranking"}
            and _plain(heading.part) in {_plain(said) for said in label.values()}
        ]
        return Target(target.question, named[0]) if len(named) == 1 else target

    def by_wording(self) -> None:
        """Take the columns whose heading is the wording of a question in any language."""
        wordings, options = self._wordings()
        claims: dict[Target, list[int]] = defaultdict(list)
        for column, heading in self._open():
            for target in self._meant(column, heading, wordings, options):
                claims[target].append(column)
        for target, columns in claims.items():
            if len(columns) > 1 and not self.lenient:
                named = listed(f"'{self.table.headings[k]}' (column {k + 1})" for k in columns)
                raise self._ambiguous(f"Question '{target}' fits {len(columns)} columns", named)
            if len(columns) == 1:
                self._take(target, columns[0], "wording")

    def _meant(
        self,
        column: int,
        heading: Heading,
        wordings: Mapping[str, set[Target]],
        options: Mapping[tuple[str, str], set[Target]],
    ) -> Iterator[Target]:
        pairs = [(_plain(wording), _plain(heading.part)) for wording in heading.wordings]
        tries = [options.get(pair, set()) for pair in pairs if heading.part]
        tries += [wordings.get(_plain(text), set()) for text in (heading.part, *heading.wordings)]
        for hits in tries:
            free = {target for target in hits if target not in self.columns}
            if len(free) > 1:
                if self.lenient:
                    return
                heading_text = self.table.headings[column]
                named = listed(sorted(map(str, free)))
                raise self._ambiguous(f"Heading '{heading_text}' fits several questions", named)
            if free:
                yield free.pop()
                return

    def by_options(self) -> None:
        """Take groups of columns that are named by the options of a question alone."""
        groups: dict[str, list[int]] = defaultdict(list)
        for column, heading in self._open():
            if heading.group and heading.part:
                groups[heading.group].append(column)
        for columns in groups.values():
            named = {_plain(self.headings[k].part): k for k in columns}
            fitting = [entry for entry in self.entries.values() if self._has_options(entry, named)]
            if len(fitting) > 1 and self.lenient:
                continue
            if len(fitting) > 1:
                text = self.table.headings[columns[0]]
                codes = listed(entry.code for entry in fitting)
                raise self._ambiguous(f"The options of '{text}' fit several questions", codes)
            for entry in fitting:
                for name, column in named.items():
                    self._take(Target(entry.code, _option_named(entry, name)), column, "options")

    def _has_options(self, entry: Entry, named: Mapping[str, int]) -> bool:
        free = not any(target.question == entry.code for target in self.columns)
        return (
            free
            and entry.kind in {"multiple", "ranking"}
            and all(_option_named(entry, name) for name in named)
        )

    def _open(self) -> Iterator[tuple[int, Heading]]:
        """Yield the columns that nothing is known of yet."""
        for column, heading in enumerate(self.headings):
            if column not in self.how and column not in self._left_out:
                yield column, heading

    def _take(self, target: Target, column: int, how: How) -> None:
        if target in self.columns:
            if self.lenient:
                return
            at = (self.columns[target], column)
            raise ResponsesError(
                f"Heading '{target}' stands 2 times",
                place=Place(self.table.path, 1),
                found=listed(f"'{self.table.headings[k]}' in column {k + 1}" for k in at),
                remedy="Remove or rename one of the columns.",
            )
        self.columns[target], self.how[column] = column, how

    def _ambiguous(self, problem: str, named: str) -> ResponsesError:
        return ResponsesError(
            problem,
            place=Place(self.table.path, 1),
            found=named,
            remedy="Say which it is in a mapping: save one with 'loyaltysem responses read FILE"
            " --questionnaire NAME --save-mapping columns.yaml', edit it, give it with --mapping.",
        )

    def _targets(self) -> Iterator[Target]:
        for entry in self.form.entries:
            yield Target(entry.code)
            if entry.kind in {"multiple", "ranking"}:
                yield from (Target(entry.code, option) for option in entry.options)

    def _keys(self) -> dict[str, Target]:
        """Return what each code, as the platform writes it, stands for; doubtful ones are out."""
        found: dict[str, set[Target]] = defaultdict(set)
        code = self.platform.code
        for entry in self.form.entries:
            found[code(entry.code)].add(Target(entry.code))
            if entry.scale is not None and entry.scale.type == "slider":
                found[f"{code(entry.code)}_1"].add(Target(entry.code))
            for part, target in self._parts(entry):
                found[f"{code(entry.code)}_{part.casefold()}"].add(target)
        whole = {
            key: {one for one in targets if not one.part} or targets
            for key, targets in found.items()
        }
        return {key: targets.pop() for key, targets in whole.items() if len(targets) == 1}

    def _parts(self, entry: Entry) -> Iterator[tuple[str, Target]]:
        """Yield what stands for each option or rank of a question in a heading."""
        if entry.kind not in {"multiple", "ranking"}:
            return
        if entry.kind == "ranking" and self.platform.by_rank:
            for rank in range(1, len(entry.options) + 1):
                yield str(rank), Target(entry.code, rank=rank)
            return
        values = option_values(entry, self.platform.option_codes)
        yield from ((value, Target(entry.code, option)) for option, value in values.items())
        if not set(entry.options) & set(values.values()):
            yield from ((option, Target(entry.code, option)) for option in entry.options)

    def _wordings(
        self,
    ) -> tuple[dict[str, set[Target]], dict[tuple[str, str], set[Target]]]:
        """Return what has each wording; for options with the wording of the question."""
        whole: dict[str, set[Target]] = defaultdict(set)
        options: dict[tuple[str, str], set[Target]] = defaultdict(set)
        for entry in self.form.entries:
            for language in self.form.questionnaire.languages:
                texts = {stem(entry, language), said(entry.wording, language)}
                texts |= {said(entry.name, language)} if entry.name else set()
                for text in {_plain(text) for text in texts} - {""}:
                    whole[text].add(Target(entry.code))
                    if entry.kind in {"multiple", "ranking"}:
                        for option, label in entry.options.items():
                            pair = (text, _plain(said(label, language)))
                            options[pair].add(Target(entry.code, option))
        return whole, options

    def matches(self, used: Iterable[int | None]) -> tuple[Match, ...]:
        """Return what was made of each column."""
        codes = {column: str(target) for target, column in self.columns.items()}
        codes |= {column: name for name, column in self.technical.items()}
        asked = set(used)
        return tuple(
            Match(
                heading=heading,
                column=column,
                code=codes.get(column, heading if column in asked else ""),
                how=self.how.get(column, "code" if column in asked else self._unused(column)),
            )
            for column, heading in enumerate(self.table.headings)
        )

    def _unused(self, column: int) -> How:
        heading = self.headings[column]
        return "left out" if heading.codes or heading.wordings else "technical"


def _option_named(entry: Entry, plain: str) -> str:
    """Return the option of that label in any language, or an empty text."""
    named = [
        option
        for option, label in entry.options.items()
        if plain in {_plain(text) for text in label.values()}
    ]
    return named[0] if len(named) == 1 else ""


def _plain(text: str) -> str:
    """Return a wording without numbering, tags, notes, code, punctuation and blanks."""
    text = unicodedata.normalize("NFKC", text)
    text = _CODE_AT_END.sub("", _NUMBER.sub("", _NOTE.sub("", _TAG.sub("", text))).strip())
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _columns_by_key(table: RawTable) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = defaultdict(list)
    for k, heading in enumerate(table.headings):
        columns[heading.casefold()].append(k)
    return dict(columns)


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
        found=f"other headings: {listed(free)}" if free else None,
        remedy=did_you_mean(missing[0], free)
        or "Headings are matched by code or wording; a mapping can name any column.",
    )


def _id_column(
    table: RawTable, columns: dict[str, list[int]], id_column: str | None, search: _Search
) -> int | None:
    if id_column is not None:
        return _column_of(table, columns, id_column, "for the respondents' ids")
    if "id" in search.technical:
        return search.technical["id"]
    usual = next((name for name in ID_HEADINGS if name in columns), None)
    return None if usual is None else _column_of(table, columns, usual, "for the respondents' ids")


def _column_of(table: RawTable, columns: dict[str, list[int]], name: str, purpose: str) -> int:
    at = columns.get(name.casefold(), [])
    if not at:
        raise ResponsesError(
            f"The file has no column '{name}' {purpose}",
            place=Place(table.path, 1),
            expected=listed(table.headings),
            remedy=did_you_mean(name, table.headings),
        )
    if len(at) > 1:
        raise ResponsesError(
            f"Heading '{name}' stands {len(at)} times",
            place=Place(table.path, 1),
            found=listed(f"'{table.headings[k]}' in column {k + 1}" for k in at),
            remedy="Remove or rename one of the columns.",
        )
    return at[0]


def _case_notice(
    table: RawTable, columns: Mapping[Target, int], matches: tuple[Match, ...]
) -> tuple[Notice, ...]:
    how = {match.column: match.how for match in matches}
    changed = {
        table.headings[k]: str(target)
        for target, k in columns.items()
        if how[k] == "code"
        and table.headings[k] != str(target)
        and table.headings[k].casefold() == str(target).casefold()
    }
    if not changed:
        return ()
    pairs = listed(f"'{heading}' as {code}" for heading, code in changed.items())
    text = f"{len(changed)} headings were matched in another case: {pairs}."
    return (Notice("headings_other_case", text, {"headings": changed}),)


def _wording_notice(matches: tuple[Match, ...]) -> tuple[Notice, ...]:
    by_wording = {m.heading: m.code for m in matches if m.how in {"wording", "options"}}
    if not by_wording:
        return ()
    text = f"{len(by_wording)} columns were matched by their wording, not by a code."
    return (Notice("headings_by_wording", text, {"headings": by_wording}),)


def _surplus_notice(matches: tuple[Match, ...]) -> tuple[Notice, ...]:
    surplus = tuple(match.heading for match in matches if match.how == "left out" and match.heading)
    if not surplus:
        return ()
    text = f"{len(surplus)} columns that the questionnaire does not know were left out: "
    facts = {"n": len(surplus), "columns": surplus}
    return (Notice("columns_left_out", f"{text}{listed(surplus)}.", facts),)


def _absent_notice(code: str, kind: str, wanted: list[str], found: set[str]) -> tuple[Notice, ...]:
    absent = tuple(name for name in wanted if name not in found)
    if not absent:
        return ()
    text = f"The data file has no column for these {kind}: {listed(absent)}."
    return (Notice(code, text, {"n": len(absent), "columns": absent}),)
