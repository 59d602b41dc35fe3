"""public_finding: what the law lets the public see of each record, renewed in the transaction that changes it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, any_, delete, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from models import (
    AbnormalListing,
    Authority,
    HouseholdMark,
    Licence,
    Operator,
    Penalty,
    PublicFinding,
    ViolationListing,
    db,
)
from registry.projections import findings
from registry.projections.findings import Finding
from registry.queries.exchange_node import this_node
from registry.rules.merchant_status import FindingType
from registry.rules.operator import RegistrationStatus
from registry.rules.record import RecordState

__all__ = ["Finding", "derive", "renew"]

_SOURCES: tuple[tuple[Any, FindingType, Callable[[Mapping[str, Any]], list[Finding]]], ...] = (
    (Penalty, FindingType.PENALTY, findings.of_penalty),
    (Licence, FindingType.LICENCE, findings.of_licence),
    (AbnormalListing, FindingType.ABNORMAL_LISTING, findings.of_abnormal),
    (HouseholdMark, FindingType.HOUSEHOLD_MARK, findings.of_mark),
    (ViolationListing, FindingType.VIOLATION_LISTING, findings.of_violation),
)

_COLUMNS = ("record_id", "type", "public_from", "public_until", "operator_id", "level", "data")


def derive(operator_ids: Collection[int]) -> list[Finding]:
    """The findings that the tables give for these operators, as they stand in this transaction.

    Reads rows, not objects: what the session holds may be older than what another transaction has committed.
    """
    ids = list(operator_ids)
    found: list[Finding] = []
    operators = select(*_read(Operator, FindingType.REGISTRATION_STATUS)).where(
        _among(Operator.id, ids), Operator.registration_status != RegistrationStatus.ACTIVE
    )
    for row in db.session.execute(operators).mappings():
        found += findings.of_registration(dict(row))
    for model, kind, of_record in _SOURCES:
        records = (
            select(
                *_read(model, kind),
                Authority.uscc.label("authority_uscc"),
                Authority.name.label("authority_name"),
            )
            .join(Authority, Authority.id == model.authority_id)
            .where(_among(model.operator_id, ids), model.state == RecordState.IN_FORCE)
        )
        for row in db.session.execute(records).mappings():
            found += of_record(dict(row))
    return _with_origin(found)


def _with_origin(found: list[Finding]) -> list[Finding]:
    """Findings of other nodes' records name the node that answers for them."""
    own = this_node().node
    for finding in found:
        origin = finding.record_id.partition(".")[0]
        if origin != own:
            finding.data["origin"] = origin
    return found


def renew(operator_ids: Collection[int]) -> None:
    """Replace the findings of these operators. Runs under the ledger's lock, so two writers never undo each other."""
    if not operator_ids:
        return
    found = derive(operator_ids)
    db.session.execute(delete(PublicFinding).where(_among(PublicFinding.operator_id, list(operator_ids))))
    if not found:
        return
    cursor: Any = db.session.connection().connection.cursor()
    with cursor.copy(f"COPY public_finding ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for finding in found:
            copy.write_row(
                (
                    finding.record_id,
                    finding.type.value,
                    finding.public_from,
                    finding.public_until,
                    finding.operator_id,
                    finding.level.value,
                    orjson.dumps(finding.data).decode(),
                )
            )


def _read(model: Any, kind: FindingType) -> list[ColumnElement[Any]]:
    columns = model.__table__.columns
    return [columns[name] for name in findings.READ[kind] if name in columns]


def _among(column: Any, ids: list[int]) -> ColumnElement[bool]:
    """One array parameter, however many operators: a list of parameters would be compiled anew for each length."""
    among: ColumnElement[bool] = column == any_(literal(ids, ARRAY(BigInteger)))
    return among
