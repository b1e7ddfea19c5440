"""Pictures on paper: upright wherever that will do."""

import pytest

from loyaltysem.diagrams.pages import TURNED, UPRIGHT, page_fit


def test_a_small_picture_keeps_its_size():
    assert page_fit(300, 200) == page_fit(*UPRIGHT)
    assert (page_fit(300, 200).scale, page_fit(300, 200).turned) == (1.0, False)


def test_a_page_is_turned_for_a_wide_picture_alone():
    wide, tall = page_fit(2 * TURNED[0], TURNED[1]), page_fit(UPRIGHT[0], 2 * UPRIGHT[1])
    assert (wide.scale, wide.turned) == (pytest.approx(0.5), True)
    assert (tall.scale, tall.turned) == (pytest.approx(0.5), False)


def test_a_page_is_not_turned_for_little():
    assert not page_fit(1.05 * UPRIGHT[0], 300).turned
    assert not page_fit(1.15 * UPRIGHT[0], 300).turned
    assert page_fit(1.2 * UPRIGHT[0], 300).turned
