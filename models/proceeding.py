"""Proceedings: cases that follow a declared procedure (domain.md 5), and what was handed in for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model, RecordMixin
from models.operator import Operator
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure


def _actor(name: str) -> Enum:
    """A column of actors under a constraint of its own name: two of them stand in one table."""
    return Enum(
        Actor,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda kinds: [kind.value for kind in kinds],
    )


class Proceeding(RecordMixin, Model):
    """One case. A record of the register that is never public: each step is a ledger entry, which is its history.

    `about` is the record that it makes or deals with, `basis` the penalty that a violation listing rests on. `facts` is what
    officers and parties stated, dates as ISO 8601; `personal` names digests of personal values. `action`, `part`, `statement`
    are the last step: what, in which part, why. `hands` prepared the decision that is due, `decided_by` took the last one.
    `asked_of` has to act next, nobody where the case rests; `deadline` is the name of the clock that runs, until `due_on`.
    """

    __tablename__ = "proceeding"
    __table_args__ = (
        CheckConstraint("NOT decided_by = ANY (hands)", name="two_persons"),
        CheckConstraint("(due_on IS NULL) = (deadline IS NULL)", name="clock_has_a_name"),
        CheckConstraint("closed_on IS NULL OR asked_of IS NULL", name="closed_asks_nobody"),
        Index(
            "uq_proceeding_open",
            "procedure",
            "operator_id",
            "about",
            "basis",
            "reason",
            "report_year",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text(
                "closed_on IS NULL AND procedure IN"
                " ('abnormal_listing', 'household_mark', 'violation_listing', 'repair')"
            ),
        ),
        Index("uq_proceeding_query_code", "query_code", unique=True, postgresql_where=text("query_code IS NOT NULL")),
        Index("ix_proceeding_inbox", "authority_id", "due_on", "id", postgresql_where=text("asked_of IS NOT NULL")),
        Index("ix_proceeding_about", "about", postgresql_where=text("about IS NOT NULL")),
        Index("ix_proceeding_operator_id", "operator_id"),
    )

    procedure: Mapped[Procedure]
    stage: Mapped[str]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    about: Mapped[str | None]
    basis: Mapped[str | None]
    reason: Mapped[str | None]
    report_year: Mapped[int | None] = mapped_column(Integer)
    facts: Mapped[dict[str, Any]]
    personal: Mapped[dict[str, Any]]
    query_code: Mapped[str | None]  # SHA-256 of it as hex
    action: Mapped[str | None]
    part: Mapped[Actor | None] = mapped_column(_actor("part"))
    statement: Mapped[str | None]
    hands: Mapped[list[str]]
    decided_by: Mapped[str | None]
    asked_of: Mapped[Actor | None] = mapped_column(_actor("asked_of"))
    deadline: Mapped[str | None]
    due_on: Mapped[date | None]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    authority: Mapped[Authority] = relationship()
    operator: Mapped[Operator | None] = relationship()


class Evidence(Model):
    """A file handed in for a proceeding, encrypted under the key of personal data. Never public; rows are only added."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), index=True)
    name: Mapped[bytes]  # encrypted too: a file is often called after a person
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    content: Mapped[bytes]
    handed_in_by: Mapped[str]
    handed_in_at: Mapped[datetime]
