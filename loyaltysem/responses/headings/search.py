"""Looks for the questions among the headings, from the surest sign to the weakest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, get_args

from loyaltysem.errors import Place, ResponsesError, listed
from loyaltysem.responses.headings.found import How, Match, Target
from loyaltysem.responses.headings.vocabulary import (
    SEVERAL,
    option_named,
    plain_wording,
    vocabulary_of,
)
from loyaltysem.responses.platforms import Technical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from loyaltysem.questionnaire import Form
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.mapping import Mapping as SavedMapping
    from loyaltysem.responses.platforms import Heading, Platform
    from loyaltysem.responses.tables import RawTable


class ColumnSearch:
    """The columns found so far.

    Attributes
    ----------
    columns, technical
        Column number of what answers a question, and of what the platform recorded.
    """

    def __init__(
        self,
        table: RawTable,
        form: Form,
        platform: Platform,
        mapping: SavedMapping | None = None,
        *,
        lenient: bool = False,
    ) -> None:
        """Prepare a search; a ``lenient`` one leaves out what is doubtful, and raises nothing."""
        self.columns: dict[Target, int] = {}
        self.technical: dict[Technical, int] = {}
        self._table, self._form, self._platform = table, form, platform
        self._mapping, self._lenient = mapping, lenient
        self._headings = [platform.heading(table, k) for k in range(len(table.headings))]
        self._entries = {entry.code: entry for entry in form.entries}
        self._known = vocabulary_of(form, platform)
        self._how: dict[int, How] = {}
        self._left_out: set[int] = set()

    def run(self) -> None:
        """Search by all signs."""
        self._by_mapping()
        self._by_code()
        self._by_wording()
        self._by_options()

    def matches(self, used: Iterable[int | None]) -> tuple[Match, ...]:
        """Return what was made of each column; ``used`` are those asked for by their headings."""
        codes = {column: str(target) for target, column in self.columns.items()}
        codes |= {column: name for name, column in self.technical.items()}
        asked = set(used)
        return tuple(
            Match(
                heading=heading,
                column=column,
                code=codes.get(column, heading if column in asked else ""),
                how=self._how.get(column, "code" if column in asked else self._unused(column)),
            )
            for column, heading in enumerate(self._table.headings)
        )

    def _unused(self, column: int) -> How:
        heading = self._headings[column]
        return "left out" if heading.codes or heading.wordings else "technical"

    # ---- by a saved mapping ----

    def _by_mapping(self) -> None:
        if self._mapping is None:
            return
        known = {str(target): target for target in self._targets()}
        recorded: dict[str, Technical] = {name: name for name in get_args(Technical)}
        for column, code in self._mapping.columns_of(self._table, [*known, *recorded]):
            if code is None:
                self._left_out.add(column)
            elif code in known:
                self._take(known[code], column, "mapping")
            else:
                self.technical[recorded[code]] = column
                self._how[column] = "mapping"

    def _targets(self) -> Iterator[Target]:
        for entry in self._form.entries:
            yield Target(entry.code)
            if entry.kind in SEVERAL:
                yield from (Target(entry.code, option) for option in entry.options)

    # ---- by code ----

    def _by_code(self) -> None:
        for column, heading in self._open():
            if heading.technical and heading.technical not in self.technical:
                self.technical[heading.technical] = column
                self._how[column] = "technical"
                continue
            target = self._coded(heading)
            if target is not None:
                self._take(target, column, "code")

    def _coded(self, heading: Heading) -> Target | None:
        """Return what a heading names by its own code, or by option and the code of its group."""
        keys = self._known.keys
        hits = [keys[code] for code in heading.codes if code in keys]
        if hits:
            return self._option_of(hits[0], heading)
        groups = (keys.get(self._platform.code(one)) for one in (heading.group, heading.above))
        named = (self._option_of(target, heading) for target in groups if target)
        return next((target for target in named if target.part), None)

    def _option_of(self, target: Target, heading: Heading) -> Target:
        """Return the option that a heading with the question's code names, if it names one."""
        entry = self._entries[target.question]
        if target.part or not heading.part or entry.kind not in SEVERAL:
            return target
        return Target(target.question, option_named(entry, plain_wording(heading.part)))

    # ---- by wording ----

    def _by_wording(self) -> None:
        claims: dict[Target, list[int]] = defaultdict(list)
        for column, heading in self._open():
            target = self._meant(column, heading)
            if target is not None:
                claims[target].append(column)
        for target, columns in claims.items():
            if len(columns) == 1:
                self._take(target, columns[0], "wording")
            elif not self._lenient:
                named = listed(f"'{self._table.headings[k]}' (column {k + 1})" for k in columns)
                raise self._ambiguous(f"Question '{target}' fits {len(columns)} columns", named)

    def _meant(self, column: int, heading: Heading) -> Target | None:
        """Return what the wording of a heading means: the most telling text that says anything."""
        for hits in self._readings(heading):
            free = {target for target in hits if target not in self.columns}
            if len(free) == 1:
                return free.pop()
            if free and self._lenient:
                return None
            if free:
                text = self._table.headings[column]
                named = listed(sorted(map(str, free)))
                raise self._ambiguous(f"Heading '{text}' fits several questions", named)
        return None

    def _readings(self, heading: Heading) -> Iterator[set[Target]]:
        """Yield what may be meant: question and option first, then the question alone."""
        known, part = self._known, plain_wording(heading.part)
        texts = [plain_wording(text) for text in heading.wordings]
        if part:
            above = [plain_wording(heading.above), *texts]
            yield from (known.options.get((text, part), set()) for text in above)
        yield from (known.wordings.get(text, set()) for text in (part, *texts))

    # ---- by a group of options ----

    def _by_options(self) -> None:
        """Take groups of columns that are named by the options of a question alone.

        Where they tell their question, and it is none of ours, nothing is guessed.
        """
        groups: dict[str, dict[str, int]] = defaultdict(dict)
        for column, heading in self._open():
            if heading.group and heading.part and not heading.above:
                groups[heading.group][plain_wording(heading.part)] = column
        for named in groups.values():
            fitting = [one for one in self._entries.values() if self._has_options(one, named)]
            if len(fitting) > 1 and not self._lenient:
                text = self._table.headings[min(named.values())]
                codes = listed(entry.code for entry in fitting)
                raise self._ambiguous(f"The options of '{text}' fit several questions", codes)
            if len(fitting) == 1:
                for name, column in named.items():
                    target = Target(fitting[0].code, option_named(fitting[0], name))
                    self._take(target, column, "options")

    def _has_options(self, entry: Entry, named: Mapping[str, int]) -> bool:
        free = not any(target.question == entry.code for target in self.columns)
        return free and entry.kind in SEVERAL and all(option_named(entry, name) for name in named)

    # ---- what all of them do ----

    def _open(self) -> Iterator[tuple[int, Heading]]:
        """Yield the columns that nothing is known of yet."""
        for column, heading in enumerate(self._headings):
            if column not in self._how and column not in self._left_out:
                yield column, heading

    def _take(self, target: Target, column: int, how: How) -> None:
        if target in self.columns:
            if self._lenient:
                return
            raise repeated_heading(self._table, str(target), [self.columns[target], column])
        self.columns[target], self._how[column] = column, how

    def _ambiguous(self, problem: str, named: str) -> ResponsesError:
        return ResponsesError(
            problem,
            place=Place(self._table.path, 1),
            found=named,
            remedy="Say which it is in a mapping: save one with 'loyaltysem responses read FILE"
            " --questionnaire NAME --save-mapping columns.yaml', edit it, give it with --mapping.",
        )


def repeated_heading(table: RawTable, name: str, columns: list[int]) -> ResponsesError:
    """Return the error about a heading that stands in several columns."""
    return ResponsesError(
        f"Heading '{name}' stands {len(columns)} times",
        place=Place(table.path, 1),
        found=listed(f"'{table.headings[k]}' in column {k + 1}" for k in columns),
        remedy="Remove or rename one of the columns.",
    )
