"""Where lines may break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.reports.typefaces import font_named
from registry.reports.typesetting import Line, TextStyle, line_of, lines_of, shortened_line

STYLE = TextStyle(10, 14, "#000000")  # a Chinese character is 10 points wide


def words(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(glyph.character for glyph in line.glyphs) for line in lines]


def test_chinese_breaks_between_any_two_characters() -> None:
    assert words(lines_of("石家庄市海港面馆", STYLE, 50)) == ["石家庄市海", "港面馆"]


def test_a_line_does_not_begin_with_closing_punctuation() -> None:
    assert words(lines_of("违法事实清楚，证据确凿。", STYLE, 60)) == ["违法事实清", "楚，证据确", "凿。"]


def test_a_line_does_not_end_with_an_opening_bracket() -> None:
    assert words(lines_of("石市监罚〔2026〕12号", STYLE, 52)) == ["石市监罚", "〔2026〕", "12号"]


def test_words_and_numbers_stay_whole() -> None:
    assert words(lines_of("罚款 20,000.00 元", STYLE, 45)) == ["罚款 ", "20,000.00", "元"]


def test_a_word_longer_than_the_line_is_torn() -> None:
    lines = lines_of("https://shop.example.com/" + "a" * 60, STYLE, 80)
    assert len(lines) > 3
    assert "".join(words(lines)) == "https://shop.example.com/" + "a" * 60
    assert all(line.width <= 80.1 for line in lines)


@pytest.mark.parametrize("width", [33, 61, 147, 420])
def test_no_line_is_wider_than_asked_and_nothing_is_lost(width: float) -> None:
    text = "当事人在其网店宣传所售面条“治疗糖尿病”（见证据 3、证据 4），违反《广告法》第 28 条第 2 款。" * 4
    lines = lines_of(text, STYLE, width)
    assert all(line.width <= width + 0.1 for line in lines)
    assert "".join(words(lines)).replace(" ", "") == text.replace(" ", "")


@given(text=st.text(max_size=200), width=st.integers(30, 400))
def test_any_text_is_set_in_glyphs_that_its_fonts_have(text: str, width: int) -> None:
    lines = lines_of(text, STYLE, width)
    assert all(line.width <= width + 0.1 for line in lines)
    assert all(font_named(glyph.font_name).has(glyph.character) for line in lines for glyph in line.glyphs)


def test_line_breaks_of_the_text_are_kept() -> None:
    assert words(lines_of("一、警告\n二、罚款", STYLE, 200)) == ["一、警告", "二、罚款"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert words(lines_of("", STYLE, 200)) == [""]


def test_a_long_name_is_cut_with_an_ellipsis_in_the_running_head() -> None:
    line = shortened_line("石家庄海港面馆有限公司", STYLE, 60)
    assert words((line,)) == ["石家庄海港…"]
    assert line.width <= 60
    assert shortened_line("石家庄", STYLE, 60) == line_of("石家庄", STYLE)
