"""Records of every kind in every state, written as the services write them, each with a word of its own in all its texts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from hypothesis import strategies as st

from models import Announcement, Authority, Operator, db
from registry.clock import now
from registry.queries.records import PublishedRecord
from registry.rules.announcements import AnnouncementKind, AnnouncementState
from registry.rules.operator import OperatorKind, PartyCategory, RegistrationStatus
from registry.rules.record import EndReason, RecordState
from registry.services import publicity
from registry.services.personal_values import Vault
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_inspection_result,
    make_licence,
    make_operator,
    make_penalty,
    make_uscc,
    make_violation_listing,
)
from tests.public_outputs import Sought

DAY = date(2026, 11, 24)

_serial = count(1)


class Kind(StrEnum):
    """Records that the public may see at times."""

    PENALTY = "penalty"
    LICENCE = "licence"
    ABNORMAL = "abnormal listing"
    MARK = "household mark"
    VIOLATION = "violation listing"
    INSPECTION = "inspection result"


class Stage(StrEnum):
    """Columns of the matrix; whether a record ran out, or is still to come, is its interval's affair."""

    PENDING = "pending"
    NOT_PUBLISHABLE = "not publishable"
    IN_FORCE = "in force"
    OBJECTION = "objection open"
    REPAIRED = "repaired"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SHIELDED = "shielded"
    SHOWN_AGAIN = "shown again"


SHOWN = {Stage.IN_FORCE, Stage.OBJECTION, Stage.SHOWN_AGAIN}
NEVER_SHOWN = {Stage.PENDING: RecordState.PENDING, Stage.NOT_PUBLISHABLE: RecordState.NOT_PUBLISHABLE}
LISTS = {Kind.ABNORMAL, Kind.MARK, Kind.VIOLATION}


@dataclass(frozen=True, slots=True)
class Case:
    """One record: its kind, its stage, and its interval in days from the day on which it is looked for."""

    kind: Kind
    stage: Stage
    first: int
    end: int | None

    @property
    def public(self) -> bool:
        """The matrix: ✔ for what is in force, contested or not, within its interval; – for everything else."""
        return self.stage in SHOWN and self.first <= 0 and (self.end is None or self.end > 0)


@dataclass(frozen=True, slots=True)
class Written:
    """A case as it stands in the register, with the word that every text and number of it holds."""

    case: Case
    record_id: str
    word: str
    statement: str


