"""The parameter table: the one inner representation of a model.

One row per parameter, in lavaan's order and with lavaan's column names, so that a table can be read
beside ``lavaan::parameterTable``. Constraints (``==``, ``<``, ``>``) and defined parameters (``:=``)
are rows of group 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from loyaltysem.errors import Notice

Operator = Literal["=~", "<~", "~", "~~", "~1", "|", "~*~", ":=", "==", "<", ">"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    ``free`` is 0 for a fixed parameter and k (from 1) for the k-th free one, over all groups;
    ``ustart`` is the fixed value, or the user's start value of a free parameter, or None;
    ``user`` is 1 for what the model text states, 0 for what defaults add, 2 for constraint rows that
    were derived from equal labels; ``exo`` marks moments of fixed exogenous covariates;
    ``plabel`` (``.p7.``) names the row itself, ``label`` is the user's or the ``group_equal`` label.
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
    notices: tuple[Notice, ...] = ()

    @property
    def n_free(self) -> int:
        """Number of free parameters before equality constraints (lavaan's ``npar`` of the object)."""
        return max((row.free for row in self.rows), default=0)

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_labels)
