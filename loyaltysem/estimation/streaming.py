"""Moments of data that do not fit into memory: batch by batch, added up, on one machine or many.

A model of complete, continuous data needs each group's n, means and covariances only. They are
computed from batches and merged by the pairwise update of Chan, Golub & LeVeque (1983, *The
American Statistician*, 37, 242-247), which loses no digits however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Place, did_you_mean, listed
from loyaltysem.estimation.moments import LARGEST, read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray
    from pyarrow.dataset import Dataset

BATCH_ROWS = 1 << 18
NO_ANSWER = ("", "NA", "NaN", "nan", "null", "NULL", ".")
FORMATS = {".parquet": "parquet", ".feather": "feather", ".arrow": "feather", ".csv": "csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSums:
    """What has been added up of one group.

    Attributes
    ----------
    n, n_incomplete
        Rows that were used, and rows left out because a value is missing.
    mean
        Means (p,).
    scatter
        Sums of squares and cross-products about the means (p, p).
    """

    n: int
    n_incomplete: int
    mean: NDArray[np.float64]
    scatter: NDArray[np.float64]

    def plus(self, other: GroupSums) -> GroupSums:
        """Return the sums of both lots of rows."""
        n = self.n + other.n
        share = other.n / n if n else 0.0
        shift = other.mean - self.mean
        between = np.outer(shift, shift) * self.n * share
        return GroupSums(
            n=n,
            n_incomplete=self.n_incomplete + other.n_incomplete,
            mean=read_only(self.mean + shift * share),
            scatter=read_only(self.scatter + other.scatter + between),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentSums:
    """Moments of some rows, which can be added to those of others.

    Attributes
    ----------
    names
        The p variables.
    groups
        Sums by the group's label (one empty label without groups), in order of first appearance.
    """

    names: tuple[str, ...]
    groups: Mapping[str, GroupSums]

    @property
    def n(self) -> int:
        """Rows used, over all groups."""
        return sum(group.n for group in self.groups.values())

    @property
    def n_incomplete(self) -> int:
        """Rows left out because a value is missing (listwise deletion)."""
        return sum(group.n_incomplete for group in self.groups.values())

    def plus(self, other: MomentSums) -> MomentSums:
        """Return the moments of both lots of rows.

        Raises
        ------
        EstimationError
            They are of different variables.
        """
        if self.names != other.names:
            raise EstimationError(
                "Moments of different variables cannot be added",
                found=f"{listed(self.names)}; and {listed(other.names)}",
            )
        groups = dict(self.groups)
        for label, sums in other.groups.items():
            groups[label] = groups[label].plus(sums) if label in groups else sums
        return MomentSums(names=self.names, groups=groups)

    def arguments(self, *, means: bool | None = None) -> dict[str, Any]:
        """Return the arguments by which :func:`~loyaltysem.fit` takes these moments.

        Covariances have the divisor n - 1, as ``sample_cov`` must have; estimates equal those from
        the rows. Robust errors, bootstrap and scores need the rows and are refused by ``fit``.

        Parameters
        ----------
        means
            Whether the means come along, and with them a mean structure; None for what ``fit``
            does with rows, which is to model the means of several groups.

        Raises
        ------
        EstimationError
            A group has fewer than two complete rows.
        """
        for label, group in self.groups.items():
            if group.n < 2:
                where = f" of group '{label}'" if label else ""
                raise EstimationError(f"There are {group.n} complete rows{where}; two are needed")
        names = list(self.names)
        covs = {
            label: pd.DataFrame(group.scatter / (group.n - 1), index=names, columns=names)
            for label, group in self.groups.items()
        }
        centres = [pd.Series(group.mean, index=names) for group in self.groups.values()]
        sizes = [group.n for group in self.groups.values()]
        single = len(covs) == 1 and "" in covs
        given = (
            {"sample_cov": covs[""], "n": sizes[0]} if single else {"sample_cov": covs, "n": sizes}
        )
        wanted = len(covs) > 1 if means is None else means
        if wanted:
            given["sample_mean"] = centres[0] if single else centres
        return given


def moment_sums(
    data: pd.DataFrame, variables: Sequence[str], *, group: str | None = None
) -> MomentSums:
    """Return the moments of rows in memory: one part of the data, on any worker.

    Parameters
    ----------
    data
        The rows; the variables are numeric.
    variables
        Columns of the model.
    group
        Column that holds group membership.

    Raises
    ------
    EstimationError
        A column is absent, or holds something other than numbers of ordinary size.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> sums = ls.moment_sums(answers, ["PR1", "PR2", "PR3"])
    >>> ls.fit("price =~ PR1 + PR2 + PR3", **sums.arguments()).df
    0
    """
    names = tuple(variables)
    _refuse_absent([*names, *([group] if group else [])], [str(name) for name in data.columns])
    values = np.column_stack([_numbers(data[name]) for name in names])
    if group is None:
        return MomentSums(names=names, groups={"": _sums(values)})
    codes, labels = pd.factorize(data[group])
    return MomentSums(
        names=names,
        groups={str(label): _sums(values[codes == k]) for k, label in enumerate(labels)},
    )


def merged_moments(parts: Iterable[MomentSums]) -> MomentSums:
    """Return the moments of all parts together.

    Raises
    ------
    EstimationError
        There is no part, or they are of different variables.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> parts = [ls.moment_sums(part, ["PR1", "PR2"]) for part in (answers[:200], answers[200:])]
    >>> ls.merged_moments(parts).n == len(answers.dropna(subset=["PR1", "PR2"]))
    True
    """
    parts = list(parts)
    if not parts:
        raise EstimationError("There are no moments to add")
    return reduce(MomentSums.plus, parts)


def moments_of_file(
    path: Path | str | Sequence[Path | str],
    variables: Sequence[str],
    *,
    group: str | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> MomentSums:
    """Return the moments of files that need not fit into memory.

    Rows with a missing value are left out and counted. Only the columns that are named are read.

    Parameters
    ----------
    path
        A Parquet, Feather or CSV file (UTF-8, comma), a folder of such files, or several files.
    variables
        Columns of the model.
    group
        Column that holds group membership.
    tell
        Is told rows done and rows in all (0 where a CSV file does not say) after each batch.

    Raises
    ------
    EstimationError
        A file is missing or damaged, a column is absent or not numeric, or there is no row.

    Examples
    --------
    >>> sums = ls.moments_of_file("answers.parquet", ["x1", "x2", "x3"])  # doctest: +SKIP
    >>> ls.fit("f =~ x1 + x2 + x3", **sums.arguments())  # doctest: +SKIP
    """
    import pyarrow as pa

    names = tuple(variables)
    dataset = _dataset(path, names)
    wanted = [*names, *([group] if group else [])]
    _refuse_absent(wanted, dataset.schema.names)
    total: MomentSums | None = None
    done, n_rows = 0, _n_rows(dataset)
    try:
        for batch in _batches(dataset, wanted):
            part = moment_sums(batch, names, group=group)
            total = part if total is None else total.plus(part)
            done += len(batch)
            if tell:
                tell(done, n_rows)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None
    if total is None:
        raise EstimationError("The files have no rows", place=_place(path))
    return total


def _dataset(path: Path | str | Sequence[Path | str], names: tuple[str, ...]) -> Dataset:
    import pyarrow as pa
    from pyarrow import csv, dataset

    files = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    for file in files:
        if not file.exists():
            raise EstimationError(f"The file '{file}' does not exist")
    first = files[0]
    if first.is_dir():
        files = sorted(one for one in first.iterdir() if one.suffix.lower() in FORMATS)
    kinds = {file.suffix.lower() for file in files}
    if len(kinds) != 1 or not kinds <= FORMATS.keys():
        raise EstimationError(
            "The files are not of one kind that can be read in parts",
            place=_place(path),
            found=listed(sorted(kinds)),
            expected=listed(FORMATS),
        )
    form: Any = FORMATS[kinds.pop()]
    if form == "csv":
        form = dataset.CsvFileFormat(
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.float64()), null_values=list(NO_ANSWER)
            )
        )
    try:
        return dataset.dataset([str(file) for file in files], format=form)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from None


def _n_rows(dataset: Dataset) -> int:
    from pyarrow.dataset import CsvFileFormat

    return 0 if isinstance(dataset.format, CsvFileFormat) else int(dataset.count_rows())


def _batches(dataset: Dataset, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Yield the rows in lots; few are read ahead, so that memory stays small."""
    scanner = dataset.scanner(
        columns=columns, batch_size=BATCH_ROWS, batch_readahead=2, fragment_readahead=1
    )
    for batch in scanner.to_batches():
        if batch.num_rows:
            yield _frame(batch)


