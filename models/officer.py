"""Officers who sign in: their roles, their secrets as hashes or sealed, their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from registry.rules.roles import ADMINISTRATORS, Role


def _words(roles: "frozenset[Role] | type[Role]") -> str:
    return ", ".join(f"'{role}'" for role in sorted(role.value for role in roles))


class Officer(Model):
    """One person's account. Nothing here is public; changes of accounts stand in the access log.

    `name` is what the person signs in with and what the ledger names as actor. `totp_secret` is sealed with the key of
    personal data; `totp_step` is the last time step whose code was used, so that no code works twice.
    """

    __tablename__ = "officer"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z][a-z0-9._-]{1,31}$'", name="name_form"),
        CheckConstraint(f"roles <@ ARRAY[{_words(Role)}]::text[] AND cardinality(roles) > 0", name="roles_known"),
        CheckConstraint(
            f"cardinality(roles) = 1 OR NOT roles && ARRAY[{_words(ADMINISTRATORS)}]::text[]", name="roles_separate"
        ),
        CheckConstraint("totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="confirmed_has_secret"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[list[str]]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    password_hash: Mapped[str]
    password_set_at: Mapped[datetime]
    must_change: Mapped[bool]
    totp_secret: Mapped[bytes | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    failures: Mapped[int] = mapped_column(Integer)
    first_failure_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    authority: Mapped[Authority] = relationship(lazy="joined")

    def has(self, *roles: Role) -> bool:
        """Whether the officer holds one of these roles."""
        return not set(self.roles).isdisjoint(roles)


class OfficerPassword(Model):
    """A password that an officer had, as a hash: it may not come again soon."""

    __tablename__ = "officer_password"
    __table_args__ = (Index("ix_officer_password_officer_id", "officer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    password_hash: Mapped[str]
    set_at: Mapped[datetime]


class OfficerSession(Model):
    """One signed-in browser. The cookie holds the token, this row its SHA-256 only, so it can be ended from here."""

    __tablename__ = "officer_session"
    __table_args__ = (Index("ix_officer_session_officer_id", "officer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str | None]

    officer: Mapped[Officer] = relationship(lazy="joined")
