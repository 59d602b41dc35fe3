"""In which order a search shows what it found: pure functions on names.

The lower its place, the earlier a hit is shown: the very name, then names that begin with what was asked or have it as their
trade name, then the rest; among equals the shorter name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from operator import ne

from registry.rules import names

_PLACES = ("河北省", "河北", "石家庄市", "石家庄")


class HitReason(StrEnum):
    """By what an operator was found."""

    CODE = "code"
    NAME = "name"
    FORMER_NAME = "former_name"
    PINYIN = "pinyin"
    INITIALS = "initials"
    SIMILAR_NAME = "similar_name"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit before its operator is loaded. The lower `place` is shown first, then the shorter name."""

    place: int
    length: int
    operator_id: int
    reason: HitReason
    former_name: str | None = None
    marked: tuple[tuple[int, int], ...] = ()


def closeness(name: str, asked: str) -> tuple[int, int]:
    """Place in the order: the very name, its beginning, its trade name, anywhere; then the shorter name."""
    if name == asked:
        return 0, 0
    at = name.find(asked)
    return (place_of(name, at) if at >= 0 else 6), len(name)


def place_of(name: str, at: int) -> int:
    """Place in the order by where a name has what was asked: at its beginning, as its trade name, elsewhere."""
    if at == 0:
        return 2
    before = name[:at]
    for place in _PLACES:
        before = before.removeprefix(place)
    is_trade_name = not before or (len(before) <= 3 and before[-1] in "区县市")
    return 2 if is_trade_name else 4


def marked(name: str, parts: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Where the printed name holds what was asked; folding drops brackets, so positions are counted along."""
    kept = [(position, names.fold(character)) for position, character in enumerate(name)]
    places = [position for position, folded in kept for _ in folded]
    folded_name = "".join(folded for _, folded in kept)
    found: list[tuple[int, int]] = []
    for at, part in sorted((folded_name.find(part), part) for part in parts):
        if at >= 0 and (not found or places[at] >= found[-1][1]):
            found.append((places[at], places[at + len(part) - 1] + 1))
    return tuple(found)


def where_similar(name: str, asked: str) -> int:
    """Where a name has the asked text but for one character."""
    return next(at for at in range(len(name) - len(asked) + 1) if sum(map(ne, name[at : at + len(asked)], asked)) == 1)


def ranked_by_sound(operator_id: int, name: str, old: str | None, heard: tuple[HitReason, int], asked: str) -> Ranked:
    """Present names first, what is written before what is only said, then by where in the name it was heard."""
    reason, at = heard
    written = reason is HitReason.NAME
    place = (20 if old else 0) + (0 if written else 10) + place_of(names.fold(name), at)
    if old is not None:
        return Ranked(place, len(name), operator_id, HitReason.FORMER_NAME if written else reason, old)
    return Ranked(place, len(name), operator_id, reason, marked=marked(name, [asked]) if written else ())


def heard_as(name: str, query: names.SearchQuery, letters: str) -> tuple[HitReason, int] | None:
    """How and where a name answers a query in Latin letters: as written, by its syllables, by its initials.

    `letters` are the first letters of the query's syllables.
    """
    folded = names.fold(name)
    at = folded.find(query.folded)
    if at >= 0:
        return HitReason.NAME, at
    initials = names.initials(folded)
    if query.syllables and letters in initials:
        said = names.pinyin(folded)
        width = len(query.syllables)
        for start in range(len(said) - width + 1):
            if said[start : start + width] == query.syllables:
                return HitReason.PINYIN, start
    at = initials.find(query.folded)
    return (HitReason.INITIALS, at) if at >= 0 else None
