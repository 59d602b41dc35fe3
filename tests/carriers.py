"""A partner that is reached by file or by its front database: its side, as its own program or a person would act."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy import select

from models import Carrier, ExchangeProblem, SentBatch, db
from registry.config import Settings
from registry.transaction import transaction
from sync import peers
from tests.database import server
from tests.exchange_nodes import node
from tests.factories import make_authority, make_operator, make_penalty

PARTNER = "130000"
_PASSWORD = "partner-of-tests"
_ROLE = "partner_of_tests"


def enter(count: int = 1, **columns: Any) -> list[str]:
    """Enter penalties; answer their record ids."""
    with transaction():
        operator, authority = make_operator(), make_authority()
        return [make_penalty(operator, authority, **columns).record_id for _ in range(count)]


def add_partner(carrier: Carrier, jwks: Sequence[Any] = (), node: str = PARTNER, **settings: str) -> None:
    """Enter a partner by this carrier."""
    with transaction():
        peers.add(node, "", jwks, carrier=carrier)
        peers.set_up(node, settings)


@contextmanager
def city_with_partner(carrier: Carrier) -> Iterator[Flask]:
    """A city, in its application context, that reaches its partner by this carrier."""
    with node("130100", "city") as application, application.app_context():
        add_partner(carrier)
        yield application
        db.session.remove()


def sent_batches() -> list[SentBatch]:
    """Our batches in their order."""
    db.session.expire_all()
    return list(db.session.execute(select(SentBatch).order_by(SentBatch.id)).scalars())


def problems() -> list[ExchangeProblem]:
    """The problem queue in its order."""
    db.session.expire_all()
    return list(db.session.execute(select(ExchangeProblem).order_by(ExchangeProblem.id)).scalars())


@dataclass
class FrontDatabaseOfPartner:
    """A second real database, owned by the partner."""

    url: str
    name: str

    def connect(self) -> psycopg.Connection[dict[str, Any]]:
        """The partner's own connection."""
        return psycopg.connect(self.url, autocommit=True, row_factory=dict_row)

    def rows(self, table: str = "administrative_penalty") -> list[dict[str, Any]]:
        """All rows of a table in the order in which they came."""
        with self.connect() as connection:
            query = sql.SQL("SELECT * FROM {} ORDER BY created_at, record_id, revision").format(sql.Identifier(table))
            return connection.execute(query).fetchall()

    def answer(self, statement: str) -> None:
        """Something that the partner does in its database."""
        with self.connect() as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # words of the tests themselves

    def take_all(self) -> None:
        """Take every row that waits in, under a name of the partner's."""
        with self.connect() as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for table in tables:
                connection.execute(
                    sql.SQL(
                        "UPDATE {} SET sync_status = 1, sync_time = now(), upstream_id = coalesce(upstream_id,"
                        " 'HB-' || record_id) WHERE sync_status = 0"
                    ).format(sql.Identifier(table["tablename"]))
                )


@contextmanager
def front_database(settings: Settings) -> Iterator[tuple[FrontDatabaseOfPartner, Settings]]:
    """A partner's database beside that of a node, and the settings with which the node reaches it."""
    name = f"front_{id(settings)}"
    with server().connect() as connection:
        role, database = sql.Identifier(_ROLE), sql.Identifier(name)
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_ROLE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(_PASSWORD)))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    plain = server().url(_ROLE, _PASSWORD, name)
    try:
        address = plain.replace("postgresql://", "postgresql+psycopg://", 1)
        urls = {f"REGISTRY_FRONT_DATABASE_URL_{PARTNER}": address}
        yield FrontDatabaseOfPartner(plain, name), replace(settings, front_databases=urls)
    finally:
        with server().connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
