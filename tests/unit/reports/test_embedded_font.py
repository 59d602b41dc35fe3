"""What is embedded is what was drawn, and it can be copied out again."""

from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from registry.reports.typefaces import font_named
from registry.reports.typesetting import TextStyle, draw_line, line_of
from tests.unit.reports.samples import text_of, traced
from tests.unit.reports.test_typefaces import RARE


def printed(*texts: str, bold: bool = False) -> bytes:
    output = BytesIO()
    font_named("NotoSansSC-Regular")
    options: Any = {"initialFontName": "NotoSansSC-Regular"}
    canvas = Canvas(output, pageCompression=1, invariant=1, **options)
    style = TextStyle(9, 14, "#000000", bold=bold)
    for number, text in enumerate(texts):
        draw_line(canvas, line_of(text, style), style, 40, 780 - 14 * number)
    canvas.showPage()
    canvas.save()
    return output.getvalue()


@pytest.mark.parametrize("bold", [False, True])
def test_rare_characters_are_drawn_by_real_glyphs_and_copied_as_themselves(bold: bool) -> None:
    lines = [RARE[start : start + 30] for start in range(0, len(RARE), 30)]
    pdf = printed(*lines, bold=bold)
    drawn = traced(pdf)
    assert "".join(character for character, _ in drawn) == RARE
    assert all(glyph != 0 for _, glyph in drawn)
    assert text_of(pdf) == RARE


def test_two_characters_of_one_glyph_keep_their_own_text() -> None:
    text = "⼀一⽯石ΩΩ"
    assert "".join(character for character, _ in traced(printed(text))) == text


def test_more_characters_than_a_byte_counts_stay_one_font() -> None:
    characters = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 1200))
    lines = [characters[start : start + 50] for start in range(0, len(characters), 50)]
    pdf = printed(*lines)
    assert "".join(character for character, _ in traced(pdf)) == characters
    assert pdf.count(b"/Type0") == 1


def test_composite_glyphs_bring_their_parts() -> None:
    assert all(glyph != 0 for _, glyph in traced(printed("éàüñçǎⅣ㈱㊣")))


def test_a_missing_glyph_is_refused_rather_than_drawn_as_a_box() -> None:
    with pytest.raises(KeyError, match="U\\+20BB7"):
        font_named("NotoSansSC-Regular").splitString("𠮷", Canvas(BytesIO())._doc)


def test_documents_printed_at_once_do_not_mix() -> None:
    texts = ["石家庄海港面馆", "保定𠮷祥商贸行", "邯郸喆翀科技社", "唐山㐂事连连店"]
    alone = [printed(text) for text in texts]
    together: dict[int, bytes] = {}
    start = Barrier(len(texts))

    def run(number: int) -> None:
        start.wait()
        for _ in range(20):
            together[number] = printed(texts[number])

    threads = [Thread(target=run, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(len(texts))] == alone
