"""A merchant's status: admitted, counted, logged and looked up in one statement, put together without objects."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from registry.clock import BEIJING
from registry.queries.answering import answer
from registry.queries.public_findings import ORDER
from registry.rules import merchant_status, uscc
from registry.rules.merchant_status import Level
from registry.services.admission import CLIENT, COUNTED, Admission, Asked

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

_STATEMENT = """
WITH RECURSIVE client AS MATERIALIZED ({client}), counted AS ({counted}), admitted AS MATERIALIZED (
    SELECT client.id FROM client, counted WHERE allowed AND requests <= quota
), asked AS (
    (SELECT o.*, 0 AS hops FROM admitted, operator o WHERE o.{column} = %(code)s ORDER BY o.id LIMIT 1)
    UNION ALL
    SELECT o.*, asked.hops + 1 FROM asked JOIN operator o ON o.id = asked.successor_id WHERE asked.hops < 8
), found AS MATERIALIZED (
    SELECT o.id, o.uscc, o.registration_no, o.name, o.kind, o.registration_status,
           {former_names} AS former_names, {findings} AS findings
      FROM asked o WHERE (o.successor_id IS NULL OR o.hops = 8) AND o.kind <> 'natural_person'
), logged AS (
    INSERT INTO access_log (at, event, client_id, operator_id, request_id, purpose, status)
    SELECT %(at)s, 'status', client.id, found.id, %(request_id)s, %(purpose)s,
           CASE WHEN NOT allowed THEN 403 WHEN requests > quota THEN 429 WHEN found.id IS NULL THEN %(missing)s ELSE 200 END
      FROM client, counted LEFT JOIN found ON true WHERE requests <= quota + 1
), read AS (
    INSERT INTO client_reading AS r (client_id, operator_id, last_at)
    SELECT admitted.id, found.id, %(at)s FROM admitted, found WHERE found.findings IS NOT NULL
    ON CONFLICT (client_id, operator_id) DO UPDATE SET last_at = greatest(r.last_at, excluded.last_at)
)
SELECT client.id, client.name, client.allowed, client.quota, counted.requests,
       {freshness}, (SELECT max(seq) FROM ledger_entry),
       found.uscc, found.registration_no, found.name, found.former_names, found.kind, found.registration_status,
       found.findings
  FROM client, counted LEFT JOIN found ON true
"""


def _by(column: str) -> bytes:
    statement = _STATEMENT.format(
        client=CLIENT,
        counted=COUNTED,
        column=column,
        former_names=FORMER_NAMES.format(operator="o"),
        findings=FINDINGS.format(operator="o"),
        freshness=FRESHNESS,
    )
    return " ".join(statement.split()).encode()


BY_USCC, BY_REGISTRATION_NO = _by("uscc"), _by("registration_no")


@dataclass(frozen=True, slots=True)
class Register:
    """What every status says of the register as a whole: how fresh it is, and how far its ledger reached."""

    freshness: str
    ledger_seq: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """An operator as the public may see it: `findings` in the order of pages, as the projection holds them."""

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


def look_up(asked: Asked, code: str, *, day: date, missing: int) -> tuple[Admission | None, Register, Found | None]:
    """Admit a client and look an operator up by its normalised code or number, as public on `day`.

    No admission where the key is unknown; no operator where there is none or the client was not admitted. Successors
    are followed; natural persons are never found. `missing` is the status to log where nothing was found.
    """
    parameters = {**asked.parameters(), "code": code, "day": day, "missing": missing}
    statement = BY_USCC if len(code) == 18 else BY_REGISTRATION_NO  # registration numbers have 13 or 15 digits
    row = answer(lambda connection: connection.execute(statement, parameters, prepare=True).fetchone())
    if row is None:
        return None, Register("", None), None
    found = Found(findings_of(row[13]), *row[7:13]) if row[9] is not None else None
    return Admission(asked.at, *row[:5]), Register(row[5], row[6]), found


def findings_of(text: str | None) -> list[dict[str, Any]]:
    """The findings that a statement returned, gravest kind first, newest first."""
    if text is None:
        return []
    findings: list[dict[str, Any]] = orjson.loads(text)
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


def sources(register_name: str) -> Sources:
    """All sources of finished intakes; a file that came without an authority is the register's own (`register_name`)."""
    rows = answer(lambda connection: connection.execute(_SOURCES).fetchall())
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