@dataclass(frozen=True, slots=True)
class World:
    """One operator with its records, and what nobody outside may ever read of it."""

    operator: Operator
    sought: Sought
    records: tuple[Written, ...]
    secrets: tuple[str, ...]

    @property
    def is_person(self) -> bool:
        """A natural person has no page, no status and no report."""
        return self.operator.kind is OperatorKind.NATURAL_PERSON


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A record whose interval begins or ends around the day."""
    first = draw(st.sampled_from((-700, -30, -1, 0, 0, 1, 3)))
    end = draw(st.one_of(st.none(), st.sampled_from((-29, -1, 0, 1, 2, 400)).filter(lambda day: day > first)))
    return Case(draw(st.sampled_from(Kind)), draw(st.sampled_from(Stage)), first, end)


def write_world(vault: Vault, drawn: list[Case], kind: OperatorKind, status: RegistrationStatus, since: int) -> World:
    """An operator with these records, each written and changed as services do it. The caller commits."""
    number = next(_serial)
    person = kind is OperatorKind.NATURAL_PERSON
    identity, name, phone = f"13010219900307{number:04d}", f"赵隐名{number:04d}", f"1380000{number:04d}"
    person_key = vault.person_key("111", identity)
    operator = make_operator(
        name=f"赵*（{number}）" if person else f"石家庄可见性第{number}号商行",
        kind=kind,
        code=None if person else make_uscc("92" if kind is OperatorKind.HOUSEHOLD else "91"),
        registration_status=RegistrationStatus.ACTIVE if person else status,
        status_on=None if person else DAY + timedelta(since),
        **({"person_key": person_key} if person else {}),
    )
    records = tuple(_write(operator, case, vault, (identity, name, phone)) for case in drawn)
    digests = [digest for record in records for digest in _digests(record[1])]
    written = tuple(record[0] for record in records)
    words = (*(each.word for each in written), name, identity)
    sought = Sought(operator.uscc or "", operator.name, tuple(each.record_id for each in written), words)
    return World(operator, sought, written, (identity, name, phone, person_key, *digests))


def _digests(record: PublishedRecord) -> list[str]:
    return list(getattr(record, "personal", {}).values())


def _write(
    operator: Operator, case: Case, vault: Vault, personal: tuple[str, str, str]
) -> tuple[Written, PublishedRecord]:
    number = next(_serial)
    word = f"ZX{number:06d}Q"
    first, end = DAY + timedelta(case.first), None if case.end is None else DAY + timedelta(case.end)
    columns: dict[str, Any] = {
        "state": NEVER_SHOWN.get(case.stage, RecordState.IN_FORCE),
        "public_from": None if case.stage in NEVER_SHOWN else first,
        "public_until": end,
        "legal_basis": f"依据{word}",
        "facts": f"事实{word}",
    }
    authority = make_authority(name=f"石家庄{word}监督管理局")
    decided = min(first, DAY)
    party = {
        "party_category": PartyCategory.NATURAL_PERSON
        if operator.kind is OperatorKind.NATURAL_PERSON
        else PartyCategory.ORGANISATION,
        "party_key": operator.uscc or f"person:{operator.person_key}",
        "document_no": f"石监〔2026〕{word}号",
        "document_no_key": f"石监〔2026〕{word}号",
        "content": f"内容{word}",
        "remark": f"备注{word}",
        "decided_on": decided,
    }
    record: PublishedRecord
    match case.kind:
        case Kind.PENALTY:
            record = make_penalty(
                operator, authority, **columns, **party, unlawful_act=f"行为{word}", kinds_printed=f"罚款{word}"
            )
        case Kind.LICENCE:
            del columns["facts"], columns["legal_basis"]
            record = make_licence(
                operator,
                authority,
                **columns,
                **party,
                certificate_name=f"证书{word}",
                document_title=f"决定书{word}",
                licence_no=f"JY{word}",
                licence_no_key=f"JY{word}",
            )
        case Kind.ABNORMAL:
            columns |= {"reason_text": f"原因{word}", "report_year": 2000 + number, "decision_no": f"异入{word}号"}
            record = make_abnormal_listing(operator, authority, listed_on=decided, **columns)
        case Kind.MARK:
            columns |= {"reason_text": f"原因{word}", "report_year": 2000 + number}
            record = make_household_mark(operator, authority, listed_on=decided, **columns)
        case Kind.VIOLATION:
            columns |= {
                "reason_text": f"原因{word}",
                "decision_no": f"列严{word}号",
                "decision_no_key": f"列严{word}号",
            }
            measures = [{"code": "44-15-2", "title": f"措施{word}", "legal_basis": f"第{word}条"}]
            record = make_violation_listing(operator, authority, listed_on=decided, measures=measures, **columns)
        case Kind.INSPECTION:
            del columns["facts"], columns["legal_basis"]
            columns |= {"task": f"任务{word}", "result": f"结果{word}", "linked_record_id": f"130100.penalty.{word}"}
            record = make_inspection_result(operator, authority, inspected_on=decided, **columns)
    if case.kind in {Kind.PENALTY, Kind.LICENCE}:
        named = zip(("identity_number", "name", "phone"), personal, strict=True)
        record.personal = {name: vault.put(record.record_id, name, value) for name, value in named}  # type: ignore[union-attr]
    statement = f"撤回{word[::-1]}"
    _bring_to(case.stage, record.record_id, statement)
    _announce(authority, record.record_id, word)
    return Written(case, record.record_id, word, statement), record


def _announce(authority: Authority, record_id: str, word: str) -> None:
    """An announcement that rests on a record, published while it was public."""
    db.session.add(
        Announcement(
            kind=AnnouncementKind.OTHER,
            state=AnnouncementState.PUBLISHED,
            title=f"公告{word}",
            body=f"公告正文{word}",
            authority=authority,
            record_ids=[record_id],
            drafted_by="officer:zhang",
            drafted_at=now(),
            published_by="officer:li",
            published_on=DAY,
            withdrawal_reason=None,
        )
    )


def _bring_to(stage: Stage, record_id: str, statement: str) -> None:
    match stage:
        case Stage.OBJECTION:
            publicity.mark_objection(record_id, actor=ACTOR)
        case Stage.REPAIRED:
            publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)
        case Stage.EXPIRED:
            publicity.end_publicity(record_id, reason=EndReason.EXPIRED, on=DAY, actor=ACTOR)
        case Stage.REVOKED:
            reason = EndReason.DECISION_REVOKED
            publicity.withdraw(record_id, statement=statement, reason=reason, on=DAY, actor=ACTOR)
        case Stage.SHIELDED | Stage.SHOWN_AGAIN:
            publicity.shield(record_id, on=DAY, actor=ACTOR)
            if stage is Stage.SHOWN_AGAIN:
                publicity.lift_shield(record_id, actor=ACTOR)
