"""The bootstrap from fit to record: seeds, workers, progress, what is made of the draws."""

from __future__ import annotations

from collections import Counter
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import ConvergenceError, EstimationError, Notice
from loyaltysem.estimation.bootstrapping.acceleration import accelerations
from loyaltysem.estimation.bootstrapping.drawer import drawer
from loyaltysem.estimation.bootstrapping.evaluation import row_draws, standardized_draws
from loyaltysem.estimation.bootstrapping.record import Bootstrap
from loyaltysem.estimation.bootstrapping.resampling import sample_rows
from loyaltysem.estimation.bootstrapping.transformation import model_true_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.draws import Drawer, Drawn
    from loyaltysem.estimation.bootstrapping.record import Kind
    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]

FEWEST = 2

_REMEDIES = {
    "category_lost": "Rare categories are missing from most draws: merge them with a neighbouring"
    " category, or take Monte Carlo intervals, which need no draws of rows.",
    "singular_sample": "The sample is too small for so many variables, or some are (almost) equal.",
    "not_converged": "The model is too large for the sample, or the data hardly determine it.",
}
"""What to do, by why most draws failed."""


def bootstrap(
    fit: Fit,
    draws: int = 1000,
    *,
    kind: Kind = "nonparametric",
    seed: int | None = None,
    workers: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> Bootstrap:
    """Estimate a fitted model again in bootstrap samples of its rows.

    Rows are drawn within groups. Maximum likelihood on complete data and (diagonally weighted)
    least squares on ordinal items are estimated a batch of draws at a time, other estimators draw
    by draw. A draw that does not converge, whose covariance matrix is singular, or that lacks a
    category, is counted in ``failed`` and left out.

    Parameters
    ----------
    fit
        The fit; its data must have been rows, not a covariance matrix.
    draws
        Number of bootstrap samples.
    kind
        ``nonparametric``, or ``bollen.stine`` for the p value of the model's chi-square.
    seed
        The same seed gives the same draws, whatever ``workers`` is; None takes a new one, which
        the record keeps.
    workers
        Processes; -1 for all cores. joblib does the work, so a registered backend (Dask, Ray)
        takes it over inside ``joblib.parallel_config``.
    tell
        Called as ``tell(done, draws)`` after every chunk.

    Raises
    ------
    EstimationError
        The fit has no rows, did not converge, or the kind does not exist for its estimator.
    ConvergenceError
        Fewer than two draws gave estimates.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> path = ls.fit("CL1 ~ a*PQ1; CL2 ~ b*CL1; indirect := a*b", answers)
    >>> draws = ls.bootstrap(path, 500, seed=1)
    >>> table = draws.table("perc").set_index("label")
    >>> bool(table.loc["indirect", "ci_lower"] > 0)
    True
    """
    _check(fit, draws)
    entropy = int(np.random.SeedSequence(seed).generate_state(1)[0]) if seed is None else int(seed)
    rows = model_true_rows(fit) if kind == "bollen.stine" else sample_rows(fit)
    parts = list(_run(drawer(fit, rows), entropy, draws, workers, tell))
    failed = sum((part.failed for part in parts), Counter[str]())
    theta = np.concatenate([part.theta for part in parts])
    if len(theta) < FEWEST:
        raise _no_estimates(len(theta), draws, failed)
    est = row_draws(fit, theta)
    raw, standardized = accelerations(fit)
    return Bootstrap(
        fit=fit,
        kind=kind,
        draws=draws,
        seed=entropy,
        theta=theta,
        estimates=est,
        standardized=standardized_draws(fit, theta, est),
        chisq=np.concatenate([part.chisq for part in parts]),
        failed=dict(failed),
        n_inadmissible=_count_inadmissible(fit, est),
        acceleration=raw,
        acceleration_standardized=standardized,
    )


def _no_estimates(kept: int, draws: int, failed: Counter[str]) -> ConvergenceError:
    """Return the error that says why hardly any draw gave estimates."""
    reason, _ = failed.most_common(1)[0]
    return ConvergenceError(
        "The bootstrap gave no estimates",
        found=f"estimates in {kept} of {draws} draws ("
        + ", ".join(f"{name}: {count}" for name, count in failed.most_common())
        + ")",
        remedy=_REMEDIES[reason],
    )


def draws_notice(found: Bootstrap) -> Notice | None:
    """Return what a reader must know of draws without estimates, None where all converged."""
    if not found.n_failed:
        return None
    of_test = found.kind == "bollen.stine"
    what = "the Bollen-Stine p value comes" if of_test else "standard errors and intervals come"
    facts = {"failed": found.n_failed, "draws": found.draws, "reasons": dict(found.failed)}
    text = (
        f"{found.n_failed} of {found.draws} bootstrap draws gave no estimates; {what} from the "
        "others."
    )
    return Notice("bootstrap_draws_failed", text, facts)


def _check(fit: Fit, draws: int) -> None:
    if not isinstance(draws, Integral) or draws < FEWEST:
        expected = f"a whole number, {FEWEST} or more; 5000 are customary"
        raise EstimationError("A bootstrap needs draws", found=repr(draws), expected=expected)
    if not fit.converged:
        raise EstimationError(
            "The bootstrap needs a converged fit",
            remedy="Simplify the model, or give start values.",
        )


def _run(
    work: Drawer,
    entropy: int,
    draws: int,
    workers: int,
    tell: Callable[[int, int], None] | None,
) -> Iterator[Drawn]:
    """Yield the chunks in order; each has a seed of its own, so that workers do not matter."""
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    sizes = [min(work.chunk, draws - start) for start in range(0, draws, work.chunk)]
    seeds = np.random.SeedSequence(entropy).spawn(len(sizes))
    tasks = (delayed(_chunk)(work, seed, size) for seed, size in zip(seeds, sizes, strict=True))
    done = 0
    with threadpool_limits(limits=1, user_api="blas"):
        parts = Parallel(n_jobs=workers, prefer=work.workers, return_as="generator")(tasks)
        for part, size in zip(parts, sizes, strict=True):
            done += size
            if tell:
                tell(done, draws)
            yield part


def _chunk(work: Drawer, seed: np.random.SeedSequence, draws: int) -> Drawn:
    """Estimate one chunk on one BLAS thread: faster for small matrices, and the same everywhere.

    Threads share the limit that is set around all chunks; a process needs one of its own.
    """
    from threadpoolctl import threadpool_limits

    if work.workers == "threads":
        return work.draw(seed, draws)
    with threadpool_limits(limits=1, user_api="blas"):
        return work.draw(seed, draws)


def _count_inadmissible(fit: Fit, est: Array) -> int:
    variances = [k for k, row in enumerate(fit.table.rows) if row.op == "~~" and row.lhs == row.rhs]
    return int((est[:, variances] < 0).any(axis=1).sum())
