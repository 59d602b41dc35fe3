"""What a decided matter does to its record: enters it, publishes it, corrects it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import Authority, Licence, Operator, Penalty, db, violated_constraint
from registry import ledger
from registry.clock import now, today
from registry.ledger import Actor
from registry.ledger.content import TYPE_OF, content_columns
from registry.queries.operators import current_operator
from registry.rules.local_settings import LocalSettings
from registry.rules.operator import OperatorKind
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.penalty_procedure import Stage, Subject, stage_of
from registry.rules.publicity import severity_of
from registry.rules.record import RecordState
from registry.rules.rule_sets import Severity, rule_set_for
from registry.services import operators
from registry.services.imports.faults import Fault, RowRefused
from registry.services.imports.operator_entry import find_parties
from registry.services.imports.record_kinds import LicenceKindOfRecord, PenaltyKindOfRecord
from registry.services.imports.record_law import RecordKind, law_of_revision
from registry.services.imports.record_rows import RecordRow
from registry.services.matters import Desk
from registry.services.matters.faults import FormRefused, NotPublishable
from registry.services.record_ids import new_record_id

Record = Penalty | Licence

_MODELS: dict[Subject, type[Record]] = {Subject.PENALTIES: Penalty, Subject.LICENCES: Licence}
_PENALTIES, _LICENCES = PenaltyKindOfRecord(), LicenceKindOfRecord()
_KEPT = ("end_reason", "end_statement", "ended_on", "personal")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record, before and after."""

    key: str
    old: Any
    new: Any


def model_of(subject: Subject) -> type[Record]:
    """The table of a subject."""
    return _MODELS[subject]


def subject_of(record: Record) -> Subject:
    """Which subject a record belongs to."""
    return Subject.PENALTIES if isinstance(record, Penalty) else Subject.LICENCES


def stage_of_record(record: Record) -> Stage:
    """Where a record stands in the machine today."""
    return stage_of(record.state, public_until=record.public_until, end_reason=record.end_reason, today=today())


def enter(subject: Subject, row: RecordRow, *, authority: Authority, desk: Desk, actor: Actor) -> Record:
    """Enter a checked form as a record that is not public (D0). FormRefused with what the register says against it."""
    operator = _operator(row, desk, actor, may_enter=True)
    _refuse_duplicate(subject, row, authority, None)
    model = _MODELS[subject]
    record_id = new_record_id(desk.node, TYPE_OF[model])
    columns = _columns(subject, row, authority, today())
    columns["personal"] = {name: desk.vault.put(record_id, name, value) for name, value in sorted(row.personal.items())}
    record = model(
        record_id=record_id,
        recorded_at=now(),
        operator=operator,
        authority=authority,
        **columns,
        **_kind(subject).derived(row),
    )
    db.session.add(record)
    _flush(record, "entered", actor)
    return record


def enter_again(record: Record, row: RecordRow, *, desk: Desk, actor: Actor) -> None:
    """Take a returned form into the record that was entered with it."""
    subject = subject_of(record)
    _refuse_duplicate(subject, row, record.authority, record)
    record.operator = _operator(row, desk, actor, may_enter=True)
    _assign(record, row, _columns(subject, row, record.authority, today()), desk)
    _flush(record, "entered_again", actor)


def publish(record: Record, row: RecordRow, *, actor: Actor) -> None:
    """Make an entered record public by the rules of its decision's day (D2). NotPublishable where they forbid it."""
    day = today()
    law = _law(record, row, published_on=day)
    if law["state"] is not RecordState.IN_FORCE:
        raise NotPublishable(reason_not_public(record, row, day))
    for name, value in law.items():
        setattr(record, name, value)
    record.recorded_at = now()
    _flush(record, "published", actor)


def refuse_publicity(record: Record, *, reason: str, actor: Actor) -> None:
    """Keep an entered record from the public for good (D1n); the reason is for those who may see the record."""
    record.state = RecordState.NOT_PUBLISHABLE
    record.end_statement = reason
    record.recorded_at = now()
    _flush(record, "not_publishable", actor)


def correct(record: Record, row: RecordRow, *, desk: Desk, actor: Actor) -> None:
    """Put a corrected form in the place of what was published; the ledger keeps what it was. FormRefused."""
    law = check_correction(record, row, desk=desk, actor=actor)
    columns = dict.fromkeys(content_columns(TYPE_OF[type(record)])) | row.columns | law
    _assign(record, row, columns, desk)
    _flush(record, "corrected", actor)


def check_correction(record: Record, row: RecordRow, *, desk: Desk, actor: Actor) -> dict[str, Any]:
    """The interval after a correction. FormRefused when it names another party, doubles a record or ends publicity."""
    if _operator(row, desk, actor, may_enter=False) is not current_operator(record.operator):
        raise FormRefused([Fault("name", "other_party")])
    _refuse_duplicate(subject_of(record), row, record.authority, record)
    law = _revised(record, row)
    if law["state"] is not RecordState.IN_FORCE:
        reason = reason_not_public(record, row, today())
        raise FormRefused([Fault("", "correction_hides", {"reason": reason})])
    return law


def changes(record: Record, row: RecordRow) -> list[Change]:
    """What a form would change of a record, in the order of its columns; personal values only by name."""
    found = []
    for name, value in row.columns.items():
        old = getattr(record, name, None)
        if old != value:
            found.append(Change(name, old, value))
    return found


def reason_not_public(record: Record, row: RecordRow, day: date) -> str | None:
    """Why the rules keep a record from the public, for programs; None where they do not."""
    if isinstance(record, Licence):
        return None if record.current_status == "1" else "not_valid"
    columns = dict.fromkeys(content_columns(TYPE_OF[Penalty])) | row.columns | {"published_on": day}
    return _PENALTIES.law(row, columns, record.authority, day)[0].reason_not_published


