"""Messages of our own records: every kind in every state is one that our own rules for messages let in."""

from datetime import date
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select, update

from models import ExchangeMessage, ExchangeNode, Operator, Penalty, db
from registry import ledger
from registry.config import Settings
from registry.ledger import Actor
from registry.queries.records import get_record
from registry.rules.operator import OperatorKind, PartyCategory, RegistrationStatus
from registry.rules.record import EndReason, RecordState
from registry.services import publicity
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import own_messages
from sync.message import parse
from sync.rejections import Judge, Status, first_look
from sync.sealed import sent_as
from tests.factories import ACTOR, make_authority, make_licence, make_operator, make_penalty, make_violation_listing
from tests.matrix_records import DAY, Case, Kind, Stage, write_world

pytestmark = pytest.mark.usefixtures("database")

OPERATIONS = {
    Stage.PENDING: None,
    Stage.NOT_PUBLISHABLE: ("hold", None),
    Stage.IN_FORCE: ("publish", None),
    Stage.OBJECTION: ("publish", None),
    Stage.REPAIRED: ("end_publicity", "repaired"),
    Stage.EXPIRED: ("end_publicity", "expired"),
    Stage.REVOKED: ("withdraw", "decision_revoked"),
    Stage.SHIELDED: ("end_publicity", "shielded"),
    Stage.SHOWN_AGAIN: ("publish", None),
}
FOR_THE_KIND = {
    Kind.PENALTY: OperatorKind.ENTERPRISE,
    Kind.LICENCE: OperatorKind.ENTERPRISE,
    Kind.ABNORMAL: OperatorKind.ENTERPRISE,
    Kind.MARK: OperatorKind.HOUSEHOLD,
    Kind.VIOLATION: OperatorKind.ENTERPRISE,
    Kind.INSPECTION: OperatorKind.ENTERPRISE,
}


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["registry_settings"]
    return found


def messages_of(settings: Settings) -> dict[str, dict[str, Any]]:
    own_messages.catch_up(settings)
    rows = db.session.execute(select(ExchangeMessage).order_by(ExchangeMessage.position)).scalars()
    return {row.record_id: orjson.loads(sent_as(row)) for row in rows}


def faults_of(content: bytes) -> list[Any]:
    message = parse(content)
    found = first_look(message, origins={"130100"}, own="130000")
    outcome = Judge(today=DAY, standing={}, decisions={}).judge(message, found)
    return [] if outcome.status is Status.ACCEPTED else outcome.faults


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("kind", Kind)
def test_every_record_in_every_state_passes_our_own_rules(settings: Settings, kind: Kind, stage: Stage) -> None:
    vault = Vault.of(settings)
    with transaction():
        world = write_world(vault, [Case(kind, stage, -30, 200)], FOR_THE_KIND[kind], RegistrationStatus.REVOKED, -10)
        if kind is Kind.PENALTY:
            db.session.execute(update(Penalty).values(kinds_printed="罚款"))
    record_id = world.records[0].record_id
    if kind in {Kind.PENALTY, Kind.LICENCE} and stage in {Stage.IN_FORCE, Stage.PENDING, Stage.NOT_PUBLISHABLE}:
        with transaction():  # personal values were put in after the entry
            ledger.append("administrative_penalty.changed", record=get_record(record_id), actor=ACTOR)
    own_messages.catch_up(settings)
    row = db.session.get(ExchangeMessage, record_id)
    if OPERATIONS[stage] is None:
        assert row is None
        return
    assert row is not None
    assert (row.operation, row.reason) == OPERATIONS[stage]
    assert faults_of(sent_as(row)) == []
    operator = db.session.get(ExchangeMessage, world.operator.record_id)
    assert operator is not None
    assert faults_of(sent_as(operator)) == []


