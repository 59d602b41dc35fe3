"""What an applicant handed in: for officers of the area only, logged, downloaded and never shown."""

import pytest
from sqlalchemy import select

from models import AccessLog, Proceeding, db
from registry.queries import proceedings as queries
from registry.rules.repair_procedure import Action
from registry.rules.roles import Role
from registry.transaction import transaction
from tests.applications import PDF, REPAIR_FORM, apply_for, pdf
from tests.factories import make_authority
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.integration.blueprints.test_applications import decided

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def case() -> Proceeding:
    return apply_for(decided(200), files=[pdf("王小明 缴款凭证.pdf")])


def file_of(case):
    return f"/console/proceedings/{case.id}/evidence/{queries.evidence_of(case.id)[0].id}"


def events():
    return list(db.session.execute(select(AccessLog.event).where(AccessLog.actor == "officer:zhang")).scalars())


def test_an_officer_of_the_area_reads_it_and_that_is_logged(client, case):
    sign_in(client, "zhang", Role.REPAIR, authority=case.authority)
    shown = client.get(f"/console/proceedings/{case.id}/application").text
    for value in (REPAIR_FORM["applicant"], REPAIR_FORM["contact"], REPAIR_FORM["statement"], "王小明 缴款凭证.pdf"):
        assert value in shown
    answer = client.get(file_of(case))
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/octet-stream"
    assert {"application.read", "evidence.read"} <= set(events())


def test_elsewhere_and_for_administrators_it_is_not_there(client, case):
    for name, role, authority, status in (
        ("elsewhere", Role.REPAIR, make_authority(name="石家庄市新华区市场监督管理局"), 404),
        ("admin", Role.SYSTEM_ADMIN, case.authority, 403),
    ):
        with transaction():
            authority.region = authority.region if authority is case.authority else "130105"
        sign_in(client, name, role, authority=authority)
        for address in (f"/console/proceedings/{case.id}/application", file_of(case)):
            assert client.get(address).status_code == status


def test_a_file_of_another_case_is_not_there(client, case):
    other = apply_for(decided(201))
    sign_in(client, "zhang", Role.REPAIR, authority=case.authority)
    address = f"/console/proceedings/{case.id}/evidence/{queries.evidence_of(other.id)[0].id}"
    assert client.get(address).status_code == 404


def test_the_case_shows_no_personal_value_and_leads_to_them(client, case):
    sign_in(client, "zhang", Role.REPAIR, authority=case.authority)
    shown = client.get(f"/console/proceedings/{case.id}").text
    assert f"/console/proceedings/{case.id}/application" in shown
    assert REPAIR_FORM["applicant"] not in shown


def test_the_officer_asks_once_for_everything_through_the_console(client, case):
    sign_in(client, "zhang", Role.REPAIR, authority=case.authority)
    form = {"csrf_token": csrf_of(client), "revision": case.revision, "statement": "材料不全", "missing": "整改照片"}
    address = f"/console/proceedings/{case.id}/steps/{Action.ASK_FOR_MORE}"
    assert client.post(address, data={**form, "missing": ""}).status_code == 422
    assert client.post(address, data=form).status_code == 303
    db.session.refresh(case)
    assert case.facts["missing"] == "整改照片"