def forecast(subject: Subject, row: RecordRow, authority: Authority, day: date) -> dict[str, Any]:
    """Interval, rule set and class that publication on this day would give. FormRefused where a rule refuses."""
    columns = dict.fromkeys(content_columns(TYPE_OF[_MODELS[subject]])) | row.columns | {"published_on": day}
    return _by_law(subject, row, columns, authority, day)


def stated_severity(penalty: Penalty) -> Severity | None:
    """The class of a penalty where it is not simply the one that follows from its kinds."""
    follows = severity_of(
        [PenaltyKind(kind) for kind in penalty.kinds],
        fine=penalty.fine,
        party_category=penalty.party_category,
        summary_procedure=False,
        rule_set=rule_set_for(penalty.authority.regime, penalty.decided_on),
        local=LocalSettings.of(penalty.authority.settings),
    )
    return None if penalty.severity is follows else penalty.severity


def find_standing(subject: Subject, authority_id: int, document_no_key: str) -> list[Record]:
    """Records of an authority with this normalised number: one document can punish several parties."""
    model: Any = _MODELS[subject]
    return list(
        db.session.execute(
            select(model)
            .where(model.authority_id == authority_id, model.document_no_key == document_no_key)
            .order_by(model.id)
            .limit(10)
        ).scalars()
    )


def _kind(subject: Subject) -> Any:
    return _PENALTIES if subject is Subject.PENALTIES else _LICENCES


def _columns(subject: Subject, row: RecordRow, authority: Authority, day: date) -> dict[str, Any]:
    """The columns of a record that is not public yet."""
    columns = dict.fromkeys(content_columns(TYPE_OF[_MODELS[subject]])) | row.columns
    law = forecast(subject, row, authority, day)
    pending = {"state": RecordState.PENDING, "public_from": None, "public_until": None}
    if subject is Subject.PENALTIES:
        pending["published_on"] = None
    return columns | law | pending


def _law(record: Record, row: RecordRow, *, published_on: date | None) -> dict[str, Any]:
    subject = subject_of(record)
    columns = dict.fromkeys(content_columns(TYPE_OF[type(record)])) | row.columns | {"published_on": published_on}
    return _by_law(subject, row, columns, record.authority, today())


def _revised(record: Record, row: RecordRow) -> dict[str, Any]:
    standing = {name: getattr(record, name) for name in content_columns(TYPE_OF[type(record)])}
    columns = dict.fromkeys(standing) | row.columns
    if isinstance(record, Penalty):
        columns["published_on"] = record.published_on
    kind: RecordKind = _kind(subject_of(record))
    with _refusals_in_forms():
        return law_of_revision(kind, row, columns, standing=standing, authority=record.authority, today=today())


def _by_law(
    subject: Subject, row: RecordRow, columns: dict[str, Any], authority: Authority, day: date
) -> dict[str, Any]:
    with _refusals_in_forms():
        law: dict[str, Any] = _kind(subject).publicity(row, columns, authority, day)
    return law


@contextmanager
def _refusals_in_forms() -> Iterator[None]:
    try:
        yield
    except RowRefused as refusal:
        raise FormRefused([refusal.fault]) from refusal


def _assign(record: Record, row: RecordRow, columns: Mapping[str, Any], desk: Desk) -> None:
    for name, value in columns.items():
        if name not in _KEPT:
            setattr(record, name, value)
    for name, value in _kind(subject_of(record)).derived(row).items():
        setattr(record, name, value)
    held = record.personal
    digests = {}
    for name, value in sorted(row.personal.items()):
        same = name in held and desk.vault.read(record.record_id, name, held[name]) == value
        digests[name] = held[name] if same else desk.vault.put(record.record_id, name, value)
    record.personal = digests
    record.recorded_at = now()


def _operator(row: RecordRow, desk: Desk, actor: Actor, *, may_enter: bool) -> Operator:
    """Whom the form is about. A stranger is entered only where nobody can be registered: a natural person."""
    found = find_parties([row.party]).get(row.party.key, [])
    if len(found) > 1:
        raise FormRefused([Fault("registration_no", "several_operators", {"count": len(found)})])
    if found:
        return current_operator(db.session.get_one(Operator, found[0].id))
    if may_enter and row.party.kind is OperatorKind.NATURAL_PERSON:
        person = {"person_key": row.party.person_key}
        return operators.enter(
            node=desk.node, name=row.party.name, kind=OperatorKind.NATURAL_PERSON, actor=actor, **person
        )
    raise FormRefused([Fault("uscc" if row.party.uscc else "registration_no", "operator_unknown")])


def _refuse_duplicate(subject: Subject, row: RecordRow, authority: Authority, itself: Record | None) -> None:
    model: Any = _MODELS[subject]
    same = select(model.record_id).where(model.authority_id == authority.id, model.party_key == row.party.key)
    for name, value in _kind(subject).derived(row).items():
        same = same.where(getattr(model, name) == value)
    if itself is not None:
        same = same.where(model.id != itself.id)
    found = db.session.execute(same).scalar_one_or_none()
    if found is not None:
        raise _doubled(found)


def _doubled(record_id: str) -> FormRefused:
    return FormRefused([Fault("document_no", "stands_already", {"record_id": record_id})])


def _flush(record: Record, verb: str, actor: Actor) -> None:
    """Write, and enter the change in the ledger. Of two that enter one decision at once the second is told."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) in {"uq_penalty_decision", "uq_licence_decision"}:
            raise _doubled("-") from error
        raise
    ledger.append(f"{TYPE_OF[type(record)]}.{verb}", record=record, actor=actor)
