"""Messages of other nodes in a province's console: the manual queue, settling, telling an origin what is wrong."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import ExchangeMessage, MessageState, db
from registry.rules.roles import Role
from sync import telling
from tests.exchange_messages import abnormal, message, penalty
from tests.exchange_nodes import Partner, node
from tests.integration.blueprints.signed_in import csrf_of, sign_in

ROOM = "/console/exchange/messages"


@pytest.fixture(scope="module")
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


_nodes = iter(f"13{number:04d}" for number in range(1000, 9000, 100))


@pytest.fixture
def partner(province: Flask) -> Partner:
    return Partner(province, next(_nodes))


@pytest.fixture
def officer(province: Flask, partner: Partner) -> Iterator[FlaskClient]:
    """A browser of an officer of the exchange."""
    with province.app_context():
        client = province.test_client()
        sign_in(client, f"jiaohuan-{partner.node}", Role.EXCHANGE)
        yield client


def state_of(record_id: str) -> MessageState:
    db.session.rollback()
    return db.session.get_one(ExchangeMessage, record_id).state


def unclear(partner: Partner) -> tuple[str, str]:
    """A record that stands, and one that meets the same open stay."""
    first = abnormal(origin=partner.node)
    second = abnormal(
        origin=partner.node,
        uscc=first["subject"]["uscc"],
        subject={"name": first["subject"]["name"]},
        data={"listed_on": "2026-03-05"},
    )
    partner.send(first, second)
    return first["record_id"], second["record_id"]


def test_what_is_unclear_waits_and_is_linked_by_a_person(officer: FlaskClient, partner: Partner) -> None:
    first, second = unclear(partner)
    listed = officer.get(ROOM).text
    assert second.rpartition(".")[2] in listed
    assert first.rpartition(".")[2] not in listed
    token = csrf_of(officer)
    address = f"{ROOM}/{second}"
    again = officer.post(f"{address}/place-again", data={"csrf_token": token})
    assert (again.status_code, state_of(second)) == (303, MessageState.UNCLEAR)
    wrong = officer.post(f"{address}/link", data={"csrf_token": token, "same_as": "130000.nothing.1"})
    assert (wrong.status_code, state_of(second)) == (422, MessageState.UNCLEAR)
    assert "130000.nothing.1" in wrong.text
    done = officer.post(f"{address}/link", data={"csrf_token": token, "same_as": first})
    assert (done.status_code, state_of(second)) == (303, MessageState.LINKED)
    assert f"/records/{first}" in officer.get(address).text
    assert officer.post(f"{address}/link", data={"csrf_token": token, "same_as": first}).status_code == 409


def test_the_origin_is_told_in_words(officer: FlaskClient, partner: Partner) -> None:
    sent = penalty(origin=partner.node)
    partner.send(sent)
    address = f"{ROOM}/{sent['record_id']}"
    token = csrf_of(officer)
    faulty = {"csrf_token": token, "code": "nonsense", "field": "CF_NR_FK", "message": " "}
    answer = officer.post(f"{address}/feedback", data=faulty)
    assert answer.status_code == 422
    assert 'id="fault-code"' in answer.text
    assert 'id="fault-message"' in answer.text
    assert 'value="CF_NR_FK"' in answer.text
    assert telling.told_about(sent["record_id"]) == []
    good = {"csrf_token": token, "code": "amount_missing", "field": "CF_NR_FK", "message": "<b>漏填</b>"}
    assert officer.post(f"{address}/feedback", data=good).status_code == 303
    (told,) = telling.told_about(sent["record_id"])
    assert (told["code"], told["field"], told["message"]) == ("amount_missing", "CF_NR_FK", "<b>漏填</b>")
    page = officer.get(address).text
    assert "&lt;b&gt;漏填&lt;/b&gt;" in page
    assert "<b>漏填" not in page


def test_identity_numbers_are_not_for_reading(officer: FlaskClient, partner: Partner) -> None:
    number = "11010519491231002X"
    sent = message(
        "commitment", origin=partner.node, operation="hold", publicity=None, data={"title": "甲", "CF_XDR_ZJHM": number}
    )
    partner.send(sent)
    page = officer.get(f"{ROOM}/{sent['record_id']}").text
    assert "CF_XDR_ZJHM" in page
    assert number not in page


def test_own_messages_and_unknown_ones_are_not_found_here(officer: FlaskClient, partner: Partner) -> None:
    assert officer.get(f"{ROOM}/130000.administrative_penalty.nowhere").status_code == 404
    assert officer.get(f"{ROOM}?state=nonsense&before=x").status_code == 200
    for state in ("applied", "linked", "kept", "missing", "unclear"):
        assert officer.get(f"{ROOM}?state={state}&lang=zh").status_code == 200
