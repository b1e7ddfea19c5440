"""Where the time of a bootstrap goes, and how far the gradient is from its count of operations."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.cases import N, answers, model_text
from loyaltysem.estimation.bootstrapping.acceleration import accelerations
from loyaltysem.estimation.bootstrapping.drawer import drawer
from loyaltysem.estimation.bootstrapping.evaluation import row_draws, standardized_draws
from loyaltysem.estimation.bootstrapping.likelihood_draws import LikelihoodDraws
from loyaltysem.estimation.bootstrapping.resampling import (
    draw_counts,
    resampled_moments,
    sample_rows,
)
from loyaltysem.estimation.bootstrapping.search import minimise_batch
from loyaltysem.estimation.fitting import fit


@dataclass(slots=True)
class Counting:
    """A batched objective that counts its gradients and their time."""

    objective: object
    gradients: int = 0
    seconds: float = 0.0
    batches: list[int] = field(default_factory=list)

    def value_and_gradient(self, phi, samples):
        start = time.process_time()
        found = self.objective.value_and_gradient(phi, samples)
        self.seconds += time.process_time() - start
        self.gradients += len(phi)
        self.batches.append(len(phi))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """CPU seconds of the parts of a bootstrap of ``draws`` draws, and what the gradients cost.

    ``gflops`` is what this BLAS reaches on (p, p) by (p, m) products of a batch.
    """

    draws: int
    sampling: float
    gradients: float
    search: float
    afterwards: float
    n_gradients: int
    mflop: float
    gflops: float

    @property
    def total(self) -> float:
        """All parts together."""
        return self.sampling + self.gradients + self.search + self.afterwards

    @property
    def microseconds(self) -> float:
        """Of one gradient of one draw."""
        return 1e6 * self.gradients / self.n_gradients


def anatomy(draws: int) -> Anatomy:
    """Take a bootstrap apart, on one BLAS thread."""
    with threadpool_limits(limits=1, user_api="blas"):
        return _anatomy(draws)


def _anatomy(draws: int) -> Anatomy:
    fitted = fit(model_text(), answers(N))
    work = drawer(fitted, sample_rows(fitted))
    if not isinstance(work, LikelihoodDraws):
        raise TypeError("The six-factor model is estimated in batches")
    counting = Counting(work.likelihood)
    sampling = whole = afterwards = 0.0
    thetas = []
    for seed in np.random.SeedSequence(1).spawn(draws // work.chunk + 1):
        start = time.process_time()
        counts = draw_counts(np.random.default_rng(seed), [N], work.chunk)[0]
        sample = resampled_moments(work.rows[0], counts, 1.0)
        drawn = time.process_time()
        found = minimise_batch(counting, work.search.start, work.search.metric, [sample], N)
        sampling += drawn - start
        whole += time.process_time() - drawn
        thetas.append(work.search.free.theta(found.phi))
    start = time.process_time()
    theta = np.concatenate(thetas)
    standardized_draws(fitted, theta, row_draws(fitted, theta))
    accelerations(fitted)
    afterwards = time.process_time() - start
    return Anatomy(
        draws=len(theta),
        sampling=sampling,
        gradients=counting.seconds,
        search=whole - counting.seconds,
        afterwards=afterwards,
        n_gradients=counting.gradients,
        mflop=gradient_mflop(34, 10),
        gflops=product_gflops(34, 10, work.chunk),
    )


def gradient_mflop(p: int, m: int) -> float:
    """Return the millions of operations of a gradient by Woodbury's form, loadings taken as dense.

    The product of S with the scaled loadings; four products (p, m) by (m, m); some thirteen (m, m)
    products, an inverse and a determinant; ten passes over (p, m). What sorts the derivatives by
    parameter is left out.
    """
    small = 13 * 2 * m**3 + 8 * m**3 / 3 + 2 * m**3 / 3
    return (2 * p * p * m + 4 * 2 * p * m * m + small + 10 * p * m) / 1e6


def product_gflops(p: int, m: int, b: int) -> float:
    """Return the speed of the largest product of the gradient by itself."""
    rng = np.random.default_rng(1)
    left, right = rng.normal(size=(b, p, p)), rng.normal(size=(b, p, m))
    repeats = 50
    start = time.process_time()
    for _ in range(repeats):
        left @ right
    return 2 * p * p * m * b * repeats / (time.process_time() - start) / 1e9
