"""What the pages show of an operator: the records behind its public findings, figures, freshness."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models import ImportRun, Operator, db
from models.import_run import ImportState
from registry.queries.operators import OperatorNotFound, current_operator, get_operator
from registry.queries.records import FINDING_MODELS, FindingRecord
from registry.rules.operator import OperatorKind


def get_public_operator(identifier: str) -> Operator:
    """The operator that a code or number leads to in the end; natural persons have no page: OperatorNotFound."""
    operator = current_operator(get_operator(identifier))
    if operator.kind is OperatorKind.NATURAL_PERSON:
        raise OperatorNotFound("No operator of this register has this code or number.")
    return operator


def records_behind(record_ids: Collection[str]) -> dict[str, FindingRecord]:
    """The records with these names and their authorities. The names come from public findings, never from a reader."""
    found: dict[str, FindingRecord] = {}
    for resource, model in FINDING_MODELS.items():
        wanted = [record_id for record_id in record_ids if record_id.split(".")[1] == resource]
        if wanted:
            statement = select(model).where(model.record_id.in_(wanted)).options(joinedload(model.authority))
            records: Iterable[Any] = db.session.execute(statement).scalars()
            found |= {record.record_id: record for record in records}
    return found


def operator_count() -> int:
    """How many operators the register holds, natural persons left out."""
    return db.session.execute(
        select(func.count()).select_from(Operator).where(Operator.kind != OperatorKind.NATURAL_PERSON)
    ).scalar_one()


def data_as_of() -> datetime | None:
    """Newest completed intake of the sources; None where nothing was ever taken in."""
    return db.session.execute(
        select(func.max(ImportRun.finished_at)).where(ImportRun.state == ImportState.FINISHED)
    ).scalar_one()


def operator_of_record(record_id: str) -> Operator | None:
    """The operator that a record_id of the resource `operator` names; None for any other record and natural persons."""
    if ".operator." not in record_id:
        return None
    operator = db.session.execute(select(Operator).where(Operator.record_id == record_id)).scalar_one_or_none()
    if operator is None or operator.kind is OperatorKind.NATURAL_PERSON:
        return None
    return current_operator(operator)
