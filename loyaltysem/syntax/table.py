"""The parameter table: the one inner representation of a model.

One row per parameter, in lavaan's order and with lavaan's column names, so that a table can be read
beside ``lavaan::parameterTable``. Constraints (``==``, ``<``, ``>``) and defined parameters
(``:=``) are rows of group 0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from loyaltysem.errors import Notice

Operator = Literal["=~", "<~", "~", "~~", "~1", "|", "~*~", ":=", "==", "<", ">"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    ``free`` is 0 for a fixed parameter and k (from 1) for the k-th free one, over all groups;
    ``ustart`` is the fixed value, or the user's start value of a free parameter, or None;
    ``user`` is 1 for what the model text states, 0 for what defaults add, 2 for constraint rows
    that were derived from equal labels; ``exo`` marks moments of fixed exogenous covariates (and,
    with ``conditional_x``, their slopes); ``plabel`` (``.p7.``) names the row itself, ``label`` is
    the user's label or, among rows that are to be equal, the first one's name.
    """

    id: int
    lhs: str
    op: Operator
    rhs: str
    user: int = 1
    group: int = 1
    free: int = 0
    ustart: float | None = None
    exo: bool = False
    label: str = ""
    plabel: str = ""

    @property
    def is_constraint(self) -> bool:
        """Whether the row is a constraint or a defined parameter."""
        return self.group == 0

    def __str__(self) -> str:
        """Return the parameter as model text writes it, without modifiers."""
        return f"{self.lhs} ~ 1" if self.op == "~1" else f"{self.lhs} {self.op} {self.rhs}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterTable:
    """All rows, with the names they speak of.

    ``observed`` lists the observed variables in the order of the moments (indicators first, in the
    order in which the model mentions them); ``latent`` the latent variables; ``exogenous`` the
    observed covariates whose moments are fixed (``fixed_x``); ``ordered`` the ordinal ones with
    their number of thresholds. ``notices`` says what the reader of a result must know of the model.
    """

    rows: tuple[Parameter, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    exogenous: tuple[str, ...] = ()
    ordered: tuple[tuple[str, int], ...] = ()
    group_labels: tuple[str, ...] = ("",)
    meanstructure: bool = False
    parameterization: Literal["delta", "theta"] = "delta"
    conditional_x: bool = False
    notices: tuple[Notice, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        """Return a quick hash of what tells tables apart, since they are keys of caches."""
        return hash(tuple((row.lhs, row.rhs, row.free, row.ustart) for row in self.rows))

    @property
    def n_free(self) -> int:
        """Number of free parameters before equality constraints (lavaan's ``npar``)."""
        return max((row.free for row in self.rows), default=0)

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_labels)

    @property
    def free_rows(self) -> tuple[Parameter, ...]:
        """The rows of the free parameters, in the order of theta."""
        return tuple(row for row in self.rows if row.free)

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a data frame, one row per parameter, with lavaan's columns."""
        return pd.DataFrame([asdict(row) for row in self.rows])

    def __str__(self) -> str:
        """Return the table in print: fixed values, start values and labels beside each row."""
        frame = self.to_frame()
        frame["ustart"] = [_brief(value) for value in frame["ustart"]]
        columns = ["id", "lhs", "op", "rhs", "group", "free", "ustart", "label"]
        if self.n_groups == 1:
            columns.remove("group")
        return frame[columns].to_string(index=False)


def _brief(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:g}"
