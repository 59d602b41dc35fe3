"""`POST /checks`: up to a thousand merchants matched and looked up by a constant number of statements."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from registry.errors import Conflict
from registry.queries.answering import Connection, answer
from registry.rules import names, uscc
from registry.services.admission import CLIENT, COUNTED, Admission, Asked
from registry.services.merchant_status import FRESHNESS, Found, Register, in_order

Row = tuple[Any, ...]

MOST_CANDIDATES = 10
REPEATABLE_DAYS = 30
"""How long a request number is remembered. Afterwards it may be used again and counts anew."""


class Match(StrEnum):
    """How an item met the register (SM-H). A name alone never identifies: it leads to candidates."""

    EXACT = "exact"
    MISMATCH = "mismatch"
    CANDIDATE = "candidate"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class RequestNoUsed(Conflict):
    """The number of another request, or of this one with another body."""

    code = "request_no_used"

    def __init__(self) -> None:
        super().__init__("This request_no was used with another body.")


class Item(NamedTuple):
    """A merchant as a platform knows it: normalised identifiers, the folded name; empty where not given."""

    uscc: str = ""
    registration_no: str = ""
    folded_name: str = ""


class Candidate(NamedTuple):
    """An operator that a name leads to: no findings, only what tells it apart. `why`: `name`, `former_name` or `code`."""

    uscc: str | None
    name: str
    region: str | None
    why: str


class Checked(NamedTuple):
    """What became of an item. `fault` tells that an unknown code cannot be one: its check character is wrong."""

    match: Match
    found: Found | None = None
    candidates: Sequence[Candidate] = ()
    fault: uscc.UsccFault | None = None


_KNOWN = "SELECT body_digest FROM check_request WHERE client_id = %(client_id)s AND request_no = %(request_no)s"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('check_request'), hashtext(%(client_id)s || ' ' || %(request_no)s))"
_ADMIT = f"""
WITH client AS MATERIALIZED ({CLIENT}), counted AS ({COUNTED}), kept AS (
    INSERT INTO check_request (client_id, request_no, body_digest, asked_at)
    SELECT client.id, %(request_no)s, %(digest)s, %(at)s FROM client, counted WHERE allowed AND requests <= quota
), logged AS (
    INSERT INTO access_log (at, event, client_id, request_id, purpose, status)
    SELECT %(at)s, 'check', client.id, %(request_id)s, %(purpose)s, CASE WHEN requests > quota THEN 429 ELSE 200 END
      FROM client, counted WHERE requests <= quota + 1
)
SELECT client.id, client.name, allowed, quota, requests FROM client, counted
"""  # noqa: S608  # pieces of our own, no input
_REPEATED = f"""
WITH client AS MATERIALIZED ({CLIENT}), logged AS (
    INSERT INTO access_log (at, event, client_id, request_id, purpose, status)
    SELECT %(at)s, 'check', client.id, %(request_id)s, %(purpose)s, 200 FROM client
)
SELECT client.id, client.name, allowed, quota,
       coalesce((SELECT requests FROM rate_window
                  WHERE subject = 'client:' || client.id AND "window" = %(window)s), 0) FROM client
"""  # noqa: S608
_OPERATOR = "o.id, o.uscc, o.registration_no, o.name, o.kind, o.registration_status, o.folded_name, o.region"
_NO_PERSON = "(o.successor_id IS NOT NULL OR o.kind <> 'natural_person')"
_BY_COLUMN = f"""
SELECT o.{{column}}, o.successor_id, {_OPERATOR} FROM operator o
 WHERE o.{{column}} = ANY (%(asked)b) AND {_NO_PERSON}
"""  # noqa: S608
_WAYS = {
    "uscc": _BY_COLUMN.format(column="uscc"),
    "number": _BY_COLUMN.format(column="registration_no"),
    "name": _BY_COLUMN.format(column="folded_name"),
    "former_name": f"""
SELECT f.folded_name, o.successor_id, {_OPERATOR} FROM former_name f JOIN operator o ON o.id = f.operator_id
 WHERE f.folded_name = ANY (%(asked)b) AND {_NO_PERSON}
