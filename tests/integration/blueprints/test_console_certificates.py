"""The rooms of the two axes: an operator as known on a day, and certificates of queries."""

from datetime import date

import pytest

from models import db
from registry.clock import today
from registry.rules.record import EndReason
from registry.rules.roles import Role
from registry.services import publicity
from registry.transaction import transaction
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_operator
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in


@pytest.fixture
def bureau(database):
    return make_authority()


@pytest.fixture
def officer(client, bureau):
    sign_in(client, "zhang", Role.REVIEW, authority=bureau)
    return client


@pytest.fixture
def repaired(officer, bureau):
    """Listed in March, off since September."""
    with transaction():
        operator = make_operator(name="石家庄曾列商贸有限公司")
        listing = make_abnormal_listing(operator, bureau, listed_on=date(2026, 3, 2), decision_no="石异入〔2026〕9号")
    with transaction():
        publicity.end_publicity(listing.record_id, reason=EndReason.REPAIRED, on=date(2026, 9, 7), actor=ACTOR)
    return operator


def query(officer, about, **cells):
    form = {
        "csrf_token": csrf_of(officer),
        "operator": about.uscc,
        "asked_for": "B",
        "as_of": "2026-05-04",
        "known_on": today().isoformat(),
        "purpose": "政府采购资格审查",
        **cells,
    }
    return officer.post("/console/certificates", data=form)


class TestAsKnown:
    def test_one_day_has_the_stay_and_the_other_has_not(self, officer, repaired):
        address = f"/console/operators/{repaired.id}/as-known"
        listed = officer.get(f"{address}?lang=en&as_of=2026-05-04").get_data(as_text=True)
        assert "石异入〔2026〕9号" in listed
        assert "In effect on this day" in listed.replace("Not in effect", "")
        assert "Not in effect on this day" in officer.get(f"{address}?as_of=2026-10-08").get_data(as_text=True)

    def test_before_its_entry_the_operator_was_not_known(self, officer, repaired):
        page = officer.get(f"/console/operators/{repaired.id}/as-known?lang=en&known_on=2020-01-02")
        assert "did not know this operator then" in page.get_data(as_text=True)

    @pytest.mark.parametrize("asked", ["as_of=2030-01-02", "known_on=soon"])
    def test_a_day_that_is_none_is_told_at_its_field(self, officer, repaired, asked):
        page = officer.get(f"/console/operators/{repaired.id}/as-known?lang=en&{asked}")
        assert page.status_code == 422
        assert f'id="fault-{asked.partition("=")[0]}"' in page.get_data(as_text=True)

    def test_the_page_of_today_leads_there(self, officer, repaired):
        page = officer.get(f"/console/operators/{repaired.id}").get_data(as_text=True)
        assert f"/console/operators/{repaired.id}/as-known" in page


class TestCertificates:
    def test_a_query_is_entered_shown_and_printed(self, officer, repaired):
        entered = query(officer, repaired)
        assert entered.status_code == 303
        page = officer.get(entered.location).get_data(as_text=True)
        assert f"B{today():%Y%m%d}0001" in page
        assert "石异入〔2026〕9号" in page
        printed = officer.post(f"{entered.location}/prints", data={"csrf_token": csrf_of(officer)})
        assert printed.mimetype == "application/pdf"
        assert printed.data.startswith(b"%PDF")
        assert f"B{today():%Y%m%d}0001-0001.pdf" in printed.headers["Content-Disposition"]
        assert f"B{today():%Y%m%d}0001-0001" in officer.get(entered.location).get_data(as_text=True)

    def test_all_faults_of_a_query_are_told_at_once(self, officer, repaired):
        refused = query(officer, repaired, asked_for="X", as_of="2030-01-02", purpose="")
        assert refused.status_code == 422
        page = refused.get_data(as_text=True)
        assert all(f'id="fault-{name}"' in page for name in ("asked_for", "as_of", "purpose"))

    @pytest.mark.parametrize(
        ("cells", "field"), [({"operator": "1"}, "operator"), ({"known_on": "2020-01-02"}, "known_on")]
    )
    def test_who_cannot_be_found_is_told_at_the_field(self, officer, repaired, cells, field):
        refused = query(officer, repaired, **cells)
        assert refused.status_code == 422
        assert f'id="fault-{field}"' in refused.get_data(as_text=True)

    def test_officers_of_another_area_do_not_find_it(self, app, officer, repaired):
        address = query(officer, repaired).location
        stranger = Browser(app, app.response_class, use_cookies=True)
        other = make_authority(name="石家庄市桥西区市场监督管理局")
        other.region = "130104"
        db.session.flush()
        sign_in(stranger, "li", Role.REVIEW, authority=other)
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}/prints", data={"csrf_token": csrf_of(stranger)}).status_code == 404
