"""The room of notices: proof of service, those given up, and the contact of an operator."""

import pytest
from sqlalchemy import select

from models import NoticeState, OperatorContact, db
from registry.rules.roles import Role
from registry.services import notices
from registry.transaction import transaction
from tests.factories import make_authority, make_operator
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.integration.services.day.test_reminding import make_case
from tests.matters import DESK


@pytest.fixture
def bureau(database):
    return make_authority()


@pytest.fixture
def officer(client, bureau):
    sign_in(client, "zhang", Role.ENTRY, authority=bureau)
    return client


def keep(officer, **cells):
    return officer.post("/console/notices/contacts", data={"csrf_token": csrf_of(officer), **cells})


def test_what_was_given_up_is_shown_with_its_result_and_without_the_address(officer, bureau):
    with transaction():
        case = make_case(authority=bureau)
        case.personal = {"contact": DESK.vault.put(case.record_id, "contact", "13800005678")}
        notice = notices.tell(case, desk=DESK)
        notice.state, notice.attempts, notice.result = NoticeState.GIVEN_UP, 6, "HTTP 503"
    page = officer.get("/console/notices?state=given_up").get_data(as_text=True)
    assert "HTTP 503" in page
    assert case.operator.name in page
    assert "13800005678" not in page
    assert case.operator.name not in officer.get("/console/notices?state=sent").get_data(as_text=True)


def test_a_contact_is_kept_in_the_vault(officer):
    with transaction():
        operator = make_operator()
    kept = keep(officer, operator=operator.uscc, contact="boss@shop.example")
    assert kept.status_code == 303
    found = db.session.execute(select(OperatorContact)).scalar_one()
    assert found.noted_by == "officer:zhang"
    assert DESK.vault.read(operator.record_id, "contact", found.digest) == "boss@shop.example"
    assert "boss@shop.example" not in officer.get(kept.location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"contact": "call me"}, "contact"), ({"contact": ""}, "contact"), ({"operator": "1"}, "operator")],
)
def test_a_fault_is_told_at_its_field(officer, cells, field):
    with transaction():
        operator = make_operator()
    refused = keep(officer, **{"operator": operator.uscc, "contact": "13800005678", **cells})
    assert refused.status_code == 422
    assert f'id="fault-{field}"' in refused.get_data(as_text=True)


def test_an_operator_of_another_area_is_not_there(officer):
    with transaction():
        operator = make_operator(region="130104")
    assert keep(officer, operator=operator.uscc, contact="13800005678").status_code == 422