@pytest.mark.parametrize("held", [False, True])
def test_a_person_is_named_by_its_key_in_public_and_by_its_document_in_a_hold(settings: Settings, held: bool) -> None:
    vault = Vault.of(settings)
    number = "13010219900307001X"
    with transaction():
        person = make_operator(
            name="赵*", kind=OperatorKind.NATURAL_PERSON, code=None, person_key=vault.person_key("身份证", number)
        )
        person.uscc = None
        penalty = make_penalty(
            person,
            make_authority(),
            party_category=PartyCategory.NATURAL_PERSON,
            party_key=f"person:{person.person_key}",
            party_codes={"id_type": "身份证"},
            party_name="赵*",
            state=RecordState.NOT_PUBLISHABLE if held else RecordState.IN_FORCE,
            facts="当事人住址：石家庄市长安区中山东路1号，电话13800001234，身份证130102199003070010。",
        )
        penalty.personal = {"name": vault.put(penalty.record_id, "name", "赵隐名")} | {
            "id_number": vault.put(penalty.record_id, "id_number", number)
        }
        db.session.flush()
        ledger.append("administrative_penalty.changed", record=penalty, actor=ACTOR)
    said = messages_of(settings)[penalty.record_id]
    assert said["subject"]["person_key"] == person.person_key
    assert said["data"]["CF_XDR_MC"] == said["subject"]["name"] == ("赵隐名" if held else "赵*")
    if held:
        assert (said["data"]["CF_XDR_ZJLX"], said["data"]["CF_XDR_ZJHM"]) == ("身份证", number)
        return
    text = orjson.dumps(said).decode()
    assert not any(secret in text for secret in (number, "13800001234", "中山东路", "赵隐名"))
    assert faults_of(orjson.dumps(said)) == []


def test_amounts_are_in_ten_thousands_and_codes_are_those_of_the_standard(settings: Settings) -> None:
    from decimal import Decimal

    with transaction():
        authority = make_authority()
        penalty = make_penalty(make_operator(), authority, fine=Decimal("545.00"), content="罚款545元")
    said = messages_of(settings)[penalty.record_id]
    assert said["data"]["CF_NR_FK"] == "0.0545"
    assert said["data"]["CF_JDRQ"] == "2026-03-02"
    assert said["data"]["CF_CFJGDM"] == authority.uscc
    assert said["publicity"] == {
        "rule_set": "samr-2025-12-25",
        "basis": "decision_date",
        "from": "2026-03-02",
        "until": "2027-03-02",
    }


def test_a_message_is_made_once_a_revision_and_its_position_is_that_of_its_entry(settings: Settings) -> None:
    with transaction():
        penalty = make_penalty(make_operator(), make_authority())
    first = messages_of(settings)[penalty.record_id]
    db.session.get_one(ExchangeNode, "130100").messages_to = 0
    db.session.commit()
    assert messages_of(settings)[penalty.record_id] == first
    with transaction():
        publicity.end_publicity(penalty.record_id, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)
    reached = own_messages.catch_up(settings)
    row = db.session.get_one(ExchangeMessage, penalty.record_id)
    assert row.position == reached == own_messages.made_to()
    assert row.revision == first["revision"] + 1
    assert row.message_id.endswith(f".{row.position}")
    assert orjson.loads(sent_as(row))["data"] == {}


def test_what_a_peer_wrote_gives_no_message_of_ours(settings: Settings) -> None:
    with transaction():
        stub = make_operator()
        ledger.take_collected()
        ledger.append("operator.entered", record=stub, actor=Actor("peer", "130200"))
    assert messages_of(settings) == {}


def test_records_of_an_own_operator_that_moves_come_to_whom_they_begin_to_concern(settings: Settings) -> None:
    with transaction():
        one, authority = make_operator(region="130102"), make_authority()
        decided, listing = make_penalty(one, authority), make_violation_listing(one, authority)
    messages_of(settings)
    before, for_all = (db.session.get_one(ExchangeMessage, each.record_id).position for each in (decided, listing))
    with transaction():
        one.region = "130203"
        one.revision += 1
        db.session.flush()
        ledger.append("operator.changed", record=one, actor=ACTOR)
    changed = own_messages.catch_up(settings)
    row = db.session.get_one(ExchangeMessage, decided.record_id, populate_existing=True)
    assert set(row.concerns) == {"1301", "1302"}
    assert before < changed < row.position
    standing = db.session.get_one(ExchangeMessage, listing.record_id, populate_existing=True)
    assert (standing.position, set(standing.concerns)) == (for_all, {"*", "1301"})  # it concerned every node before
    assert own_messages.catch_up(settings) == own_messages.catch_up(settings) == row.position


def test_a_region_without_a_code_of_its_own_goes_under_the_one_above(settings: Settings) -> None:
    with transaction():
        one = make_operator(region="1301A1")
        other = make_operator(region=None)
        listing = make_violation_listing(one, make_authority())
        make_licence(other, make_authority())
    said = messages_of(settings)
    assert said[one.record_id]["subject"]["region"] == "130123"
    assert said[other.record_id]["subject"]["region"] == "130100"
    row = db.session.get_one(ExchangeMessage, listing.record_id)
    assert set(row.concerns) == {"*", "1301"}
    assert db.session.execute(select(Operator.region).where(Operator.id == one.id)).scalar_one() == "1301A1"
