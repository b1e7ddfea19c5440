"""Which part each variable plays in a model: latent or observed, cause or consequence.

The rules are those of lavaan 0.6's ``lavNames``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.syntax.statements import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Variables by role, each tuple in the order in which the model mentions them.

    ``observed`` has the indicators first, then observed outcomes, covariates, and what only stands
    in variances or intercepts. ``exogenous`` are the observed covariates that the text gives no
    variance, covariance or intercept (lavaan's ``ov.x``), ``randomized`` those to which it does;
    ``endogenous`` (``ov.nox``) are the observed variables that are not ``exogenous``.
    ``latent_exogenous`` (``lv.x``) are neither indicators nor outcomes; ``latent_last`` and
    ``observed_last`` (``lv.y``, ``ov.y``) are outcomes that explain and indicate nothing.
    """

    latent: tuple[str, ...]
    observed: tuple[str, ...]
    endogenous: tuple[str, ...]
    exogenous: tuple[str, ...]
    randomized: tuple[str, ...]
    latent_exogenous: tuple[str, ...]
    latent_last: tuple[str, ...]
    observed_last: tuple[str, ...]

    @property
    def outcomes_last(self) -> tuple[str, ...]:
        """Latent and observed outcomes that explain nothing."""
        return self.latent_last + self.observed_last

    @property
    def order(self) -> dict[str, int]:
        """Rank of each variable, latents first: the order of the two sides of a covariance."""
        return {name: rank for rank, name in enumerate(self.latent + self.observed)}


def without(names: Iterable[str], unwanted: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are not ``unwanted``."""
    refused = frozenset(unwanted)
    return tuple(name for name in names if name not in refused)


def find_roles(elements: Iterable[Element]) -> Roles:
    """Return the roles that the elements of a model give to its variables."""
    elements = tuple(elements)
    latent = _unique(e.lhs for e in elements if e.op in ("=~", "<~"))
    indicators = _unique(e.rhs for e in elements if e.op == "=~")
    outcomes = _unique(e.lhs for e in elements if e.op == "~")
    causes = _unique(e.rhs for e in elements if e.op in ("~", "<~"))
    measured = without(indicators, latent)
    regressed = without(outcomes, latent + measured)
    covariates = without(causes, latent + measured + regressed)
    stated = _moment_names(elements)
    ordered = (*measured, *regressed, *covariates)
    observed = ordered + without(_unique(stated), {*latent, *ordered})
    exogenous = without(covariates, stated)
    return Roles(
        latent=latent,
        observed=observed,
        endogenous=without(observed, exogenous),
        exogenous=exogenous,
        randomized=tuple(name for name in covariates if name in stated),
        latent_exogenous=without(latent, indicators + outcomes),
        latent_last=tuple(
            name for name in latent if name in without(outcomes, indicators + causes)
        ),
        observed_last=without(regressed, indicators + causes),
    )


def _moment_names(elements: Iterable[Element]) -> list[str]:
    """Return the names that the text gives moments: covariances (left, right), intercepts."""
    elements = tuple(elements)
    left = [e.lhs for e in elements if e.op == "~~"]
    right = [e.rhs for e in elements if e.op == "~~"]
    return left + right + [e.lhs for e in elements if e.op in ("~1", "|")]


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
