"""Fitting a model with products of latent variables by maximum likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from loyaltysem.errors import ConvergenceError, EstimationError, Notice, Reason, listed
from loyaltysem.estimation import fit
from loyaltysem.estimation.information import constrained_inverse
from loyaltysem.estimation.optimise import minimise, reparameterisation
from loyaltysem.estimation.row_values import row_standard_errors
from loyaltysem.structural.lms.fitted import LmsFit
from loyaltysem.structural.lms.grid import Integration
from loyaltysem.structural.lms.problem import lms_problem, starting_values
from loyaltysem.structural.lms.terms import moderated_table, read_moderated

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.optimise import Optimum
    from loyaltysem.structural.lms.likelihood import LmsPoint
    from loyaltysem.structural.lms.problem import LmsProblem
    from loyaltysem.syntax import Statements

    Array = NDArray[np.float64]

Errors = Literal["standard", "robust", "first.order"]

ROUNDS = 5
"""Times that the nodes are placed anew at the estimates."""

SETTLED = 1e-7
"""Change of the log-likelihood, per respondent, from which the nodes count as settled."""


def fit_lms(
    model: str | Statements,
    data: pd.DataFrame,
    *,
    missing: str = "listwise",
    std_lv: bool = False,
    se: str = "standard",
    integration: str = "adapted",
    nodes: int | None = None,
) -> LmsFit:
    """Fit a model with interactions or quadratic effects of latent variables (LMS).

    Full-information maximum likelihood: given the moderators, the indicators are normal with a
    path that depends on them; the moderators are integrated out numerically. No products of
    indicators are needed. The latent variables and errors are assumed normal; the indicators are
    then not, which is what the estimator uses.

    Parameters
    ----------
    model
        lavaan's syntax with products among the predictors,
        ``loyalty ~ quality + price + quality:price``. A factor may be latent or observed;
        ``quality:quality`` is a quadratic effect. Each factor needs its own path to the outcome.
    data
        One row per respondent.
    missing
        ``listwise`` or ``fiml``.
    std_lv
        Whether latent variables have (residual) variance 1 instead of a first loading of 1.
    se
        ``standard`` (observed information), ``robust`` (sandwich) or ``first.order``.
    integration, nodes
        ``adapted`` places equally spaced nodes where the respondents' moderators are (as many as
        needed when ``nodes`` is None); ``gauss_hermite`` uses ``nodes`` (24) per moderator.

    Returns
    -------
    LmsFit
        Immutable; ``interaction_test()`` compares it with the model without products.

    Raises
    ------
    ModelSpecificationError
        The text cannot be understood, has no product, or one that cannot be estimated.
    EstimationError
        The data do not allow it; ConvergenceError when no optimum was found.

    References
    ----------
    Klein & Moosbrugger (2000), Psychometrika 65, 457-474; Kelava et al. (2011), Structural
    Equation Modeling 18, 465-491; Wen, Marsh & Hau (2010), Structural Equation Modeling 17, 1-22.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> model = '''
    ... image =~ IM1 + IM2
    ... price =~ PR1 + PR2
    ... BL1 ~ image + price + image:price
    ... '''
    >>> ls.fit_lms(model, answers.head(200)).converged
    True
    """
    _check_choice("se", se, get_args(Errors))
    _check_choice("integration", integration, get_args(Integration))
    described = read_moderated(model)
    columns = [str(name) for name in data.columns]
    table = moderated_table(described, columns, std_lv=std_lv)
    linear = fit(described.linear, data, missing=missing, meanstructure=True, std_lv=std_lv)
    _check_linear(linear)
    problem = lms_problem(described, table, linear)
    _check_constraints(problem)
    optimum, n_nodes = _search(problem, linear, integration, nodes)  # type: ignore[arg-type]
    return _fitted(problem, linear, optimum, n_nodes, se, integration)


def _check_choice(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise EstimationError(
            f"Unknown value of {option}", found=f"'{value}'", expected=listed(known)
        )


def _check_linear(linear: Fit) -> None:
    if not linear.converged:
        raise ConvergenceError(
            "The model without the products did not converge, so that they cannot be added",
            found=f"{linear.n} respondents, {linear.npar} parameters",
            remedy="Simplify the measurement model until it converges without products.",
        )
    if linear.n <= linear.npar:
        raise EstimationError(
            "There are too few respondents for a latent interaction",
            found=f"{linear.n} respondents, {linear.npar} parameters without the products",
            remedy="Use fewer indicators, or scale scores as observed variables.",
            reason=Reason("too_few_respondents", {"n": linear.n, "needed": linear.npar + 1}),
        )


def _check_constraints(problem: LmsProblem) -> None:
    constraints = problem.constraints
    if len(constraints.nonlinear) or len(constraints.inequalities):
        raise EstimationError(
            "Models with latent interactions allow linear equality constraints only",
            found=listed([*constraints.nonlinear.names, *constraints.inequalities.names]),
        )


def _search(
    problem: LmsProblem, linear: Fit, integration: Integration, nodes: int | None
) -> tuple[Optimum, int]:
    """Return the optimum, with the nodes placed anew until that no longer moves it."""
    theta = starting_values(problem.table, linear)
    free = reparameterisation(problem.constraints)
    reference = -(linear.logl or 0.0) / problem.n
    iterations, before = 0, np.inf
    for _ in range(ROUNDS):
        objective = problem.objective(theta, integration, nodes, reference)
        optimum = minimise(objective, theta, free)
        theta, iterations = optimum.theta, iterations + optimum.iterations
        if not np.isfinite(optimum.value):
            raise ConvergenceError("No estimates with possible moments were found")
        if abs(before - optimum.value) < SETTLED:
            break
        before = optimum.value
    return optimum, objective.n_nodes


def _fitted(
    problem: LmsProblem,
    linear: Fit,
    optimum: Optimum,
    n_nodes: int,
    se: str,
    integration: str,
) -> LmsFit:
    point: LmsPoint = optimum.point  # type: ignore[assignment]
    vcov = _vcov(problem, point, se)
    theta = optimum.theta
    errors = np.full(len(problem.table.rows), np.nan)
    if vcov is not None:
        errors = row_standard_errors(problem.table, problem.constraints, theta, vcov)
    return LmsFit(
        problem=problem,
        linear=linear,
        theta=_frozen(theta),
        vcov=None if vcov is None else _frozen(vcov),
        est=_frozen(problem.row_estimates(theta)),
        se=_frozen(errors),
        logl=point.loglik - _covariates_logl(linear),
        converged=optimum.converged,
        iterations=optimum.iterations,
        gradient_max=optimum.gradient_max,
        errors=se,
        integration=integration,
        n_nodes=n_nodes,
        notices=(*linear.notices, *_notices(optimum, vcov)),
    )


def _covariates_logl(linear: Fit) -> float:
    """Return the log-likelihood of fixed covariates, which the model does not explain.

    It is what the joint likelihood of the linear model has beyond the conditional one.
    """
    group = linear.moments.groups[0]
    outer = [linear.table.observed.index(name) for name in linear.table.exogenous]
    if not outer:
        return 0.0
    _, log_det = np.linalg.slogdet(group.cov[np.ix_(outer, outer)])
    return float(-0.5 * group.n * (len(outer) * (np.log(2.0 * np.pi) + 1.0) + log_det))


def _vcov(problem: LmsProblem, point: LmsPoint, se: str) -> Array | None:
    """Return the covariance matrix of the estimates; None when the information is singular."""
    free = reparameterisation(problem.constraints)
    if se == "first.order":
        inverse = constrained_inverse(point.score_products(), free)
        return None if inverse is None else inverse / problem.n
    bread = constrained_inverse(point.hessian(), free)
    if bread is None:
        return None
    if se == "robust":
        bread = bread @ point.score_products() @ bread
    return 0.5 * (bread + bread.T) / problem.n


def _notices(optimum: Optimum, vcov: Array | None) -> tuple[Notice, ...]:
    found: tuple[Notice, ...] = ()
    if not optimum.converged:
        text = (
            "The search for the latent interaction's estimates ended before an optimum was found "
            f"(largest scaled gradient {optimum.gradient_max:.1e}); they must not be interpreted."
        )
        found += (Notice("lms_not_converged", text, {"gradient_max": optimum.gradient_max}),)
    if vcov is None or (np.diagonal(vcov) < 0).any():
        text = (
            "The standard errors of the latent interaction model could not be computed: its "
            "information matrix is singular or not positive definite."
        )
        found += (Notice("lms_information_singular", text, {}),)
    return found


def _frozen(array: Array) -> Array:
    array = np.array(array)
    array.setflags(write=False)
    return array
