"""From draft to publication, correction, withdrawal: who, in which order, with what in register and ledger."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from models import LedgerEntry, Matter, MatterStep, Penalty, PublicFinding, db
from registry.queries.matters import get_matter
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action, MatterState, Subject
from registry.rules.record import EndReason, RecordState
from registry.services.matters import deciding, drafting, forms
from registry.services.matters.faults import (
    FormRefused,
    MatterMoved,
    MatterOpen,
    NotPublishable,
    ReasonMissing,
    SamePerson,
    StepNotAllowed,
)
from registry.transaction import transaction
from tests.factories import make_authority, make_operator
from tests.import_rows import identity_number
from tests.matters import DESK, FIRST, SECOND, THIRD, licence_form, penalty_form, person_form

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        yield


@pytest.fixture
def authority(database):
    return make_authority()


@pytest.fixture
def operator(database):
    return make_operator()


def draft(form, authority, *, subject=Subject.PENALTIES):
    with transaction():
        return drafting.open_entry(subject, form, authority=authority, desk=DESK, actor=FIRST)


def submit(matter, actor=FIRST, reason="按决定书录入"):
    with transaction():
        drafting.submit(matter, revision=matter.revision, reason=reason, desk=DESK, actor=actor)
    return matter


def decide(matter, action, actor=SECOND, reason="同意"):
    with transaction():
        deciding.decide(matter, action, revision=matter.revision, reason=reason, desk=DESK, actor=actor)
    return matter


def published(form, authority, **options):
    return decide(submit(draft(form, authority, **options)), Action.PUBLISH)


def actions(record_id):
    return db.session.execute(
        select(LedgerEntry.action, LedgerEntry.actor)
        .where(LedgerEntry.record_id == record_id)
        .order_by(LedgerEntry.seq)
    ).all()


def is_public(record_id):
    return db.session.execute(
        select(func.count()).select_from(PublicFinding).where(PublicFinding.record_id == record_id)
    ).scalar_one()


def test_a_draft_is_kept_however_incomplete_and_is_in_no_ledger(authority):
    before = db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()
    matter = draft({"document_no": "石长市监罚〔2026〕1号", "decided_on": "32 November"}, authority)
    assert forms.unseal(DESK.vault, matter.name, matter.form)["decided_on"] == "32 November"
    assert db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one() == before
    assert matter.record_id is None


def test_what_is_typed_lies_sealed(authority):
    matter = draft(person_form(identity_number()), authority)
    stored = bytes(db.session.execute(select(Matter.form).where(Matter.id == matter.id)).scalar_one())
    assert identity_number().encode() not in stored
    assert "建国" not in str(matter.party_name)


def test_entering_makes_a_record_that_is_not_public(authority, operator):
    matter = submit(draft(penalty_form(operator), authority))
    record = get_record(matter.record_id)
    assert (record.state, record.public_from, record.published_on) == (RecordState.PENDING, None, None)
    assert (matter.state, matter.due_on) == (MatterState.SUBMITTED, date(2026, 11, 19))
    assert actions(matter.record_id) == [("administrative_penalty.entered", "officer:zhang")]
    assert not is_public(matter.record_id)


def test_publication_follows_the_rules_of_the_decision(authority, operator):
    matter = published(penalty_form(operator), authority)
    record = get_record(matter.record_id)
    assert (record.state, record.rule_set) == (RecordState.IN_FORCE, "samr-2025-12-25")
    assert (record.public_from, record.public_until) == (date(2026, 11, 24), date(2027, 11, 10))
    assert (record.published_on, record.fine) == (date(2026, 11, 24), Decimal("20000.00"))
    assert actions(matter.record_id)[1:] == [("administrative_penalty.published", "officer:li")]
    assert is_public(matter.record_id)


def test_all_faults_are_told_at_once_and_nothing_is_entered(authority, operator):
    matter = draft(
        penalty_form(operator, uscc="91130102MA00000000", decided_on="2027-01-01", fine="", told=""), authority
    )
    with pytest.raises(FormRefused) as refusal, transaction():
        drafting.submit(matter, revision=matter.revision, reason="", desk=DESK, actor=FIRST)
    assert {(fault.field, fault.code) for fault in refusal.value.faults} == {
        ("uscc", "uscc_check"),
        ("decided_on", "date_future"),
        ("fine", "amount_missing"),
        ("told", "not_told"),
    }
    assert db.session.execute(select(func.count()).select_from(Penalty)).scalar_one() == 0


def test_a_decision_stands_once_however_its_number_is_bracketed(authority, operator):
    first = submit(draft(penalty_form(operator), authority))
    second = draft(penalty_form(operator, document_no="石长市监罚[2026]21号"), authority)
    with pytest.raises(FormRefused) as refusal:
        submit(second)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.params) == ("stands_already", {"record_id": first.record_id})


def test_an_unknown_organisation_is_not_entered_by_a_penalty(authority, operator):
    stranger = make_operator(name="石家庄安顺餐饮有限公司")
    form = penalty_form(stranger)
    db.session.delete(stranger)
    with pytest.raises(FormRefused) as refusal:
        submit(draft(form, authority))
    assert [fault.code for fault in refusal.value.faults] == ["operator_unknown"]


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.REFUSE_PUBLICITY, Action.SEND_BACK])
def test_nobody_decides_what_they_had_a_hand_in(authority, operator, action):
    matter = draft(penalty_form(operator), authority)
    with transaction():
        drafting.save(matter, penalty_form(operator, remark="x"), revision=matter.revision, desk=DESK, actor=THIRD)
    submit(matter, THIRD)
    for one in (FIRST, THIRD):
        with pytest.raises(SamePerson):
            decide(matter, action, one)
    assert get_record(matter.record_id).state is RecordState.PENDING
    decide(matter, action, SECOND)


def test_the_database_itself_refuses_one_person_in_both_parts(authority, operator):
    matter = submit(draft(penalty_form(operator), authority))
    with pytest.raises(Exception, match="ck_matter_two_persons"), db.session.begin_nested():
        db.session.execute(text("UPDATE matter SET decided_by = submitted_by WHERE id = :id"), {"id": matter.id})


def test_steps_cannot_be_rewritten_by_the_role_that_serves(authority, operator):
    matter = submit(draft(penalty_form(operator), authority))
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM matter_step WHERE matter_id = :id"), {"id": matter.id})


def test_a_warning_alone_is_kept_from_the_public_with_a_reason(authority, operator):
    form = penalty_form(operator, kinds="警告", content="警告", fine="")
    matter = submit(draft(form, authority))
    with pytest.raises(NotPublishable) as refusal:
        decide(matter, Action.PUBLISH)
    assert refusal.value.reason == "warning_only"
    db.session.refresh(matter)
    with pytest.raises(ReasonMissing):
        decide(matter, Action.REFUSE_PUBLICITY, reason=" ")
    decide(matter, Action.REFUSE_PUBLICITY, reason="仅警告，不予公示")
    record = get_record(matter.record_id)
    assert (record.state, record.end_statement) == (RecordState.NOT_PUBLISHABLE, "仅警告，不予公示")
    assert not is_public(matter.record_id)


def test_a_decision_on_a_minor_is_never_published(authority):
    matter = submit(draft(person_form(identity_number("20100307")), authority))
    with pytest.raises(NotPublishable) as refusal:
        decide(matter, Action.PUBLISH)
    assert refusal.value.reason == "party_under_age"


def test_sent_back_corrected_and_submitted_again(authority, operator):
    matter = submit(draft(penalty_form(operator), authority))
    decide(matter, Action.SEND_BACK, reason="罚款金额与决定书不符")
    assert matter.state is MatterState.RETURNED
    with transaction():
        drafting.save(
            matter,
            penalty_form(operator, fine="3", content="罚款30000元"),
            revision=matter.revision,
            desk=DESK,
            actor=FIRST,
        )
    submit(matter)
    decide(matter, Action.PUBLISH)
    record = get_record(matter.record_id)
    assert (record.fine, record.state) == (Decimal("30000.00"), RecordState.IN_FORCE)
    assert [action for action, _ in actions(matter.record_id)] == [
        "administrative_penalty.entered",
        "administrative_penalty.entered_again",
        "administrative_penalty.published",
    ]
    reasons = db.session.execute(
        select(MatterStep.reason).where(MatterStep.matter_id == matter.id, MatterStep.action == Action.SEND_BACK)
    ).scalars()
    assert list(reasons) == ["罚款金额与决定书不符"]


def correction(matter, **cells):
    record = get_record(matter.record_id)
    with transaction():
        opened = drafting.open_correction(record, desk=DESK, actor=FIRST)
    with transaction():
        typed = forms.unseal(DESK.vault, opened.name, opened.form) | cells
        drafting.save(opened, typed, revision=opened.revision, desk=DESK, actor=FIRST)
    return opened


def test_a_correction_needs_two_and_keeps_the_old_value_in_the_ledger(authority, operator):
    matter = published(penalty_form(operator), authority)
    record = get_record(matter.record_id)
    revision = record.revision
    opened = submit(correction(matter, fine="2.5", content="罚款25000元"))
    assert record.fine == Decimal("20000.00"), "nothing changes before the second officer"
    with pytest.raises(SamePerson):
        decide(opened, Action.CORRECT, FIRST)
    decide(opened, Action.CORRECT)
    db.session.refresh(record)
    assert (record.fine, record.revision) == (Decimal("25000.00"), revision + 1)
    assert (record.public_from, record.public_until) == (date(2026, 11, 24), date(2027, 11, 10))
    payloads = db.session.execute(
        select(LedgerEntry.payload).where(LedgerEntry.record_id == record.record_id).order_by(LedgerEntry.seq)
    ).scalars()
    assert ['"fine":"25000.00"' in bytes(payload).decode() for payload in payloads] == [False, False, True]


def test_a_correction_cannot_move_a_record_to_another_party(authority, operator):
    matter = published(penalty_form(operator), authority)
    other = make_operator(name="石家庄永信商贸有限公司")
    with pytest.raises(FormRefused) as refusal:
        submit(correction(matter, uscc=other.uscc, name=other.name))
    assert [fault.code for fault in refusal.value.faults] == ["other_party"]


def test_a_correction_that_would_end_publicity_is_a_withdrawal(authority, operator):
    matter = published(penalty_form(operator), authority)
    with pytest.raises(FormRefused) as refusal:
        submit(correction(matter, kinds="警告", content="警告", fine=""))
    assert [(fault.code, fault.params) for fault in refusal.value.faults] == [
        ("correction_hides", {"reason": "warning_only"})
    ]


def test_a_correction_that_changes_nothing_is_refused(authority, operator):
    matter = published(penalty_form(operator), authority)
    with pytest.raises(FormRefused) as refusal:
        submit(correction(matter))
    assert [fault.code for fault in refusal.value.faults] == ["correction_changes_nothing"]


def test_a_record_has_one_open_matter(authority, operator):
    matter = published(penalty_form(operator), authority)
    correction(matter)
    with pytest.raises(MatterOpen):
        correction(matter)


def test_withdrawal_tells_the_public_why(authority, operator):
    matter = published(penalty_form(operator), authority)
    with transaction():
        proposed = drafting.propose_withdrawal(
            get_record(matter.record_id), statement="处罚决定被依法撤销", reason=EndReason.DECISION_REVOKED,
            since=date(2026, 11, 23), desk=DESK, actor=FIRST,
        )  # fmt: skip
    assert proposed.due_on == date(2026, 11, 26)
    assert is_public(matter.record_id)
    with pytest.raises(SamePerson):
        decide(proposed, Action.WITHDRAW, FIRST)
    decide(proposed, Action.WITHDRAW)
    record = get_record(matter.record_id)
    assert (record.state, record.end_statement) == (RecordState.WITHDRAWN, "处罚决定被依法撤销")
    assert not is_public(matter.record_id)
    with pytest.raises(StepNotAllowed):
        drafting.open_correction(record, desk=DESK, actor=FIRST)


def test_who_saw_an_older_draft_is_told(authority, operator):
    matter = draft(penalty_form(operator), authority)
    seen = matter.revision
    with transaction():
        drafting.save(matter, penalty_form(operator), revision=seen, desk=DESK, actor=FIRST)
    with pytest.raises(MatterMoved) as late:
        drafting.save(matter, penalty_form(operator), revision=seen, desk=DESK, actor=THIRD)
    assert (late.value.matter_id, late.value.seen) == (matter.id, seen)


def test_a_masked_number_that_comes_back_stays_what_it_was(authority):
    matter = draft(person_form(identity_number()), authority)
    cells = forms.shown(forms.unseal(DESK.vault, matter.name, matter.form))
    assert cells["id_number"] == f"130{'*' * 11}{identity_number()[-4:]}"
    with transaction():
        drafting.save(matter, cells, revision=matter.revision, desk=DESK, actor=FIRST)
    assert forms.unseal(DESK.vault, matter.name, matter.form)["id_number"] == identity_number()
    record = get_record(decide(submit(matter), Action.PUBLISH).record_id)
    assert record.party_name == "欧阳*"
    assert "建国" not in record.facts


def test_a_licence_goes_the_same_way(authority, operator):
    matter = published(licence_form(operator), authority, subject=Subject.LICENCES)
    record = get_record(matter.record_id)
    assert (record.state, record.public_until) == (RecordState.IN_FORCE, date(2031, 11, 5))
    opened = submit(correction(matter, content="散装食品销售"))
    decide(opened, Action.CORRECT)
    db.session.refresh(record)
    assert record.content == "散装食品销售"


def test_a_matter_of_another_area_is_not_there(authority, operator):
    matter = draft(penalty_form(operator), authority)
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    assert get_matter(matter.id, [authority.id]) is matter
    assert get_matter(matter.id, [elsewhere.id]) is None


def test_pasted_codes_are_cleaned(authority, operator):
    spaced = f" {operator.uscc[:6]} {operator.uscc[6:]}　".lower()
    matter = draft(penalty_form(operator, uscc=spaced), authority)
    assert forms.unseal(DESK.vault, matter.name, matter.form)["uscc"] == operator.uscc


def test_only_fields_of_the_category_are_kept(authority, operator):
    matter = draft(person_form(identity_number(), uscc=operator.uscc, representative="张三丰"), authority)
    kept = forms.unseal(DESK.vault, matter.name, matter.form)
    assert {"uscc", "representative"}.isdisjoint(kept)
