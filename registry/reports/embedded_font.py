"""A TrueType font as a PDF composite font (Type 0, Identity-H), embedded as the subset that a document uses.

reportlab's own TTFont cuts Chinese text into fonts of 256 characters each, gives characters beyond the Basic
Multilingual Plane a wrong text when copied, and must not be used by two documents at once. This class speaks the same
protocol towards the canvas, with one font object for all characters, right extraction, and no state but the document's.
"""

import struct
import zlib
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, ttfonts

_MORE_COMPONENTS, _ARGUMENTS_ARE_WORDS, _SCALE, _TWO_SCALES, _TWO_BY_TWO = 0x20, 0x01, 0x08, 0x40, 0x80
_SYMBOLIC = 1 << 2


class _Usage:
    """Which characters a document uses of a font: character id = position, 0 = no character."""

    def __init__(self, internal_name: str) -> None:
        self.internal_name = internal_name
        self.ids: dict[str, int] = {}


class EmbeddedFont:
    """Towards reportlab a dynamic multi-byte font: `pdfmetrics.registerFont(EmbeddedFont(name, path))`.

    Only characters for which `has()` is true may be drawn: others raise KeyError, so that no empty box is ever printed.
    """

    _multiByte = 1  # noqa: N815
    _dynamicFont = 1  # noqa: N815
    shapable = False

    def __init__(self, name: str, path: Path) -> None:
        self.fontName = name
        self.face = cast(Any, ttfonts.TTFontFace(str(path)))
        self.encoding = ttfonts.TTEncoding()
        self._glyph_ids: dict[int, int] = self.face.charToGlyph
        self._file: bytes = self.face._ttf_data
        self._outlines_at: int = self.face.get_table_pos("glyf")[0]
        self._usage: WeakKeyDictionary[Any, _Usage] = WeakKeyDictionary()

    def has(self, character: str) -> bool:
        """Whether the font has a real glyph for it, not the box of .notdef."""
        return self._glyph_ids.get(ord(character), 0) != 0

    def width_of(self, character: str) -> float:
        """Advance in thousandths of the font size."""
        return float(self.face.charWidths[ord(character)])

    # What the canvas asks for.

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802, ARG002
        """Width in points of text that the font has."""
        return sum(map(self.width_of, text)) * size / 1000

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802, ARG002
        """The text as two-byte character ids, all in the one subset 0."""
        ids = self._usage_in(doc).ids
        codes = []
        for character in text:
            code = ids.get(character)
            if code is None:
                if not self.has(character):
                    raise KeyError(f"{self.fontName} has no glyph for U+{ord(character):04X}")
                code = ids[character] = len(ids) + 1
            codes.append(code)
        return [(0, struct.pack(f">{len(codes)}H", *codes))] if codes else []

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802, ARG002
        """The resource name under which pages call the font."""
        return "/" + self._usage_in(doc).internal_name

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Write the font's objects; reportlab calls this once, when the document is complete."""
        usage = self._usage.pop(doc)
        characters = list(usage.ids)
        glyph_order, glyph_of = self._close_over_components(characters)
        base_name = f"{_subset_tag(characters)}+{self.fontName}"

        def reference(content: bytes, key: str, **entries: Any) -> Any:
            stream = pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress])
            for entry, value in entries.items():
                stream.dictionary[entry] = value
            return doc.Reference(stream, f"{key}:{base_name}")

        program = self._subset(glyph_order)
        face = self.face
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": pdfdoc.PDFName(base_name),
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "ItalicAngle": face.italicAngle,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.capHeight,
                "StemV": face.stemV,
                "FontFile2": reference(program, "program", Length1=len(program)),
            }
        )
        glyph_ids = [0, *(glyph_of[character] for character in characters)]
        widths = [face.charWidths[ord(character)] for character in characters]
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(base_name),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": doc.Reference(descriptor, f"descriptor:{base_name}"),
                "DW": 1000,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray([round(width, 2) for width in widths])]),
                "CIDToGIDMap": reference(struct.pack(f">{len(glyph_ids)}H", *glyph_ids), "glyphs"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(base_name),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"descendant:{base_name}")]),
                "ToUnicode": reference(_to_unicode(characters), "unicode"),
            }
        )
        doc.idToObject["BasicFonts"].dict[usage.internal_name] = doc.Reference(font, usage.internal_name)

    def _usage_in(self, doc: Any) -> _Usage:
        usage = self._usage.get(doc)
        if usage is None:
            usage = self._usage[doc] = _Usage(f"F{len(doc.fontMapping) + 1}")
            doc.fontMapping[self.fontName] = "/" + usage.internal_name
            doc.delayedFonts.append(self)
        return usage

    # The subset.

    def _glyph(self, glyph_id: int) -> bytes:
        start, end = self.face.glyphPos[glyph_id : glyph_id + 2]
        return self._file[self._outlines_at + start : self._outlines_at + end]

    def _close_over_components(self, characters: list[str]) -> tuple[list[int], dict[str, int]]:
        """The font's glyph ids in the subset's order, parts of composite glyphs included; each character's new id."""
        new_ids = {0: 0}
        glyph_of = {
            character: new_ids.setdefault(self._glyph_ids[ord(character)], len(new_ids)) for character in characters
        }
        order = list(new_ids)
        for glyph_id in order:  # grows while it is walked: a part may be composite itself
            for _, component in _components(self._glyph(glyph_id)):
                if component not in new_ids:
                    new_ids[component] = len(new_ids)
                    order.append(component)
        return order, glyph_of

    def _subset(self, order: list[int]) -> bytes:
        """A font program with the glyphs of `order`, and the few tables that an unhinted composite font needs."""
        new_ids = {old: new for new, old in enumerate(order)}
        outlines = bytearray()
        offsets = [0]
        for old in order:
            glyph = self._glyph(old)
            parts = list(_components(glyph))
            if parts:
                rewritten = bytearray(glyph)
                for offset, component in parts:
                    struct.pack_into(">H", rewritten, offset, new_ids[component])
                glyph = bytes(rewritten)
            outlines += glyph
            outlines += b"\0" * (-len(outlines) % 4)
            offsets.append(len(outlines))
        metrics = b"".join(struct.pack(">Hh", int(width), int(bearing)) for width, bearing in map(self._metrics, order))
        table = self.face.get_table
        tables = {
            "head": table("head")[:50] + struct.pack(">H", 1) + table("head")[52:],  # long offsets in loca
            "hhea": table("hhea")[:34] + struct.pack(">H", len(order)),
            "maxp": table("maxp")[:4] + struct.pack(">H", len(order)) + table("maxp")[6:],
            "hmtx": metrics,
            "loca": struct.pack(f">{len(offsets)}L", *offsets),
            "glyf": bytes(outlines),
        }
        return _font_file(tables)

    def _metrics(self, glyph_id: int) -> tuple[float, int]:
        width, bearing = self.face.hmetrics[glyph_id]
        return width, bearing - 0x10000 if bearing >= 0x8000 else bearing


