"""What a model is built with besides its text: the options of lavaan's ``sem`` and ``cfa``."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from loyaltysem.errors import ModelSpecificationError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUP_EQUALITIES = (
    "loadings",
    "intercepts",
    "thresholds",
    "means",
    "regressions",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Options under lavaan's names (dots become underscores); the defaults are those of ``sem``.

    ``meanstructure`` None follows lavaan: intercepts enter with groups, ordinal variables,
    ``conditional_x``, equal intercepts or means, or when the text mentions one. ``ordered`` maps an
    ordinal variable to its number of thresholds. ``lavaan::growth`` is ``int_ov_free=False,
    int_lv_free=True, meanstructure=True``.
    """

    group_labels: tuple[str, ...] = ("",)
    std_lv: bool = False
    auto_fix_first: bool = True
    auto_fix_single: bool = True
    auto_var: bool = True
    auto_cov_lv_x: bool = True
    auto_cov_y: bool = True
    auto_th: bool = True
    auto_delta: bool = True
    fixed_x: bool = True
    conditional_x: bool = False
    meanstructure: bool | None = None
    int_ov_free: bool = True
    int_lv_free: bool = False
    orthogonal: bool = False
    orthogonal_x: bool = False
    orthogonal_y: bool = False
    ordered: Mapping[str, int] = field(default_factory=dict)
    parameterization: Literal["delta", "theta"] = "delta"
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Return a quick hash; ``ordered`` is a mapping, which has none."""
        return hash((self.group_labels, self.group_equal, tuple(self.ordered.items())))

    def __post_init__(self) -> None:
        self._check_flags()
        for name in self.group_equal:
            if name not in GROUP_EQUALITIES:
                raise ModelSpecificationError(
                    "An unknown kind of parameter is to be equal across groups",
                    found=f"'{name}'",
                    expected=", ".join(GROUP_EQUALITIES),
                    remedy=did_you_mean(name, GROUP_EQUALITIES),
                )
        if self.conditional_x and not self.fixed_x:
            raise ModelSpecificationError(
                "conditional_x takes the covariates as given, so fixed_x cannot be off",
                remedy="Drop one of the two options.",
            )

    def _check_flags(self) -> None:
        """Refuse what only looks like a truth value: "no" would count as true."""
        for flag in fields(self):
            value = getattr(self, flag.name)
            asked = flag.default in (True, False) or flag.name == "meanstructure"
            if asked and value is not None and value not in (True, False):
                raise ModelSpecificationError(
                    f"Option {flag.name} is neither on nor off",
                    found=repr(value),
                    expected="True or False",
                )

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.group_labels)

    def frees(self, *kinds: str) -> bool:
        """Tell whether one of ``kinds`` is equal across groups."""
        return any(kind in self.group_equal for kind in kinds)
