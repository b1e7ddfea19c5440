"""The rows that defaults add to a model text, and which rows are free.

The rules of lavaan 0.6 (``lavaanify`` with the settings of ``sem``), one function per rule.
A later rule overrules an earlier one; the user's modifiers, applied in ``build``, overrule all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from loyaltysem.syntax.options import BuildOptions
    from loyaltysem.syntax.roles import Roles
    from loyaltysem.syntax.statements import Element
    from loyaltysem.syntax.table import Operator


@dataclass(slots=True, kw_only=True)
class Draft:
    """A row of the table in the making; ``element`` is what the text said, None for a default."""

    lhs: str
    op: Operator
    rhs: str
    element: Element | None = None
    group: int = 1
    free: bool = True
    ustart: float | None = None
    exo: bool = False
    label: str = ""

    @property
    def by_default(self) -> bool:
        """Whether the text does not mention the row."""
        return self.element is None

    @property
    def is_variance(self) -> bool:
        """Whether the row is a variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def is_covariance(self) -> bool:
        """Whether the row is a covariance of two variables."""
        return self.op == "~~" and self.lhs != self.rhs

    def fix(self, value: float | None) -> None:
        """Make the row fixed at ``value`` (None: at what the sample shows)."""
        self.free, self.ustart = False, value

    def release(self) -> None:
        """Make the row free, without a start value."""
        self.free, self.ustart = True, None


def draft_group(
    elements: Iterable[Element], roles: Roles, options: BuildOptions, meanstructure: bool
) -> list[Draft]:
    """Return the rows of the first group: what the text says, then what defaults add."""
    said = [Draft(lhs=e.lhs, op=e.op, rhs=e.rhs, element=e) for e in elements]
    mentioned = {(row.lhs, row.op, row.rhs) for row in said}
    candidates = default_rows(roles, options, meanstructure)
    rows = said + [
        Draft(lhs=lhs, op=op, rhs=rhs)
        for lhs, op, rhs in candidates
        if (lhs, op, rhs) not in mentioned
    ]
    for rule in _RULES:
        rule(rows, roles, options)
    return rows


def default_rows(
    roles: Roles, options: BuildOptions, meanstructure: bool
) -> list[tuple[str, Operator, str]]:
    """Return left side, operator and right side of the rows that defaults ask for, in order."""
    ordinal = [name for name in roles.observed if name in options.ordered]
    rows: list[tuple[str, Operator, str]] = []
    rows += [(n, "|", f"t{k + 1}") for n in ordinal for k in range(options.ordered[n])]
    rows += [(name, "~~", name) for name in roles.endogenous + roles.latent]
    if options.auto_cov_lv_x:
        rows += [(a, "~~", b) for a, b in combinations(roles.latent_exogenous, 2)]
    if options.auto_cov_y:
        rows += [(a, "~~", b) for a, b in combinations(roles.outcomes_last, 2)]
    rows += [(a, "~~", b) for a, b in combinations_with_replacement(roles.exogenous, 2)]
    rows += [(name, "~*~", name) for name in ordinal]
    if meanstructure:
        rows += [(name, "~1", "") for name in roles.observed + roles.latent]
    return rows


def _thresholds(rows: list[Draft], _roles: Roles, options: BuildOptions) -> None:
    for row in rows:
        if row.op == "|" and row.by_default and not options.auto_th:
            row.free = False


def _variances(rows: list[Draft], roles: Roles, options: BuildOptions) -> None:
    for row in rows:
        if not row.is_variance:
            continue
        if row.by_default and not options.auto_var:
            row.fix(0.0)
        if options.std_lv and row.lhs in roles.latent:
            row.fix(1.0)


def _markers(rows: list[Draft], _roles: Roles, options: BuildOptions) -> None:
    """Fix the first loading of each latent variable, unless its variance sets the scale."""
    if not options.auto_fix_first or options.std_lv:
        return
    scaled: set[str] = set()
    for row in rows:
        if row.op == "=~" and row.lhs not in scaled:
            scaled.add(row.lhs)
            row.fix(1.0)


