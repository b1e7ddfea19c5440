"""Robustness in a study: which specifications are tried, what is drawn, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loyaltysem.errors import DocumentError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.results import StudyResults

    Run = Callable[[str], StudyResults]

WANTED = "robustness: {{specifications: {{{}}}}}\n"


def wanted(text: str = "") -> str:
    return WANTED.format(text)


def test_nothing_is_tried_unasked(run_small: Run):
    assert run_small("").models[0].robustness is None


def test_what_makes_a_difference_is_varied(run_small: Run):
    found = run_small(wanted("estimators: [ML, MLR]")).models[0].robustness
    assert found is not None
    rows = found.specifications
    assert {(one.estimator, one.gaps) for one in rows} == {
        (estimator, gaps) for estimator in ("ML", "MLR") for gaps in ("listwise", "available")
    }
    assert len({one.respondents for one in rows}) == (2 if found.n_careless else 1)
    assert {one.items for one in rows} == {"all"}
    assert found.weakest == ()
    assert [one.main for one in rows].count(True) == 1
    everybody = [one for one in rows if one.gaps == "available" and one.respondents == "analysed"]
    assert all(one.n > rows[0].n for one in everybody)


def test_the_main_specification_is_the_study_s_own(run_small: Run):
    model = run_small(wanted("estimators: [MLR], careless: false, missing: false")).models[0]
    assert model.robustness is not None
    main, other = model.robustness.specifications
    assert (main.estimator, main.main, other.main) == ("ML", True, False)
    assert main.n == model.n
    own = {(one.lhs, one.rhs): one.std_all for one in model.parameters if one.op == "~"}
    assert {(one.outcome, one.predictor): one.est for one in main.paths} == pytest.approx(own)


def test_curves_are_those_asked_for(run_small: Run):
    text = wanted("estimators: [MLR], careless: false, paths: [trust -> loyalty]")
    found = run_small(text).models[0].robustness
    assert found is not None
    assert [one.outcome for one in found.stability if one.drawn] == ["loyalty"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("paths: [loyalty -> trust]", "paths"), ("controls: [servise]", "controls")],
)
def test_what_no_model_has_is_refused(run_small: Run, text: str, place: str):
    with pytest.raises(StudyError) as caught:
        run_small(wanted(text))
    assert caught.value.place is not None
    assert caught.value.place.line is not None


def test_a_control_is_suggested(run_small: Run):
    with pytest.raises(StudyError) as caught:
        run_small(wanted("controls: [servise]"))
    assert "service" in str(caught.value.remedy)


def test_an_unknown_estimator_is_refused(run_small: Run):
    with pytest.raises(DocumentError):
        run_small(wanted("estimators: [OLS]"))
