"""The declarative base: names of constraints, types, and what every record of the register carries."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Date, DateTime, Enum, LargeBinary, MetaData, Numeric, Text
from sqlalchemy import orm as sqlalchemy_orm
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from registry.rules.record import EndReason, RecordState

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(kinds: type[StrEnum]) -> list[str]:
    return [kind.value for kind in kinds]


class Base(DeclarativeBase):
    """Base of all models. The registry holds the types, not the class: Flask-SQLAlchemy copies this body."""

    registry = sqlalchemy_orm.registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            date: Date(),
            StrEnum: Enum(StrEnum, native_enum=False, create_constraint=True, length=40, values_callable=_values),
            int: BigInteger,
            str: Text,
            bytes: LargeBinary,
            Decimal: Numeric(20, 2),
            list[str]: ARRAY(Text),
            dict[str, Any]: JSONB,
            list[dict[str, Any]]: JSONB,
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:  # the type checker cannot follow the class that the extension builds
    Model = Base
else:
    Model = db.Model


class RecordMixin:
    """What every record of the register carries: a name for ever, a revision, the moment of its last change.

    `record_id` is `<node>.<resource>.<uuid>` (exchange.md 1); `revision` rises by one with each change and is what tells
    the second of two officers that the first was faster.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(unique=True)
    revision: Mapped[int] = mapped_column(nullable=False)
    recorded_at: Mapped[datetime]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.revision}  # type: ignore[attr-defined]  # filled by the declarative scan


class PublicityMixin:
    """What the law says about showing a record: the rule set, the basis day, the half-open interval.

    The basis is kept beside the end, never the end alone (standards.md 1.1). `public_until` is the first day on which the
    record is no longer public; null means open. No column has a default that would write a legal date (standards.md 6.31).
    """

    state: Mapped[RecordState]
    rule_set: Mapped[str]
    period_basis: Mapped[str | None]
    period_basis_on: Mapped[date | None]
    public_from: Mapped[date | None]
    public_until: Mapped[date | None]
    end_reason: Mapped[EndReason | None]
    end_statement: Mapped[str | None]
    ended_on: Mapped[date | None]
    under_objection: Mapped[bool]


def violated_constraint(error: IntegrityError) -> str | None:
    """Name of the constraint that refused, or None when the database did not say."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    return name if isinstance(name, str) else None
