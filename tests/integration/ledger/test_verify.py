"""`ledger verify`: whatever is changed behind the program's back is found, and named."""

from collections.abc import Callable

import orjson
import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from models import PersonalValue, db
from registry import ledger
from registry.config import Settings
from registry.ledger.canonical import sha256
from registry.ledger.entry import feed_bytes, private_bytes
from registry.ledger.leaves import leaf_of
from registry.ledger.public_view import public_view
from registry.ledger.tree import node_hash
from registry.ledger.verify import Verification
from registry.services.personal_values import Vault, erase
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import ACTOR, make_authority, make_operator, make_penalty

pytestmark = pytest.mark.usefixtures("grown")

Verify = Callable[[], Verification]


def test_an_untouched_ledger_has_no_fault(verified: Verify) -> None:
    found = verified()
    assert (found.entries, found.leaves, found.nodes, found.heads) == (11, 9, 7, 2)
    assert found.faults == []


FLIP = "set_byte({0}, 0, get_byte({0}, 0) # 1)"

CHANGES = {
    "payload": (f"UPDATE ledger_entry SET payload = {FLIP.format('payload')} WHERE seq = 5", 5, "private digest"),
    "salt": (f"UPDATE ledger_entry SET salt = {FLIP.format('salt')} WHERE seq = 5", 5, "private digest"),
    "actor": ("UPDATE ledger_entry SET actor = 'officer:7' WHERE seq = 6", 6, "private digest"),
    "action": ("UPDATE ledger_entry SET action = 'administrative_penalty.ended' WHERE seq = 6", 6, "private digest"),
    "record": ("UPDATE ledger_entry SET record_id = record_id || '0' WHERE seq = 6", 6, "private digest"),
    "version": ("UPDATE ledger_entry SET payload_version = 9 WHERE seq = 6", 6, "unknown payload version"),
    "public digest": (
        f"UPDATE ledger_entry SET public_digest = {FLIP.format('public_digest')} WHERE seq = 7", 7, "public digest"
    ),
    "operator": ("UPDATE ledger_entry SET operator_id = (SELECT max(id) FROM operator) WHERE seq = 3", 3, "operator"),
    "moment": ("UPDATE ledger_entry SET recorded_at = recorded_at + interval '1 us' WHERE seq = 9", 9, "leaf"),
    "moment before": ("UPDATE ledger_entry SET recorded_at = '2020-01-01' WHERE seq = 10", 10, "older"),
    "payload beyond the heads": (
        f"UPDATE ledger_entry SET payload = {FLIP.format('payload')} WHERE seq = 11", 11, "private digest"
    ),
    "last entries": ("DELETE FROM ledger_entry WHERE seq >= 9", 9, "missing"),
    "leaf": (f"UPDATE ledger_node SET hash = {FLIP.format('hash')} WHERE level = 0 AND index = 7", 8, "leaf"),
    "node": (f"UPDATE ledger_node SET hash = {FLIP.format('hash')} WHERE level = 2 AND index = 1", 5, "level 2"),
    "node gone": ("DELETE FROM ledger_node WHERE level = 1 AND index = 2", 5, "level 1"),
    "leaf gone": ("DELETE FROM ledger_node WHERE level = 0 AND index = 2", 3, "not stored"),
    "node too many": ("INSERT INTO ledger_node VALUES (5, 0, sha256(''))", 9, "belong to no leaf"),
    "root": (f"UPDATE ledger_head SET root = {FLIP.format('root')} WHERE size = 4", 4, "another root"),
    "moment of a head": ("UPDATE ledger_head SET signed_at = signed_at - interval '1 d' WHERE size = 9", 9, "signed"),
    "signature": ("UPDATE ledger_head SET jws = jws || 'A' WHERE size = 9", 9, "signed"),
    "another's head": (
        "UPDATE ledger_head SET jws = (SELECT jws FROM ledger_head WHERE size = 4) WHERE size = 9", 9, "signed"
    ),
    "head beyond": (
        "INSERT INTO ledger_head SELECT 11, root, signed_at, jws FROM ledger_head WHERE size = 9", 10, "not so many"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "seq", "words"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found_and_named(
    own_app: Flask, own_settings: Settings, verified: Verify, statement: str, seq: int, words: str
) -> None:
    with connect_as_owner(own_settings) as connection:
        assert connection.execute(statement).rowcount > 0
    first = verified().faults[0]
    assert first.seq == seq
    assert words in f"{first.where} {first.what}"
    result = own_app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert result.exit_code == 1
    assert f"seq {seq}" in result.stderr


def test_one_change_is_one_fault(own_settings: Settings, verified: Verify) -> None:
    with connect_as_owner(own_settings) as connection:
        connection.execute(CHANGES["actor"][0])
    assert verified().fault_count == 1


def rewrite_consistently(connection: psycopg.Connection, seq: int) -> bytes:
    """What a clever forger does: another payload, with digests that fit it. The new leaf."""
    cursor = connection.cursor(row_factory=psycopg.rows.namedtuple_row)
    row = cursor.execute("SELECT * FROM ledger_entry WHERE seq = %s", [seq]).fetchone()
    assert row is not None
    forged = row.payload.replace(b"20000.00", b"00200.00")
    assert forged != row.payload
    private = sha256(
        row.salt
        + private_bytes(
            action=row.action, actor=row.actor, record_type=row.record_type, record_id=row.record_id,
            revision=row.revision, payload_version=row.payload_version, payload=forged,
        )
    )  # fmt: skip
    content = orjson.loads(forged)
    public = sha256(
        feed_bytes(row.action, row.record_id, row.revision, content["uscc"], public_view(row.record_type, content))
    )
    connection.execute(
        "UPDATE ledger_entry SET payload = %s, private_digest = %s, public_digest = %s WHERE seq = %s",
        [forged, private, public, seq],
    )
    return leaf_of(seq, row.recorded_at, row.record_id, row.revision, public, private)


def test_a_row_rewritten_with_its_digests_is_found_by_its_leaf(own_settings: Settings, verified: Verify) -> None:
    with connect_as_owner(own_settings) as connection:
        rewrite_consistently(connection, 9)
    (fault,) = verified().faults
    assert (fault.seq, fault.what) == (9, "is not the entry whose leaf was stored")


def test_a_row_rewritten_with_its_tree_is_found_by_the_signature(own_settings: Settings, verified: Verify) -> None:
    with connect_as_owner(own_settings) as connection:
        leaf = rewrite_consistently(connection, 9)  # the ninth leaf is a peak of its own: no node stands above it
        connection.execute("UPDATE ledger_node SET hash = %s WHERE level = 0 AND index = 8", [leaf])
        left = connection.execute("SELECT hash FROM ledger_node WHERE level = 3 AND index = 0").fetchone()
        assert left is not None
        (fault,) = verified().faults
        assert (fault.seq, fault.what) == (9, "has another root than the entries")
        connection.execute("UPDATE ledger_head SET root = %s WHERE size = 9", [node_hash(left[0], leaf)])
    (fault,) = verified().faults
    assert (fault.seq, fault.what) == (9, "is not what was signed")


def test_an_erased_personal_value_changes_nothing(own_app: Flask, own_settings: Settings, verified: Verify) -> None:
    vault = Vault.of(own_settings)
    with own_app.app_context():
        with transaction():
            penalty = make_penalty(make_operator(), make_authority())
            penalty.personal = {"id_number": vault.put(penalty.record_id, "id_number", "130102198001010018")}
            db.session.flush()
            ledger.append("administrative_penalty.corrected", record=penalty, actor=ACTOR)
            record_id = penalty.record_id
        with transaction():
            assert erase(record_id) == 1
        kept = db.session.execute(select(PersonalValue.salt, PersonalValue.ciphertext)).one()
    assert (kept.salt, kept.ciphertext) == (None, None)
    found = verified()
    assert (found.entries, found.faults) == (14, [])
