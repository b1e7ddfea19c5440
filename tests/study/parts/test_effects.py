"""Effects of a study's model: which records are made, and what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ConvergenceError, DocumentError
from loyaltysem.estimation import fit
from loyaltysem.study.definition import StudyDefinition, read_study
from loyaltysem.study.parts.effects import effects_result
from loyaltysem.study.settings.bootstrap import BootstrapDefinition


def wanted(**changes: object) -> StudyDefinition:
    facts = {"title": {"en": "A"}, "questionnaire": "q", "data": "d.csv", "model": ["m"]}
    return StudyDefinition.model_validate({**facts, **changes})


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(5)
    a = rng.normal(size=150)
    m = 0.5 * a + rng.normal(size=150)
    y = 0.5 * m + 0.3 * a + rng.normal(size=150)
    return fit("m ~ a\n y ~ m + a", pd.DataFrame({"a": a, "m": m, "y": y}))


def test_effects_with_a_bootstrap_name_draws_and_seed(fitted):
    calls: list[tuple[int, int]] = []
    study = wanted(bootstrap={"draws": 200, "seed": 4})
    found, notices = effects_result(study, fitted, (), lambda *at: calls.append(at))
    assert calls[-1] == (200, 200)
    assert not notices
    assert (found.bootstrap.draws, found.bootstrap.failed, found.bootstrap.seed) == (200, 0, 4)
    assert found.judged_by == "perc"
    indirect = next(row for row in found.rows if row.kind == "indirect")
    assert (indirect.path, indirect.predictor, indirect.outcome) == ("a -> m -> y", "a", "y")
    assert indirect.mediation == "complementary"
    assert indirect.proportion == pytest.approx(indirect.est / found.rows[-3].est)
    methods = [one.method for one in indirect.intervals]
    assert methods == ["delta", "perc", "bc", "bca"]
    assert indirect.interval("perc")[0] < indirect.est < indirect.interval("perc")[1]
    assert indirect.interval("mc") is None


def test_without_a_bootstrap_monte_carlo_judges(fitted):
    found, _ = effects_result(wanted(), fitted, ())
    assert found.judged_by == "mc"
    assert found.bootstrap is None
    assert found.rows[0].boot_se is None


def test_effects_over_doubtful_paths_are_not_judged(fitted):
    found, _ = effects_result(wanted(), fitted, {("m", "y")})
    readable = {(row.kind, row.path): row.readable for row in found.rows}
    assert readable == {
        ("direct", "a -> m"): True,
        ("total", "a -> m"): True,
        ("direct", "a -> y"): True,
        ("indirect", "a -> m -> y"): False,
        ("total_indirect", "a -> y"): False,
        ("total", "a -> y"): False,
        ("direct", "m -> y"): False,
        ("total", "m -> y"): False,
    }
    assert {row.mediation for row in found.rows} == {"", "not_judged"}


def test_nothing_is_computed_without_an_indirect_path(fitted):
    data = pd.DataFrame({"a": [1.0, 2.0, 3.0, 5.0], "y": [1.0, 0.0, 2.0, 4.0]})
    assert effects_result(wanted(), fit("y ~ a", data), ()) == (None, [])


def test_a_bootstrap_without_estimates_is_told_and_done_without(fitted, monkeypatch):
    def fails(*_args: object, **_options: object) -> None:
        raise ConvergenceError("The bootstrap gave no estimates")

    monkeypatch.setattr("loyaltysem.study.parts.effects.bootstrap", fails)
    found, (notice,) = effects_result(wanted(bootstrap={}), fitted, ())
    assert found.judged_by == "mc"
    assert notice.code == "bootstrap_unusable"


def test_draws_are_refused_below_a_hundred(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(
        "title: {en: A}\nquestionnaire: q\ndata: d.csv\nmodel: m\nbootstrap: {draws: 50}\n",
        encoding="utf-8",
    )
    with pytest.raises(DocumentError) as caught:
        read_study(path)
    assert caught.value.place.line == 5
    assert "100" in str(caught.value)
    with pytest.raises(ValueError, match="-1 or at least 1"):
        BootstrapDefinition(workers=0)