""",  # noqa: S608
}
"""What an item may be met by, the surest first, and the statement that gives what was asked, successor, operator.

Lists are sent in binary (`%b`): as text, the driver escapes each of a thousand members on its own.
"""
_FOLLOW = f"""
WITH RECURSIVE led AS (
    SELECT id AS successor, id, successor_id, 1 AS hops FROM operator WHERE id = ANY (%(successors)s)
    UNION ALL SELECT led.successor, o.id, o.successor_id, led.hops + 1
                FROM led JOIN operator o ON o.id = led.successor_id WHERE led.hops < 8
)
SELECT led.successor, {_OPERATOR} FROM led JOIN operator o ON o.id = led.id
 WHERE (led.successor_id IS NULL OR led.hops = 8) AND o.kind <> 'natural_person'
"""  # noqa: S608
_FINDINGS = """
SELECT operator_id, record_id, type, level, to_char(public_from, 'YYYY-MM-DD'), to_char(public_until, 'YYYY-MM-DD'),
       data::text FROM public_finding
 WHERE operator_id = ANY (%(ids)s::bigint[]) AND public_from <= %(day)s AND (public_until IS NULL OR %(day)s < public_until)
"""
"""What the public may see of operators on a day (`public_findings.public_on`, held alike by a test)."""
_OF_FINDING = ("record_id", "type", "level", "public_from", "public_until")
_FORMER_NAMES = "SELECT operator_id, name FROM former_name WHERE operator_id = ANY (%(ids)s::bigint[]) ORDER BY id"
_REGISTER = f"SELECT {FRESHNESS}, (SELECT max(seq) FROM ledger_entry)"  # noqa: S608
_READ = """
INSERT INTO client_reading AS r (client_id, operator_id, last_at)
SELECT %(client_id)s, id, %(at)s FROM unnest(%(ids)s::bigint[]) id ORDER BY id
ON CONFLICT (client_id, operator_id) DO UPDATE SET last_at = greatest(r.last_at, excluded.last_at)
"""


def digest_of(body: Mapping[str, Any]) -> bytes:
    """What two requests with the same number are compared by: the order of members and blanks make no difference."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()


def admit(asked: Asked, client_id: int, request_no: str, digest: bytes) -> Admission | None:
    """Count a request once, however often it is repeated; None where the key was disabled meanwhile.

    RequestNoUsed where the number came with another body. Repeats at the same moment wait for each other, so only one
    of them counts; a number that met the limit is not remembered.
    """
    parameters = {**asked.parameters(), "client_id": client_id, "request_no": request_no, "digest": digest}

    def work(connection: Connection) -> Admission | None:
        with connection.transaction():
            connection.execute(_LOCK, {**parameters, "client_id": str(client_id)})
            known = connection.execute(_KNOWN, parameters).fetchone()
            if known is not None and known[0] != digest:
                raise RequestNoUsed
            row = connection.execute(_ADMIT if known is None else _REPEATED, parameters).fetchone()
            return None if row is None else Admission(asked.at, *row)

    return answer(work)


def check(items: Sequence[Item], *, client_id: int, day: date, at: datetime) -> tuple[list[Checked], Register]:
    """What the register says of each item, as public on `day`, in the order given. Notes whose findings were shown."""
    folded = sorted({item.folded_name for item in items if item.folded_name})
    asked = {
        "uscc": sorted({item.uscc for item in items if item.uscc}),
        "number": sorted({item.registration_no for item in items if item.registration_no}),
        "name": folded,
        "former_name": folded,
    }

    def work(connection: Connection) -> tuple[list[Checked], Register]:
        register = connection.execute(_REGISTER).fetchone()  # first: the answer is at least as new as it says
        assert register is not None
        met = _Met(_rows(connection, asked), connection, day)
        checked = list(map(met.match, items))
        if met.shown:
            connection.execute(_READ, {"client_id": client_id, "at": at, "ids": sorted(met.shown)})
        return checked, Register(*register)

    return answer(work)


