"""Which font prints which character: Noto Sans SC first, then the fonts that have what it lacks (fonts/README.md).

No character ends as an empty box. One that no font has is printed as its code point, e.g. `[U+0F40]`.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics

from registry.reports.embedded_font import EmbeddedFont

FONT_FOLDER = Path(__file__).parent / "fonts"

REGULAR_FONTS = ("NotoSansSC-Regular", "NotoSansHK-Regular", "HanaMinB", "HanaMinA")
BOLD_FONTS = ("NotoSansSC-Bold", "NotoSansHK-Bold", "HanaMinB", "HanaMinA")

# Characters that GB 18030-2000 could only place in the private use area, and where Unicode has them now.
# Files encoded as GB 18030 still bring the old code points (GB 18030-2022, annex D).
_FORMER_PRIVATE_USE = str.maketrans(
    {
        "\ue816": "\U00020087",
        "\ue817": "\U00020089",
        "\ue818": "\U000200cc",
        "\ue81e": "\u9fb4",
        "\ue826": "\u9fb5",
        "\ue82b": "\u9fb6",
        "\ue82c": "\u9fb7",
        "\ue831": "\U000215d7",
        "\ue832": "\u9fb8",
        "\ue83b": "\U0002298f",
        "\ue843": "\u9fb9",
        "\ue854": "\u9fba",
        "\ue855": "\U000241fe",
        "\ue864": "\u9fbb",
    }
)
_fonts: dict[str, EmbeddedFont] = {}
_loading = Lock()


@dataclass(frozen=True, slots=True)
class Glyph:
    """How one character is printed: by which font, and how wide, in thousandths of the font size."""

    character: str
    font_name: str
    width: float


def font_named(name: str) -> EmbeddedFont:
    """The font, read on first use and registered with reportlab; kept for the life of the process."""
    font = _fonts.get(name)
    if font is None:
        with _loading:
            if name not in _fonts:
                loaded = EmbeddedFont(name, FONT_FOLDER / f"{name}.ttf")
                pdfmetrics.registerFont(loaded)
                _fonts[name] = loaded
            font = _fonts[name]
    return font


@lru_cache(maxsize=65536)
def glyph_of(character: str, *, bold: bool) -> Glyph | None:
    """The first font that has the character; None when none has."""
    for name in BOLD_FONTS if bold else REGULAR_FONTS:
        font = font_named(name)
        if font.has(character):
            return Glyph(character, name, font.width_of(character))
    return None


@lru_cache(maxsize=4096)
def _code_point(character: str, *, bold: bool) -> tuple[Glyph, ...]:
    glyphs = (glyph_of(part, bold=bold) for part in f"[U+{ord(character):04X}]")
    return tuple(glyph for glyph in glyphs if glyph)


def glyphs_of(text: str, *, bold: bool = False) -> list[Glyph]:
    """All glyphs of one line of text, in order.

    White space becomes a blank; what has no shape of its own (controls, joiners, direction marks, variation selectors)
    is left out; an unprintable character is spelt as its code point.
    """
    glyphs: list[Glyph] = []
    for character in text.translate(_FORMER_PRIVATE_USE):
        glyph = glyph_of(character, bold=bold) or (glyph_of(" ", bold=bold) if character.isspace() else None)
        if glyph is not None:
            glyphs.append(glyph)
        elif not _is_shapeless(character):
            glyphs.extend(_code_point(character, bold=bold))
    return glyphs


def _is_shapeless(character: str) -> bool:
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selector or unicodedata.category(character) in ("Cc", "Cf")
