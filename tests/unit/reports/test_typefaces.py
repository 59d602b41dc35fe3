"""Every character has a glyph; what is no character leaves none."""

import pytest

from registry.reports.typefaces import BOLD_FONTS, FONT_FOLDER, font_named, glyph_of, glyphs_of

# The ideographs of GB 18030-2022, implementation level 3: all unified ideographs up to Extension F.
GB18030_IDEOGRAPHS = (
    (0x4E00, 0x9FEF),
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
RARE = "𠮷㐂䶮𫖯𬭎𫟹𬀩𪨊䲜喆翀㛃𡋾𠅤𠀀㼆䴗𨱔𬴊𬳵𫚖𪟝𬇙𬇹𡐓𤩽𫍣𬣞𮧵︰〇〥㎡№℃①⑩Ⅻ々〆ヶ【】〖〗—…·￥€±×÷≤≥≒"


def in_double_byte(encoding: str) -> list[str]:
    found = []
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found.append(bytes([lead, trail]).decode(encoding))
            except UnicodeDecodeError:
                continue
    return found


def has_outline(character: str, *, bold: bool) -> bool:
    glyph = glyph_of(character, bold=bold)
    if glyph is None:
        return False
    face = font_named(glyph.font_name).face
    start, end = face.glyphPos[face.charToGlyph[ord(character)] :][:2]
    return end > start


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(("encoding", "count"), [("gb2312", 7445), ("gbk", 21791)])
def test_every_character_of_an_older_standard_has_a_glyph(encoding: str, count: int, bold: bool) -> None:
    characters = in_double_byte(encoding)
    assert len(characters) == count
    assert [character for character in characters if glyph_of(character, bold=bold) is None] == []


@pytest.mark.parametrize("bold", [False, True])
def test_every_ideograph_of_gb_18030_has_a_drawn_glyph(bold: bool) -> None:
    characters = (chr(code) for first, last in GB18030_IDEOGRAPHS for code in range(first, last + 1))
    assert [character for character in characters if not has_outline(character, bold=bold)] == []


@pytest.mark.parametrize("character", RARE)
def test_a_rare_character_has_a_drawn_glyph(character: str) -> None:
    assert has_outline(character, bold=False)
    assert has_outline(character, bold=True)


def test_common_characters_come_from_the_main_font_and_rare_ones_from_the_others() -> None:
    names = [glyph.font_name for glyph in glyphs_of("石㐂𡋾𠮷")]
    assert names == ["NotoSansSC-Regular", "NotoSansSC-Regular", "NotoSansHK-Regular", "HanaMinB"]
    assert glyphs_of("石", bold=True)[0].font_name == "NotoSansSC-Bold"


def test_a_former_private_use_character_is_printed_as_what_it_is_today() -> None:
    old = bytes.fromhex("FE51").decode("gb18030")
    assert [glyph.character for glyph in glyphs_of(old)] in (["\U00020087"], [old])
    assert [glyph.character for glyph in glyphs_of("\ue816\ue864")] == ["\U00020087", "\u9fbb"]


def test_a_character_that_no_font_has_is_spelt_as_its_code_point() -> None:
    assert "".join(glyph.character for glyph in glyphs_of("店\U0001f95f")) == "店[U+1F95F]"
    assert "".join(glyph.character for glyph in glyphs_of("\ud800\uffff")) == "[U+D800][U+FFFF]"


def test_what_has_no_shape_is_left_out_and_white_space_is_a_blank() -> None:
    text = "石\u200b\u202e\ufeff\x00\U000e0101家\t庄"
    assert "".join(glyph.character for glyph in glyphs_of(text)) == "石家 庄"


@pytest.mark.parametrize("name", BOLD_FONTS)
def test_fonts_have_their_licences_beside_them(name: str) -> None:
    licence = "LICENSE-Hanazono.txt" if name.startswith("Hana") else "OFL-NotoSans.txt"
    assert (FONT_FOLDER / f"{name}.ttf").is_file()
    assert (FONT_FOLDER / licence).read_text(encoding="utf-8").strip()
