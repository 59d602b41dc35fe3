"""The first officer's part: opening a matter, saving it at any completeness, submitting it, giving it up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from models import Authority, Licence, Matter, Penalty, db, violated_constraint
from registry.clock import now, today
from registry.ledger import Actor
from registry.queries.calendar import working_calendar
from registry.queries.matters import open_matter_about
from registry.queries.records import get_record
from registry.rules.operator import PartyCategory
from registry.rules.penalty_procedure import (
    WITH_A_FORM,
    Action,
    MatterKind,
    MatterState,
    Stage,
    Subject,
    can_be_proposed,
)
from registry.rules.record import EndReason
from registry.services import exports
from registry.services.imports.faults import Fault
from registry.services.imports.record_rows import RecordRow
from registry.services.matters import Desk, deadlines, forms, records
from registry.services.matters.faults import FormRefused, MatterOpen, StepNotAllowed, told_when_late
from registry.services.matters.forms import Cells
from registry.services.matters.records import Record
from registry.services.matters.steps import note, stage, step
from registry.services.record_ids import new_record_id


def open_entry(
    subject: Subject, posted: Mapping[str, str], *, authority: Authority, desk: Desk, actor: Actor
) -> Matter:
    """Begin a new record as a draft, whatever has been typed so far. The caller commits."""
    cells = forms.cleaned(subject, posted, {})
    matter = _new(subject, MatterKind.ENTRY, authority, desk, actor)
    _fill(matter, cells, desk)
    return _added(matter, actor)


def open_correction(record: Record, *, desk: Desk, actor: Actor) -> Matter:
    """Begin a correction of a public record: a draft that holds what the record says now. MatterOpen, StepNotAllowed."""
    matter = _about(record, MatterKind.CORRECTION, desk, actor)
    _fill(matter, cells_of(record, desk), desk)
    matter.due_on = _due(MatterKind.CORRECTION, record, today())
    return _added(matter, actor)


def propose_withdrawal(
    record: Record, *, statement: str, reason: EndReason, since: date, desk: Desk, actor: Actor
) -> Matter:
    """Propose that a public record be withdrawn. `statement` is what the public will read, `since` the day of revocation."""
    matter = _about(record, MatterKind.WITHDRAWAL, desk, actor)
    matter.statement, matter.end_reason = statement.strip(), reason
    matter.document_no, matter.document_no_key = record.document_no, record.document_no_key
    matter.party_name, matter.decided_on = record.party_name, record.decided_on
    matter.due_on = _due(MatterKind.WITHDRAWAL, record, since)
    _added(matter, actor)
    submit(matter, revision=matter.revision, reason=statement, desk=desk, actor=actor)
    return matter


def propose_shield(record: Record, *, lift: bool, ruling: str, desk: Desk, actor: Actor) -> Matter:
    """Propose to hide a record while a reorganisation is carried out, or to show it again. `ruling`: which court, which ruling."""
    matter = _about(record, MatterKind.LIFT_SHIELD if lift else MatterKind.SHIELD, desk, actor)
    matter.statement = ruling.strip()
    matter.document_no, matter.document_no_key = record.document_no, record.document_no_key
    matter.party_name, matter.decided_on = record.party_name, record.decided_on
    _added(matter, actor)
    submit(matter, revision=matter.revision, reason=ruling, desk=desk, actor=actor)
    return matter


def save(matter: Matter, posted: Mapping[str, str], *, revision: int, desk: Desk, actor: Actor) -> None:
    """Keep what has been typed, however incomplete. MatterMoved when another officer saved in between."""
    step(matter, Action.SUBMIT, revision=revision, stage=stage(matter))
    with told_when_late(matter.id, revision):
        _fill(matter, forms.cleaned(matter.subject, posted, forms.unseal(desk.vault, matter.name, matter.form)), desk)
        matter.changed_at = now()
    note(matter, None, actor, None)


def submit(matter: Matter, *, revision: int, reason: str, desk: Desk, actor: Actor) -> None:
    """Hand a matter to the second officer. FormRefused with all faults at once."""
    stands = stage(matter)
    transition = step(matter, Action.SUBMIT, revision=revision, stage=stands, reason=reason)
    row = checked(matter, desk) if matter.kind in WITH_A_FORM else None
    with told_when_late(matter.id, revision):  # the matter first: of two officers only one goes on
        matter.changed_at = now()
    if matter.kind is MatterKind.ENTRY and row is not None:
        _enter(matter, row, stands, desk, actor)
    elif matter.kind is MatterKind.CORRECTION and row is not None:
        record = about(matter)
        records.check_correction(record, row, desk=desk, actor=actor)
        if not records.changes(record, row) and not _other_person(record, row, desk):
            raise FormRefused([Fault("", "correction_changes_nothing")])
        matter.statement = reason.strip()
    with told_when_late(matter.id, matter.revision):
        matter.state = transition.matter_to or matter.state
        matter.submitted_by = str(actor)
    note(matter, Action.SUBMIT, actor, reason)


def discard(matter: Matter, *, revision: int, actor: Actor) -> None:
    """Give up a proposal that changed nothing yet."""
    transition = step(matter, Action.DISCARD, revision=revision, stage=stage(matter))
    with told_when_late(matter.id, revision):
        matter.state = transition.matter_to or matter.state
        matter.form = None
        matter.changed_at = now()
    note(matter, Action.DISCARD, actor, None)


def checked(matter: Matter, desk: Desk) -> RecordRow:
    """The matter's form as a sound row, by the rules of today. FormRefused with all faults."""
    cells = forms.unseal(desk.vault, matter.name, matter.form)
    reading = forms.read(matter.subject, cells, authority=matter.authority, vault=desk.vault, today=today())
    if reading.row is None:
        raise FormRefused(reading.refused)
    return reading.row


