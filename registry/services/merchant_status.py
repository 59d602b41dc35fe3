"""A merchant's status: admitted, counted, logged and looked up in one statement, put together without objects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from registry.clock import BEIJING
from registry.queries.answering import Connection, answer
from registry.queries.public_findings import ORDER
from registry.rules import merchant_status, uscc
from registry.rules.merchant_status import Level
from registry.services.admission import CLIENT, COUNTED, Admission, Asked

Ask = Callable[[Callable[[Connection], Any]], Any]

_FRESH_FOR = timedelta(hours=24)

FRESHNESS = """(SELECT concat(max(finished_at), '/', count(*)) FROM import_run WHERE state = 'finished')"""
"""Stands for the state of all sources: another run, or one taken back, gives another text."""

FINDINGS = """
    (SELECT json_agg(json_build_object(
                'record_id', p.record_id, 'type', p.type, 'level', p.level,
                'public_from', p.public_from, 'public_until', p.public_until, 'data', p.data))::text
       FROM public_finding p
      WHERE p.operator_id = {operator}.id AND p.public_from <= %(day)s
        AND (p.public_until IS NULL OR %(day)s < p.public_until))"""
"""What the public may see of an operator on a day (`public_findings.public_on`, held alike by a test)."""

FORMER_NAMES = "ARRAY(SELECT f.name FROM former_name f WHERE f.operator_id = {operator}.id ORDER BY f.id)"

_SHOWN = """
    o.id, o.uscc, o.registration_no, o.name, {former_names} AS former_names, o.kind, o.registration_status,
    {findings} AS findings"""

_READ = """
    INSERT INTO client_reading AS r (client_id, operator_id, last_at)
    SELECT {client}, found.id, %(at)s FROM {where}
    ON CONFLICT (client_id, operator_id) DO UPDATE SET last_at = greatest(r.last_at, excluded.last_at)"""

_STATEMENT = """
WITH client AS MATERIALIZED ({client}), counted AS ({counted}), found AS MATERIALIZED (
    SELECT {shown}, o.successor_id FROM operator o
     WHERE o.{column} = %(code)s AND o.kind <> 'natural_person' ORDER BY o.id LIMIT 1
), logged AS (
    INSERT INTO access_log (at, event, client_id, operator_id, request_id, purpose, status)
    SELECT %(at)s, 'status', client.id, found.id, %(request_id)s, %(purpose)s,
           CASE WHEN NOT allowed THEN 403 WHEN requests > quota THEN 429 WHEN found.id IS NULL THEN %(missing)s ELSE 200 END
      FROM client, counted LEFT JOIN found ON true WHERE requests <= quota + 1
), read AS ({read})
SELECT client.id, client.name, client.allowed, client.quota, counted.requests,
       {freshness}, (SELECT max(seq) FROM ledger_entry),
       found.uscc, found.registration_no, found.name, found.former_names, found.kind, found.registration_status,
       found.findings, found.successor_id
  FROM client, counted LEFT JOIN found ON true
"""

_SUCCESSOR = """
WITH RECURSIVE led AS (
    SELECT o.id, o.successor_id, 1 AS hops FROM operator o WHERE o.id = %(successor)s
    UNION ALL
    SELECT o.id, o.successor_id, led.hops + 1 FROM led JOIN operator o ON o.id = led.successor_id WHERE led.hops < 8
), found AS MATERIALIZED (
    SELECT {shown} FROM led JOIN operator o ON o.id = led.id
     WHERE (led.successor_id IS NULL OR led.hops = 8) AND o.kind <> 'natural_person'
), read AS ({read})
SELECT found.uscc, found.registration_no, found.name, found.former_names, found.kind, found.registration_status,
       found.findings
  FROM found
