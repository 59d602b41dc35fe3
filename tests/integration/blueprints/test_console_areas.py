"""Every console address that names something, asked for by officers of another district and of every role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import AnyConverter, Rule

from models import (
    Authority,
    BatchKind,
    BatchState,
    FileState,
    ImportFile,
    ImportKind,
    LedgerEntry,
    ListingBatch,
    Matter,
    Proceeding,
    db,
)
from models.query_certificate import AskedFor
from registry.clock import now, today
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.rules.documents import DocumentKind
from registry.rules.operator import PresenceType
from registry.rules.penalty_procedure import Subject
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.services import announcements, officers, operators, query_certificates
from registry.services.announcements import Wording
from registry.services.documents.issuing import issue
from registry.services.matters import drafting
from registry.transaction import transaction
from tests.factories import make_authority, make_inspection_result, make_operator, make_penalty
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, guarded_rules, methods_of, sign_in
from tests.matters import DESK, FIRST, penalty_form

RULES = "samr-2025-12-25"
SECRET = "石长市监罚〔2026〕999号"  # of a record that no page shows outside its area


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names: how it is entered in a district, and what an officer of another district is answered.

    `outside` is 404 for what lies in the area of somebody else; 200 for what every officer may read, 403 where they may not
    change it.
    """

    arguments: Callable[["District"], dict[str, Any]]
    outside: int = 404


@dataclass(frozen=True, slots=True)
class District:
    """One of everything, in one district."""

    matter: int
    record: str
    result: str
    operator: int
    presence: int
    file: int
    announcement: int
    proceeding: int
    document: int
    officer: str
    certificate: int
    batch: int


MATTER = Named(lambda here: {"matter_id": here.matter})
RESULT = Named(lambda here: {"record_id": here.result})
RECORD = Named(lambda here: {"record_id": here.record})
FILE = Named(lambda here: {"file_id": here.file, "line": 2})
ANNOUNCEMENT = Named(lambda here: {"announcement_id": here.announcement})
PROCEEDING = Named(lambda here: {"proceeding_id": here.proceeding, "action": "list", "evidence_id": 1})
ACCOUNT = Named(lambda here: {"name": here.officer}, outside=200)
OPERATOR_READ = Named(lambda here: {"operator_id": here.operator}, outside=200)
OPERATOR_CHANGE = Named(lambda here: {"operator_id": here.operator, "presence_id": here.presence}, outside=403)
BATCH = Named(lambda here: {"batch_id": here.batch, "volume": 1})
CERTIFICATE = Named(lambda here: {"certificate_id": here.certificate})
DOCUMENT = Named(lambda here: {"document_id": here.document})

NAMED = {
    "console_accounts.change": ACCOUNT,
    "console_accounts.move": ACCOUNT,
    "console_accounts.reset": ACCOUNT,
    "console_accounts.set_roles": ACCOUNT,
    "console_accounts.show_one": ACCOUNT,
    "console_announcements.change": ANNOUNCEMENT,
    "console_announcements.publish": ANNOUNCEMENT,
    "console_announcements.show_one": ANNOUNCEMENT,
    "console_announcements.withdraw": ANNOUNCEMENT,
    "console_certificates.print_out": CERTIFICATE,
    "console_certificates.show_certificate": CERTIFICATE,
    "console_documents.show_document": DOCUMENT,
    "console_evidence.show_application": PROCEEDING,
    "console_evidence.show_file": PROCEEDING,
    "console_forms.edit": MATTER,
    "console_forms.save": MATTER,
    "console_batches.decide": BATCH,
    "console_batches.export_annex": BATCH,
    "console_batches.show_annex": BATCH,
    "console_batches.show_batch": BATCH,
    "console_batches.show_progress": BATCH,
    "console_case_opening.take_up": RECORD,
    "console_imports.noted_rows": FILE,
    "console_imports.show_file": FILE,
    "console_imports.show_progress": FILE,
    "console_imports.show_row": FILE,
    "console_imports.start": FILE,
    "console_imports.take_back": FILE,
    "console_inspections.show_result": RESULT,
    "console_matters.decide": MATTER,
    "console_matters.discard": MATTER,
    "console_matters.show_matter": MATTER,
    "console_operators.add_presence": OPERATOR_CHANGE,
    "console_operators.change_presence": OPERATOR_CHANGE,
    "console_operators.change_status": OPERATOR_CHANGE,
    "console_operators.remove_presence": OPERATOR_CHANGE,
    "console_operators.rename": OPERATOR_CHANGE,
    "console_operators.show_operator": OPERATOR_READ,
    "console_point_in_time.show_operator_then": OPERATOR_READ,
    "console_proceedings.decide": PROCEEDING,
    "console_proceedings.note": PROCEEDING,
    "console_proceedings.show_proceeding": PROCEEDING,
    "console_proceedings.take_step": PROCEEDING,
    "console_records.begin_correction": RECORD,
    "console_records.propose_shield": RECORD,
    "console_records.propose_withdrawal": RECORD,
    "console_records.show_record": RECORD,
}
"""Accounts are those of the whole node: its security administrator has no area."""

NAMES_NOTHING = {
    "console_case_opening.create",
    "console_exchange.hold",
    "console_exchange.see_incident",
    "console_exchange.show_batch",
    "console_exchange.show_peer",
    "console_exchange_messages.link",
    "console_exchange_messages.place_again",
    "console_exchange_messages.show_message",
    "console_exchange_messages.tell",
    "console_exchange_problems.propose",
    "console_exchange_problems.set_aside",
    "console_exchange_problems.show_problem",
}
"""Addresses with an argument that is a word of the program; peers and their messages, which are the whole node's."""


