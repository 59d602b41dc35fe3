"""What a province tells the origin of a record: a feedback that the origin's own feed reading turns into a problem."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models import ExchangeMessage, ExchangeProblem, ProblemState, db
from registry.ledger import Actor
from registry.transaction import transaction
from sync import outbound, pulling, telling
from sync.message import digest_of, parse
from sync.sealed import sent_as
from tests.exchange_messages import penalty
from tests.exchange_nodes import Partner
from tests.exchange_wire import Pair, pair
from tests.factories import make_authority, make_operator, make_penalty

OFFICER = Actor("officer", "jiaohuan")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def tell(two: Pair, record_id: str, **changes: Any) -> dict[str, Any]:
    given = {"code": "amount_missing", "field": "CF_NR_FK", "words": "罚款数额未填写"}
    with two.province.app_context(), transaction():
        settings = two.province.extensions["registry_settings"]
        return telling.tell(record_id, actor=OFFICER, settings=settings, **{**given, **changes})


def test_it_opens_a_problem_at_the_origin_and_nowhere_else(two: Pair) -> None:
    other = Partner(two.province, "130200")
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    outbound.push(two.settings, "130000", told=True)
    named = db.session.get_one(ExchangeMessage, record_id).message_id
    tell(two, record_id)
    lines = [parse(line) for line in other.ask("GET", "/changes", query="after=0").data.splitlines()]
    assert all(line.members["message"]["resource"] != "feedback" for line in lines)
    db.session.remove()
    pulling.pull(two.settings, "130000", told=True)
    problem = db.session.execute(select(ExchangeProblem)).scalar_one()
    assert (problem.record_id, problem.revision, problem.state) == (record_id, 1, ProblemState.OPEN)
    assert problem.faults == [{"code": "amount_missing", "field": "CF_NR_FK", "message": "罚款数额未填写"}]
    came = db.session.execute(select(ExchangeMessage).where(ExchangeMessage.resource == "feedback")).scalar_one()
    members = parse(sent_as(came)).members
    assert members["digest"] == digest_of(members)
    assert members["message_id"].startswith("130000.")
    assert members["data"]["about"]["message_id"] == named


def test_what_was_told_is_shown_with_its_revision(two: Pair) -> None:
    other = Partner(two.province, "130200")
    sent = penalty(origin="130200")
    other.send(sent)
    tell(two, sent["record_id"])
    tell(two, sent["record_id"], code="other", field=None, words="与公开版文书不一致")
    with two.province.app_context():
        told = telling.told_about(sent["record_id"])
    assert [(one["revision"], one["code"], one["field"], one["message"]) for one in told] == [
        ("1", "amount_missing", "CF_NR_FK", "罚款数额未填写"),
        ("1", "other", None, "与公开版文书不一致"),
    ]


def test_several_changes_of_one_transaction_keep_their_numbers(two: Pair) -> None:
    other = Partner(two.province, "130200")
    sent = penalty(origin="130200")
    other.send(sent)
    with two.province.app_context():
        with transaction():
            make_penalty(make_operator(), make_authority())
            made = telling.tell(
                sent["record_id"], code="other", field=None, words="一", actor=OFFICER,
                settings=two.province.extensions["registry_settings"],
            )  # fmt: skip
        seq = db.session.execute(
            db.text("SELECT seq FROM ledger_entry WHERE record_id = :id"), {"id": f"message:{made['record_id']}"}
        ).scalar_one()
        kept = db.session.get_one(ExchangeMessage, made["record_id"])
    assert kept.position == seq
    assert kept.message_id.endswith(f".{seq}")


def test_only_a_province_tells_and_only_about_what_others_sent(two: Pair) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    outbound.push(two.settings, "130000", told=True)
    with pytest.raises(telling.NothingToTell), transaction():
        telling.tell(record_id, code="other", field=None, words="一", actor=OFFICER, settings=two.settings)
    with pytest.raises(telling.MessageMissing):
        tell(two, "130100.administrative_penalty.nowhere")
    given = tell(two, record_id)
    with pytest.raises(telling.NothingToTell):
        tell(two, given["record_id"])
