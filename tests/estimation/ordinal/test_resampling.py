"""Bootstrap draws of ordinal data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.estimation.conduct import conduct
from loyaltysem.estimation.fitted import Fit
from loyaltysem.estimation.ordinal.resampling import resampled_problem

ANSWERS = pd.read_csv(Path(__file__).parent / "reference" / "answers.csv")
MODEL = "f =~ o3 + o4 + o5 + y1\nf ~ age"
ITEMS = ["o3", "o4", "o5"]


@pytest.fixture(scope="module")
def whole() -> Fit:
    return fit(MODEL, ANSWERS, ordered=ITEMS)


def test_draw_equals_a_fit_to_the_drawn_rows(whole: Fit) -> None:
    rows = np.random.default_rng(5).integers(0, len(ANSWERS), len(ANSWERS))
    drawn = conduct(resampled_problem(whole.problem, [rows]))
    anew = fit(MODEL, ANSWERS.iloc[rows], ordered=ITEMS)
    assert drawn.theta == pytest.approx(anew.theta, abs=1e-8)
    assert drawn.est == pytest.approx(anew.est, abs=1e-8, nan_ok=True)


def test_everybody_once_is_the_original_fit(whole: Fit) -> None:
    rows = np.arange(len(ANSWERS))
    assert conduct(resampled_problem(whole.problem, [rows])).theta == pytest.approx(whole.theta)


def test_draw_that_lacks_a_category_is_refused(whole: Fit) -> None:
    rows = np.flatnonzero(ANSWERS["o5"] < 5)
    with pytest.raises(EstimationError, match="'o5'"):
        resampled_problem(whole.problem, [rows])
