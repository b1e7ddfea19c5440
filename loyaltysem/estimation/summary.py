"""What ``print(fit)`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit


def one_line(fit: Fit) -> str:
    """Return ``<Fit ML: n = 301, 21 parameters, chisq(24) = 85.31, p = 0.000>``."""
    parts = [f"n = {fit.n}", f"{fit.npar} parameters"]
    if fit.tests:
        test = fit.tests[-1]
        parts.append(f"chisq({test.df:g}) = {test.statistic:.2f}")
    state = "" if fit.converged else ", NOT CONVERGED"
    return f"<Fit {fit.options.estimator}: {', '.join(parts)}{state}>"


def summary_text(fit: Fit) -> str:
    return one_line(fit)


def summary_html(fit: Fit) -> str:
    return one_line(fit)
