"""Cases in the console: taken up from a record, moved on by one officer, decided by another, told when somebody was faster."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models import AbnormalListing, Authority, Proceeding, db
from registry.clock import today
from registry.rules.abnormal_procedure import Stage
from registry.rules.listing import AbnormalReason
from registry.rules.proceedings import Procedure
from registry.rules.roles import Role
from registry.rules.violation_procedure import Stage as ViolationStage
from registry.transaction import transaction
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.integration.blueprints.signed_in import csrf_of, sign_in


@pytest.fixture
def listed(database: object) -> tuple[Authority, str, str]:
    """An authority, a stay on the abnormal list and one on the violation list, both from a file."""
    authority = make_authority()
    with transaction():
        operator = make_operator()
        day = today() - timedelta(days=40)
        abnormal = make_abnormal_listing(
            operator, authority, listed_on=day, decided_on=day, reason=AbnormalReason.R1, report_year=day.year - 1
        )
        violation = make_violation_listing(operator, authority, listed_on=day, public_until=day + timedelta(days=1_000))
    return authority, abnormal.record_id, violation.record_id


def take_up(client: FlaskClient, record_id: str) -> str:
    answer = client.post(f"/console/proceedings/about/{record_id}", data={"csrf_token": csrf_of(client)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def only_case() -> Proceeding:
    return db.session.execute(select(Proceeding)).scalar_one()


def test_a_record_from_a_file_gets_its_case_once(client: FlaskClient, listed: tuple[Authority, str, str]) -> None:
    authority, abnormal, violation = listed
    sign_in(client, "luru", Role.ENTRY, authority=authority)
    address = take_up(client, abnormal)
    assert take_up(client, abnormal) == address
    case = only_case()
    assert (case.procedure, case.stage, case.about) == (Procedure.ABNORMAL_LISTING, Stage.LISTED, abnormal)
    page = client.get(address + "?lang=en").get_data(as_text=True)
    assert "Taken up from the register" in page
    take_up(client, violation)
    second = db.session.execute(select(Proceeding).where(Proceeding.about == violation)).scalar_one()
    assert second.stage == ViolationStage.LISTED


def test_another_district_cannot_take_a_record_up(client: FlaskClient, listed: tuple[Authority, str, str]) -> None:
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    elsewhere.region = "130104"
    sign_in(client, "luru", Role.ENTRY, authority=elsewhere)
    answer = client.post(f"/console/proceedings/about/{listed[1]}", data={"csrf_token": csrf_of(client)})
    assert answer.status_code == 404
    assert db.session.execute(select(Proceeding)).first() is None


def test_removal_is_prepared_by_one_and_decided_by_another(
    client: FlaskClient, listed: tuple[Authority, str, str]
) -> None:
    authority, abnormal, _ = listed
    sign_in(client, "luru", Role.ENTRY, Role.REVIEW, authority=authority)
    address = take_up(client, abnormal)
    token = csrf_of(client)
    day = str(today())
    cured = {"removal_reason": "reported", "cured_on": day, "applied_on": day, "proof": "补报回执"}
    form = {"csrf_token": token, "revision": only_case().revision, "statement": "已补报", **cured}
    refused = client.post(f"{address}/steps/apply", data={**form, "applied_on": "昨天"})
    assert refused.status_code == 422
    assert only_case().stage == Stage.LISTED
    assert client.post(f"{address}/steps/apply", data=form).status_code == 303
    own = client.post(
        f"{address}/decisions/remove",
        data={"csrf_token": token, "revision": only_case().revision, "statement": "同意"},
    )
    assert own.status_code == 403
    assert only_case().stage == Stage.REMOVAL_PENDING


def test_the_slower_of_two_officers_is_told(client: FlaskClient, listed: tuple[Authority, str, str]) -> None:
    authority, _, violation = listed
    sign_in(client, "luru", Role.ENTRY, authority=authority)
    address = take_up(client, violation)
    revision = only_case().revision
    form = {
        "csrf_token": csrf_of(client),
        "revision": revision,
        "part": "handler",
        "statement": "处罚被撤销",
        "penalty_annulled_on": str(today()),
    }
    assert client.post(f"{address}/notes", data=form).status_code == 303
    late = client.post(f"{address}/notes?lang=en", data=form)
    assert late.status_code == 409
    assert "Nothing of yours was carried out" in late.get_data(as_text=True)


def test_a_party_at_the_counter_is_entered_from_the_record(
    client: FlaskClient, listed: tuple[Authority, str, str]
) -> None:
    authority, abnormal, _ = listed
    sign_in(client, "xiufu", Role.REPAIR, Role.OBJECTION, authority=authority)
    operator_id = db.session.execute(select(AbnormalListing.operator_id)).scalar_one()
    page = client.get(f"/console/operators/{operator_id}").get_data(as_text=True).replace("&amp;", "&")
    for procedure in ("repair", "objection"):
        address = f"/console/proceedings/new/{procedure}?operator={operator_id}&about={abnormal}"
        assert address in page
        form = client.get(address)
        assert form.status_code == 200
        assert f'name="about" value="{abnormal}"' in form.get_data(as_text=True)


def test_the_page_of_a_penalty_leads_to_the_counter_as_well(
    client: FlaskClient, listed: tuple[Authority, str, str]
) -> None:
    authority, _, _ = listed
    with transaction():
        penalty = make_penalty(make_operator(), authority)
        licence = make_licence(make_operator(), authority)
    sign_in(client, "xiufu", Role.REPAIR, Role.OBJECTION, authority=authority)
    found = {}
    for record in (penalty, licence):
        page = client.get(f"/console/records/{record.record_id}").get_data(as_text=True).replace("&amp;", "&")
        about = f"?operator={record.operator_id}&about={record.record_id}"
        found[record.record_id] = [
            procedure for procedure in ("repair", "objection") if f"/proceedings/new/{procedure}{about}" in page
        ]
    assert found == {penalty.record_id: ["repair", "objection"], licence.record_id: ["objection"]}


def test_a_case_names_its_records_by_number_and_leads_to_them(
    client: FlaskClient, listed: tuple[Authority, str, str]
) -> None:
    authority, _, violation = listed
    with transaction():
        penalty = make_penalty(make_operator(), authority, document_no="石长市监罚〔2026〕77号")
        west = make_authority(name="石家庄市桥西区市场监督管理局")
        west.region = "130104"
        elsewhere = make_penalty(make_operator(), west, document_no="石西市监罚〔2026〕78号")
    sign_in(client, "luru", Role.ENTRY, authority=authority)
    address = take_up(client, violation)
    for record, linked in ((penalty, True), (elsewhere, False)):
        with transaction():
            only_case().basis = record.record_id
        page = client.get(address).get_data(as_text=True)
        link = f'<a href="/console/records/{record.record_id}">{record.document_no}</a>'
        assert (record.document_no in page, link in page, f"<code>{record.record_id}" in page) == (True, linked, False)
