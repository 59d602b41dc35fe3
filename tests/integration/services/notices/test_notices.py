"""Notices: entered with their step, sent once, tried again with pauses, given up in the end; nothing personal outside."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
import structlog
from sqlalchemy import select, text

from models import IssuedDocument, Notice, NoticeState, OperatorContact, db
from registry.clock import now
from registry.ledger import Actor
from registry.notice_settings import NoticeSettings, SmsSettings
from registry.rules.documents import DocumentKind
from registry.rules.procedure import Actor as Part
from registry.services import notices
from registry.services.day.following import tell_parties
from registry.services.day.reminding import remind
from registry.services.notices import PAUSES, sending
from registry.services.notices.senders import FileOutbox
from registry.services.personal_values import erase
from registry.transaction import transaction
from tests.integration.services.day.test_reminding import make_case
from tests.matters import DESK

pytestmark = pytest.mark.usefixtures("database")

CONTACT = "13800005678"
GONE = NoticeSettings(None, SmsSettings("http://127.0.0.1:8399/", "sixteen-characters-at-least"))


def make_document(case):
    document = IssuedDocument(
        authority_id=case.authority_id,
        kind=DocumentKind.REMOVAL_DECISION,
        year=2026,
        number=1,
        sub_number=0,
        printed_no="石长市监异出〔2026〕第1号",
        title="移出经营异常名录决定书",
        proceeding_id=case.id,
        rule_set="samr-2025-12-25",
        body={},
        body_sha256=bytes(32),
        issued_on=date(2026, 10, 8),
        issued_at=now(),
    )
    db.session.add(document)
    db.session.flush()
    return document


@pytest.fixture
def case():
    with transaction():
        made = make_case()
        made.personal = {"contact": DESK.vault.put(made.record_id, "contact", CONTACT)}
    return made


@pytest.fixture
def settings(app, tmp_path):
    return replace(app.extensions["registry_settings"], data_dir=tmp_path)


def jobs():
    waiting = "SELECT args->>'notice_id' FROM procrastinate.procrastinate_jobs WHERE task_name = 'notice.send'"
    return [int(row) for row in db.session.execute(text(waiting)).scalars()]


def told(settings):
    folder = settings.data_dir / "outbox"
    return [json.loads(file.read_bytes()) for file in folder.iterdir()] if folder.exists() else []


def test_a_document_is_told_once_with_the_job_in_the_same_transaction(case, settings):
    with transaction():
        document = make_document(case)
        notice = notices.tell(case, document, desk=DESK)
        assert notices.tell(case, document, desk=DESK) is None
    assert jobs()[-1:] == [notice.id]
    assert sending.send(notice.id, settings=settings, desk=DESK) is NoticeState.SENT
    assert sending.send(notice.id, settings=settings, desk=DESK) is None, "it was sent"
    (file,) = told(settings)
    assert file["to"] == CONTACT
    assert "移出经营异常名录决定书" in file["text"]
    assert (notice.attempts, notice.result) == (1, "outbox")
    assert notice.sent_at is not None


def test_what_is_rolled_back_is_not_told(case):
    before = jobs()
    with suppress(RuntimeError), transaction():
        assert notices.tell(case, make_document(case), desk=DESK) is not None
        raise RuntimeError
    assert jobs() == before
    assert db.session.execute(select(Notice)).first() is None


def test_the_table_holds_neither_address_nor_text_in_clear(case):
    with transaction():
        notice = notices.tell(case, make_document(case), desk=DESK)
    assert CONTACT.encode() not in notice.address
    assert "决定书".encode() not in notice.content


def test_a_way_that_is_down_is_tried_again_with_growing_pauses_and_given_up(case, settings):
    down = replace(settings, notices=GONE)
    with transaction():
        notice = notices.tell(case, make_document(case), desk=DESK)
    with structlog.testing.capture_logs() as logs:
        for pause in PAUSES:
            tried_at = now()
            assert sending.send_due(settings=down, desk=DESK) == 1
            assert notice.state is NoticeState.WAITING
            assert pause <= notice.next_attempt_at - tried_at < pause + timedelta(minutes=1)
            assert sending.send_due(settings=down, desk=DESK) == 0, "its pause is not over"
            with transaction():
                notice.next_attempt_at = now()
        assert sending.send_due(settings=down, desk=DESK) == 1
    assert (notice.state, notice.attempts) == (NoticeState.GIVEN_UP, len(PAUSES) + 1)
    assert notice.result == "HTTP: ConnectionRefusedError"
    assert sending.send_due(settings=settings, desk=DESK) == 0
    assert logs
    assert CONTACT not in str(logs)


def test_a_crash_between_sending_and_noting_sends_again_under_the_same_reference(case, settings, monkeypatch):
    class Killed(BaseException):
        """The worker is gone."""

    with transaction():
        notice = notices.tell(case, make_document(case), desk=DESK)

    def sent_and_killed(outbox, message):
        really_send(outbox, message)
        raise Killed

    really_send = FileOutbox.send
    with monkeypatch.context() as patched:
        patched.setattr(FileOutbox, "send", sent_and_killed)
        with pytest.raises(Killed):
            sending.send(notice.id, settings=settings, desk=DESK)
    assert sending.send_due(settings=settings, desk=DESK) == 1
    assert len(told(settings)) == 1, "the second replaced the first"


def test_without_a_contact_nobody_is_told_and_an_erased_one_is_none(case):
    with transaction():
        erase(case.record_id)
        document = make_document(case)
        assert notices.tell(case, document, desk=DESK) is None
        case.personal = {}
        assert notices.tell(case, document, desk=DESK) is None


def test_the_operators_contact_serves_where_the_case_names_none(case, settings):
    with transaction():
        case.personal = {}
        notices.note_contact(case.operator, "boss@shop.example", actor=Actor("officer", "zhang"), desk=DESK)
        notices.note_contact(case.operator, "new@shop.example", actor=Actor("officer", "zhang"), desk=DESK)
        notices.tell(case, make_document(case), desk=DESK)
    assert len(db.session.execute(select(OperatorContact)).scalars().all()) == 1
    assert sending.send_due(settings=settings, desk=DESK) == 1
    assert [(file["channel"], file["to"]) for file in told(settings)] == [("email", "new@shop.example")]


def test_a_party_is_told_of_its_deadline_when_the_reminder_stands(case, settings):
    with transaction():
        case.asked_of = Part.PARTY
    assert tell_parties(DESK) == 0
    remind(date(2026, 9, 30))
    assert (tell_parties(DESK), tell_parties(DESK)) == (1, 0)
    sending.send_due(settings=settings, desk=DESK)
    assert "2026-10-08" in told(settings)[0]["text"]


def test_a_step_tells_of_the_documents_that_it_issued(case):
    before = now()
    with transaction():
        make_document(case)
        notices.tell_of_step(case, since=before, desk=DESK)
        notices.tell_of_step(case, since=now(), desk=DESK)
    (notice,) = db.session.execute(select(Notice)).scalars()
    assert notice.document_id is not None
