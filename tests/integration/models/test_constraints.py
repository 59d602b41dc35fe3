"""Every named constraint: the database refuses what it forbids, by that name.

Rows are made from the columns of a table, so that keys, references and closed lists of values are tried for every table
there is. What a constraint of words forbids stands in FORBIDDEN; one that is missing there fails the test.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Constraint,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    insert,
)
from sqlalchemy import Integer as SmallerInteger
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import IntegrityError

from models import db, violated_constraint
from registry.clock import now
from tests.factories import make_uscc

D1, D2 = date(2026, 3, 1), date(2026, 3, 2)
Rule = Constraint | Index
_serial = count(1)

SOUND: dict[str, dict[str, Any]] = {
    "officer": {"roles": ["entry"]},
    "access_log": {"at": now},
    "authority": {"uscc": lambda: make_uscc("11")},
    "calendar_day": {"day": lambda: date(2100, 1, 1) + timedelta(days=next(_serial))},
    "batch_number": {"last": 1},
    "exchange_message": {"state": "own"},
    "import_file": {"percent": 0},
    "import_run": {"read": 0, "applied": 0, "unchanged": 0, "rejected": 0},
    "ledger_entry": {"seq": 1},
    "issued_document": {"prepared_by": None, "decided_by": None},
    "inspection_result": {"inspected_on": D1, "completed_on": D2},
    "licence": {"valid_from": D1, "valid_until": D2},
    "listing_batch": {"initial": 3, "done": 1, "left_out": 1},
    "online_presence": {"name": lambda: f"店{next(_serial)}"},
    "operator": {"uscc": make_uscc, "kind": "enterprise"},
    "proceeding": {"procedure": "objection"},
    "peer": {"node": lambda: f"{next(_serial):06}"},
    "peer_head": {"root": bytes(32)},
    "personal_value": {"salt": bytes(32), "ciphertext": b"x"},
    "received_batch": dict.fromkeys(("received", "accepted", "duplicate", "superseded", "rejected"), 0),
}
"""What a sound row needs beside a value for each column that must have one."""

IN_FORCE = {"state": "in_force", "public_from": D1}
_EMPTY_INTERVAL = {"public_from": D2, "public_until": D2}
_RECORD = {
    "in_force_public": {"state": "in_force"},
    "interval_not_empty": {"state": "in_force", **_EMPTY_INTERVAL},
    "withdrawn_with_reason": {"state": "withdrawn"},
}
_LISTING = {**_RECORD, "removed_after_listed": {"listed_on": D2, "removed_on": D1}}
_PUBLISHED = {"state": "published", "published_by": "officer:2", "published_on": D1}


def _named(table: str, forbidden: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"ck_{table}_{name}": values for name, values in forbidden.items()}


FORBIDDEN: dict[str, dict[str, Any]] = {
    **_named("abnormal_listing", _LISTING),
    **_named("household_mark", _LISTING),
    **_named("violation_listing", _LISTING),
    **_named("inspection_result", {**_RECORD, "completed_after_inspected": {"inspected_on": D2, "completed_on": D1}}),
    **_named("licence", {**_RECORD, "validity_order": {"valid_from": D2, "valid_until": D1}}),
    **_named(
        "penalty",
        {
            **_RECORD,
            "fine_positive": {"fine": Decimal(0)},
            "confiscated_positive": {"confiscated": Decimal("-1")},
            "kinds_present": {"kinds": []},
        },
    ),
    **_named("public_finding", {"interval_not_empty": _EMPTY_INTERVAL}),
    **_named("authority", {"not_its_own_parent": {"id": 5, "parent_id": 5}}),
    **_named(
        "announcement",
        {
            "worded": {"title": ""},
            "published_by_somebody": {"state": "published", "published_on": D1},
            "published_on_a_day": {"state": "published", "published_by": "officer:2"},
            "two_persons": {**_PUBLISHED, "drafted_by": "officer:2"},
            "withdrawn_with_reason": {**_PUBLISHED, "state": "withdrawn"},
            "removal_names_nobody": {"kind": "12", "record_ids": ["130100.abnormal_listing.1"]},
        },
    ),
    **_named("batch_number", {"six_digits": {"last": 1_000_000}}),
    **_named("exchange_incident", {"seen_by_somebody": {"seen_by": "officer:1"}}),
    **_named(
        "exchange_message",
        {
            "revision_positive": {"revision": 0},
            "own_from_nobody": {"state": "kept"},
            "linked_to_a_record": {"state": "linked"},
        },
    ),
    **_named(
        "exchange_problem",
        {
            "set_aside_by_two": {"state": "set_aside", "reason": "x", "set_aside_by": "officer:1", "closed_at": now},
            "two_persons": {"set_aside_by": "officer:1", "approved_by": "officer:1"},
            "closed_when_settled": {"state": "resent"},
        },
    ),
    **_named("exchange_run", {"finished_after_started": {"finished_at": datetime(2026, 3, 1, tzinfo=UTC)}}),
    **_named("import_file", {"percent": {"percent": 101}}),
    **_named("peer", {"node_form": {"node": "13010"}, "stopped_by_an_incident": {"state": "stopped"}}),
    **_named("peer_head", {"root_length": {"root": b"short"}}),
    **_named("upstream_record", {"revision_positive": {"revision": 0}}),
    **_named("received_batch", {"counts_add_up": {"received": 5}}),
    **_named(
        "sent_batch",
        {
            "not_empty": {"count": 0},
            "receipted_with_a_receipt": {"state": "receipted"},
            "set_aside_with_a_reason": {"state": "set_aside"},
        },
    ),
    **_named(
        "matter",
        {
            "two_persons": {"opened_by": "officer:1", "decided_by": "officer:1", "submitted_by": "officer:2"},
            "submitted_is_about_a_record": {"state": "submitted"},
            "withdrawal_says_why": {"kind": "withdrawal"},
        },
    ),
    **_named("import_run", {"counts_add_up": {"read": 5, "applied": 4}}),
    **_named(
        "ledger_entry",
        {
            "digest_length": {"public_digest": b"short"},
            "revision_positive": {"revision": 0},
            "seq_positive": {"seq": 0},
        },
    ),
    **_named(
        "officer",
        {
            "name_form": {"name": "李明"},
            "roles_known": {"roles": ["everything"]},
            "roles_separate": {"roles": ["entry", "audit_admin"]},
            "confirmed_has_secret": {"totp_confirmed_at": now, "totp_secret": None},
        },
    ),
    **_named("online_presence", {"named": {"name": None, "url": None}}),
    **_named(
        "operator",
        {
            "identified": {"uscc": None},
            "name_present": {"name": ""},
            "not_its_own_successor": {"id": 5, "successor_id": 5},
            "person_key_for_persons": {"person_key": "hash"},
            "region_form": {"region": "1301"},
            "uscc_alphabet": {"uscc": "91130102IA00000010"},
            "uscc_not_placeholder": {"uscc": "0" * 17 + "X"},
        },
    ),
    **_named("personal_value", {"erased_or_kept": {"salt": None}}),
    **_named("document_counter", {"last_positive": {"last": 0}}),
    **_named("evidence", {"size_positive": {"size": 0}}),
    **_named(
        "issued_document",
        {
            "digest_length": {"body_sha256": b"short"},
            "number_positive": {"number": 0},
            "two_persons": {"prepared_by": "officer:1", "decided_by": "officer:1"},
        },
    ),
    **_named(
        "listing_batch",
        {
            "counts_add_up": {"done": 3},
            "two_persons": {"prepared_by": "officer:1", "decided_by": "officer:1"},
        },
    ),
    **_named("certificate_print", {"four_digits": {"print_no": 10000}}),
    **_named(
        "query_certificate",
        {
            "four_digits": {"sequence": 0},
            "digest_length": {"body_sha256": b"short"},
            "purpose_stated": {"purpose": ""},
        },
    ),
    **_named("notice", {"sent_has_a_moment": {"state": "sent"}}),
    **_named(
        "proceeding",
        {
            "clock_has_a_name": {"due_on": D1},
            "closed_asks_nobody": {"closed_on": D1, "asked_of": "handler"},
            "two_persons": {"hands": ["officer:1"], "decided_by": "officer:1"},
        },
    ),
}
"""Values with which a constraint of words refuses a row that is sound otherwise."""

BESIDE: dict[str, dict[str, Any]] = {
    "ck_announcement_announcementstate": {"published_by": "officer:2", "published_on": D1},
    "ck_exchange_problem_problemstate": {"closed_at": now},
    "fk_exchange_message_peer_id": {"peer_id": -1, "state": "kept"},
    "fk_ledger_entry_follows": {"seq": 5},
    "uq_abnormal_listing_open": IN_FORCE,
    "uq_household_mark_open": IN_FORCE,
    "uq_matter_open": {"state": "draft", "record_id": "130100.administrative_penalty.1"},
    "uq_import_run_running": {"state": "running"},
    "uq_proceeding_open": {"procedure": "abnormal_listing", "about": "130100.abnormal_listing.1"},
    "uq_proceeding_query_code": {"query_code": "0" * 64},
    "uq_operator_registration_no": {"uscc": None, "registration_no": "130100600000014"},
    "uq_operator_person_key": {"uscc": None, "kind": "natural_person", "person_key": "hash"},
}
"""What else a row must hold for a constraint to speak, or for no other to speak first."""


def value_for(column: Column[Any]) -> Any:
    """A value that no other call gives, where the type has many."""
    number = next(_serial)
    kind = column.type
    match kind:
        case Enum():
            return kind.enums[0]
        case Boolean():
            return False
        case ARRAY():
            return [f"x{number}"]
        case JSONB():
            return {}
        case Date():
            return D1 + timedelta(days=number)
        case DateTime():
            return now()
        case LargeBinary():
            return number.to_bytes(32)
        case Numeric():
            return Decimal(number)
        case SmallInteger():
            return number % 30_000
        case Text():
            return f"x{number}"
        case SmallerInteger():
            return number
    raise AssertionError(f"no value for {column}")


def row(connection: Connection, table: Table, **changes: Any) -> dict[str, Any]:
    """A sound row of a table with these changes, its parents entered."""
    given = SOUND.get(table.name, {}) | changes
    values = {name: value() if callable(value) else value for name, value in given.items()}
    for column in table.columns:
        if column.name in values or column.computed is not None:
            continue
        if column.foreign_keys and not column.nullable:
            (reference,) = column.foreign_keys
            values[column.name] = parent(connection, reference.column)
        elif not column.nullable:
            values[column.name] = value_for(column)
    return values


def parent(connection: Connection, key: Column[Any]) -> Any:
    values = row(connection, key.table)
    connection.execute(insert(key.table), values)
    return values[key.name]


def rules() -> Iterator[tuple[Table, Rule]]:
    """Every constraint and unique index of the metadata."""
    for table in sorted(db.metadata.tables.values(), key=lambda each: each.name):
        yield from ((table, each) for each in sorted(table.constraints, key=lambda each: str(each.name)))
        yield from ((table, each) for each in sorted(table.indexes, key=lambda each: str(each.name)) if each.unique)


def of_kind(*kinds: type) -> list[Any]:
    return [pytest.param(table, rule, id=str(rule.name)) for table, rule in rules() if isinstance(rule, kinds)]


def refusal(connection: Connection, table: Table, values: dict[str, Any]) -> str:
    """The name of the constraint that refuses a row."""
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(insert(table), values)
    return str(violated_constraint(refused.value))


def plain(column: Column[Any]) -> Any:
    """The type of a column, its words not checked on this side."""
    return Text() if isinstance(column.type, Enum) else column.type


def is_list_of_values(rule: CheckConstraint) -> bool:
    return len(rule.columns) == 1 and isinstance(next(iter(rule.columns)).type, Enum)


@pytest.mark.parametrize("table", sorted(db.metadata.tables.values(), key=lambda each: each.name), ids=str)
def test_a_sound_row_is_taken(database, table):
    database.execute(insert(table), row(database, table))


@pytest.mark.parametrize(("table", "rule"), of_kind(PrimaryKeyConstraint, UniqueConstraint, Index))
def test_what_must_be_there_once_is_refused_twice(database, table, rule):
    beside = BESIDE.get(str(rule.name), {})
    first = row(database, table, **beside)
    database.execute(insert(table), first)
    fresh = row(database, table, **(beside | ({"seq": 2} if table.name == "ledger_entry" else {})))
    second = fresh | {column.name: first[column.name] for column in rule.columns if column.name in first}
    found = refusal(database, table, second)
    if table.dialect_options["postgresql"].get("partition_by"):
        assert found.startswith(f"{table.name}_")  # a partition's key bears the partition's name
        assert found.endswith("_pkey")
    else:
        assert found == rule.name


@pytest.mark.parametrize(("table", "rule"), of_kind(ForeignKeyConstraint))
def test_what_is_referred_to_must_be_there(database, table, rule):
    (column,) = rule.columns
    missing = BESIDE.get(str(rule.name), {column.name: "none" if isinstance(column.type, Text) else -1})
    assert refusal(database, table, row(database, table, **missing)) == rule.name


@pytest.mark.parametrize(
    ("table", "rule"), [each for each in of_kind(CheckConstraint) if is_list_of_values(each.values[1])]
)
def test_a_word_outside_the_closed_list_is_refused(database, table, rule):
    (column,) = rule.columns
    values = row(database, table, **BESIDE.get(str(rule.name), {})) | {column.name: "no_such_word"}
    loose = Table(table.name, MetaData(), *(Column(name, plain(table.columns[name])) for name in values))
    assert refusal(database, loose, values) == rule.name


@pytest.mark.parametrize(
    ("table", "rule"), [each for each in of_kind(CheckConstraint) if not is_list_of_values(each.values[1])]
)
def test_what_a_constraint_forbids_is_refused_by_its_name(database, table, rule):
    assert str(rule.name) in FORBIDDEN, "say in FORBIDDEN which values it refuses"
    assert refusal(database, table, row(database, table, **FORBIDDEN[str(rule.name)])) == rule.name


def test_every_constraint_has_a_name_and_none_in_the_lists_is_gone():
    names = [str(rule.name) for _, rule in rules()]
    assert None not in [rule.name for _, rule in rules()]
    assert len(names) == len(set(names))
    assert FORBIDDEN.keys() <= set(names)
    assert BESIDE.keys() <= set(names)


def test_the_database_holds_the_constraints_of_the_metadata_and_no_others(database):
    standing = database.execute(
        db.text(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE c.connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u') AND NOT t.relispartition"
            " AND t.relname <> 'alembic_version'"
            " UNION SELECT indexrelid::regclass::text FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
            " WHERE indisunique AND NOT indisprimary AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition"
        )
    ).scalars()
    assert set(standing) == {str(rule.name) for _, rule in rules()}


@pytest.mark.parametrize("code", ["0" * 18, "0" * 17 + "X"])
def test_no_placeholder_is_ever_a_code(database, code):
    table = db.metadata.tables["operator"]
    assert refusal(database, table, row(database, table, uscc=code)) == "ck_operator_uscc_not_placeholder"


def test_every_column_that_refers_to_operators_begins_an_index(database):
    without = database.execute(
        db.text(
            "SELECT c.conrelid::regclass::text FROM pg_constraint c WHERE c.contype = 'f'"
            " AND c.confrelid = 'operator'::regclass AND NOT EXISTS (SELECT FROM pg_index i"
            " WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])"
        )
    )
    assert without.scalars().all() == []
