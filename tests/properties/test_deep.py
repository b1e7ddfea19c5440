"""Studies that are right in form, with answers of every kind: results, or one of our errors.

Mangled files mostly fail early; these reach the analyses, the report and the stored files.
"""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.errors import LoyaltysemError
from loyaltysem.report import render_report
from loyaltysem.results import StudyResults
from loyaltysem.study import freeze_study, plan_study
from loyaltysem.study.checking import find_changes
from loyaltysem.study.definition import ALL_ANALYSES
from loyaltysem.study.deviations import compare_with_plan
from loyaltysem.study.preregistration import read_statement
from loyaltysem.study.run import compute_study
from loyaltysem.study.settings.check import CheckDefinition
from tests.properties.test_faults import MODEL, QUESTIONNAIRE, examples

if TYPE_CHECKING:
    from pathlib import Path

ITEMS = ("T1", "T2", "T3", "L1", "L2")

CHOICES = st.fixed_dictionaries(
    {"analyses": st.lists(st.sampled_from(ALL_ANALYSES), min_size=1, max_size=6, unique=True)},
    optional={
        "estimator": st.sampled_from(["ML", "MLR", "MLM", "GLS", "ULS", "WLSMV"]),
        "missing": st.sampled_from(
            ["listwise", "fiml", "em", {"method": "mi", "datasets": 2, "steps": 3}]
        ),
        "profile": st.sampled_from(["thesis", "strict", "both"]),
        "bootstrap": st.just({"draws": 200, "seed": 1}),
        "careless": st.sampled_from(
            [{}, {"exclude": ["long_string"]}, {"exclude": ["outlier"], "compare": True}]
        ),
        "groups": st.just({"by": "gender"}),
        "invalid": st.sampled_from(["missing", "error"]),
        "engine": st.sampled_from(["native", "semopy"]),
        "factors": st.fixed_dictionaries(
            {}, optional={"n": st.integers(1, 4), "rotation": st.sampled_from(["varimax", "none"])}
        ),
        "moderation": st.just({"outcome": "loyalty", "predictor": "trust", "moderator": "gender"}),
        "method_variance": st.sampled_from([{"marker": "trust"}, {"marker": "T3"}]),
        "robustness": st.just({"second_engine": True}),
        "style": st.just({"tables": "apa", "leading_zero": True}),
    },
)

KINDS = ("plain", "constant", "copy", "opposite", "gaps", "empty", "outside", "text", "two_values")
"""What may be odd about a column of answers."""

ODD_COLUMNS = st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(KINDS), max_size=3)


def answers(n: int, seed: int, strength: float, odd: dict[str, str]) -> pd.DataFrame:
    """Return answers of n respondents to two constructs, some columns odd."""
    random = np.random.default_rng(seed)
    trait = random.normal(size=(n, 1))
    latent = strength * trait + random.normal(size=(n, len(ITEMS)))
    values = np.clip(np.round(3 + latent), 1, 5)
    values[:, 1] = 6 - values[:, 1]  # T2 is worded in reverse
    plain = pd.DataFrame(values, columns=list(ITEMS)).astype(object)
    frame = plain.assign(**{name: _odd(plain, name, odd[name], random) for name in odd})
    return frame.assign(AC=2, gender=random.integers(1, 3, n))


def _odd(frame: pd.DataFrame, name: str, kind: str, random: np.random.Generator) -> Any:
    own, first = frame[name], frame["T1"]
    some = random.random(len(frame)) < 0.3
    return {
        "plain": own,
        "constant": 3,
        "copy": first,
        "opposite": 6 - first,
        "gaps": own.mask(some, ""),
        "empty": "",
        "outside": own.mask(some, 9),
        "text": own.mask(some, "maybe"),
        "two_values": own.map(lambda value: 1 if value < 3 else 5),
    }[kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deep")
    for name, text in (("questionnaires/shop", QUESTIONNAIRE), ("models/trusting", MODEL)):
        path = folder / f"{name}.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    return folder


def study(folder: Path, choices: dict[str, Any]) -> Path:
    """Write a study; JSON is YAML."""
    path = folder / "study.yaml"
    values = {
        "title": {"en": "A study", "zh": "研究"},
        "questionnaire": "shop",
        "data": "answers.csv",
        "model": "trusting",
        "language": ["en", "zh"],
    }
    path.write_text(json.dumps(values | choices), encoding="utf-8")
    return path


def computed(path: Path) -> StudyResults | None:
    try:
        return compute_study(plan_study(path))
    except LoyaltysemError as error:
        if len(str(error)) < 11:
            raise
        return None


@examples(0.006)
@given(
    choices=CHOICES,
    n=st.sampled_from([1, 2, 5, 8, 30, 60]),
    seed=st.integers(0, 10_000),
    strength=st.sampled_from([0.0, 1.0, 3.0]),
    odd=ODD_COLUMNS,
)
def test_studies_that_are_right_in_form(
    folder: Path, choices: Any, n: int, seed: int, strength: float, odd: dict[str, str]
) -> None:
    answers(n, seed, strength, odd).to_csv(folder / "answers.csv", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = computed(study(folder, choices))
    if results is None:
        return
    assert results.sample.n_read == n
    stored = json.loads(results.to_json())
    again = StudyResults.model_validate(stored)
    assert find_changes(stored, json.loads(again.to_json()), CheckDefinition()) == ()
    assert b"</html>" in render_report(again, language="zh", formats=["html"])["report.zh.html"]


@examples(0.01)
@given(planned=CHOICES, done=CHOICES)
def test_any_plan_is_frozen_and_compared(folder: Path, planned: Any, done: Any) -> None:
    (folder / "answers.csv").unlink(missing_ok=True)
    statement = folder / "preregistration.json"
    statement.unlink(missing_ok=True)
    try:
        then = plan_study(study(folder, planned), with_answers=False)
        today = plan_study(study(folder, done), with_answers=False)
    except LoyaltysemError:  # choices that contradict one another
        return
    freeze_study(study(folder, planned), planned_n=50)
    frozen = read_statement(statement)
    statement.unlink()
    assert compare_with_plan(frozen, then, 50).deviations == ()
    differs = _canonical(planned) != _canonical(done)
    assert bool(compare_with_plan(frozen, today, 50).deviations) == differs


def _canonical(choices: dict[str, Any]) -> dict[str, Any]:
    """Return choices without what is no plan or the default."""
    defaults = {
        "estimator": "ML", "missing": "listwise", "profile": "thesis", "invalid": "missing",
        "engine": "native", "factors": {},
    }  # fmt: skip
    plan = {key: value for key, value in (defaults | choices).items() if key != "style"}
    return plan | {"analyses": sorted(plan["analyses"])}
