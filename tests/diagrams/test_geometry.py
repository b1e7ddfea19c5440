"""Shapes and curves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.diagrams import geometry
from loyaltysem.diagrams.geometry import Shape

OVAL = Shape(form="ellipse", x=0.0, y=0.0, width=40.0, height=20.0)
BOX = Shape(form="rectangle", x=0.0, y=0.0, width=40.0, height=20.0)
START, END = np.array([0.0, 0.0]), np.array([100.0, 40.0])

angles = st.floats(0, 2 * np.pi)


@given(angles)
def test_the_boundary_of_an_oval_lies_on_it(angle):
    x, y = OVAL.boundary(np.array([np.cos(angle), np.sin(angle)]))
    assert (x / 20) ** 2 + (y / 10) ** 2 == pytest.approx(1)


@given(angles)
def test_the_boundary_of_a_box_lies_on_it(angle):
    x, y = BOX.boundary(np.array([np.cos(angle), np.sin(angle)]))
    assert max(abs(x) / 20, abs(y) / 10) == pytest.approx(1)


def test_a_box_in_the_corner_of_an_oval_does_not_meet_it():
    corner = Shape(form="rectangle", x=21.0, y=11.0, width=6.0, height=4.0)
    assert corner.meets(BOX)
    assert not corner.meets(OVAL)


@given(st.floats(0, 0.6), st.floats(0.65, 1.0))
def test_a_part_of_a_curve_lies_on_the_curve(first, last):
    curve = geometry.bowed(START, END, 0.3)
    part = geometry.cut(curve, first, last)
    assert geometry.point_at(part, 0.0) == pytest.approx(geometry.point_at(curve, first), abs=1e-9)
    middle = geometry.point_at(curve, (first + last) / 2)
    assert geometry.point_at(part, 0.5) == pytest.approx(middle, abs=1e-9)


def test_a_part_across_segments():
    curve = geometry.through([START, np.array([50.0, 60.0]), END])
    part = geometry.cut(curve, 0.5, 1.5)
    assert len(part) == 2
    assert geometry.point_at(part, 0.0) == pytest.approx(geometry.point_at(curve, 0.5))
    assert geometry.point_at(part, 2.0) == pytest.approx(geometry.point_at(curve, 1.5))


def test_a_bow_has_the_height_asked_for():
    middle = geometry.point_at(geometry.bowed(START, np.array([100.0, 0.0]), 0.2), 0.5)
    assert middle == pytest.approx([50.0, 20.0])


def test_the_visible_part_begins_and_ends_at_the_shapes():
    box = Shape(form="rectangle", x=100.0, y=0.0, width=40.0, height=20.0)
    line = geometry.straight(np.array([0.0, 0.0]), np.array([100.0, 0.0]))
    seen = geometry.visible(line, OVAL, box)
    assert seen[0, 0] == pytest.approx([20.0, 0.0], abs=0.1)
    assert seen[-1, 3] == pytest.approx([80.0, 0.0], abs=0.1)


def test_a_smooth_curve_passes_its_points_without_overshooting():
    points = [np.array([0.0, 0.0]), np.array([50.0, 30.0]), np.array([90.0, 30.0]), END]
    curve = geometry.through(points)
    assert geometry.point_at(curve, np.arange(4.0)) == pytest.approx(np.array(points))
    between = geometry.point_at(curve, np.linspace(1, 2, 50))
    assert between[:, 1] == pytest.approx(np.full(50, 30.0))
