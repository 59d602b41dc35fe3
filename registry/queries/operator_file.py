"""Everything the register holds of one operator, as an officer of an area may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from models import InspectionResult, LedgerEntry, Matter, Operator, db
from registry.queries.exchange_node import this_node
from registry.queries.inspection_results import public_results_of
from registry.queries.operators import OperatorNotFound
from registry.queries.public_findings import findings_of
from registry.queries.records import MODELS, PublishedRecord
from registry.rules.penalty_procedure import OPEN, Stage, stage_of

SHOWN = 500
"""Records of one kind, and entries of one history: nobody reads more of them on one page."""


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """A record on an operator's file: where it stands, whether the public sees it now, whether it is the area's own.

    `is_foreign` where another node published it: only that node changes it, whoever decided.
    """

    record: PublishedRecord
    resource: str
    stage: Stage
    is_public: bool
    is_own: bool
    is_foreign: bool

    @property
    def day(self) -> date:
        """The day of the decision; of a mark, which has none, the day of marking; of a result, that of the inspection."""
        for name in ("decided_on", "listed_on"):
            if getattr(self.record, name, None) is not None:
                day: date = getattr(self.record, name)
                return day
        assert isinstance(self.record, InspectionResult)
        return self.record.inspected_on


def get_operator_by_key(operator_id: int) -> Operator:
    """The operator with this key, whoever it is; OperatorNotFound where there is none."""
    operator = db.session.get(Operator, operator_id)
    if operator is None:
        raise OperatorNotFound("There is no such operator.")
    return operator


def predecessors_of(operator: Operator) -> list[Operator]:
    """Operators whose codes lead to this one directly."""
    return list(
        db.session.execute(
            select(Operator).where(Operator.successor_id == operator.id).order_by(Operator.id).limit(SHOWN)
        ).scalars()
    )


def records_of(operator: Operator, authority_ids: Collection[int], day: date) -> list[FiledRecord]:
    """Records of these authorities in any state, of others only those the public sees on `day`; newest first."""
    public = {finding.record_id for finding in findings_of(operator.id, day)}
    public |= {result.record_id for result in public_results_of(operator.id, day)}
    found: list[FiledRecord] = []
    own = f"{this_node().node}."
    for resource, model in MODELS.items():
        visible = or_(model.authority_id.in_(authority_ids), model.record_id.in_(public))
        statement = select(model).where(model.operator_id == operator.id, visible).order_by(model.id.desc())
        records: Collection[Any] = (
            db.session.execute(statement.options(joinedload(model.authority)).limit(SHOWN)).scalars().all()
        )
        found += [
            FiledRecord(
                record,
                resource,
                stage_of(record.state, public_until=record.public_until, end_reason=record.end_reason, today=day),
                record.record_id in public,
                record.authority_id in authority_ids,
                not record.record_id.startswith(own),
            )
            for record in records
        ]
    return sorted(found, key=lambda each: (-each.day.toordinal(), each.record.record_id))


def histories_of(record_ids: Collection[str], *, after_revision: int = 0) -> dict[str, list[Any]]:
    """Sequence number, moment, action, actor and revision of the ledger entries of records, each in order, by record."""
    entries = db.session.execute(
        select(
            LedgerEntry.record_id,
            LedgerEntry.seq,
            LedgerEntry.recorded_at,
            LedgerEntry.action,
            LedgerEntry.actor,
            LedgerEntry.revision,
        )
        .where(LedgerEntry.record_id.in_(record_ids), LedgerEntry.revision > after_revision)
        .order_by(LedgerEntry.record_id, LedgerEntry.revision)
    )
    found: dict[str, list[Any]] = {}
    for entry in entries:
        found.setdefault(entry.record_id, []).append(entry)
    return found


def open_matters_of(operator: Operator, record_ids: Collection[str], authority_ids: Collection[int]) -> list[Matter]:
    """Open matters of the area about these records, and drafts of new ones that bear the operator's name."""
    about = or_(Matter.record_id.in_(record_ids), and_(Matter.record_id.is_(None), Matter.party_name == operator.name))
    return list(
        db.session.execute(
            select(Matter)
            .where(Matter.authority_id.in_(authority_ids), Matter.state.in_(OPEN), about)
            .options(joinedload(Matter.authority))
            .order_by(Matter.due_on.nulls_last(), Matter.id)
            .limit(SHOWN)
        ).scalars()
    )
