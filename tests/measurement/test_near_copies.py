import numpy as np
import pandas as pd

from loyaltysem.measurement.near_copies import near_copies, near_copies_notices

RNG = np.random.default_rng(4)
ITEM = RNG.normal(size=300)
ANSWERS = pd.DataFrame(
    {
        "a": ITEM,
        "copy": ITEM + 0.02 * RNG.normal(size=300),
        "mirror": -ITEM + 0.1 * RNG.normal(size=300),
        "other": ITEM + RNG.normal(size=300),
        "same": 3.0,
    }
)


def test_the_nearest_copies_come_first():
    found = near_copies(ANSWERS, list(ANSWERS))
    assert [pair[:2] for pair in found] == [("a", "copy"), ("a", "mirror"), ("copy", "mirror")]
    assert found[0][2] > 0.99
    assert found[1][2] < -0.98


def test_missing_answers_are_left_out_pair_by_pair():
    gaps = ANSWERS.assign(a=ANSWERS["a"].where(ANSWERS.index > 20))
    assert near_copies(gaps, ["a", "copy", "other"])[0][:2] == ("a", "copy")


def test_a_notice_only_where_there_are_copies():
    assert near_copies_notices(ANSWERS, ["a", "other"]) == []
    (notice,) = near_copies_notices(ANSWERS, ["a", "copy"])
    assert notice.code == "near_copies"
    assert "a and copy" in notice.text
