"""Operators: who they are, what they were called, where they stand online."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, RecordMixin
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus


class Operator(RecordMixin, Model):
    """A party that trades. A code can be missing, doubtful or change, so it is never the key.

    `folded_name`, `initials` and `search_terms` are derived from the names by `registry.rules.names` and belong to no
    ledger payload.
    """

    __tablename__ = "operator"
    __table_args__ = (
        CheckConstraint("uscc ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'", name="uscc_alphabet"),
        CheckConstraint("uscc <> '000000000000000000' AND uscc <> '00000000000000000X'", name="uscc_not_placeholder"),
        CheckConstraint("num_nonnulls(uscc, registration_no, person_key) > 0", name="identified"),
        CheckConstraint("(kind = 'natural_person') = (person_key IS NOT NULL)", name="person_key_for_persons"),
        CheckConstraint("successor_id <> id", name="not_its_own_successor"),
        CheckConstraint("region ~ '^[0-9A-Z]{6}$'", name="region_form"),
        CheckConstraint("name <> ''", name="name_present"),
        Index("uq_operator_registration_no", "registration_no", unique=True, postgresql_where=text("uscc IS NULL")),
        Index("ix_operator_registration_no", "registration_no", postgresql_where=text("registration_no IS NOT NULL")),
        Index("ix_operator_folded_name", "folded_name"),
        Index("ix_operator_successor_id", "successor_id", postgresql_where=text("successor_id IS NOT NULL")),
        Index(
            "ix_operator_search_terms",
            "search_terms",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "on", "gin_pending_list_limit": 16384},
        ),
    )

    uscc: Mapped[str | None] = mapped_column(unique=True)
    uscc_doubt: Mapped[str | None]  # why a code with a wrong check character is kept (存疑)
    registration_no: Mapped[str | None]
    person_key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[OperatorKind]
    name: Mapped[str]
    folded_name: Mapped[str]
    initials: Mapped[str]
    search_terms: Mapped[list[str]]
    registration_status: Mapped[RegistrationStatus]
    status_on: Mapped[date | None]
    region: Mapped[str | None]
    region_text: Mapped[str | None]
    address: Mapped[str | None]
    registrar_name: Mapped[str | None]
    company_type: Mapped[str | None]
    industry: Mapped[str | None]
    responsible_person: Mapped[str | None]
    registered_capital: Mapped[str | None]
    business_scope: Mapped[str | None]
    established_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))

    successor: Mapped["Operator | None"] = relationship(remote_side="Operator.id")
    former_names: Mapped[list["FormerName"]] = relationship(
        back_populates="operator", order_by="FormerName.id", cascade="all, delete-orphan"
    )
    online_presences: Mapped[list["OnlinePresence"]] = relationship(
        back_populates="operator", order_by="OnlinePresence.id", cascade="all, delete-orphan"
    )


class FormerName(Model):
    """A name the operator no longer bears; searched like the present one."""

    __tablename__ = "former_name"
    __table_args__ = (
        UniqueConstraint("operator_id", "name", name="uq_former_name_operator_id_name"),
        Index("ix_former_name_folded_name", "folded_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    name: Mapped[str]
    folded_name: Mapped[str]
    used_until: Mapped[date | None]

    operator: Mapped[Operator] = relationship(back_populates="former_names")


class OnlinePresence(Model):
    """A site, shop, app … of an operator (企业信息公示暂行条例 art. 9 no. 6). Part of the operator's record."""

    __tablename__ = "online_presence"
    __table_args__ = (
        CheckConstraint("num_nonnulls(name, url) > 0", name="named"),
        Index(
            "uq_online_presence",
            "operator_id",
            "type",
            "platform",
            "name",
            "url",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    type: Mapped[PresenceType]
    name: Mapped[str | None]
    url: Mapped[str | None]
    platform: Mapped[str | None]
    icp_no: Mapped[str | None]

    operator: Mapped[Operator] = relationship(back_populates="online_presences")
