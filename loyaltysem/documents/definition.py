"""The base of every schema, and how a file becomes a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, StringConstraints, ValidationError

from loyaltysem.documents.faults import schema_faults
from loyaltysem.documents.reading import Document, read_document
from loyaltysem.errors import DocumentError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty, without blanks around it."""

Text = dict[Line, Line]
"""The same text in several languages, keyed by language code (``en``, ``zh``)."""


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

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; with changed fields it is no longer what a file says."""
        copy = super().model_copy(update=update, deep=deep)
        if update:
            copy._document = None  # noqa: SLF001 - the copy's own
        return copy

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
            faults = schema_faults(cls, document, error.errors())
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