def _single_indicators(rows: list[Draft], _roles: Roles, options: BuildOptions) -> None:
    """Fix at 0 the residual variance of an indicator that alone measures its latent variable."""
    if not (options.auto_var and options.auto_fix_single):
        return
    loadings = [row for row in rows if row.op == "=~"]
    n_indicators = Counter(row.lhs for row in loadings)
    n_latents = Counter(row.rhs for row in loadings)
    alone = {
        row.rhs
        for row in loadings
        if n_indicators[row.lhs] == 1 and n_latents[row.rhs] == 1 and row.lhs != row.rhs
    }
    for row in rows:
        if row.is_variance and row.lhs in alone and row.by_default:
            row.fix(0.0)


def _orthogonality(rows: list[Draft], roles: Roles, options: BuildOptions) -> None:
    for wanted, names in (
        (options.orthogonal, roles.latent),
        (options.orthogonal_y, roles.latent_last),
        (options.orthogonal_x, roles.latent_exogenous),
    ):
        for row in rows:
            inside = row.lhs in names and row.rhs in names
            if wanted and inside and row.is_covariance and row.by_default:
                row.fix(0.0)


def _intercepts(rows: list[Draft], roles: Roles, options: BuildOptions) -> None:
    for row in rows:
        if row.op != "~1" or not row.by_default:
            continue
        latent = row.lhs in roles.latent
        stays_free = options.int_lv_free if latent else options.int_ov_free
        if not stays_free or row.lhs in options.ordered:
            row.fix(0.0)


def _exogenous(rows: list[Draft], roles: Roles, options: BuildOptions) -> None:
    """Fix covariates' moments at the sample's; with ``conditional_x`` mark their slopes too."""
    if not options.fixed_x:
        return
    names = roles.exogenous
    for row in rows:
        moment = row.lhs in names and (row.op == "~1" or (row.op == "~~" and row.rhs in names))
        if moment and row.by_default:
            row.fix(None)
            row.exo = True
        if options.conditional_x and row.op == "~" and row.rhs in names:
            row.exo = True


def _ordinal_scales(rows: list[Draft], _roles: Roles, options: BuildOptions) -> None:
    """Fix variance and scale of the variable behind an ordinal one at 1."""
    for row in rows:
        if row.lhs in options.ordered and row.by_default and (row.is_variance or row.op == "~*~"):
            row.fix(1.0)


_RULES: tuple[Callable[[list[Draft], Roles, BuildOptions], None], ...] = (
    _thresholds,
    _variances,
    _markers,
    _single_indicators,
    _orthogonality,
    _intercepts,
    _exogenous,
    _ordinal_scales,
)


def release_in_later_group(row: Draft, roles: Roles, options: BuildOptions) -> None:
    """Free in groups 2, 3, … what equal parameters identify there, as lavaan does.

    Latent means when intercepts or thresholds are equal; latent variances when loadings are equal
    and ``std_lv`` scales the first group; scales (delta) or residual variances (theta) of ordinal
    variables when thresholds are equal.
    """
    if _mean_is_identified(row, roles, options) or _scale_is_identified(row, roles, options):
        row.release()


def _mean_is_identified(row: Draft, roles: Roles, options: BuildOptions) -> bool:
    return (
        row.op == "~1"
        and row.lhs in roles.latent
        and row.by_default
        and not options.int_lv_free
        and options.frees("intercepts", "thresholds")
        and not options.frees("means")
    )


def _scale_is_identified(row: Draft, roles: Roles, options: BuildOptions) -> bool:
    if row.is_variance and row.by_default and row.lhs in roles.latent:
        return options.std_lv and options.frees("loadings") and not options.frees("lv.variances")
    if not options.frees("thresholds"):
        return False
    if options.auto_delta and options.parameterization == "delta":
        return row.op == "~*~"
    return options.parameterization == "theta" and row.is_variance and row.lhs in options.ordered
