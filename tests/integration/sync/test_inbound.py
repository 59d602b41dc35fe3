"""What a peer's messages do to the register: records of their origin, read-only here, ended and erased by their origin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from models import ExchangeMessage, MessageState, Operator, Penalty, ViolationListing, db
from registry import ledger
from registry.ledger import Actor
from registry.queries.inspection_results import public_results_of
from registry.queries.records import get_record
from registry.rules.inspections import InspectionKind, ResultCode
from registry.rules.operator import OperatorKind
from registry.rules.record import EndReason, RecordState
from registry.services import api_clients, operators, publicity, rebuild
from registry.services.api_clients import Scope
from registry.transaction import transaction
from sync import settling
from sync.sealed import sent_as
from tests.exchange_messages import (
    abnormal,
    ended,
    licence,
    line,
    message,
    operator,
    penalty,
    revised,
    signed,
    violation,
)
from tests.exchange_nodes import Partner, node
from tests.factories import make_uscc


@pytest.fixture(scope="module")
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


_nodes = iter(f"13{number:04d}" for number in range(1000, 9000, 100))


@pytest.fixture
def partner(province: Flask) -> Partner:
    return Partner(province, next(_nodes))


@pytest.fixture(autouse=True)
def _in_context(province: Flask) -> Iterator[None]:
    with province.app_context():
        yield


def kept(record: dict[str, Any]) -> ExchangeMessage:
    db.session.rollback()
    found = db.session.get(ExchangeMessage, record["record_id"])
    assert found is not None
    return found


def row(record: dict[str, Any], model: Any = Penalty) -> Any:
    return db.session.execute(db.select(model).where(model.record_id == record["record_id"])).scalar_one_or_none()


def check_rebuild() -> None:
    db.session.rollback()
    found = rebuild.check(lambda _: None)
    assert [(each.record_id, each.what) for each in found.differences] == []


def test_a_penalty_becomes_a_record_with_its_interval_and_a_stub(partner):
    sent = penalty(origin=partner.node)
    partner.send(sent)
    message_kept = kept(sent)
    assert message_kept.state is MessageState.APPLIED
    found = row(sent)
    assert (found.revision, found.fine, found.confiscated) == (1, 5000, 300)
    assert (str(found.public_from), str(found.public_until)) == ("2026-03-02", "2027-03-02")
    assert found.operator.uscc == sent["subject"]["uscc"]
    assert found.operator.record_id.startswith("130000.operator.")
    assert found.operator.region == "130202"
    position = db.session.execute(
        db.text("SELECT seq FROM ledger_entry WHERE record_id = :id"), {"id": sent["record_id"]}
    ).scalar_one()
    assert message_kept.position == position
    check_rebuild()


def test_the_message_is_kept_to_the_byte(partner):
    sent = signed({**penalty(origin=partner.node), "unknown": {"b": 1.5, "名": None}})
    partner.send(sent)
    assert sent_as(kept(sent)) == line(sent)[:-1]


@pytest.mark.parametrize(
    "make",
    [
        licence,
        violation,
        abnormal,
        lambda **changes: abnormal(resource="household_mark", uscc=make_uscc("92", "130202"),
                                   subject={"category": "household"}, **changes),
    ],
)  # fmt: skip
def test_every_kind_of_record_is_applied_changed_and_ended(partner, make):
    first = make(origin=partner.node)
    assert partner.send(first)["accepted"] == 1
    assert kept(first).state is MessageState.APPLIED
    model = {m.__tablename__: m for m in db.Model.__subclasses__()}[
        {"administrative_licence": "licence"}.get(first["resource"], first["resource"])
    ]
    assert row(first, model).state == "in_force"
    second = revised(first, data={**first["data"], "reason": "换了说法", "XK_NR": "食品制售"})
    partner.send(second)
    changed = row(second, model)
    assert changed.revision == 2
    assert "换了说法" in (getattr(changed, "reason_text", ""), "换了说法" if changed.__tablename__ == "licence" else "")
    partner.send(ended(second), chain="urgent")
    db.session.rollback()
    over = row(second, model)
    assert (over.state, over.end_reason, over.revision) == ("ended", "repaired", 3)
    assert getattr(over, "reason_text", getattr(over, "content", None)) == ""
    check_rebuild()


@pytest.mark.parametrize(
    ("operation", "reason", "state"),
    [
        ("end_publicity", "repaired", "ended"),
        ("end_publicity", "shielded", "shielded"),
        ("end_publicity", "banana", "ended"),
        ("withdraw", "decision_revoked", "withdrawn"),
        ("withdraw", "other", "withdrawn"),
    ],
)
def test_an_end_erases_what_was_said(partner, operation, reason, state):
    first = penalty(origin=partner.node)
    partner.send(first)
    last = revised(first, operation=operation, reason=reason, data={})
    assert partner.send(last, chain="urgent")["accepted"] == 1
    db.session.rollback()
    found = row(first)
    assert found.state == state
    tombstone = reason != "banana"
    assert (found.facts == "", found.content == "", found.fine is None) == (tombstone,) * 3
    assert kept(first).operation == operation
    findings = db.session.execute(
        db.text("SELECT count(*) FROM public_finding WHERE record_id = :id"), {"id": first["record_id"]}
    )
    assert findings.scalar_one() == 0
    check_rebuild()


def test_an_expired_record_keeps_its_data_and_a_later_revision_revives_it(partner):
    first = penalty(origin=partner.node)
    partner.send(first)
    expired = revised(first, operation="end_publicity", reason="expired")
    partner.send(expired)
    db.session.rollback()
    assert (row(first).state, row(first).facts) == ("ended", first["data"]["CF_SY"])
    again = revised(expired, operation="publish", reason=None)
    partner.send(again)
    db.session.rollback()
    assert row(first).state == "in_force"


def test_an_end_that_says_nonsense_still_ends(partner):
    first = penalty(origin=partner.node)
    partner.send(first)
    last = revised(
        first, operation="end_publicity", reason="expired", data={"CF_CFLB": ["罚款"], "removed_on": {}},
        subject={"uscc": "no code", "category": "cat", "region": "x", "name": None},
    )  # fmt: skip
    assert partner.send(last, chain="urgent")["accepted"] == 1
    db.session.rollback()
    assert row(first).state == "ended"


def test_an_end_of_what_is_not_here_is_kept(partner):
    last = ended(penalty(origin=partner.node))
    assert partner.send(last)["accepted"] == 1
    assert kept(last).state is MessageState.KEPT
    assert row(last) is None


def test_a_held_record_is_here_and_not_public(partner):
    sent = penalty(origin=partner.node, operation="hold", publicity=None)
    sent = signed({**sent, "publicity": None})
    assert partner.send(sent)["accepted"] == 1
    db.session.rollback()
    assert (row(sent).state, row(sent).public_from) == ("not_publishable", None)


def test_an_old_revision_after_a_new_one_changes_nothing(partner):
    first = penalty(origin=partner.node)
    second = revised(first, data={**first["data"], "CF_NR": "罚款0.5万元。"})
    receipt = partner.send(second, first)
    assert (receipt["accepted"], receipt["superseded"]) == (1, 1)
    assert row(first).content == "罚款0.5万元。"


def test_the_same_decision_of_two_origins_is_linked_and_never_doubled(partner, province):
    first = penalty(origin=partner.node)
    partner.send(first)
    other = Partner(province, next(_nodes))
    second = penalty(origin=other.node, uscc=first["subject"]["uscc"], data={
        **first["data"], "CF_WSH": first["data"]["CF_WSH"].replace("〔", "[").replace("〕", "]"),
    }, subject={"name": first["subject"]["name"]})  # fmt: skip
    assert other.send(second)["accepted"] == 1
    linked = kept(second)
    assert (linked.state, linked.same_as) == (MessageState.LINKED, first["record_id"])
    assert row(second) is None
    check_rebuild()


def test_one_origin_says_a_decision_once(partner):
    first = penalty(origin=partner.node)
    again = penalty(origin=partner.node, uscc=first["subject"]["uscc"], data=first["data"],
                    subject={"name": first["subject"]["name"]})  # fmt: skip
    for receipt in (partner.send(first, again), partner.send(again)):
        (result,) = receipt["results"]
        assert (result["code"], result["field"]) == ("duplicate_decision", "CF_WSH")
    partner.send(revised(first, operation="withdraw", reason="corrected", data={}), chain="urgent")
    assert partner.send(again)["accepted"] == 1
    assert kept(again).state is MessageState.UNCLEAR


def test_two_parties_of_one_document_are_two_records(partner):
    first = penalty(origin=partner.node)
    second = penalty(origin=partner.node)
    second = signed({**second, "data": {**second["data"], "CF_WSH": first["data"]["CF_WSH"]}})
    assert partner.send(first, second)["accepted"] == 2


def test_what_no_column_can_hold_is_kept(partner):
    unknown = abnormal(origin=partner.node, data={"reason_code": "R9"})
    commitment = message("commitment", origin=partner.node, data={"title": "告知承诺", "committed_on": "2026-03-01"})
    assert partner.send(unknown, commitment)["accepted"] == 2
    assert (kept(unknown).state, kept(unknown).note) == (MessageState.KEPT, "reason_unknown")
    assert (kept(commitment).state, kept(commitment).note) == (MessageState.KEPT, "no_table")


FAILED_SAMPLE = {
    "kind": "food_sampling", "task": "2026年第一季度抽检", "inspected_on": "2026-03-01", "completed_on": "2026-03-20",
    "result_code": "failed", "result": "苯甲酸项目不合格", "authority": {"uscc": make_uscc(), "name": "唐山市市场监督管理局"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ({"kind": None}, "kind_unknown"),
        ({"result_code": "R"}, "result_unknown"),
        ({"authority": {}}, "authority_missing"),
    ],
    ids=["kind", "result", "authority"],
)
def test_a_result_of_an_inspection_that_does_not_say_what_it_is_is_kept(partner, said, note):
    sent = message("inspection_result", origin=partner.node, data={**FAILED_SAMPLE, **said})
    assert partner.send(sent)["accepted"] == 1
    assert (kept(sent).state, kept(sent).note) == (MessageState.KEPT, note)


def test_a_result_of_an_inspection_becomes_a_record_and_ends_as_it_is_told(partner):
    sent = message(
        "inspection_result",
        origin=partner.node,
        data=FAILED_SAMPLE,
        publicity={"rule_set": "amr-2025", "basis": "decision_date", "from": "2026-03-21", "until": None},
    )
    assert partner.send(sent)["accepted"] == 1
    record = get_record(sent["record_id"])
    assert (record.kind, record.result_code) == (InspectionKind.FOOD_SAMPLING, ResultCode.FAILED)
    assert (record.completed_on, record.public_from) == (date(2026, 3, 20), date(2026, 3, 21))
    operator_id = record.operator_id
    assert [each.record_id for each in public_results_of(operator_id, date(2026, 4, 1))] == [sent["record_id"]]
    assert partner.send(ended(sent))["accepted"] == 1
    db.session.rollback()
    assert public_results_of(operator_id, date(2026, 4, 1)) == []
    assert get_record(sent["record_id"]).state is RecordState.ENDED
    check_rebuild()


def test_a_text_that_no_column_holds_costs_only_its_message(partner):
    bad = penalty(origin=partner.node, data={"CF_SY": "零字符\x00"})
    good = penalty(origin=partner.node)
    assert partner.send(penalty(origin=partner.node), bad, good)["accepted"] == 3
    assert kept(bad).state is MessageState.UNCLEAR
    assert kept(good).state is MessageState.APPLIED
    check_rebuild()


def test_a_second_open_stay_is_for_a_person_to_settle(partner):
    first = abnormal(origin=partner.node)
    second = abnormal(origin=partner.node, uscc=first["subject"]["uscc"], data={"listed_on": "2026-03-05"},
                      subject={"name": first["subject"]["name"]})  # fmt: skip
    partner.send(first, second)
    assert (kept(second).state, kept(second).note) == (MessageState.UNCLEAR, "open_stay_stands")


def test_a_record_of_another_node_is_read_only(partner):
    sent = violation(origin=partner.node)
    partner.send(sent)
    db.session.rollback()
    with pytest.raises(ledger.ForeignRecord), transaction():
        publicity.end_publicity(
            sent["record_id"], reason=EndReason.REPAIRED, on=row(sent, ViolationListing).listed_on,
            actor=Actor("officer", "1"),
        )  # fmt: skip
    assert row(sent, ViolationListing).state == "in_force"


def test_a_violation_listing_is_told_in_the_status_with_its_origin(partner, province):
    sent = violation(origin=partner.node)
    partner.send(sent)
    db.session.rollback()
    found = db.session.execute(
        db.text("SELECT record_id, level, data FROM public_finding WHERE record_id = :id"), {"id": sent["record_id"]}
    ).one()
    assert found.level == "high"
    assert found.data["authority"]["name"] == "唐山市市场监督管理局"
    assert found.data["origin"] == partner.node
    with transaction():
        key = api_clients.create(f"platform {partner.node}", [Scope.CHECK])[1]
    told = province.test_client().get(
        f"/api/v1/operators/{sent['subject']['uscc']}/status", headers={"Authorization": f"Bearer {key}"}
    )
    (finding,) = told.get_json()["findings"]
    assert (finding["origin"], finding["level"], finding["type"]) == (partner.node, "high", "violation_listing")


def test_an_operator_is_entered_changed_and_taken_back(partner):
    first = operator(origin=partner.node, revision=7)
    assert partner.send(first)["accepted"] == 1
    db.session.rollback()
    found = row(first, Operator)
    assert (found.revision, found.kind, found.industry) == (7, OperatorKind.ENTERPRISE, "F5292")
    assert [each.name for each in found.former_names] == ["唐山旧名食品有限公司"]
    assert [each.platform for each in found.online_presences] == ["淘宝"]
    second = revised(first, data={**first["data"], "registration_status": "revoked"})
    partner.send(second)
    db.session.rollback()
    assert (row(first, Operator).revision, row(first, Operator).registration_status) == (8, "revoked")
    partner.send(revised(second, operation="withdraw", reason="other", data={}))
    db.session.rollback()
    assert (row(first, Operator).industry, row(first, Operator).former_names) == (None, [])
    check_rebuild()


def test_an_operator_fills_in_the_stub_that_a_record_left(partner):
    decision = penalty(origin=partner.node)
    partner.send(decision)
    told = operator(
        origin=partner.node, uscc=decision["subject"]["uscc"], subject={"name": decision["subject"]["name"]}
    )
    partner.send(told)
    db.session.rollback()
    stub = row(decision).operator
    assert (kept(told).state, kept(told).same_as) == (MessageState.LINKED, stub.record_id)
    assert stub.industry == "F5292"
    newer = revised(told, data={**told["data"], "industry": "F5299"})
    partner.send(newer)
    db.session.rollback()
    assert row(decision).operator.industry == "F5299"
    check_rebuild()


def test_an_operator_that_is_registered_here_stays_as_it_is(partner):
    code = make_uscc("91", "130102")
    with transaction():
        mine = operators.enter(
            node="130000", name="石家庄本地公司", kind=OperatorKind.ENTERPRISE, uscc=code, actor=Actor("officer", "1")
        ).record_id
    told = operator(origin=partner.node, uscc=code)
    partner.send(told)
    assert (kept(told).state, kept(told).same_as) == (MessageState.LINKED, mine)
    found = db.session.execute(db.select(Operator).where(Operator.uscc == code)).scalar_one()
    assert (found.name, found.industry) == ("石家庄本地公司", None)


def test_a_person_is_shown_masked_and_found_by_its_key(partner):
    person = {
        "category": "natural_person", "uscc": None, "region": None, "name": "张三丰", "person_key": "ab" * 32,
    }  # fmt: skip
    data = {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None, "CF_XDR_MC": "张三丰"}
    first = penalty(origin=partner.node, subject=person, data=data)
    second = penalty(origin=partner.node, subject=person, data=data)
    assert partner.send(first, second)["accepted"] == 2
    db.session.rollback()
    assert row(first).operator_id == row(second).operator_id
    assert (row(first).party_name, row(first).operator.name) == ("张*", "张*")
    check_rebuild()


def test_a_moved_subject_leaves_no_finding_behind(partner):
    first = penalty(origin=partner.node)
    partner.send(first)
    other = penalty(origin=partner.node)
    second = revised(first, subject=other["subject"], data={**first["data"],
                     "CF_XDR_SHXYM": other["subject"]["uscc"], "CF_XDR_MC": other["subject"]["name"]})  # fmt: skip
    assert partner.send(second)["accepted"] == 1
    check_rebuild()


def test_concerns_only_grow(partner):
    first = violation(origin=partner.node)
    partner.send(first)
    second = revised(first, subject={**first["subject"], "region": "130102"})
    partner.send(second)
    assert kept(first).concerns == ["*", "1301", "1302"]


def test_records_of_a_subject_that_moves_come_to_whom_they_begin_to_concern(partner):
    first = operator(origin=partner.node)
    decided = penalty(origin=partner.node, subject=first["subject"], data={
        "CF_XDR_SHXYM": first["subject"]["uscc"], "CF_XDR_MC": first["subject"]["name"],
    })  # fmt: skip
    partner.send(first, decided)
    assert kept(decided).concerns == ["1302"]
    beyond = kept(decided).position
    away = revised(first, subject={**first["subject"], "region": "130302"}, data={**first["data"], "region": "130302"})
    partner.send(away)
    assert (kept(decided).concerns, sent_as(kept(decided))) == (["1302", "1303"], line(decided).rstrip())
    assert kept(decided).position > kept(away).position > beyond
    standing = kept(decided).position
    partner.send(revised(away, data={**away["data"], "industry": "F52"}))
    assert kept(decided).position == standing  # it begins to concern a node once
    partner.send(revised(revised(away), subject=first["subject"], data=first["data"]))
    assert kept(decided).position == standing
    check_rebuild()


def test_a_feedback_about_a_record_of_ours_opens_a_problem(partner):
    about = {"record_id": "130000.violation_listing.x1", "revision": "3", "message_id": "130000.5b7c1e90.9"}
    said = {"about": about, "code": "name_mismatch", "field": "subject.name", "message": "名称与登记不符\0"}
    sent = message("feedback", origin=partner.node, operation="hold", publicity=None, data=said)
    sent = signed({**sent, "publicity": None})
    stray = signed({**message("feedback", origin=partner.node, operation="hold"), "publicity": None, "data": {}})
    assert partner.send(sent, stray)["accepted"] == 2
    assert kept(sent).concerns == ["130000"]
    (problem,) = db.session.execute(
        db.text("SELECT record_id, revision, faults, state FROM exchange_problem WHERE direction = 'out'")
    ).all()
    assert (problem.record_id, problem.revision, problem.state) == ("130000.violation_listing.x1", 3, "open")
    assert problem.faults[0]["code"] == "name_mismatch"


OFFICER = Actor("officer", "7")


def test_a_person_settles_what_is_unclear(partner):
    first = abnormal(origin=partner.node)
    name = {"name": first["subject"]["name"]}
    second = abnormal(
        origin=partner.node, uscc=first["subject"]["uscc"], subject=name, data={"listed_on": "2026-03-05"}
    )
    third = abnormal(origin=partner.node, uscc=first["subject"]["uscc"], subject=name, data={"listed_on": "2026-03-06"})
    partner.send(first, second, third)
    waiting = {each.record_id for each in settling.unclear()}
    assert {second["record_id"], third["record_id"]} <= waiting
    with transaction():
        assert settling.place_again(second["record_id"], actor=OFFICER).state is MessageState.UNCLEAR
    partner.send(ended(first), chain="urgent")
    with transaction():
        assert settling.place_again(second["record_id"], actor=OFFICER).state is MessageState.APPLIED
    with transaction():
        settling.link(third["record_id"], same_as=second["record_id"], actor=OFFICER)
    assert (kept(third).state, kept(third).same_as) == (MessageState.LINKED, second["record_id"])
    with pytest.raises(settling.NothingToSettle), transaction():
        settling.place_again(third["record_id"], actor=OFFICER)
    actors = db.session.execute(
        db.text("SELECT actor FROM ledger_entry WHERE record_id IN (:second, :third) ORDER BY seq"),
        {"second": f"settled:{second['record_id']}", "third": f"settled:{third['record_id']}"},
    ).scalars()
    assert actors.all() == ["officer:7", "officer:7"]
    check_rebuild()
