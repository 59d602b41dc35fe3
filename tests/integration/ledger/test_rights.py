"""Who may do what to the ledger: the serving role appends and reads, the constraints hold for the owner as well."""

from collections.abc import Iterator

import psycopg
import pytest

from registry.config import Settings
from tests.database import connect_as_owner, plain_url

pytestmark = pytest.mark.usefixtures("grown")


@pytest.fixture
def serving(own_settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection of the role that serves requests."""
    with psycopg.connect(plain_url(own_settings.database_url), autocommit=True) as connection:
        yield connection


def partition(connection: psycopg.Connection) -> str:
    found = connection.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'access_log'::regclass ORDER BY 1 LIMIT 1"
    ).fetchone()
    assert found is not None
    return str(found[0])


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_node", "ledger_head", "access_log"])
def test_the_serving_role_cannot_rewrite_what_was_appended(serving: psycopg.Connection, table: str) -> None:
    column = {"ledger_entry": "actor = 'x'", "ledger_node": "level = 1", "ledger_head": "jws = 'x'"}
    for statement in (
        f"UPDATE {table} SET {column.get(table, 'event = NULL')}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute(statement)


def test_the_serving_role_reaches_no_partition_by_its_own_name(serving: psycopg.Connection) -> None:
    name = partition(serving)
    for statement in (
        f"SELECT * FROM {name}",
        f"INSERT INTO {name} (id, at, event) VALUES (1, now(), 'x')",
        f"UPDATE {name} SET event = 'x'",
        f"DELETE FROM {name}",
        f"TRUNCATE {name}",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            serving.execute(statement)


def test_the_serving_role_cannot_replace_an_entry_by_inserting_it_again(serving: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        serving.execute(
            "INSERT INTO ledger_head SELECT * FROM ledger_head ON CONFLICT (size) DO UPDATE SET jws = 'forged'"
        )


def test_neither_role_is_a_superuser_nor_may_become_another(serving: psycopg.Connection) -> None:
    roles = serving.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles"
        " WHERE rolname IN ('registry_app', 'registry_owner')"
    ).fetchall()
    assert roles == [(False,) * 5] * 2
    memberships = serving.execute(
        "SELECT count(*) FROM pg_auth_members WHERE member = 'registry_app'::regrole"
    ).fetchone()
    assert memberships == (0,)


def insert(connection: psycopg.Connection, **changes: object) -> None:
    """An entry like the first one, with other values."""
    names = [
        "seq",
        "recorded_at",
        "action",
        "record_type",
        "record_id",
        "revision",
        "operator_id",
        "actor",
        "payload_version",
        "payload",
        "salt",
        "public_digest",
        "private_digest",
    ]
    values = [f"%({name})s" if name in changes else name for name in names]
    connection.execute(
        f"INSERT INTO ledger_entry ({', '.join(names)}) SELECT {', '.join(values)} FROM ledger_entry WHERE seq = 1",
        changes,
    )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"seq": 13, "record_id": "new"}, "fk_ledger_entry_follows"),
        ({"seq": 0, "record_id": "new"}, "ck_ledger_entry_seq_positive"),
        ({"seq": -4, "record_id": "new"}, "ck_ledger_entry_seq_positive"),
        ({"seq": 11, "record_id": "new"}, "pk_ledger_entry"),
        ({"seq": 12}, "uq_ledger_entry_record_id_revision"),
        ({"seq": 12, "revision": 0}, "ck_ledger_entry_revision_positive"),
        ({"seq": 12, "record_id": "new", "public_digest": b"short"}, "ck_ledger_entry_digest_length"),
    ],
)
def test_no_entry_stands_where_or_as_it_must_not(
    own_settings: Settings, changes: dict[str, object], constraint: str
) -> None:
    with connect_as_owner(own_settings) as connection:
        with pytest.raises(psycopg.IntegrityError) as refusal:
            insert(connection, **changes)
        assert refusal.value.diag.constraint_name == constraint
        insert(connection, seq=12, record_id="new")


def test_an_entry_in_the_middle_cannot_be_taken_out(own_settings: Settings) -> None:
    with (
        connect_as_owner(own_settings) as connection,
        pytest.raises(psycopg.errors.ForeignKeyViolation, match="fk_ledger_entry_follows"),
    ):
        connection.execute("DELETE FROM ledger_entry WHERE seq = 5")
