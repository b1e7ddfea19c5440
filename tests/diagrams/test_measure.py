"""Texts and the shapes around them."""

import pytest

from loyaltysem.diagrams.measure import TextBlock, text_width, wrap


def test_wider_text_is_wider():
    assert 0 < text_width("satisfaction", 9) < text_width("customer satisfaction", 9)
    assert text_width("abc", 18) == pytest.approx(2 * text_width("abc", 9), rel=0.02)


def test_markup_is_measured_as_it_stands():
    assert text_width("$x$", 9) > text_width("x", 9)


def test_a_long_name_is_broken_into_even_lines():
    lines = wrap("Attractiveness of substitutes", 9, 74)
    assert lines == ("Attractiveness", "of substitutes")


def test_a_word_is_broken_at_its_hyphen_only_if_it_is_too_long():
    lines = wrap("quality of the after-sales service", 9, 60, most=4)
    assert any("after-sales" in line for line in lines)
    assert wrap("cross-organisational", 9, 60)[0] == "cross-"


def test_lines_stretch_before_there_is_one_more():
    assert len(wrap("Attractiveness of substitutes", 9, 54)) == 3
    assert len(wrap("Attractiveness of substitutes", 9, 54, stretch=1.15)) == 2


def test_chinese_is_broken_between_characters_but_not_before_punctuation():
    lines = wrap("注：图中为标准化系数，虚线表示不显著。", 9, 80)
    assert "".join(lines) == "注：图中为标准化系数，虚线表示不显著。"
    assert len(lines) > 1
    assert not any(line[0] in "，。：" for line in lines)


def test_nothing_of_a_text_is_lost():
    text = "a_very_long_variable_name_without_any_space"
    lines = wrap(text, 9, 60)
    assert "".join(lines) == text
    assert len(lines) > 1


def test_a_no_break_space_does_not_break():
    assert not any(line.endswith("p") for line in wrap("x x x p\u00a0<\u00a0.05 x x x", 9, 30, 9))


def test_lines_keep_within_the_limit_when_more_are_allowed():
    lines = wrap("one two three four five six seven eight nine ten", 9, 60, most=20)
    assert all(text_width(line, 9) <= 60 for line in lines)


def test_an_oval_holds_its_text():
    block = TextBlock(lines=("Post-purchase", "evaluation"), sizes=(9.0, 9.0))
    width, height = block.ellipse(6.0)
    for line, size, middle in zip(block.lines, block.sizes, block.middles(), strict=True):
        corner_x = text_width(line, size) / 2
        corner_y = abs(middle) + 0.36 * size
        assert (corner_x / (width / 2)) ** 2 + (corner_y / (height / 2)) ** 2 < 1
