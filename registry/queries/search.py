"""Finding operators by what a person types: a part of a name, a former name, pinyin, initials, a code or number.

Candidates come from the bigram index with a cap on the work; their order is decided here, on few rows.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Row, Select, and_, func, or_, select, text

from models import FormerName, Operator, db
from registry.queries.operators import current_operator
from registry.rules import names, uscc
from registry.rules.names import QueryKind
from registry.rules.operator import OperatorKind

SHOWN = 50
"""As on the national site: more hits than that ask for a more exact query (domain.md 7.1)."""

CANDIDATES = 1_000
_LAST = "\U0010ffff"  # sorts behind every character, so that a prefix is a range of the index
_FINDABLE = (Operator.kind != OperatorKind.NATURAL_PERSON, Operator.successor_id.is_(None))
_PLACES = ("河北省", "河北", "石家庄市", "石家庄")


class HitReason(StrEnum):
    """By what an operator was found."""

    CODE = "code"
    NAME = "name"
    FORMER_NAME = "former_name"
    PINYIN = "pinyin"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Hit:
    """An operator and why it is shown; `marked` are the parts of the printed name that matched, as [start, end)."""

    operator: Operator
    reason: HitReason
    former_name: str | None = None
    marked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit before its operator is loaded. The lower `place` is shown first, then the shorter name."""

    place: int
    length: int
    operator_id: int
    reason: HitReason
    former_name: str | None = None
    marked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CodeDoubt:
    """A typed code that no code can be: its fault, the expected last character, (position, look-alike)."""

    code: str
    fault: uscc.UsccFault
    expected: str | None = None
    bad: list[tuple[int, str]] = field(default_factory=list)
    suspects: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """At most SHOWN hits, best first. `more` says that others were left out."""

    kind: QueryKind
    hits: list[Hit]
    more: bool = False
    code_doubt: CodeDoubt | None = None
    same_name: int = 0


Narrowing = Callable[[Collection[int]], Collection[int]]
"""Which of the operators found a reader wants to see."""


def search_operators(typed: str, narrowing: Narrowing = set) -> SearchResult:
    """Operators for a typed text; none for fewer than two characters. Natural persons are never found."""
    # psycopg prepares a statement after some executions; a generic plan would then scan the whole table
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    query = names.query_terms(typed)
    if query.kind is QueryKind.TOO_SHORT:
        return SearchResult(query.kind, [])
    if query.kind is QueryKind.CODE:
        return _by_code(uscc.normalise(typed), narrowing)
    if query.kind is QueryKind.NAME:
        return _by_name(typed, query.folded, narrowing)
    return _by_sound(query, narrowing)


def _by_code(code: str, narrowing: Narrowing) -> SearchResult:
    last = code + "["  # the first character behind those of codes and numbers
    rows = db.session.execute(
        select(Operator)
        .where(
            Operator.kind != OperatorKind.NATURAL_PERSON,
            or_(
                and_(Operator.uscc >= code, Operator.uscc < last),
                and_(Operator.registration_no >= code, Operator.registration_no < last),
            ),
        )
        .order_by(Operator.uscc.nulls_last(), Operator.registration_no, Operator.id)
        .limit(SHOWN + 1)
    )
    found = list(rows.scalars())
    current = {operator.id: operator for operator in map(current_operator, found[:SHOWN])}
    wanted = narrowing(current)
    hits = [Hit(operator, HitReason.CODE) for operator in current.values() if operator.id in wanted]
    return SearchResult(QueryKind.CODE, hits, len(found) > SHOWN, None if current else doubt_of(code))


def doubt_of(code: str) -> CodeDoubt | None:
    """What is wrong with a code as it was typed; None when it is well-formed, or no code but a number."""
    fault = uscc.fault(code)
    if fault is None or (len(code) in {13, 15} and code.isdigit()):
        return None
    expected = uscc.check_character(code[:17]) if fault is uscc.UsccFault.CHECK_CHARACTER else None
    return CodeDoubt(code, fault, expected, uscc.bad_characters(code), uscc.suspect_positions(code))


def _by_name(typed: str, folded: str, narrowing: Narrowing) -> SearchResult:
    parts = [part for part in map(names.fold, typed.split()) if len(part) > 1] or [folded]
    terms = sorted(set().union(*map(names.bigrams, parts)))
    found = _candidates(
        select(Operator.id).where(Operator.folded_name == folded),
        select(Operator.id).where(Operator.folded_name >= folded, Operator.folded_name < folded + _LAST),
        select(Operator.id).where(Operator.search_terms.contains(terms)),
    )
    former = _former_names(each.id for each in found if not _holds(each.folded_name, parts))
    ranked: list[Ranked] = []
    for each in found:
        if _holds(each.folded_name, parts):
            place, length = _closeness(each.folded_name, folded)
            marked = _marked(each.name, [folded] if folded in each.folded_name else parts)
            ranked.append(Ranked(place, length, each.id, HitReason.NAME, marked=marked))
            continue
        old = next((name for name in former.get(each.id, ()) if _holds(names.fold(name), parts)), None)
        if old is not None:
            place, length = _closeness(names.fold(old), folded)
            ranked.append(Ranked(place + 1, length, each.id, HitReason.FORMER_NAME, old))
    same = sum(each.folded_name == folded for each in found)
    return _best(QueryKind.NAME, ranked, same, narrowing)