def _frame(batch: pa.RecordBatch) -> pd.DataFrame:
    frame: pd.DataFrame = batch.to_pandas()
    return frame


def _sums(values: NDArray[np.float64]) -> GroupSums:
    complete = ~np.isnan(values).any(axis=1)
    kept = values if complete.all() else values[complete]
    mean = kept.mean(axis=0) if len(kept) else np.zeros(values.shape[1])
    centred = kept - mean
    return GroupSums(
        n=len(kept),
        n_incomplete=len(values) - len(kept),
        mean=read_only(mean),
        scatter=read_only(centred.T @ centred),
    )


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(column):
        raise EstimationError(
            f"Column '{column.name}' is not numeric",
            found=str(column.dtype),
            remedy="Code the answers as numbers.",
        )
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if (np.abs(values) > LARGEST).any():
        raise EstimationError(f"Infinite or huge values in '{column.name}'")
    return values


def _refuse_absent(wanted: Sequence[str], columns: Sequence[str]) -> None:
    for name in wanted:
        if name not in columns:
            raise EstimationError(
                f"The data have no column '{name}'",
                expected=listed(columns),
                remedy=did_you_mean(name, columns),
            )


def _place(path: Path | str | Sequence[Path | str]) -> Place | None:
    return Place(path) if isinstance(path, str | Path) else None


def _unreadable(path: Path | str | Sequence[Path | str], error: Exception) -> EstimationError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return EstimationError(f"The file cannot be read: {reason}", place=_place(path))
