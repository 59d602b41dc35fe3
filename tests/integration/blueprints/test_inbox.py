"""The inbox of an officer with more than a page of matters and cases: in one order, each once, the nearest deadline on top."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from models import Authority, Matter, Operator, Proceeding, db
from registry.clock import now
from registry.queries.inbox import Place, page_of
from registry.rules.penalty_procedure import MatterKind, MatterState, Subject
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.roles import Role
from tests.factories import make_authority, make_operator
from tests.integration.blueprints.signed_in import sign_in

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        yield


def matter(number: int, authority: Authority, due_on: date | None, **columns) -> Matter:
    values = {
        "name": f"M-{number}",
        "subject": Subject.PENALTIES,
        "kind": MatterKind.WITHDRAWAL,
        "end_reason": "decision_revoked",
        "state": MatterState.DRAFT,
        "authority": authority,
        "opened_by": "officer:zhang",
        "opened_at": now(),
        "changed_at": now(),
        "due_on": due_on,
    }
    return Matter(**{**values, **columns})


def case(number: int, authority: Authority, operator: Operator, due_on: date | None, **columns) -> Proceeding:
    values = {
        "record_id": f"130100.proceeding.00000000-0000-4000-8000-{number:012}",
        "recorded_at": now(),
        "procedure": Procedure.ABNORMAL_LISTING,
        "stage": "A6",
        "authority": authority,
        "operator": operator,
        "facts": {},
        "personal": {},
        "hands": [],
        "asked_of": Actor.REVIEWER,
        "opened_on": date(2026, 9, 23),
        "deadline": "decide_removal" if due_on else None,
        "due_on": due_on,
    }
    return Proceeding(**{**values, **columns})


@pytest.fixture
def authority() -> Authority:
    """A district with 110 matters and 110 cases: five days late to fifty days ahead, several a day, some without a clock."""
    authority = make_authority()
    for number in range(110):
        due_on = None if number % 11 == 0 else TODAY + timedelta(days=number % 56 - 5)
        db.session.add_all([matter(number, authority, due_on), case(number, authority, make_operator(), due_on)])
    db.session.flush()
    return authority


def test_the_pages_hold_everything_once_and_in_order(authority: Authority) -> None:
    walked, after = [], None
    while True:
        page = page_of([authority.id], superior_of=authority.id, today=TODAY, after=after)
        assert len(page.items) <= 50
        walked += page.items
        assert page.all == 220
        if page.after is None:
            break
        after = Place.read(str(page.after))
    assert len({(type(each), each.id) for each in walked}) == len(walked) == 220
    days = [each.due_on or date.max for each in walked]
    assert days == sorted(days)
    assert page.late == sum(day < TODAY for day in days) > 0


def test_what_is_done_or_lies_elsewhere_does_not_wait(authority: Authority) -> None:
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    db.session.add_all(
        [
            matter(301, elsewhere, TODAY, state=MatterState.DISCARDED),
            case(301, elsewhere, make_operator(), None, asked_of=None),
        ]
    )
    db.session.flush()
    assert page_of([elsewhere.id], superior_of=elsewhere.id, today=TODAY).items == []


def test_the_superior_sees_what_needs_its_consent_and_nothing_else_of_below() -> None:
    city, district = make_authority(), make_authority(name="石家庄市桥西区市场监督管理局")
    district.parent = city
    asked = case(401, district, make_operator(), TODAY, asked_of=Actor.SUPERIOR)
    db.session.add_all([asked, case(402, district, make_operator(), TODAY)])
    db.session.flush()
    assert page_of([city.id], superior_of=city.id, today=TODAY).items == [asked]


def test_an_officer_walks_the_pages_from_the_nearest_deadline(client: FlaskClient, authority: Authority) -> None:
    sign_in(client, "zhang", Role.ENTRY, authority=authority)
    address, seen, pages = "/console/inbox?lang=en", [], 0
    while address:
        page = client.get(address).get_data(as_text=True)
        pages += 1
        seen += re.findall(r'href="(/console/(?:matters|proceedings)/\d+)"', page)
        found = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = found[1] if found else ""
        assert ("Back to the nearest deadlines" in page) is (pages > 1)
        assert "Waiting: 220." in page
    assert pages == 5
    assert len(set(seen)) == len(seen) == 220
    first = client.get("/console/inbox?lang=en").get_data(as_text=True)
    assert str(TODAY - timedelta(days=5)) in first
    assert str(TODAY + timedelta(days=40)) not in first
    assert client.get("/console/inbox?lang=en&after=nowhere").get_data(as_text=True).count("<tr>") == 51


def test_the_first_page_of_the_console_shows_the_nearest_ten(client: FlaskClient, authority: Authority) -> None:
    sign_in(client, "zhang", Role.ENTRY, authority=authority)
    page = client.get("/console/?lang=en").get_data(as_text=True)
    assert len(re.findall(r'href="/console/(?:matters|proceedings)/\d+"', page)) == 10
    assert "All 220 that wait" in page


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-24", "2026-11-24_case_x", "2026-13-01_case_1", "2026-11-24_other_1", f"2026-11-24_case_{9**20}"],
)
def test_an_address_that_names_no_place_is_the_first_page(text: str) -> None:
    assert Place.read(text) is None
