"""Plain values with places, and every fault of a file at once."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import Field

from loyaltysem.documents import MAX_BYTES, Definition, Text, load, read_document
from loyaltysem.errors import DocumentError, Place


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


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "file.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def faults_of(path) -> list[DocumentError]:
    with pytest.raises(DocumentError) as caught:
        load(path, Whole)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("true", True),
        ("~", None),
        ("012", 12),
        ("0x1F", 31),
        ("-7", -7),
        ("18_25", "18_25"),
        ("2020-01-01", "2020-01-01"),
        ("1e3", 1000.0),
        ("-.INF", float("-inf")),
        ("'5'", "5"),
        (">\n  one\n  two\n", "one two\n"),
    ],
)
def test_scalars_are_read_as_yaml_1_2(written, text, value):
    data = read_document(written(f"key: {text}")).data
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


def test_places_of_keys_and_entries(written):
    path = written("name: a\nparts:\n  - code: x\n  - {code: y, size: 2}\n")
    document = read_document(path)
    assert document.place("name") == Place(path, 1, 1)
    assert document.place("parts", 1) == Place(path, 4, 5)
    assert document.place("parts", 1, "size") == Place(path, 4, 15)


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


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("name: a\nname: b", "stands twice", 2),
        ("name: [a\nkind: b", "not valid YAML", 2),
        ("", "empty", None),
        ("# only a comment\n", "empty", None),
        ("name: a\n---\nname: b", "another document", 2),
        ("name: !!python/object:os.system x", "not allowed", 1),
        ("a: {<<: {b: 1}}", "not allowed", 1),
        ("a: *nobody", "not valid YAML", 1),
        ("? [a]\n: 1", "A key must be", 1),
        ("name: a\nkind: \x01", "control character", 2),
        ("a: &a [*a]", "refers to itself", 1),
        (b"name: \xff\xfe\xfa", "not UTF-8", None),
        ("[" * 5000, "nests deeper", 1),
        ("- a\n- b", "must be a block", 1),
    ],
)
def test_unreadable_files_have_one_clear_error(written, text, problem, line):
    with pytest.raises(DocumentError, match=problem) as caught:
        load(written(text), Whole)
    assert caught.value.place.line == line or line is None


def test_anchors_that_unfold_without_end_are_refused(written):
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 9)]
    with pytest.raises(DocumentError, match="unfolds"):
        read_document(written("\n".join(layers)))


def test_huge_file_is_refused(written):
    with pytest.raises(DocumentError, match="too large"):
        read_document(written("# " + "x" * MAX_BYTES))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(DocumentError, match="does not exist"):
        read_document(tmp_path / "no.yaml")
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path)


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
