"""Which groups the respondents form, and whether these are large enough for a model."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from loyaltysem.errors import EstimationError, Reason, listed
from loyaltysem.estimation.moments import group_labels_of_rows
from loyaltysem.syntax.build import build_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.syntax.statements import Statements


def group_sizes(data: pd.DataFrame, group: str) -> dict[str, int]:
    """Return the number of rows of each group, in order of first appearance.

    Rows without a group count for none.

    Raises
    ------
    EstimationError
        The column is absent, or there are fewer than two groups.
    """
    sizes = {label: len(rows) for label, rows in group_labels_of_rows(data, group)}
    if len(sizes) < 2:
        only = next(iter(sizes), None)
        raise EstimationError(
            f"The column '{group}' does not divide the respondents into groups",
            found=f"the single group '{only}'" if only else "no group at all",
            expected="two groups or more",
            remedy="Name another column, or fit the model without groups.",
            reason=Reason("single_group"),
        )
    return sizes


def check_sizes(sizes: Mapping[str, int], needed: int) -> None:
    """Refuse groups with fewer respondents than the model has parameters for each of them.

    Raises
    ------
    EstimationError
        Naming all groups that are too small, with their counts.
    """
    small = {label: n for label, n in sizes.items() if n < needed}
    if small:
        counts = [[label, n] for label, n in small.items()]
        raise EstimationError(
            f"Too few respondents for {needed} parameters per group",
            found=listed(f"'{label}' with {n}" for label, n in small.items()),
            expected=f"groups of at least {needed} respondents",
            remedy="Leave these groups out, join them with others, or use a smaller model.",
            reason=Reason("small_groups", {"groups": counts, "needed": needed}),
        )


def check_groups(model: Statements, data: pd.DataFrame, group: str) -> dict[str, int]:
    """Return the number of rows of each group of a model's data, after refusing small groups.

    Raises
    ------
    EstimationError
        See :func:`group_sizes` and :func:`check_sizes`.
    """
    sizes = group_sizes(data, group)
    check_sizes(sizes, parameters_per_group(model, data, tuple(sizes)))
    return sizes


def check_used(model: Statements, data: pd.DataFrame, fit: Fit) -> None:
    """Refuse a fit that uses fewer rows of a group than the model has parameters for it.

    Raises
    ------
    EstimationError
        Rows with missing values were left out, and too few remain.
    """
    labels = fit.table.group_labels
    sizes = dict(zip(labels, fit.n_per_group, strict=True))
    check_sizes(sizes, parameters_per_group(model, data, labels))


def parameters_per_group(model: Statements, data: pd.DataFrame, labels: tuple[str, ...]) -> int:
    """Return how many parameters a model has in the group with most, nothing equal across groups.

    Thresholds of ordinal items do not count: each is estimated from its item alone.
    """
    table = build_table(
        model,
        observed_names=data.columns,
        group_labels=labels,
        std_lv=True,
        meanstructure=True,
    )
    return max(Counter(row.group for row in table.free_rows).values())
