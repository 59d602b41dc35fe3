"""Names: folding for comparison, pinyin, and the terms that a search looks for.

Both sides of every comparison are folded alike, so that width, case, brackets, blanks and traditional characters are
never a difference. The printed name is always kept.
"""

import os
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from opencc import OpenCC

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # we read single characters: phrases cost each process 44 MB

from pypinyin import pinyin_dict
from pypinyin.contrib.tone_convert import to_normal

_DROPPED = frozenset("PSZC")  # punctuation, symbols, separators, control characters are folded away


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


class _Table(dict[int, str | None]):
    """What one character folds to, filled as characters are met: names use some five thousand of them."""

    def __missing__(self, codepoint: int) -> str | None:
        character = chr(codepoint)
        folded = unicodedata.normalize("NFKC", character).casefold()
        simple = _converter().convert(folded)
        kept = "".join(c for c in simple if unicodedata.category(c)[0] not in _DROPPED)
        self[codepoint] = kept or None
        return self[codepoint]


_FOLD = _Table()


def fold(name: str) -> str:
    """The form in which names are compared: NFKC, simplified, lower case, without blanks, brackets and punctuation.

    Folds character by character, so that a part of a name folds to the part of the folded name.
    """
    return name.translate(_FOLD)


class _Readings(dict[str, str]):
    """First reading of a character without tone; a character without a reading stands for itself."""

    def __missing__(self, character: str) -> str:
        readings = pinyin_dict.pinyin_dict.get(ord(character), "")
        plain = to_normal(readings.split(",")[0]) if readings else ""
        self[character] = plain.replace("ü", "v") if plain else character
        return self[character]


_READINGS = _Readings()


def pinyin(name: str) -> tuple[str, ...]:
    """Syllables of the folded name, one a character, without tones."""
    return tuple(_READINGS[character] for character in fold(name))


def initials(name: str) -> str:
    """First letters of the syllables of the folded name: 石家庄瑞祥 gives `sjzrx`."""
    return "".join(_READINGS[character][0] for character in fold(name))


def bigrams(text: str) -> set[str]:
    """All pairs of neighbouring characters."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def search_terms(name: str, former_names: list[str]) -> list[str]:
    """What the search index holds for an operator: bigrams of all its names, and of their initials behind a colon."""
    terms: set[str] = set()
    for each in (name, *former_names):
        terms |= bigrams(fold(each))
        terms.update(":" + pair for pair in bigrams(initials(each)))
    return sorted(terms)


class _Initials(dict[int, str]):
    """First letter of a folded character, for str.translate."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = _READINGS[chr(codepoint)][0]
        return self[codepoint]


class _Marked(dict[str, str]):
    """A pair of initials behind its colon; there are few of them."""

    def __missing__(self, pair: str) -> str:
        self[pair] = ":" + pair
        return self[pair]


_INITIALS = _Initials()
_MARKED = _Marked()


def search_columns(name: str, former_names: list[str]) -> tuple[str, str, list[str]]:
    """`fold`, `initials` and `search_terms` of a name in one pass, for files of a million names."""
    folded = fold(name)
    letters = folded.translate(_INITIALS)
    if former_names:
        return folded, letters, search_terms(name, former_names)
    starts = range(len(folded) - 1)
    terms = {folded[at : at + 2] for at in starts}
    terms.update([_MARKED[letters[at : at + 2]] for at in starts])
    return folded, letters, sorted(terms)


class QueryKind(StrEnum):
    """How a query is to be read."""

    TOO_SHORT = "too_short"
    CODE = "code"
    NAME = "name"
    INITIALS = "initials"
    PINYIN = "pinyin"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query made ready: what it is, its folded text, the terms every hit must have, and its syllables when pinyin."""

    kind: QueryKind
    folded: str
    terms: list[str]
    syllables: tuple[str, ...] = ()


def query_terms(text: str) -> SearchQuery:
    """Read a query of two characters or more: a code or number, a name, pinyin, or initials."""
    folded = fold(text)
    if len(folded) < 2:
        return SearchQuery(QueryKind.TOO_SHORT, folded, [])
    if not folded.isascii():
        return SearchQuery(QueryKind.NAME, folded, sorted(bigrams(folded)))
    if any(c.isdigit() for c in folded) and len(folded) >= 8:
        return SearchQuery(QueryKind.CODE, folded.upper(), [])
    syllables = _segment(folded) if folded.isalpha() else ()
    if syllables and len(syllables) < len(folded):
        letters = "".join(syllable[0] for syllable in syllables)
        terms = sorted(":" + pair for pair in bigrams(letters))
        return SearchQuery(QueryKind.PINYIN, folded, terms, syllables)
    terms = sorted(bigrams(folded) if any(c.isdigit() for c in folded) else {":" + pair for pair in bigrams(folded)})
    return SearchQuery(QueryKind.INITIALS, folded, terms)


@cache
def _syllables() -> frozenset[str]:
    readings = (to_normal(r).replace("ü", "v") for each in pinyin_dict.pinyin_dict.values() for r in each.split(","))
    return frozenset(r for r in readings if r.isascii() and r.isalpha() and (len(r) > 1 or r in "aeo"))


def _segment(text: str) -> tuple[str, ...]:
    """The text as pinyin syllables, fewest first; empty where it cannot be read so."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is not None and text[start:end] in _syllables():
                longer = (*before, text[start:end])
                if best[end] is None or len(longer) < len(best[end] or ()):
                    best[end] = longer
    return best[len(text)] or ()
