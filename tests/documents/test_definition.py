"""A definition knows where its fields stand, and cannot be changed."""

from __future__ import annotations

import pytest

from loyaltysem.documents import Definition, load


class Part(Definition):
    code: str
    size: int | None = None


class Whole(Definition):
    name: str
    kind: str = ""
    parts: tuple[Part, ...] = ()


def test_place_of_what_is_not_there_is_the_nearest_around_it(written):
    definition = load(written("name: a\nparts:\n  - code: x\n"), Whole)
    assert definition.place("parts", 0, "size").line == 3
    assert definition.place("nothing").line == 1


def test_definition_without_file_has_no_place():
    assert Whole(name="a").place("name") is None


def test_literal_block_keeps_lines_and_columns_of_the_file(written):
    definition = load(written("# comment\nname: |\n  one\n    two\nkind: long\n"), Whole)
    block = definition.text_in_file("name")
    assert definition.name == "one\n  two\n"
    assert block.split("\n") == ["", "", "  one", "    two"]
    assert definition.text_in_file("kind") is None


def test_definitions_cannot_be_changed(written):
    definition = load(written("name: a"), Whole)
    with pytest.raises(ValueError, match="frozen"):
        definition.name = "b"


def test_changed_copy_is_no_longer_what_the_file_says(written):
    definition = load(written("name: |\n  a\n"), Whole)
    assert definition.model_copy().place("name").line == 1
    changed = definition.model_copy(update={"name": "b"})
    assert changed.place("name") is None
    assert changed.text_in_file("name") is None
