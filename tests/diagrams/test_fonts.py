"""The typeface of the figures."""

from loyaltysem.diagrams.fonts import (
    BUNDLED_FAMILY,
    BUNDLED_FONT,
    drawable,
    font_families,
    font_notice,
    missing_characters,
)


def test_the_package_brings_its_own_typeface_and_licence():
    assert font_families()[0] == BUNDLED_FAMILY
    assert "SIL OPEN FONT LICENSE" in BUNDLED_FONT.with_name("OFL.txt").read_text(encoding="utf-8")


def test_chinese_names_and_the_signs_of_the_notes_can_be_drawn():
    assert missing_characters(["顾客忠诚 替代品吸引力 R² − ≥ * p < .05；，。（）"]) == ()
    assert font_notice(["购后评价"]) is None


def test_a_character_that_no_font_has_is_named():
    notice = font_notice(["a\U000ffffd b"])
    assert notice is not None
    assert notice.code == "font_missing"
    assert notice.facts["characters"] == "\U000ffffd"


def test_what_cannot_be_drawn_becomes_a_box_and_control_characters_go():
    assert drawable("a\U000ffffdb\x00\x0bc\u202ed\n") == "a□b cd "
