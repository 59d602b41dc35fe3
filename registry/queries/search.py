"""Finding operators by what a person types: a part of a name, a former name, pinyin, initials, a code or number.

Candidates come from the bigram index with a cap on the work; their order is decided here, on few rows.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Row, Select, TextClause, and_, exists, func, or_, select, text

from models import FormerName, Operator, db
from registry.queries.operators import current_operator
from registry.queries.search_ranking import (
    HitReason,
    Ranked,
    closeness,
    heard_as,
    marked,
    ranked_by_sound,
    where_similar,
)
from registry.rules import names, uscc
from registry.rules.names import QueryKind
from registry.rules.operator import OperatorKind

SHOWN = 50
"""As on the national site: more hits than that ask for a more exact query (domain.md 7.1)."""

CANDIDATES = 1_000
SIMILAR_FROM, SIMILAR_TO = 4, 30
"""Lengths of folded names that are also looked for with one character wrong."""

SIMILAR_CANDIDATES = 1_000
"""So many operators are compared for each place at which the character may be wrong: short names say little."""

_LAST = "\U0010ffff"  # sorts behind every character, so that a prefix is a range of the index
_FINDABLE = (Operator.kind != OperatorKind.NATURAL_PERSON, Operator.successor_id.is_(None))
_HAS_FORMER = exists().where(FormerName.operator_id == Operator.id)


@dataclass(frozen=True, slots=True)
class Hit:
    """An operator and why it is shown; `marked` are the parts of the printed name that matched, as [start, end)."""

    operator: Operator
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
    """At most SHOWN hits, best first. `more` says that others were left out.

    `at_least`: not every operator that answers was looked at, so whatever is counted of them is a lower bound.
    """

    kind: QueryKind
    hits: list[Hit]
    more: bool = False
    code_doubt: CodeDoubt | None = None
    same_name: int = 0
    at_least: bool = False


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
    more = len(found) > SHOWN
    return SearchResult(QueryKind.CODE, hits, more, None if current else doubt_of(code), at_least=more)


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
    found, capped = _candidates(
        select(Operator.id).where(Operator.folded_name == folded),
        select(Operator.id).where(Operator.folded_name >= folded, Operator.folded_name < folded + _LAST),
        select(Operator.id).where(Operator.search_terms.contains(terms)),
    )
    former = _former_names(each.id for each in found if not _holds(each.folded_name, parts))
    ranked: list[Ranked] = []
    for each in found:
        if _holds(each.folded_name, parts):
            place, length = closeness(each.folded_name, folded)
            where = marked(each.name, [folded] if folded in each.folded_name else parts)
            ranked.append(Ranked(place, length, each.id, HitReason.NAME, marked=where))
            continue
        old = next((name for name in former.get(each.id, ()) if _holds(names.fold(name), parts)), None)
        if old is not None:
            place, length = closeness(names.fold(old), folded)
            ranked.append(Ranked(place + 1, length, each.id, HitReason.FORMER_NAME, old))
    same = sum(each.folded_name == folded for each in found)
    return _best(QueryKind.NAME, ranked or _similar(folded), narrowing, same_name=same, at_least=capped)


@cache
def _similar_to(length: int) -> TextClause:
    """One part for each place of the wrong character. Written out: building it anew takes longer than answering it."""
    parts = [
        f"""(SELECT * FROM (SELECT id, name, folded_name FROM operator
                             WHERE search_terms @> :terms_{at} AND kind <> 'natural_person' AND successor_id IS NULL
                             LIMIT {SIMILAR_CANDIDATES}) AS among
              WHERE folded_name LIKE :pattern_{at} LIMIT {SHOWN + 1})"""  # noqa: S608  # numbers of our own
        for at in range(length)
    ]
    return text(" UNION ALL ".join(parts))


def _similar(folded: str) -> list[Ranked]:
    """Operators whose name has the typed one in it but for a single other character; asked when nothing else is found.

    Wherever the wrong character is not, its two pairs stay among the terms, and hardly any operator has those: only the
    right place costs more than a glance into the index.
    """
    if not SIMILAR_FROM <= len(folded) <= SIMILAR_TO:
        return []
    parts = [(folded[:at], folded[at + 1 :]) for at in range(len(folded))]
    asked = {f"terms_{at}": sorted(names.bigrams(one) | names.bigrams(other)) for at, (one, other) in enumerate(parts)}
    patterns = {f"pattern_{at}": f"%{one}_{other}%" for at, (one, other) in enumerate(parts)}
    ranked = {}
    for key, name, bears in db.session.execute(_similar_to(len(folded)), asked | patterns):
        at = where_similar(bears, folded)
        place, length = closeness(bears, bears[at : at + len(folded)])
        ranked[key] = Ranked(
            place, length, key, HitReason.SIMILAR_NAME, marked=marked(name, [bears[at : at + len(folded)]])
        )
    return list(ranked.values())


def _by_sound(query: names.SearchQuery, narrowing: Narrowing) -> SearchResult:
    """By the letters as they stand in a name, and by the first letters of its syllables; former names come last."""
    letters = "".join(syllable[0] for syllable in query.syllables)
    wanted = [select(Operator.id).where(Operator.search_terms.contains(sorted(names.bigrams(query.folded))))]
    for said in dict.fromkeys((letters, query.folded)):
        pairs = [":" + pair for pair in sorted(names.bigrams(said))]
        if pairs:  # no terms would be contained in everything
            in_a_row = or_(Operator.initials.contains(said), _HAS_FORMER)  # there are few pairs: most have them apart
            wanted.append(select(Operator.id).where(Operator.search_terms.contains(pairs), in_a_row))
    found, capped = _candidates(*wanted)
    former = _former_names(each.id for each in found)
    ranked: list[Ranked] = []
    for each in found:
        bearing: list[tuple[str, str | None]] = [(each.name, None)]
        bearing += [(name, name) for name in former.get(each.id, ())]
        for name, old in bearing:
            heard = heard_as(name, query, letters)
            if heard is not None:
                ranked.append(ranked_by_sound(each.id, name, old, heard, query.folded))
                break
    return _best(query.kind, ranked, narrowing, at_least=capped)


def _candidates(*wanted: Select[int]) -> tuple[Sequence[Row[int, str, str]], bool]:
    """Key, name and folded name of all the statements' operators, and whether some were left out.

    Each statement is asked alone to use its index, and capped.
    """
    ids: set[int] = set()
    capped = False
    for statement in wanted:
        found = db.session.execute(statement.limit(CANDIDATES + 1)).scalars().all()
        capped |= len(found) > CANDIDATES
        ids.update(found[:CANDIDATES])
    if not ids:
        return [], False
    among = select(Operator.id, Operator.name, Operator.folded_name).where(
        Operator.id == func.any(list(ids)), *_FINDABLE
    )
    return db.session.execute(among.order_by(Operator.id)).all(), capped


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


def _best(
    kind: QueryKind, found: list[Ranked], narrowing: Narrowing, *, same_name: int = 0, at_least: bool = False
) -> SearchResult:
    asked_for = narrowing({each.operator_id for each in found})
    ranked = [each for each in found if each.operator_id in asked_for]
    ranked.sort(key=lambda each: (each.place, each.length, each.operator_id))
    best = ranked[:SHOWN]
    wanted = select(Operator).where(Operator.id == func.any([each.operator_id for each in best]))
    operators = {operator.id: operator for operator in db.session.execute(wanted).scalars()} if best else {}
    hits = [Hit(operators[each.operator_id], each.reason, each.former_name, each.marked) for each in best]
    return SearchResult(kind, hits, len(ranked) > SHOWN, same_name=same_name, at_least=at_least)
