"""Document numbers: the printed form is kept, a normalised one is the key (standards.md 1.8)."""

import re
import unicodedata
from functools import lru_cache

_OPENING = "〔［[(（【<〈《"
_CLOSING = "〕］])）】>〉》"
_BRACKETS = str.maketrans({**dict.fromkeys(_OPENING, "〔"), **dict.fromkeys(_CLOSING, "〕")})
_SERIES = re.compile(r"^(?P<prefix>.*?)〔(?P<year>\d{4})〕(?P<rest>.*?)(?P<number>\d+)号?$")
_NO_PENALTY = re.compile(r"不罚|不予|免罚|免予")


@lru_cache(maxsize=16_384)  # a batch asks for each number several times
def normalise(printed: str) -> str:
    """One form for all ways to print a number: half width, no blanks, 〔〕 for every bracket, no leading zeros touched.

    罚 and 罚决 stay different: title and body of one decision can differ in them, but so can two decisions.
    """
    folded = unicodedata.normalize("NFKC", printed.translate(_BRACKETS)).translate(_BRACKETS)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf").upper()


def is_not_a_penalty(printed: str) -> bool:
    """A decision *not* to punish (行政处罚法 art. 33), which is published in the same column as penalties."""
    return _NO_PENALTY.search(normalise(printed)) is not None


def series(printed: str) -> tuple[str, int, int] | None:
    """(what stands around the number, year, running number), to find gaps in a series; None where there is no year."""
    match = _SERIES.match(normalise(printed))
    if match is None:
        return None
    return match["prefix"] + match["rest"], int(match["year"]), int(match["number"])