NEEDS_MORE = {
    "console_batches.show_annex",
    "console_evidence.show_application",
    "console_evidence.show_file",
    "console_imports.noted_rows",
    "console_imports.show_row",
    "console_proceedings.show_proceeding",
}
"""Pages of a file that was taken in, a case with its first step, a list that was drawn up: their own tests open them."""


def naming(app: Flask) -> list[Rule]:
    """The console's addresses with an argument that is more than a choice of words."""
    return [
        rule
        for rule in guarded_rules(app, "officers")
        if rule.endpoint not in NAMES_NOTHING
        and any(not isinstance(rule._converters[name], AnyConverter) for name in rule.arguments)
    ]


def address_of(app: Flask, rule: Rule, here: District) -> str:
    values = dict(NAMED[rule.endpoint].arguments(here))
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
    with app.test_request_context():
        return app.url_map.bind("registry.test").build(
            rule.endpoint, {name: values[name] for name in rule.arguments}, method=min(methods_of(rule))
        )


@pytest.fixture
def district(app: Flask, database: object) -> tuple[Authority, District]:
    """One of everything in 长安区."""
    authority = make_authority()
    with transaction():
        operator = make_operator()
        operators.add_presence(
            operator,
            {"type": PresenceType.SHOP, "name": "瑞祥旗舰店", "platform": None, "url": None, "icp_no": None},
            actor=FIRST,
        )
        record = make_penalty(operator, authority, document_no=SECRET, state=RecordState.PENDING)
        result = make_inspection_result(operator, authority, state=RecordState.PENDING, task=SECRET)
        file = ImportFile(
            kind=ImportKind.PENALTIES,
            state=FileState.UPLOADED,
            authority_id=authority.id,
            file_name="处罚.csv",
            stored_as="none.csv",
            size=1,
            uploaded_by=str(FIRST),
            uploaded_at=now(),
            percent=0,
        )
        proceeding = Proceeding(
            record_id="P-test-1",
            procedure=Procedure.CLUE,
            stage="received",
            authority_id=authority.id,
            facts={},
            personal={},
            hands=[],
            opened_on=today(),
            recorded_at=now(),
        )
        batch = ListingBatch(
            kind=BatchKind.LIST,
            state=BatchState.DRAWN_UP,
            authority_id=authority.id,
            report_year=2025,
            source={},
            initial=0,
            done=0,
            left_out=0,
            position=0,
            prepared_by=str(FIRST),
            prepared_at=now(),
        )
        db.session.add_all([file, proceeding, batch])
        one = announcements.draft(
            Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。"), authority=authority, actor=FIRST
        )
        document = issue(
            DocumentKind.REMOVAL_DECISION,
            authority=authority,
            rule_set=RULES,
            on=date(2026, 7, 10),
            particulars={"party": "甲"},
        )
        officer, _ = officers.create("li", roles=[Role.ENTRY], authority=authority, by="system:test", reason="test")
    with transaction():
        matter = drafting.open_entry(
            Subject.PENALTIES,
            penalty_form(make_operator()),
            authority=authority,
            desk=DESK,
            actor=Actor("officer", "x"),
        )
    with transaction():
        certificate = query_certificates.enter(
            operator,
            asked_for=AskedFor.AUTHORITY,
            as_of=today(),
            known_at=now(),
            purpose="测试",
            authority=authority,
            own=[],
            settings=app.extensions["registry_settings"],
            actor=FIRST,
        )
    return authority, District(
        matter.id,
        record.record_id,
        result.record_id,
        operator.id,
        operator.online_presences[0].id,
        file.id,
        one.id,
        proceeding.id,
        document.id,
        officer.name,
        certificate.id,
        batch.id,
    )


def state() -> tuple[int, ...]:
    """What crafted requests must leave as it is."""
    return (
        db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one(),
        db.session.execute(select(func.sum(Matter.revision))).scalar_one(),
    )


def test_every_address_that_names_something_is_listed(app: Flask) -> None:
    assert {rule.endpoint for rule in naming(app)} == set(NAMED)


@pytest.mark.parametrize("role", Role)
def test_another_district_and_other_roles_reach_nothing(
    app: Flask, client: FlaskClient, district: tuple[Authority, District], role: Role
) -> None:
    _, here = district
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    elsewhere.region = "130104"
    sign_in(client, "zhao", role, authority=elsewhere)
    token, before = csrf_of(client), state()
    for rule in naming(app):
        for method in methods_of(rule):
            answer = client.open(
                address_of(app, rule, here), method=method, data={"csrf_token": token, "revision": 1, "reason": "测试"}
            )
            if role not in app.view_functions[rule.endpoint].roles:  # type: ignore[attr-defined]
                assert answer.status_code == 403, f"{method} {rule}"
            elif NAMED[rule.endpoint] is not ACCOUNT:
                assert answer.status_code == NAMED[rule.endpoint].outside, f"{method} {rule}"
            assert SECRET not in answer.get_data(as_text=True), rule
    assert state() == before


def test_the_own_district_reaches_all_of_it(app: Flask, district: tuple[Authority, District]) -> None:
    """Else the answers above would show nothing: the addresses name what is there."""
    authority, here = district
    for role in Role:
        browser = Browser(app, app.response_class, use_cookies=True)
        sign_in(browser, f"own.{role.value}"[:32].replace("_", "-"), role, authority=authority)
        for rule in naming(app):
            if methods_of(rule) == {"GET"} and role in app.view_functions[rule.endpoint].roles:  # type: ignore[attr-defined]
                status = browser.get(address_of(app, rule, here)).status_code
                assert status in (200, 204) or rule.endpoint in NEEDS_MORE, f"{rule} {status}"
