"""A YAML file as plain values, with the line and column of every field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from loyaltysem.errors import DocumentError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ruamel.yaml.nodes import Node

FieldPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 40
MAX_DIGITS = 40

_TAG = "tag:yaml.org,2002:"
_BLOCKS = {f"{_TAG}map", f"{_TAG}seq"}
_SHOWN = 40
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file as plain values, and where each field stands.

    ``data`` is made of dict, list, str, int, float, bool and None; ``places`` gives the place of
    the field (its key, or the list entry) at a path such as ``("constructs", 0, "items")``;
    ``blocks`` the text of each literal block (``|``) with its indentation, below as many empty
    lines as stand above it in the file, so that its lines and columns are those of the file.
    """

    path: Path
    data: Any
    places: Mapping[FieldPath, Place]
    blocks: Mapping[FieldPath, str]

    def place(self, *path: str | int) -> Place:
        """Return where a field stands, or the nearest field around it that the file has."""
        known = self.known_part(path)
        return self.places.get(known, Place(self.path))

    def field(self, path: FieldPath) -> str:
        """Return ``constructs[1].items[3].code``: list entries count from 1 for the reader."""
        name, value = "", self.data
        for part in path:
            if isinstance(value, list) and isinstance(part, int):
                name, value = f"{name}[{part + 1}]", value[part]
            else:
                name += f".{part}"
                value = value.get(part) if isinstance(value, dict) else None
        return name.removeprefix(".")

    def known_part(self, path: FieldPath) -> FieldPath:
        """Return the longest beginning of a path that the file has."""
        while path and path not in self.places:
            path = path[:-1]
        return path


def read_document(path: Path | str) -> Document:
    """Read one YAML file to plain values with their places.

    Raises
    ------
    DocumentError
        The file is missing, not UTF-8, larger than a megabyte, empty, not YAML, uses a key twice,
        asks for Python objects, holds a number that cannot be read or a control character, or
        unfolds to more than 100,000 values through its anchors.
    """
    path = Path(path)
    return parse_document(_read_text(path), path)


def parse_document(text: str, path: Path) -> Document:
    """Read YAML text; ``path`` is the file that it will stand in, for messages.

    Raises
    ------
    DocumentError
        As `read_document`.
    """
    builder = _Builder(path, text)
    data = builder.build(_compose(path, text), ())
    return Document(
        path=path,
        data=data,
        places=MappingProxyType(builder.places),
        blocks=MappingProxyType(builder.blocks),
    )


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError("The file is too large for a definition", place=Place(path))
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DocumentError(f"The file '{path}' does not exist") from None
    except OSError as error:
        raise DocumentError(f"The file '{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"The file is not UTF-8 text (byte {error.start})",
            place=Place(path),
            remedy="Save it as UTF-8 in the editor.",
        ) from None


def _compose(path: Path, text: str) -> Node:
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _ShallowComposer  # type: ignore[assignment]
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        problem = error.problem or error.context or "unknown fault"
        raise DocumentError(f"The file is not valid YAML: {problem}", place=place) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DocumentError(
            "The file holds a control character, which YAML does not allow",
            place=Place(path, line),
        ) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"The file is not valid YAML: {error}", place=Place(path)) from None
    except _TooDeepError as error:
        raise DocumentError(
            f"The file nests deeper than {MAX_DEPTH} levels", place=Place(path, error.line)
        ) from None
    if root is None:
        raise DocumentError("The file is empty", place=Place(path))
    return root


class _TooDeepError(Exception):
    """More levels than any definition needs."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _ShallowComposer(Composer):
    """Stops before deep nesting costs time or the interpreter's stack."""

    _depth = 0

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # YAML allows to name a second value alike

    def compose_node(self, parent: Node | None, index: Any) -> Any:
        """Compose one node and what is in it."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeepError(self.loader.parser.peek_event().start_mark.line + 1)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Builder:
    """Turns YAML nodes into plain values and notes where each one stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.places: dict[FieldPath, Place] = {}
        self.blocks: dict[FieldPath, str] = {}
        self._lines = text.splitlines()
        self._values = 0

    def build(self, node: Node, at: FieldPath) -> Any:
        place = self._place(node)
        self.places.setdefault(at, place)
        self._values += 1
        if self._values > MAX_VALUES:
            raise DocumentError(f"The file unfolds to over {MAX_VALUES:,} values", place=place)
        if len(at) > MAX_DEPTH:
            raise DocumentError("The file refers to itself through its anchors", place=place)
        if not isinstance(node, ScalarNode):
            self._check_tag(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self.build(entry, (*at, k)) for k, entry in enumerate(node.value)]
        if isinstance(node, ScalarNode) and node.style == "|":
            first, last = node.start_mark.line + 1, node.end_mark.line
            self.blocks[at] = "\n" * first + "\n".join(self._lines[first:last])
        return self._scalar(node)

    def _mapping(self, node: MappingNode, at: FieldPath) -> dict[str | int, Any]:
        result: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in result:
                first = self.places[(*at, key)]
                raise DocumentError(
                    f"Key '{key}' stands twice in one block (first on line {first.line})",
                    place=self._place(key_node),
                )
            self.places[(*at, key)] = self._place(key_node)
            result[key] = self.build(value_node, (*at, key))
        return result

    def _key(self, node: Node) -> str | int:
        key = self._scalar(node) if isinstance(node, ScalarNode) else None
        if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
            return key
        raise DocumentError("A key must be a word or a whole number", place=self._place(node))

    def _scalar(self, node: Node) -> str | int | float | bool | None:
        tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if tag in {"str", "timestamp"} or (tag in {"int", "float"} and "_" in text):
            return self._readable(text, node)
        if tag == "null":
            return None
        if tag in _VALUES:
            return self._value(tag, text, node)
        raise self._forbidden(node)

    def _value(self, tag: str, text: str, node: Node) -> int | float | bool:
        try:
            return _VALUES[tag](text)
        except ValueError:
            raise DocumentError(
                f"This cannot be read as {_MEANT[tag]}",
                place=self._place(node),
                found=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…",
                remedy="Put it in quotes if it is text.",
            ) from None

    def _readable(self, text: str, node: Node) -> str:
        """Refuse what an escape can smuggle in: no report could hold it."""
        if _UNREADABLE.search(text):
            raise DocumentError("The text holds a control character", place=self._place(node))
        return text

    def _check_tag(self, node: Node) -> None:
        """Refuse a block that is to become something else than a list or keys and values."""
        if str(node.tag) not in _BLOCKS:
            raise self._forbidden(node)

    def _forbidden(self, node: Node) -> DocumentError:
        tag = str(node.tag).removeprefix(_TAG)
        return DocumentError(
            "The tag or merge key here is not allowed in a definition",
            place=self._place(node),
            found=tag if tag != "merge" else "<<",
            remedy="Write the values out.",
        )

    def _place(self, node: Node) -> Place:
        mark = node.start_mark
        return Place(self.path, mark.line + 1, mark.column + 1)


def _integer(text: str) -> int:
    based = text.lstrip("+-").lower().startswith(("0x", "0o", "0b"))
    if len(text) > MAX_DIGITS:
        raise ValueError("longer than any number that is meant")
    return int(text, 0 if based else 10)


def _float(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _truth(text: str) -> bool:
    return ("false", "true").index(text.lower()) == 1


_VALUES: Mapping[str, Callable[[str], int | float | bool]] = {
    "int": _integer,
    "float": _float,
    "bool": _truth,
}
_MEANT = {"int": "a whole number", "float": "a number", "bool": "true or false"}
