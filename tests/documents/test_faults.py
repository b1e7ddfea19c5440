"""Every fault of a file at once, each with its place and what is allowed."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import Field

from loyaltysem.documents import Definition, Text, load
from loyaltysem.errors import DocumentError


class Part(Definition):
    code: str
    size: int | None = None


class Whole(Definition):
    name: str
    kind: Literal["long", "short"] = "long"
    parts: tuple[Part, ...] = ()
    label: str | list[str] = ""
    title: Text = Field(default_factory=dict)
    weights: dict[int, float] = Field(default_factory=dict)
    pairs: tuple[int, ...] = Field(default=(1, 2), min_length=2)
    draws: int = Field(default=500, ge=100, le=1000)


def faults_of(path) -> list[DocumentError]:
    with pytest.raises(DocumentError) as caught:
        load(path, Whole)
    return list(caught.value.faults)


def test_all_schema_faults_at_once_in_the_order_of_the_file(written):
    faults = faults_of(
        written(
            "name: 3\nkind: shrot\nparts:\n  - code: a\n    siz: 3\n  - size: x\n"
            "title: {en: ''}\nlabel: {a: 1}\nexrta: 1\n"
        )
    )
    assert [fault.place.line for fault in faults] == [1, 2, 5, 6, 6, 7, 8, 9]


def test_unknown_key_names_the_known_and_the_nearest(written):
    (fault,) = faults_of(written("name: a\nparts:\n  - {code: x, siz: 3}"))
    assert fault.problem == "Unknown key 'parts[1].siz'"
    assert fault.expected == "code, size"
    assert fault.remedy == "Did you mean 'size'?"
    assert (fault.place.line, fault.place.column) == (3, 15)


def test_value_outside_a_choice_names_the_choices(written):
    (fault,) = faults_of(written("name: a\nkind: shrot"))
    assert fault.expected == "'long' or 'short'"
    assert fault.remedy == "Did you mean 'short'?"


@pytest.mark.parametrize(
    ("draws", "told"), [(50, "'draws': must be 100 or more"), (5000, "must be 1000 or less")]
)
def test_a_number_beyond_its_limits_is_told_the_limit(written, draws, told):
    (fault,) = faults_of(written(f"name: a\ndraws: {draws}"))
    assert told in fault.problem
    assert fault.found == str(draws)


def test_missing_key_is_placed_at_its_block(written):
    (fault,) = faults_of(written("name: a\nparts:\n  - size: 3"))
    assert fault.problem == "Key 'code' is missing in 'parts[1]'"
    assert fault.place.line == 3


def test_alternatives_that_fail_are_one_fault(written):
    (fault,) = faults_of(written("name: a\nlabel: 3"))
    assert "text" in fault.problem
    assert "list" in fault.problem


def test_whole_number_key_is_no_list_position(written):
    (fault,) = faults_of(written("name: a\nweights: {7: heavy}"))
    assert "'weights.7'" in fault.problem


def test_a_list_where_a_block_belongs(written):
    (fault,) = faults_of(written("- a\n- b"))
    assert fault.problem == "'the file': must be a block of keys and values"


def test_an_empty_list_where_entries_are_needed(written):
    (fault,) = faults_of(written("name: a\npairs: []"))
    assert fault.problem == "'pairs': needs 2 or more entries"


def test_a_faulty_entry_does_not_make_its_list_too_short(written):
    (fault,) = faults_of(written("name: a\npairs: [1, two]"))
    assert fault.problem == "'pairs[2]': must be a whole number"


def test_a_misspelt_key_is_not_missing_as_well(written):
    (fault,) = faults_of(written("name: a\nparts:\n  - {code: x}\n  - {coed: y, size: 3}"))
    assert fault.problem == "Unknown key 'parts[2].coed'"
    assert fault.remedy == "Did you mean 'code'?"


def test_an_unknown_key_that_means_no_other_leaves_the_missing_one_told(written):
    faults = faults_of(written("name: a\nparts:\n  - {weight: x}\n  - {size: 3, coed: y}"))
    assert [fault.problem for fault in faults] == [
        "Key 'code' is missing in 'parts[1]'",
        "Unknown key 'parts[1].weight'",
        "Unknown key 'parts[2].coed'",
    ]