def _by_sound(query: names.SearchQuery, narrowing: Narrowing) -> SearchResult:
    letters = "".join(syllable[0] for syllable in query.syllables)
    statements = [
        select(Operator.id).where(Operator.search_terms.contains(sorted(terms)))
        for terms in (query.terms, names.bigrams(query.folded), {f":{pair}" for pair in names.bigrams(query.folded)})
        if terms  # no terms would be contained in everything
    ]
    found = _candidates(*statements)
    former = _former_names(each.id for each in found)
    ranked: list[Ranked] = []
    for each in found:
        bearing: list[tuple[str, str | None]] = [(each.name, None)]
        bearing += [(name, name) for name in former.get(each.id, ())]
        for name, old in bearing:
            reason = _sounds(name, query, letters)
            if reason is not None:
                place = (2 if old else 0) + (reason is not HitReason.NAME)
                literal = reason is HitReason.NAME
                marked = _marked(name, [query.folded]) if literal and old is None else ()
                ranked.append(
                    Ranked(place, len(name), each.id, HitReason.FORMER_NAME if old and literal else reason, old, marked)
                )
                break
    return _best(query.kind, ranked, 0, narrowing)


def _sounds(name: str, query: names.SearchQuery, letters: str) -> HitReason | None:
    """How a name answers a query in Latin letters: literally, by its syllables, by its initials."""
    if query.folded in names.fold(name):
        return HitReason.NAME
    if query.syllables and letters in names.initials(name):
        said = names.pinyin(name)
        width = len(query.syllables)
        if any(said[at : at + width] == query.syllables for at in range(len(said) - width + 1)):
            return HitReason.PINYIN
    return HitReason.INITIALS if query.folded in names.initials(name) else None


def _candidates(*wanted: Select[int]) -> Sequence[Row[int, str, str]]:
    """Key, name and folded name of all the statements' operators: each asked alone to use its index, and capped."""
    ids: set[int] = set()
    for statement in wanted:
        ids.update(db.session.execute(statement.limit(CANDIDATES)).scalars())
    if not ids:
        return []
    among = select(Operator.id, Operator.name, Operator.folded_name).where(
        Operator.id == func.any(list(ids)), *_FINDABLE
    )
    return db.session.execute(among.order_by(Operator.id)).all()


def _former_names(operator_ids: Iterable[int]) -> dict[int, list[str]]:
    ids = list(operator_ids)
    found: dict[int, list[str]] = {}
    if ids:
        rows = select(FormerName.operator_id, FormerName.name).where(FormerName.operator_id == func.any(ids))
        for operator_id, name in db.session.execute(rows.order_by(FormerName.id)):
            found.setdefault(operator_id, []).append(name)
    return found


def _holds(folded_name: str, parts: Collection[str]) -> bool:
    return all(part in folded_name for part in parts)


def _closeness(name: str, asked: str) -> tuple[int, int]:
    """Place in the order: the very name, its beginning, its trade name, anywhere; then the shorter name."""
    if name == asked:
        return 0, 0
    at = name.find(asked)
    if at == 0:
        return 2, len(name)
    if at > 0:
        before = name[:at]
        for place in _PLACES:
            before = before.removeprefix(place)
        is_trade_name = not before or (len(before) <= 3 and before[-1] in "区县市")
        return (2 if is_trade_name else 4), len(name)
    return 6, len(name)


def _marked(name: str, parts: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Where the printed name holds what was asked; folding drops brackets, so positions are counted along."""
    kept = [(position, names.fold(character)) for position, character in enumerate(name)]
    places = [position for position, folded in kept for _ in folded]
    folded_name = "".join(folded for _, folded in kept)
    found: list[tuple[int, int]] = []
    for at, part in sorted((folded_name.find(part), part) for part in parts):
        if at >= 0 and (not found or places[at] >= found[-1][1]):
            found.append((places[at], places[at + len(part) - 1] + 1))
    return tuple(found)


def _best(kind: QueryKind, found: list[Ranked], same_name: int, narrowing: Narrowing) -> SearchResult:
    asked_for = narrowing({each.operator_id for each in found})
    ranked = [each for each in found if each.operator_id in asked_for]
    ranked.sort(key=lambda each: (each.place, each.length, each.operator_id))
    best = ranked[:SHOWN]
    wanted = select(Operator).where(Operator.id == func.any([each.operator_id for each in best]))
    operators = {operator.id: operator for operator in db.session.execute(wanted).scalars()} if best else {}
    hits = [Hit(operators[each.operator_id], each.reason, each.former_name, each.marked) for each in best]
    return SearchResult(kind, hits, len(ranked) > SHOWN, same_name=same_name)
