"""What a reader must be told of a solution: improper, not converged, not identified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice
from loyaltysem.estimation.latent_correlations import inseparable
from loyaltysem.estimation.underidentified import underidentification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.optimise import Optimum

# Eigenvalues below minus this count as negative (lavaan's post-check).
NEGATIVE = float(np.finfo(float).eps) ** 0.75


def search_notices(
    fit: Fit, optimum: Optimum, bread: NDArray[np.float64] | None
) -> Iterator[Notice]:
    """Yield notices on convergence and identification."""
    if not optimum.converged:
        yield Notice(
            "not_converged",
            "The search for the estimates did not converge; none of the numbers can be trusted.",
            {"iterations": optimum.iterations, "gradient_max": optimum.gradient_max},
        )
    asked = fit.options.se != "none" or fit.options.scaled_test is not None
    if asked and bread is None:
        yield underidentification(fit)


FEW_ROWS = 50
"""Below this, asymptotic results are out of reach whatever the model (Boomsma 1985: 100)."""


def size_notices(fit: Fit) -> Iterator[Notice]:
    """Yield a notice when the sample is too small for the model."""
    if fit.n >= max(FEW_ROWS, fit.npar):
        return
    yield Notice(
        "few_rows",
        f"{fit.n} rows are too few for a model of {fit.npar} free parameters: chi-square rejects "
        "too often, and standard errors and fit indices cannot be trusted.",
        {"n": fit.n, "parameters": fit.npar},
    )


def admissibility_notices(fit: Fit) -> Iterator[Notice]:
    """Yield notices on variances and covariance matrices that cannot be."""
    negative = [
        (row, float(value))
        for row, value in zip(fit.table.rows, fit.est, strict=True)
        if row.op == "~~" and row.lhs == row.rhs and value < 0
    ]
    latent = set(fit.table.latent)
    for row, value in negative:
        yield _negative_variance(fit, row.lhs, row.group, value, is_latent=row.lhs in latent)
    has_bad_latent = any(row.lhs in latent for row, _ in negative)
    has_bad_observed = any(row.lhs not in latent for row, _ in negative)
    for group, implied in enumerate(fit.problem.implied(fit.point), start=1):
        label = _where(fit, group)
        if not has_bad_latent:
            yield from _latent_notices(fit, implied, group, label)
        if not has_bad_observed:
            yield from _residual_notices(fit, group, label)


def _where(fit: Fit, group: int) -> str:
    return f" in group '{fit.table.group_labels[group - 1]}'" if fit.table.n_groups > 1 else ""


def _negative_variance(fit: Fit, name: str, group: int, value: float, *, is_latent: bool) -> Notice:
    facts = {"variable": name, "group": group, "value": value}
    label = _where(fit, group)
    if is_latent:
        text = (
            f"The (residual) variance of construct '{name}' is estimated at {value:.3g}{label}, "
            "which cannot be: what explains it explains more than all of it, or it has no variance."
        )
        return Notice("negative_latent_variance", text, facts)
    text = (
        f"The residual variance of indicator '{name}' is estimated at {value:.3g}{label}, which "
        "cannot be (a Heywood case): the sample may be too small, or the indicator fits its "
        "construct badly."
    )
    return Notice("negative_residual_variance", text, facts)


def _latent_notices(fit: Fit, implied: Implied, group: int, label: str) -> Iterator[Notice]:
    """Yield what is wrong with the covariances of the latent variables proper."""
    m = len(fit.table.latent)
    cov = np.asarray(implied.cov_lv)[:m, :m]
    if not m:
        return
    if np.linalg.eigvalsh(cov)[0] < -NEGATIVE:
        yield Notice(
            "latent_cov_not_positive_definite",
            f"The covariance matrix of the constructs is not positive definite{label}: some "
            "correlate above 1, or one is an exact combination of others.",
            {"group": group},
        )
    for pair in inseparable(fit, group):
        yield Notice(
            "inseparable_constructs",
            f"'{pair.first}' and '{pair.second}' correlate at {pair.value:.3f}{label}: these data "
            "can hardly tell them apart, and paths that involve both are to be read with caution.",
            {
                "first": pair.first,
                "second": pair.second,
                "correlation": pair.value,
                "se": pair.se,
                "group": group,
            },
        )


def _residual_notices(fit: Fit, group: int, label: str) -> Iterator[Notice]:
    """Say when residual covariances of the indicators make an impossible matrix."""
    matrices = fit.problem.structures[group - 1].matrices
    numeric = np.setdiff1d(np.arange(len(matrices.observed)), matrices.ordinal)
    cov = matrices.theta.fill(fit.theta)[np.ix_(numeric, numeric)]
    if len(cov) and np.linalg.eigvalsh(cov)[0] < -NEGATIVE:
        yield Notice(
            "residual_cov_not_positive_definite",
            f"The covariance matrix of the indicators' residuals is not positive definite{label}.",
            {"group": group},
        )
