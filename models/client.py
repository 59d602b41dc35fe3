"""Platforms that ask: their keys, their limits, what they asked and read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class ApiClient(Model):
    """A platform's access. Only the SHA-256 of the key is kept."""

    __tablename__ = "api_client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    requests_per_minute: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class RateWindow(Model):
    """Requests counted in one window. Unlogged: exact across workers, and worth nothing after a crash."""

    __tablename__ = "rate_window"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    subject: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(Integer)


class AccessLog(Model):
    """Who asked, looked or exported, and when. Monthly partitions, kept at least 180 days (网络安全法 art. 23)."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_client_id", "client_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    event: Mapped[str]
    client_id: Mapped[int | None]
    operator_id: Mapped[int | None]
    actor: Mapped[str | None]
    request_id: Mapped[str | None]
    purpose: Mapped[str | None]
    status: Mapped[int | None] = mapped_column(SmallInteger)


class ClientReading(Model):
    """Which client was shown findings of which operator, and when last: who must be told when a record ends."""

    __tablename__ = "client_reading"

    client_id: Mapped[int] = mapped_column(ForeignKey("api_client.id"), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True, index=True)
    last_at: Mapped[datetime]


class CheckRequest(Model):
    """A `POST /checks` that was counted: the same number with the same body is counted once."""

    __tablename__ = "check_request"

    client_id: Mapped[int] = mapped_column(ForeignKey("api_client.id"), primary_key=True)
    request_no: Mapped[str] = mapped_column(primary_key=True)
    body_digest: Mapped[bytes]
    asked_at: Mapped[datetime]
