"""A column of a file as its distinct texts and which of them stands in each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TextColumn:
    """The cells of one column; a million answers on a scale take 4 MB.

    Attributes
    ----------
    codes
        For each cell the index of its text in ``texts``, shape (rows,).
    texts
        The distinct texts; an empty cell is the empty text.
    """

    codes: NDArray[np.int32]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, cells: Iterable[str]) -> Self:
        """Return a column with these cells."""
        codes, values = pd.factorize(np.array([*cells, ""], dtype=object)[:-1])
        return cls(codes.astype(np.int32), tuple(values))

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        """Return the text of one cell."""
        return self.texts[int(self.codes[row])]

    def text(self, rows: NDArray[np.bool_] | slice = slice(None)) -> NDArray[np.object_]:
        """Return the texts of all cells, or of some."""
        values = np.array([*self.texts, ""], dtype=object)
        chosen: NDArray[np.object_] = values[self.codes[rows]]
        return chosen

    def taken(self, rows: NDArray[np.bool_] | slice) -> TextColumn:
        """Return the column with some of its cells."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return TextColumn(codes.astype(np.int32), tuple(self.texts[k] for k in used))

    def where(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return for each cell whether something holds of its text."""
        told = np.array([holds(value) for value in self.texts], dtype=np.bool_)
        return told[self.codes]

    def numbers(self, read: Callable[[str], float]) -> NDArray[np.float64]:
        """Return for each cell the number that is read from its text."""
        told = np.array([read(value) for value in self.texts], dtype=np.float64)
        return told[self.codes]

    def mapped(self, change: Callable[[str], str]) -> TextColumn:
        """Return the column with each text changed."""
        at, values = pd.factorize(np.array([*map(change, self.texts), ""], dtype=object)[:-1])
        return TextColumn(at.astype(np.int32)[self.codes], tuple(values))