def _components(glyph: bytes) -> list[tuple[int, int]]:
    """Of a composite glyph: where each component's glyph id stands, and the id."""
    if len(glyph) < 10 or struct.unpack_from(">h", glyph)[0] >= 0:
        return []
    found = []
    position, flags = 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags, component = struct.unpack_from(">HH", glyph, position)
        found.append((position + 2, component))
        position += 4 + (4 if flags & _ARGUMENTS_ARE_WORDS else 2)
        position += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _TWO_BY_TWO else 0
    return found


def _font_file(tables: dict[str, bytes]) -> bytes:
    """The tables as a TrueType file, with directory and check sums."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = bytearray(struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, (count - (1 << power)) * 16))
    body = bytearray()
    start = 12 + 16 * count
    for tag, content in sorted(tables.items()):
        padded = content + b"\0" * (-len(content) % 4)
        directory += struct.pack(">4sLLL", tag.encode(), _check_sum(padded), start + len(body), len(content))
        body += padded
    return bytes(directory + body)


def _check_sum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _subset_tag(characters: list[str]) -> str:
    """Six letters that differ between subsets, as the PDF standard wants them; the same for the same characters."""
    number = zlib.crc32("".join(characters).encode())
    letters = []
    for _ in range(6):
        number, digit = divmod(number, 26)
        letters.append(chr(ord("A") + digit))
    return "".join(letters)


def _to_unicode(characters: list[str]) -> bytes:
    """The map by which readers search and copy the text: character id to UTF-16."""
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, start=1)
    ]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]  # 100 is the standard's limit
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ]
    return "\n".join(lines).encode()
