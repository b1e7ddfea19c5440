"""A parameter table as a semopy model.

Variables are renamed (``o0``, ``l0``), because semopy's grammar knows neither quoted nor all
non-ASCII names, and every free parameter bears a name (``p0``), so that its estimate is found again
and equal parameters share one.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.problem import Problem
    from loyaltysem.syntax.table import Parameter, ParameterTable

OBJECTIVES = {"ML": "MLW", "GLS": "GLS", "ULS": "ULS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A model in semopy's language.

    ``text`` is the description; ``columns`` are the observed variables' names in it, in the table's
    order; ``owner`` (q,) gives for each free parameter the number k of its name ``pk``, or -1 for
    an intercept, which semopy does not see.
    """

    text: str
    columns: tuple[str, ...]
    owner: NDArray[np.intp]


def check_supported(problem: Problem) -> None:
    """Refuse what the second engine cannot do, with the reason.

    Raises
    ------
    EstimationError
        Groups, ordinal or incomplete data, constraints other than equal parameters, an estimator
        other than ML, GLS and ULS, or a mean structure that is not saturated.
    """
    options, table, constraints = problem.options, problem.table, problem.constraints
    only_ties = not constraints.c.any() and bool(np.isin(constraints.K, (0.0, 1.0)).all())
    n_means = sum(row.op == "~1" and row.free > 0 for row in table.rows)
    reasons = {
        "several groups": table.n_groups > 1,
        "ordinal variables": options.ordinal,
        "missing values": options.models_gaps,
        f"estimator {options.estimator}": options.discrepancy not in OBJECTIVES,
        "constraints other than equal labels": not only_ties
        or len(constraints.nonlinear) > 0
        or len(constraints.inequalities) > 0,
        "a restricted mean structure": table.meanstructure
        and n_means + len(table.exogenous) * table.n_groups != len(table.observed) * table.n_groups,
        "latent variables without indicators": any(
            row.op == "=~" and row.lhs == row.rhs for row in table.rows
        ),
    }
    refused = [reason for reason, is_so in reasons.items() if is_so]
    if refused:
        raise EstimationError(
            "The second engine (semopy) cannot fit this model",
            found=", ".join(refused),
            remedy='Use engine="native".',
        )


def translate(problem: Problem) -> Translation:
    """Return the model of a problem that `check_supported` has passed in semopy's language."""
    table = problem.table
    names = {name: f"o{k}" for k, name in enumerate(table.observed)}
    names |= {name: f"l{k}" for k, name in enumerate(table.latent)}
    owner = np.full(table.n_free, -1)
    first = problem.constraints.K.argmax(axis=1)
    lines = []
    for row in table.rows:
        if row.op not in ("=~", "~", "~~"):
            continue
        if row.free:
            owner[row.free - 1] = first[row.free - 1]
        weight = f"p{first[row.free - 1]}" if row.free else _number(row)
        lines.append(f"{names[row.lhs]} {row.op} {weight}*{names[row.rhs]}")
    owner.setflags(write=False)
    columns = tuple(names[name] for name in table.observed)
    return Translation(text="\n".join(lines), columns=columns, owner=owner)


def _number(row: Parameter) -> str:
    value = 0.0 if row.ustart is None else row.ustart
    return np.format_float_positional(value)


def loaded_model(problem: Problem, translation: Translation) -> Any:
    """Return a semopy model with the problem's covariance matrix and semopy's own start.

    Variances are left without bounds: semopy would clamp a negative one at zero without a word.
    semopy takes its start from rows of data, so it is given rows that have exactly this matrix.
    """
    import semopy

    with quiet():
        model = semopy.Model(translation.text, cov_diag=True)
        for parameter in model.parameters.values():
            parameter.bound = (None, None)
        cov = sample_cov(problem)
        _start_unscaled(model, problem, translation, np.sqrt(np.diagonal(cov)))
        names = list(translation.columns)
        frame = pd.DataFrame(cov, index=names, columns=names)
        model.load(pd.DataFrame(rows_with_cov(cov), columns=names), cov=frame)
    model.n_samples = problem.moments.n
    return model


def _start_unscaled(
    model: Any, problem: Problem, translation: Translation, sd: NDArray[np.float64]
) -> None:
    """Start the loadings of latent variables scaled by their variance at half their scale.

    semopy looks for a fixed loading to start from, and never stops looking when there is none.
    """
    loadings = [row for row in problem.table.rows if row.op == "=~"]
    scaled = {row.lhs for row in loadings if not row.free}
    units = dict(zip(problem.table.observed, sd, strict=True))
    for row in loadings:
        if row.lhs not in scaled:
            name = f"p{translation.owner[row.free - 1]}"
            model.parameters[name].start = 0.5 * float(units.get(row.rhs, 1.0))


def sample_cov(problem: Problem) -> NDArray[np.float64]:
    """Return the covariance matrix with the divisor that the estimator uses."""
    group = problem.moments.groups[0]
    return group.cov if problem.options.divisor_n else group.cov * group.n / (group.n - 1)


def rows_with_cov(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 2p rows (2p, p) with mean zero and covariance matrix ``cov`` (divisor 2p)."""
    root = np.sqrt(len(cov)) * np.linalg.cholesky(cov).T
    return np.vstack([root, -root])


def estimates_by_owner(model: Any) -> dict[int, float]:
    """Return semopy's current estimates by the number of the parameter's name."""
    active = [name for name, parameter in model.parameters.items() if parameter.active]
    return {int(name[1:]): float(v) for name, v in zip(active, model.param_vals, strict=True)}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence semopy's messages on the root logger: what matters is checked and told here."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def intercepts(table: ParameterTable) -> list[Parameter]:
    """Return the rows of the free intercepts."""
    return [row for row in table.rows if row.op == "~1" and row.free]