"""
"""Where a corrected or merged operator leads to. Rare, so it is a statement of its own."""


def _in_one_line(statement: str) -> bytes:
    return " ".join(statement.split()).encode()


_SHOWN_OF_OPERATOR = _SHOWN.format(
    former_names=FORMER_NAMES.format(operator="o"), findings=FINDINGS.format(operator="o")
)


def _by(column: str) -> bytes:
    admitted = "client, counted, found WHERE allowed AND requests <= quota"
    read = _READ.format(client="client.id", where=f"{admitted} AND findings IS NOT NULL AND successor_id IS NULL")
    return _in_one_line(
        _STATEMENT.format(
            client=CLIENT,
            counted=COUNTED,
            shown=_SHOWN_OF_OPERATOR,
            column=column,
            read=read,
            freshness=FRESHNESS,
        )
    )


BY_USCC, BY_REGISTRATION_NO = _by("uscc"), _by("registration_no")
_FOLLOW = _in_one_line(
    _SUCCESSOR.format(
        shown=_SHOWN_OF_OPERATOR,
        read=_READ.format(client="%(client)s", where="found WHERE findings IS NOT NULL"),
    )
)


@dataclass(frozen=True, slots=True)
class Register:
    """What every status says of the register as a whole: how fresh it is, and how far its ledger reached."""

    freshness: str
    ledger_seq: int | None


class Found(NamedTuple):
    """An operator as the public may see it: `findings` in the order of pages, as the projection holds them.

    A tuple, since a batch makes a thousand of them.
    """

    findings: list[dict[str, Any]]
    uscc: str | None
    registration_no: str | None
    name: str
    former_names: list[str]
    kind: str
    registration_status: str

    @property
    def level(self) -> Level:
        """The highest of the findings."""
        return merchant_status.overall([Level(each["level"]) for each in self.findings])


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What became of one question: no admission where the key is unknown; no operator where there is none to be shown."""

    asked: Asked
    admitted: Admission | None
    register: Register
    found: Found | None

    @property
    def answered(self) -> bool:
        """Whether the client may be told what was found, and something was."""
        return self.admitted is not None and self.admitted.allowed and not self.admitted.over and self.found is not None


def look_up(asked: Asked, code: str, *, missing: int, ask: Ask = answer) -> LookedUp:
    """Admit a client and look an operator up by its normalised code or number, as public on the day of asking.

    Successors are followed; natural persons are never found. `missing` is the status to log where nothing was found;
    `ask` runs the statement on a connection.
    """
    parameters = {**asked.parameters(), "code": code, "day": asked.at.astimezone(BEIJING).date(), "missing": missing}
    statement = BY_USCC if len(code) == 18 else BY_REGISTRATION_NO  # registration numbers have 13 or 15 digits
    row = ask(lambda connection: connection.execute(statement, parameters, prepare=True).fetchone())
    if row is None:
        return LookedUp(asked, None, Register("", None), None)
    admitted = Admission(asked.at, *row[:5])
    found = row[7:14] if row[9] is not None else None
    if row[14] is not None and admitted.allowed and not admitted.over:
        followed = {**parameters, "successor": row[14], "client": admitted.client_id}
        found = ask(lambda connection: connection.execute(_FOLLOW, followed).fetchone())
    shown = Found(findings_of(found[6]), *found[:6]) if found is not None else None
    return LookedUp(asked, admitted, Register(row[5], row[6]), shown)


def findings_of(text: str | None) -> list[dict[str, Any]]:
    """The findings that a statement returned, in the order of pages."""
    return [] if text is None else in_order(orjson.loads(text))


def in_order(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same list, sorted: gravest kind first, newest first."""
    findings.sort(key=lambda each: each["record_id"])
    findings.sort(key=lambda each: each["public_from"], reverse=True)
    findings.sort(key=lambda each: _PLACE[each["type"]])
    return findings


_PLACE = {kind.value: place for place, kind in enumerate(ORDER)}
_SOURCES = """
    SELECT a.uscc, a.name, max(r.finished_at)
      FROM import_run r LEFT JOIN authority a ON a.id = r.authority_id
     WHERE r.state = 'finished' GROUP BY a.id, a.uscc, a.name ORDER BY a.uscc NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """Who handed data in, and when last; `data_as_of` is the newest of these moments."""

    data_as_of: datetime | None
    authorities: list[dict[str, Any]]

    def is_old(self, at: datetime) -> bool:
        """Whether nothing has been taken in for more than a day (domain.md 12, 21); no intake at all is told by no moment."""
        return self.data_as_of is not None and at - self.data_as_of > _FRESH_FOR


def sources(register_name: str, ask: Ask = answer) -> Sources:
    """All sources of finished intakes; a file that came without an authority is the register's own (`register_name`)."""
    rows = ask(lambda connection: connection.execute(_SOURCES).fetchall())
    listed = [
        {"uscc": code, "name": name or register_name, "updated_at": moment.astimezone(BEIJING).isoformat()}
        for code, name, moment in rows
    ]
    return Sources(max((row[2].astimezone(BEIJING) for row in rows), default=None), listed)


def is_number(code: str) -> bool:
    """Whether this may be a registration number of before the unified codes (13 or 15 digits)."""
    return len(code) in {13, 15} and code.isascii() and code.isdigit()


def fault_of(code: str) -> uscc.UsccFault | None:
    """What is wrong with a code or number that was asked for; None for a registration number."""
    return None if is_number(code) else uscc.fault(code)
