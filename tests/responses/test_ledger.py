"""The ledger counts cells and respondents by kind."""

from __future__ import annotations

import numpy as np

from loyaltysem.responses.ledger import entries_of, ledger_of


def missing(*respondents: str):
    return entries_of(
        code="missing_answer",
        action="left_missing",
        respondents=respondents,
        items=("Q1", "Q2"),
        item_at=np.arange(len(respondents)) % 2,
        found=[""] * len(respondents),
    )


def excluded(*respondents: str):
    return entries_of(
        code="attention_failed",
        action="excluded",
        respondents=respondents,
        items=("A1",),
        found=["5"] * len(respondents),
    )


def test_empty_ledger():
    ledger = ledger_of([])
    assert len(ledger.totals()) == 0
    assert ledger.exclusions() == {}


def test_totals_count_cells_and_respondents():
    ledger = ledger_of([missing("a", "a", "b"), excluded("c", "c")])
    assert ledger.totals().to_dict("records") == [
        {"code": "missing_answer", "action": "left_missing", "cells": 3, "respondents": 2},
        {"code": "attention_failed", "action": "excluded", "cells": 2, "respondents": 1},
    ]
    assert ledger.exclusions() == {"attention_failed": 1}


def test_entries_stay_in_order_and_keep_their_items():
    entries = ledger_of([missing("a", "b")]).with_entries(excluded("c")).entries
    assert list(entries.columns) == ["respondent", "item", "code", "found", "action"]
    assert entries["item"].astype(str).tolist() == ["Q1", "Q2", "A1"]
    assert entries["found"].tolist() == ["", "", "5"]


def test_adding_leaves_the_first_ledger_as_it_was():
    first = ledger_of([missing("a")])
    first.with_entries(excluded("b"))
    assert len(first.entries) == 1
