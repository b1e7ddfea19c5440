"""Plain values with places, from whatever a file holds."""

from __future__ import annotations

import pytest

from loyaltysem.documents import MAX_BYTES, read_document
from loyaltysem.errors import DocumentError, Place


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


def test_an_anchor_may_be_named_again(written):
    assert read_document(written("a: &x 1\nb: &x 2\nc: *x")).data == {"a": 1, "b": 2, "c": 2}


def test_places_of_keys_and_entries(written):
    path = written("name: a\nparts:\n  - code: x\n  - {code: y, size: 2}\n")
    document = read_document(path)
    assert document.place("name") == Place(path, 1, 1)
    assert document.place("parts", 1) == Place(path, 4, 5)
    assert document.place("parts", 1, "size") == Place(path, 4, 15)


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
        ("a: " + "9" * 5000, "whole number", 1),
        ("a: 0x" + "F" * 50_000, "whole number", 1),
        ("a: !!int one", "whole number", 1),
        ("%YAML 1.1\n---\na: 1:30", "whole number", 3),
        ("a: !!float 1:30", "as a number", 1),
        ("a: !!bool maybe", "true or false", 1),
        ("!!python/object/apply:os.system [id]", "not allowed", 1),
        ("a: !!omap [b: 1]", "not allowed", 1),
        ('a: "\\0"', "control character", 1),
        ('a: "\\ud800"', "control character", 1),
    ],
)
def test_unreadable_files_have_one_clear_error(written, text, problem, line):
    with pytest.raises(DocumentError, match=problem) as caught:
        read_document(written(text))
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
