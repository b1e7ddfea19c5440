"""Derivatives of ordinal moments and of the discrepancy against differences."""

import numpy as np
import pytest

from loyaltysem.estimation.ordinal.adjoints import OrdinalTarget
from loyaltysem.estimation.ordinal.implied import (
    OrdinalImplied,
    ordinal_implied,
    ordinal_structure,
)
from loyaltysem.estimation.ordinal.objective import OrdinalObjective
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.matrices import model_matrices

MODELS = {
    "outcome": "f =~ y1 + y2 + y3\nf ~ x\nz ~ f + x\ng =~ y4 + y5 + y6\ng ~ f + x",
    "crossed": "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ f\ny1 ~~ y4",
    "small": "f =~ y1 + y2 + y3\nf ~ x",
    "path": "z ~ x\ny1 ~ z + x\ny2 ~ y1 + z",
}
THRESHOLDS = {"y1": 2, "y2": 2, "y4": 1, "z": 1}
STEP = 1e-6


def objective(
    model: str, form: str, groups: tuple[str, ...]
) -> tuple[OrdinalObjective, np.ndarray]:
    """Return an objective with random targets near what the model implies, and a theta."""
    equal = ("thresholds", "loadings") if len(groups) > 1 else ()
    table = build_table(
        model,
        ordered=THRESHOLDS,
        conditional_x="x" in model,
        parameterization=form,
        group_labels=groups,
        group_equal=equal,
    )
    matrices = model_matrices(table)
    counts = dict(table.ordered)
    structures = []
    for group in matrices.groups:
        sizes = np.array([counts.get(name, -1) + 1 for name in group.observed])
        structures.append(
            ordinal_structure(group, sizes, matrices.n_free, theta_form=form == "theta")
        )
    rng = np.random.default_rng(7)
    theta = rng.uniform(0.4, 0.6, matrices.n_free)
    targets = []
    for structure in structures:
        vector = ordinal_implied(structure, theta).vector
        targets.append(
            OrdinalTarget(
                vector=vector + rng.normal(scale=0.3, size=len(vector)),
                share=1 / len(groups),
                shrink=0.9,
                weight=rng.uniform(0.5, 2, len(vector)),
            )
        )
    return OrdinalObjective(tuple(structures), tuple(targets)), theta


def differences(function, theta: np.ndarray) -> np.ndarray:
    """Return the numerical derivatives of ``function``, by theta along the last axis."""
    steps = STEP * np.eye(len(theta))
    return np.stack([(function(theta + s) - function(theta - s)) / (2 * STEP) for s in steps], -1)


def quantities(point: OrdinalImplied) -> np.ndarray:
    return np.concatenate([point.vector, point.residual, point.scale])


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    return MODELS[request.param]


@pytest.mark.parametrize("form", ["delta", "theta"])
@pytest.mark.parametrize("groups", [("",), ("a", "b")])
def test_derivatives(model: str, form: str, groups: tuple[str, ...]) -> None:
    goal, theta = objective(model, form, groups)
    point = goal.at(theta)
    for structure, delta, by in zip(goal.structures, point.deltas, point.jacobians, strict=True):
        expected = differences(lambda t, s=structure: quantities(ordinal_implied(s, t)), theta)
        assert np.vstack([delta, by.residual, by.scale]) == pytest.approx(expected, abs=1e-6)
    slope = differences(lambda t: np.array(goal.at(t).value), theta)
    assert point.gradient() == pytest.approx(slope, abs=1e-7)
    bend = differences(lambda t: goal.at(t).gradient(), theta)
    assert point.hessian() == pytest.approx(bend, abs=1e-6)


def test_variances_of_ordinal_responses_are_one_in_the_delta_form() -> None:
    goal, theta = objective(MODELS["path"], "delta", ("",))
    cov = ordinal_implied(goal.structures[0], theta).cov
    assert np.diagonal(cov) == pytest.approx(1.0)


def test_full_weights_with_a_diagonal_matrix_equal_diagonal_weights() -> None:
    goal, theta = objective(MODELS["crossed"], "delta", ("",))
    target = goal.targets[0]
    full = OrdinalTarget(vector=target.vector, share=1.0, shrink=0.9, weight=np.diag(target.weight))
    whole = OrdinalObjective(goal.structures, (full,)).at(theta)
    assert whole.information() == pytest.approx(goal.at(theta).information())
    assert whole.gradient() == pytest.approx(goal.at(theta).gradient())


def test_impossible_variance_has_no_value() -> None:
    goal, theta = objective(MODELS["small"], "theta", ("",))
    assert goal.at(theta - 9.0 * (np.abs(theta) > 0)).value in (np.inf, pytest.approx(np.inf))
