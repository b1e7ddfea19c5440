import pytest

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.syntax import build_table
from loyaltysem.syntax.edit import add, constrain, fix, free, remove

TABLE = build_table("f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3")


def row(table, name, group=1):
    return next(r for r in table.rows if str(r) == name and r.group == group)


def test_fixing_and_freeing():
    fixed = fix(TABLE, "f =~ x2", 0.7)
    assert fixed.n_free == TABLE.n_free - 1
    assert row(fixed, "f =~ x2").ustart == 0.7
    freed = free(fixed, "f =~ x2", start=1.0)
    assert freed.n_free == TABLE.n_free
    assert row(freed, "f =~ x2").ustart == 1.0
    assert [r.free for r in freed.free_rows] == list(range(1, freed.n_free + 1))


def test_original_table_is_untouched():
    before = TABLE.rows
    fix(TABLE, "f =~ x2", 0.7)
    assert TABLE.rows is before


def test_covariance_may_be_named_either_way():
    added = add(TABLE, "y1 ~~ x1")
    assert row(added, "x1 ~~ y1").free == added.n_free
    assert remove(added, "x1 ~~ y1").n_free == TABLE.n_free


def test_added_parameter_may_be_fixed():
    assert row(add(TABLE, "x1 ~~ x2", value=0.2), "x1 ~~ x2").ustart == 0.2


def test_groups_one_or_all():
    table = build_table("f =~ x1 + x2 + x3", group_labels=("a", "b"))
    one = fix(table, "f =~ x2", 1.0, group=2)
    assert row(one, "f =~ x2").free
    assert not row(one, "f =~ x2", group=2).free
    assert add(table, "x1 ~~ x2").n_free == table.n_free + 2


def test_constraints_and_definitions():
    labelled = build_table("f =~ x1 + a*x2 + b*x3")
    assert constrain(labelled, "a == b").rows[-1].op == "=="
    assert constrain(labelled, "d := a - b").rows[-1].label == "d"


@pytest.mark.parametrize(
    "change",
    [
        lambda: fix(TABLE, "f =~ x9", 1.0),
        lambda: free(TABLE, "f =~ x2 + x3"),
        lambda: add(TABLE, "f =~ x1"),
        lambda: add(TABLE, "x1 ~~ z"),
        lambda: remove(TABLE, "x1 ~~ x2"),
        lambda: constrain(TABLE, "x1 ~~ x2"),
        lambda: constrain(TABLE, "a == 1"),
        lambda: remove(build_table("f =~ x1 + a*x2 + x3; d := a"), "f =~ x2"),
    ],
)
def test_impossible_changes_are_refused(change):
    with pytest.raises(ModelSpecificationError):
        change()
