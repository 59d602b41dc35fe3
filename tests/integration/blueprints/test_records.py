"""A record's own page, while it is public and afterwards."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient

from registry.rules.listing import EndReason
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty, make_violation_listing


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The day of all pages here."""
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


def test_a_penalty_is_shown_in_the_official_order(client: FlaskClient) -> None:
    with transaction():
        penalty = make_penalty(make_operator(), make_authority(), document_no="石长市监罚〔2026〕9号")
    shown = client.get(f"/records/{penalty.record_id}").text
    labels = [
        "文书号",
        "当事人（相对人）",
        "违法行为类型",
        "违法事实",
        "依据",
        "处罚种类",
        "处罚内容",
        "罚款金额",
        "决定机关",
        "决定日期",
    ]
    places = [shown.index(f'<th scope="row">{label}</th>') for label in labels]
    assert places == sorted(places)
    assert "石长市监罚〔2026〕9号" in shown
    assert "公示期至2027-03-02届满" in shown
    assert "2026-06-02" in shown  # three months after the decision: general class under the rules of 2025


def test_a_listing_names_its_measures_and_what_not_to_conclude(client: FlaskClient) -> None:
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority())
    shown = client.get(f"/records/{listing.record_id}").text
    assert "列为重点监管对象" in shown
    assert "列入名单本身不当然禁止经营" in shown


def test_a_withdrawn_record_gives_the_reason_and_no_facts(client: FlaskClient) -> None:
    with transaction():
        penalty = make_penalty(
            make_operator(),
            make_authority(),
            state=RecordState.WITHDRAWN,
            end_reason=EndReason.DECISION_REVOKED,
            end_statement="复议机关撤销原决定",
            ended_on=date(2026, 11, 1),
        )
    answer = client.get(f"/records/{penalty.record_id}")
    assert answer.status_code == 200
    assert "复议机关撤销原决定" in answer.text
    assert penalty.document_no not in answer.text
    assert "罚款20000元" not in answer.text


def test_a_natural_person_stays_masked_and_has_no_page(client: FlaskClient) -> None:
    with transaction():
        person = make_operator(name="王*", kind=OperatorKind.NATURAL_PERSON, person_key="cd" * 32)
        person.uscc = None
        penalty = make_penalty(person, make_authority(), party_name="王*", party_key="person:cd")
    shown = client.get(f"/records/{penalty.record_id}")
    assert shown.status_code == 200
    assert "王*" in shown.text
    assert "/operators/" not in shown.text
    assert "cdcd" not in shown.text


def test_the_record_of_an_operator_is_its_page(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator()
    answer = client.get(f"/records/{operator.record_id}")
    assert (answer.status_code, answer.location) == (301, f"/operators/{operator.uscc}")


@pytest.mark.parametrize(
    "record_id",
    [
        "1",
        "130100.administrative_penalty.x",
        "130100.operator.x",
        "a.b.c.d",
        "'",
        "130100.operator.%00",
        "130100.administrative_penalty.%00",
    ],
)
def test_an_unknown_record_is_not_there(client: FlaskClient, record_id: str) -> None:
    assert client.get(f"/records/{record_id}").status_code == 404
