"""The table against lavaan's own tables (reference/make.R wrote them)."""

import json
from pathlib import Path

import pytest

from loyaltysem.syntax import build_table

REFERENCE = json.loads((Path(__file__).parent / "reference" / "partables.json").read_text("utf-8"))


def settings_of(options):
    """Translate lavaan's option names; groups are called 1, 2, …."""
    settings = {key.replace(".", "_"): value for key, value in dict(options).items()}
    n_groups = settings.pop("ngroups", 1)
    if n_groups > 1:
        settings["group_labels"] = tuple(str(g + 1) for g in range(n_groups))
    if "nthresholds" in settings:
        settings["ordered"] = {n: v[0] for n, v in settings.pop("nthresholds").items()}
    return settings


def reference_rows(table):
    columns = ("lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label", "plabel")
    return [tuple(row) for row in zip(*(table[column] for column in columns), strict=True)]


def own_rows(table):
    return [
        (r.lhs, r.op, r.rhs, r.user, r.group, r.free, r.ustart, int(r.exo), r.label, r.plabel)
        for r in table.rows
    ]


@pytest.mark.parametrize("case", REFERENCE, ids=[case["name"] for case in REFERENCE])
def test_table_equals_lavaan(case):
    table = build_table(case["model"], **settings_of(case["options"]))
    assert own_rows(table) == reference_rows(case["table"])
