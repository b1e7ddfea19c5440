"""The account of everything that was done to the answers, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

EntryCode = Literal[
    "missing_answer",
    "text_value",
    "off_scale",
    "unknown_option",
    "reverse_coded",
    "attention_unanswered",
    "attention_failed",
    "preview",
    "long_string",
    "straight_lining",
    "low_variability",
    "outlier",
    "even_odd",
    "synonyms",
    "antonyms",
    "person_total",
    "too_fast",
    "duplicate",
    "same_device",
    "incomplete",
    "missing_id",
]
"""What was met: the kinds of entries."""

Action = Literal[
    "left_missing", "set_missing", "imputed", "recoded", "kept", "excluded", "numbered"
]
"""What was done about it."""

_COLUMNS = ("respondent", "item", "code", "found", "action")
_CODES = pd.CategoricalDtype(list(get_args(EntryCode)))
_ACTIONS = pd.CategoricalDtype(list(get_args(Action)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Entries in the order in which they arose.

    Attributes
    ----------
    entries
        One row per cell (or per respondent, with an empty ``item``): ``respondent`` (id), ``item``
        (code of the question), ``code`` (what was met), ``found`` (the text in the file),
        ``action`` (what was done). ``item``, ``code`` and ``action`` are categorical.
    """

    entries: pd.DataFrame

    def totals(self) -> pd.DataFrame:
        """Return ``code, action, cells, respondents``, one row per kind that occurs."""
        return _totals(self.entries)

    def totals_of(self, action: Action) -> pd.DataFrame:
        """Return the totals of what was done in one way."""
        return _totals(self.entries[(self.entries["action"] == action).to_numpy()])

    def exclusions(self) -> dict[str, int]:
        """Return how many respondents were excluded, by the reason (a ledger code)."""
        rows = self.totals_of("excluded")
        return dict(zip(rows["code"], rows["respondents"].astype(int), strict=True))

    def with_imputed(self, filled: pd.DataFrame) -> Ledger:
        """Return a ledger in which cells that were left missing are imputed.

        ``filled`` is Boolean, respondents by items, True where a cell was imputed.
        """
        rows, columns = np.nonzero(filled.to_numpy())
        imputed = entries_of(
            code="missing_answer",
            action="imputed",
            respondents=filled.index.to_numpy(dtype=object)[rows],
            items=[str(name) for name in filled.columns],
            item_at=columns,
            found=[""] * len(rows),
        )
        cells = ["respondent", "item"]
        keys = pd.MultiIndex.from_frame(self.entries[cells].astype(str))
        done = keys.isin(pd.MultiIndex.from_frame(imputed[cells].astype(str)))
        left = (self.entries["action"] == "left_missing").to_numpy()
        return Ledger(entries=_joined([self.entries[~(done & left)], imputed]))

    def with_entries(self, *more: pd.DataFrame) -> Ledger:
        """Return a ledger with further entries at its end."""
        return Ledger(entries=_joined([self.entries, *more]))


def _totals(entries: pd.DataFrame) -> pd.DataFrame:
    """Return cells and respondents by what was met and what was done."""
    at, _ = pd.factorize(entries["respondent"].to_numpy(dtype=object))
    kinds = [(code, action) for code in _CODES.categories for action in _ACTIONS.categories]
    kind = entries["code"].cat.codes.to_numpy().astype(int) * len(_ACTIONS.categories)
    kind = kind + entries["action"].cat.codes.to_numpy()
    rows = []
    for k in np.flatnonzero(np.bincount(kind, minlength=len(kinds))):
        of_kind = at[kind == k]
        n_respondents = int((np.bincount(of_kind) > 0).sum())
        rows.append((*kinds[k], len(of_kind), n_respondents))
    return pd.DataFrame(rows, columns=["code", "action", "cells", "respondents"])


def ledger_of(parts: Iterable[pd.DataFrame]) -> Ledger:
    """Return the ledger made of several lots of entries (from :func:`entries_of`)."""
    return Ledger(entries=_joined([entries_of(code="missing_answer", action="kept"), *parts]))


def entries_of(
    *,
    code: EntryCode,
    action: Action,
    respondents: NDArray[np.object_] | Sequence[str] = (),
    items: Sequence[str] = (),
    item_at: NDArray[np.intp] | None = None,
    found: NDArray[np.object_] | Sequence[str] = (),
) -> pd.DataFrame:
    """Return entries of one kind.

    Parameters
    ----------
    code, action
        What was met and what was done.
    respondents
        Ids, one per entry.
    items
        Codes that ``item_at`` points into; a single code holds for all entries.
    item_at
        For each entry the index into ``items``; all 0 when None.
    found
        What stood in the file, one per entry.
    """
    n = len(respondents)
    at = np.zeros(n, dtype=np.intp) if item_at is None else item_at
    return pd.DataFrame(
        {
            "respondent": pd.Series(respondents, dtype=object),
            "item": pd.Categorical.from_codes(at, dtype=pd.CategoricalDtype(_text_index(items))),
            "code": _constant(code, _CODES, n),
            "found": pd.Series(found, dtype=object),
            "action": _constant(action, _ACTIONS, n),
        }
    )


def _text_index(items: Sequence[str]) -> pd.Index:
    return pd.Index(list(items), dtype="str")


def _constant(value: str, kinds: pd.CategoricalDtype, n: int) -> pd.Categorical:
    at = kinds.categories.get_loc(value)
    return pd.Categorical.from_codes(np.full(n, at), dtype=kinds)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or list(parts[:1])
    items = union_categoricals([part["item"] for part in filled])
    joined = pd.concat([part.drop(columns="item") for part in filled], ignore_index=True)
    joined["item"] = items
    return joined[list(_COLUMNS)]
