"""The one reader of YAML files: what a file says, and on which line it says it.

A file is parsed to plain Python values (as in YAML 1.2, ``NO``, ``2020-01-01`` and ``18_25`` stay
text) with the line and column of every field, then checked against a schema. All faults are
reported at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, PrivateAttr, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from loyaltysem.errors import DocumentError, Place, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails
    from ruamel.yaml.nodes import Node

FieldPath = tuple[str | int, ...]

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty, without blanks around it."""

Text = dict[Line, Line]
"""The same text in several languages, keyed by language code (``en``, ``zh``)."""

MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 40

_TAG = "tag:yaml.org,2002:"
_FOLD = "\a"
"""The parser's mark of where a folded line (``>``) was broken."""


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


class Definition(BaseModel):
    """Base of everything that is written in YAML: immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    _document: Document | None = PrivateAttr(default=None)

    def place(self, *path: str | int) -> Place | None:
        """Return where a field stands in the file, or None when there was no file.

        Only the definition that :func:`load` returned knows this; ``path`` starts there, e.g.
        ``questionnaire.place("constructs", 0, "items", 2, "code")``.
        """
        return self._document.place(*path) if self._document else None

    def text_in_file(self, *path: str | int) -> str | None:
        """Return a literal block so that its lines and columns are those of the file.

        None when the field is no literal block, or there was no file.
        """
        return self._document.blocks.get(path) if self._document else None

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Check a document against this schema and return it as a definition.

        Raises
        ------
        DocumentError
            The document does not follow the schema; ``faults`` holds one error for each fault.
        """
        try:
            definition = cls.model_validate(document.data)
        except ValidationError as error:
            faults = _faults(cls, document, error.errors())
            raise DocumentError.together(faults, place=Place(document.path)) from None
        definition._document = document  # noqa: SLF001 - the reader is the only one to set it
        return definition


SomeDefinition = TypeVar("SomeDefinition", bound=Definition)


def load(path: Path | str, schema: type[SomeDefinition]) -> SomeDefinition:
    """Read a YAML file and check it against a schema.

    Parameters
    ----------
    path
        The file.
    schema
        Subclass of :class:`Definition` that says which keys and values are allowed.

    Raises
    ------
    DocumentError
        The file cannot be read, is not YAML, or does not follow the schema (all faults at once).
    """
    return schema.from_document(read_document(path))


def read_document(path: Path | str) -> Document:
    """Read one YAML file to plain values with their places.

    Raises
    ------
    DocumentError
        The file is missing, not UTF-8, larger than a megabyte, empty, not YAML, uses a key twice,
        asks for Python objects, or unfolds to more than 100,000 values through its anchors.
    """
    path = Path(path)
    text = _read_text(path)
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
        yaml = YAML(typ="rt", pure=True)
        yaml.Composer = _ShallowComposer
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
        if isinstance(node, ScalarNode) and node.style == ">":
            text = text.replace(_FOLD, "")
        if tag in {"str", "timestamp"} or (tag in {"int", "float"} and "_" in text):
            return text
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag == "int":
            return _integer(text)
        if tag == "float":
            return float(
                text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan")
            )
        raise DocumentError(
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
    return int(text, 0 if based else 10)


def _faults(
    schema: type[Definition], document: Document, details: Sequence[ErrorDetails]
) -> list[DocumentError]:
    """Return our errors for pydantic's; alternatives that failed for one field are one fault."""
    grouped: dict[tuple[FieldPath, bool], list[ErrorDetails]] = defaultdict(list)
    for detail in details:
        grouped[(document.known_part(detail["loc"]), detail["type"] == "missing")].append(detail)
    faults: list[DocumentError] = []
    for (at, missing), group in grouped.items():
        if missing:
            faults += [_missing(document, detail) for detail in group]
        else:
            faults.append(_fault(schema, document, at, group))
    return sorted(faults, key=_order)


def _order(fault: DocumentError) -> tuple[int, int]:
    place = fault.place
    return (place.line or 0, place.column or 0) if place else (0, 0)


def _missing(document: Document, detail: ErrorDetails) -> DocumentError:
    *around, key = detail["loc"]
    where = f" in '{document.field(tuple(around))}'" if around else ""
    return DocumentError(f"Key '{key}' is missing{where}", place=document.place(*around))


def _fault(
    schema: type[Definition], document: Document, at: FieldPath, group: list[ErrorDetails]
) -> DocumentError:
    detail, place, field = group[0], document.place(*at), document.field(at)
    if detail["type"] == "extra_forbidden":
        known = sorted(_known_keys(schema, at[:-1]))
        return DocumentError(
            f"Unknown key '{field}'",
            place=place,
            expected=listed(known, 30),
            remedy=did_you_mean(str(at[-1]), known),
        )
    if detail["type"] == "literal_error":
        expected = " or ".join(dict.fromkeys(str(one["ctx"]["expected"]) for one in group))
        words = expected.replace("'", "").replace(" or ", ", ").split(", ")
        return DocumentError(
            f"'{field}' has a value that is not allowed",
            place=place,
            found=_shown(detail["input"]),
            expected=expected,
            remedy=did_you_mean(str(detail["input"]), words),
        )
    sentences = dict.fromkeys(_sentence(one) for one in group)
    return DocumentError(
        f"'{field or 'the file'}': {', or '.join(sentences)}",
        place=place,
        found=_shown(detail["input"]),
    )


_SENTENCES = {
    "string_type": "must be text (put it in quotes if it looks like a number)",
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a block of keys and values",
    "too_short": "needs more entries",
    "model_type": "must be a block of keys and values",
}


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return _SENTENCES.get(detail["type"], detail["msg"][:1].lower() + detail["msg"][1:])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a block with the keys " + listed(value, 6) if value else "an empty block"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _known_keys(schema: type[Definition], path: FieldPath) -> set[str]:
    """Return the keys that a schema allows in the block at a path."""
    models: list[type[BaseModel]] = [schema]
    for part in path:
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        if fields:
            models = [model for field in fields for model in _models_in(field.annotation)]
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
