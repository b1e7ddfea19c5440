"""What pydantic finds wrong with a document, in our words and with its place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from loyaltysem.errors import DocumentError, closest, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

    from loyaltysem.documents.reading import Document, FieldPath


def schema_faults(
    schema: type[BaseModel], document: Document, details: Sequence[ErrorDetails]
) -> list[DocumentError]:
    """Return our errors for pydantic's: one for each mistake.

    Alternatives that failed for one field are one fault; what only follows from another fault
    (a key that is missing because it is misspelt, a list that lacks its faulty entries) is none.
    """
    grouped: dict[tuple[FieldPath, bool], list[ErrorDetails]] = defaultdict(list)
    misspelt = _misspelt(schema, document, details)
    for detail in details:
        if _long_enough(detail) or _missing_key(document, detail) in misspelt:
            continue
        grouped[(document.known_part(detail["loc"]), detail["type"] == "missing")].append(detail)
    faults: list[DocumentError] = []
    for (at, missing), group in grouped.items():
        if missing:
            faults += [_missing(document, detail) for detail in group]
        else:
            faults.append(_fault(schema, document, at, group))
    return sorted(faults, key=_order)


def _long_enough(detail: ErrorDetails) -> bool:
    """Return whether a block that is called too short is so only without its faulty entries."""
    return detail["type"] == "too_short" and bool(
        len(detail["input"]) >= detail["ctx"]["min_length"]
    )


def _missing_key(document: Document, detail: ErrorDetails) -> FieldPath | None:
    """Return where a key that is missing would stand; None for other faults."""
    if detail["type"] != "missing":
        return None
    *around, key = detail["loc"]
    return (*document.known_part(tuple(around)), key)


def _misspelt(
    schema: type[BaseModel], document: Document, details: Sequence[ErrorDetails]
) -> set[FieldPath]:
    """Return where the keys are missing that unknown keys beside them were meant for."""
    found: set[FieldPath] = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *around, key = document.known_part(detail["loc"])
            meant = closest(str(key), sorted(_known_keys(schema, tuple(around))))
            found |= {(*around, meant)} if meant else set()
    return found


def _order(fault: DocumentError) -> tuple[int, int]:
    place = fault.place
    return (place.line or 0, place.column or 0) if place else (0, 0)


def _missing(document: Document, detail: ErrorDetails) -> DocumentError:
    *around, key = detail["loc"]
    where = f" in '{document.field(tuple(around))}'" if around else ""
    return DocumentError(f"Key '{key}' is missing{where}", place=document.place(*around))


def _fault(
    schema: type[BaseModel], document: Document, at: FieldPath, group: list[ErrorDetails]
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
    "too_short": "needs {min_length} or more entries",
    "too_long": "must have {max_length} or fewer entries",
    "model_type": "must be a block of keys and values",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
}


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    sentence = _SENTENCES.get(detail["type"])
    if sentence is None:
        return detail["msg"][:1].lower() + detail["msg"][1:]
    return sentence.format(**detail.get("ctx", {}))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a block with the keys " + listed(value, 6) if value else "an empty block"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _known_keys(schema: type[BaseModel], path: FieldPath) -> set[str]:
    """Return the keys that a schema allows in the block at a path."""
    models: list[type[BaseModel]] = [schema]
    for part in path:
        fields = [
            field
            for model in models
            for name, field in model.model_fields.items()
            if part == (field.alias or name)
        ]
        if fields:
            models = [model for field in fields for model in _models_in(field.annotation)]
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
