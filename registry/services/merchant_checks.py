"""`POST /checks`: up to a thousand merchants matched and looked up by a constant number of statements."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson

from registry.errors import Conflict
from registry.queries.answering import Connection, answer
from registry.rules import names, uscc
from registry.services.admission import CLIENT, COUNTED, Admission, Asked
from registry.services.merchant_status import FINDINGS, FORMER_NAMES, FRESHNESS, Found, Register, findings_of

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


@dataclass(frozen=True, slots=True)
class Item:
    """A merchant as a platform knows it: normalised identifiers, the folded name; empty where not given."""

    uscc: str = ""
    registration_no: str = ""
    folded_name: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operator that a name leads to: no findings, only what tells it apart. `why`: `name`, `former_name` or `code`."""

    uscc: str | None
    name: str
    region: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of an item. `fault` tells that an unknown code cannot be one: its check character is wrong."""

    match: Match
    found: Found | None = None
    candidates: list[Candidate] = field(default_factory=list)
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
_MATCHES = f"""
WITH RECURSIVE met AS (
    SELECT 'uscc' AS how, uscc AS asked, id, successor_id, 0 AS hops FROM operator WHERE uscc = ANY (%(usccs)s)
    UNION ALL SELECT 'number', registration_no, id, successor_id, 0 FROM operator WHERE registration_no = ANY (%(numbers)s)
    UNION ALL SELECT 'name', folded_name, id, successor_id, 0 FROM operator WHERE folded_name = ANY (%(names)s)
    UNION ALL SELECT 'former_name', f.folded_name, o.id, o.successor_id, 0
                FROM former_name f JOIN operator o ON o.id = f.operator_id WHERE f.folded_name = ANY (%(names)s)
    UNION ALL SELECT met.how, met.asked, o.id, o.successor_id, met.hops + 1
                FROM met JOIN operator o ON o.id = met.successor_id WHERE met.hops < 8
)
SELECT met.how, met.asked, o.id, o.uscc, o.registration_no, o.name,
       CASE WHEN met.how IN ('uscc', 'number') THEN {FORMER_NAMES.format(operator="o")} END, o.kind,
       o.registration_status, CASE WHEN met.how IN ('uscc', 'number') THEN {FINDINGS.format(operator="o")} END,
       o.folded_name, o.region
  FROM met JOIN operator o ON o.id = met.id
 WHERE (o.successor_id IS NULL OR met.hops = 8) AND o.kind <> 'natural_person'
 ORDER BY met.how DESC, met.asked, o.id
"""  # noqa: S608
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
    parameters = {
        "usccs": sorted({item.uscc for item in items if item.uscc}),
        "numbers": sorted({item.registration_no for item in items if item.registration_no}),
        "names": sorted({item.folded_name for item in items if item.folded_name}),
        "day": day,
    }

    def work(connection: Connection) -> tuple[list[Checked], Register]:
        met = _Met(connection.execute(_MATCHES, parameters).fetchall())
        checked = [met.match(item) for item in items]
        ids = sorted(met.shown)
        if ids:
            connection.execute(_READ, {"client_id": client_id, "at": at, "ids": ids})
        row = connection.execute(_REGISTER).fetchone()
        assert row is not None
        return checked, Register(*row)

    return answer(work)


def forget_old_requests(at: datetime) -> int:
    """Delete request numbers after REPEATABLE_DAYS; how many."""
    before = {"before": at - timedelta(days=REPEATABLE_DAYS)}
    return answer(
        lambda connection: connection.execute("DELETE FROM check_request WHERE asked_at < %(before)s", before).rowcount
    )


class _Met:
    """The rows that identifiers and names led to, by how they did."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.shown: set[int] = set()
        self._found: dict[int, tuple[Found, str]] = {}
        self._by: dict[tuple[str, str], int] = {}
        self._named: dict[str, dict[int, Candidate]] = {}
        self._as_candidate: dict[int, Candidate] = {}
        for how, asked, key, code, number, name, former, kind, status, findings, folded, region in rows:
            if how in ("uscc", "number"):
                self._by.setdefault((how, asked), key)
                if key not in self._found:
                    self._found[key] = Found(findings_of(findings), code, number, name, former, kind, status), folded
                    self._as_candidate[key] = Candidate(code, name, region, "code")
            elif key not in self._named.setdefault(asked, {}) or how == "name":
                self._named[asked][key] = Candidate(code, name, region, how)

    def match(self, item: Item) -> Checked:
        """Identifiers first: two that lead to two operators are ambiguous. Without any that is known, the name."""
        asked = (("uscc", item.uscc), ("number", item.registration_no))
        keys = list(dict.fromkeys(self._by[each] for each in asked if each in self._by))
        if len(keys) > 1:
            return Checked(Match.AMBIGUOUS, candidates=[self._as_candidate[key] for key in keys])
        if keys:
            found, folded = self._found[keys[0]]
            if found.findings:
                self.shown.add(keys[0])
            agrees = not item.folded_name or item.folded_name == folded
            return Checked(Match.EXACT if agrees else Match.MISMATCH, found)
        fault = uscc.fault(item.uscc) if item.uscc else None
        candidates = list(self._named.get(item.folded_name, {}).values())
        if not candidates:
            return Checked(Match.NONE, fault=fault)
        match = Match.CANDIDATE if len(candidates) == 1 else Match.AMBIGUOUS
        return Checked(match, candidates=candidates[:MOST_CANDIDATES], fault=fault)


def item_of(code: str | None, registration_no: str | None, name: str | None) -> Item:
    """An item as it was given, made ready for comparison."""
    return Item(
        uscc.normalise(code) if code else "",
        uscc.normalise(registration_no) if registration_no else "",
        names.fold(name) if name else "",
    )