def _rows(connection: Connection, asked: Mapping[str, list[str]]) -> dict[str, list[Row]]:
    """Rows of `_WAYS` with the operator that each leads to now, by how it does, the oldest operator first."""
    met = {how: connection.execute(_WAYS[how], {"asked": texts}).fetchall() for how, texts in asked.items() if texts}
    successors = {row[1] for row in chain(*met.values())} - {None}
    if successors:  # rare, so the way of all others is not made longer for it
        led = connection.execute(_FOLLOW, {"successors": sorted(successors)}).fetchall()
        now: dict[int, Row] = {row[0]: row[1:] for row in led}
        for how, rows in met.items():
            kept = (row for row in rows if row[1] is None or row[1] in now)
            met[how] = [row if row[1] is None else (row[0], None, *now[row[1]]) for row in kept]
    for rows in met.values():
        rows.sort(key=itemgetter(2))
    return met


def forget_old_requests(at: datetime) -> int:
    """Delete request numbers after REPEATABLE_DAYS; how many."""
    before = {"before": at - timedelta(days=REPEATABLE_DAYS)}
    return answer(
        lambda connection: connection.execute("DELETE FROM check_request WHERE asked_at < %(before)s", before).rowcount
    )


class _Met:
    """The operators that identifiers and names led to. `shown` are those whose findings an answer shows."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], connection: Connection, day: date) -> None:
        self.shown: set[int] = set()
        self._by_code = _first(rows.get("uscc", ()))
        self._by_number = _first(rows.get("number", ()))
        self._named: dict[str, dict[int, Candidate]] = {}
        for how in ("name", "former_name"):
            for asked, _, key, code, _, name, *_, region in rows.get(how, ()):
                self._named.setdefault(asked, {}).setdefault(key, Candidate(code, name, region, how))
        self._findings: dict[int, list[dict[str, Any]]] = {}
        self._former_names: dict[int, list[str]] = {}
        ids = [row[2] for row in chain(self._by_code.values(), self._by_number.values())]
        if ids:
            self._read(connection, ids, day)

    def _read(self, connection: Connection, ids: list[int], day: date) -> None:
        listed = f"{{{','.join(map(str, ids))}}}"  # the driver takes longer to write a thousand numbers
        for key, *finding, data in connection.execute(_FINDINGS, {"ids": listed, "day": day}):
            members = dict(zip(_OF_FINDING, finding, strict=True), data=orjson.loads(data))
            self._findings.setdefault(key, []).append(members)
        for key, name in connection.execute(_FORMER_NAMES, {"ids": listed}):
            self._former_names.setdefault(key, []).append(name)

    def match(self, item: Item) -> Checked:
        """Identifiers first: two that lead to two operators are ambiguous. Without any that is known, the name."""
        by_code, by_number = self._by_code.get(item.uscc), self._by_number.get(item.registration_no)
        if by_code is not None and by_number is not None and by_code[2] != by_number[2]:
            return Checked(Match.AMBIGUOUS, candidates=[_as_candidate(by_code), _as_candidate(by_number)])
        row = by_number if by_code is None else by_code
        if row is not None:
            _, _, key, code, number, name, kind, status, folded, _ = row
            findings = self._findings.get(key)
            if findings:
                self.shown.add(key)
                findings = in_order(findings)
            found = Found(findings or [], code, number, name, self._former_names.get(key, []), kind, status)
            agrees = not item.folded_name or item.folded_name == folded
            return Checked(Match.EXACT if agrees else Match.MISMATCH, found)
        fault = uscc.fault(item.uscc) if item.uscc else None
        candidates = list(self._named.get(item.folded_name, {}).values())
        if not candidates:
            return Checked(Match.NONE, fault=fault)
        match = Match.CANDIDATE if len(candidates) == 1 else Match.AMBIGUOUS
        return Checked(match, candidates=candidates[:MOST_CANDIDATES], fault=fault)


def _first(rows: Iterable[Row]) -> dict[str, Row]:
    """The oldest operator that each of what was asked leads to."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return first


def _as_candidate(row: Row) -> Candidate:
    return Candidate(row[3], row[5], row[9], "code")


def item_of(code: str | None, registration_no: str | None, name: str | None) -> Item:
    """An item as it was given, made ready for comparison."""
    return Item(
        uscc.normalise(code) if code else "",
        uscc.normalise(registration_no) if registration_no else "",
        names.fold(name) if name else "",
    )