def about(matter: Matter) -> Record:
    """The record of a matter that has one."""
    record = get_record(matter.record_id or "")
    assert isinstance(record, Penalty | Licence)
    return record


def cells_of(record: Record, desk: Desk) -> Cells:
    """What a record says, as the cells of its form."""
    subject = records.subject_of(record)
    cells = exports.cells_of(subject.value, record)
    clear = {name: desk.vault.read(record.record_id, name, digest) for name, digest in record.personal.items()}
    cells |= {"category": forms.CATEGORY_WORDS[record.party_category], **clear}
    if record.party_category is not PartyCategory.NATURAL_PERSON:
        cells["doubt"] = record.operator.uscc_doubt or ""
        cells["name"] = record.party_name
        cells["representative_id_type"] = record.party_codes.get("representative_id_type", "")
    if isinstance(record, Penalty):
        cells |= {
            "valid_until": str(record.valid_until or ""),
            "declared_until": str(record.declared_until or ""),
            "restriction_until": str(record.restriction_until or ""),
            "severity": records.stated_severity(record) or "",
            "told": forms.TOLD,
        }
    cells["remark"] = record.remark or ""
    return forms.cleaned(subject, cells, {})


def _other_person(record: Record, row: RecordRow, desk: Desk) -> bool:
    held = {name: desk.vault.read(record.record_id, name, digest) for name, digest in record.personal.items()}
    return row.personal != held


def _enter(matter: Matter, row: RecordRow, stands: Stage | None, desk: Desk, actor: Actor) -> None:
    if stands is None:
        record = records.enter(matter.subject, row, authority=matter.authority, desk=desk, actor=actor)
        matter.record_id = record.record_id
    else:
        record = about(matter)
        records.enter_again(record, row, desk=desk, actor=actor)
    matter.record_revision = record.revision


def _new(subject: Subject, kind: MatterKind, authority: Authority, desk: Desk, actor: Actor) -> Matter:
    moment = now()
    return Matter(
        name=new_record_id(desk.node, "matter"),
        subject=subject,
        kind=kind,
        state=MatterState.DRAFT,
        authority=authority,
        opened_by=str(actor),
        opened_at=moment,
        changed_at=moment,
    )


def _about(record: Record, kind: MatterKind, desk: Desk, actor: Actor) -> Matter:
    if not can_be_proposed(kind, records.stage_of_record(record)):
        raise StepNotAllowed("A record at this stage can be neither corrected nor withdrawn.")
    standing = open_matter_about(record.record_id)
    if standing is not None:
        raise MatterOpen(standing.id)
    matter = _new(records.subject_of(record), kind, record.authority, desk, actor)
    matter.record_id, matter.record_revision = record.record_id, record.revision
    return matter


def _added(matter: Matter, actor: Actor) -> Matter:
    db.session.add(matter)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_matter_open":
            raise MatterOpen(None) from error
        raise
    note(matter, None, actor, None)
    return matter


def _fill(matter: Matter, cells: Cells, desk: Desk) -> None:
    matter.form = forms.seal(desk.vault, matter.name, cells)
    columns: dict[str, Any] = forms.summary(cells)
    for name, value in columns.items():
        setattr(matter, name, value)
    if matter.kind is MatterKind.ENTRY:
        matter.due_on = deadlines.due_on(
            matter.kind,
            matter.authority,
            since=matter.decided_on,
            decided_on=matter.decided_on,
            calendar=working_calendar(),
        )


def _due(kind: MatterKind, record: Record, since: date) -> date | None:
    return deadlines.due_on(
        kind, record.authority, since=since, decided_on=record.decided_on, calendar=working_calendar()
    )
