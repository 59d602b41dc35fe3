"""The data-quality list: what stands on it and what does not."""

import pytest

from models import db
from registry.rules.roles import Role
from tests.factories import make_authority, make_operator
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import sign_in


@pytest.fixture
def officer(client):
    """An officer of a district."""
    sign_in(client, "zhang", Role.ENTRY)
    return client


@pytest.fixture
def city(app):
    """An officer of the city."""
    browser = Browser(app, app.response_class, use_cookies=True)
    above = make_authority(name="石家庄市市场监督管理局")
    above.region = "130100"
    sign_in(browser, "li", Role.REVIEW, authority=above)
    return browser


def shown(officer, concern):
    return officer.get(f"/console/quality/list.csv?concern={concern}").get_data(as_text=True)


def test_each_concern_lists_what_it_is_about(officer):
    make_operator(name="石家庄甲商贸有限公司", uscc_doubt="证照如此")
    make_operator(name="石家庄乙商贸有限公司")
    for _ in range(2):
        make_operator(name="石家庄丙商贸有限公司")
    make_authority(name="某某局").confirmed = False
    db.session.flush()
    listed = {
        concern: {name for name in "甲乙丙丁某" if name in shown(officer, concern)}
        for concern in ("doubtful_code", "same_name", "unconfirmed_authority")
    }
    assert listed == {
        "doubtful_code": {"甲"},
        "same_name": {"丙"},
        "unconfirmed_authority": {"某"},
    }
    page = officer.get("/console/quality?concern=same_name").get_data(as_text=True)
    assert page.count("石家庄丙商贸有限公司") == 2


def test_a_line_leads_to_where_it_is_mended(officer):
    operator = make_operator(name="石家庄甲商贸有限公司", uscc_doubt="证照如此")
    page = officer.get("/console/quality?concern=doubtful_code").get_data(as_text=True)
    assert f'href="/console/operators/{operator.id}"' in page


def test_what_names_no_region_is_for_the_city(officer, city):
    make_operator(name="石家庄丁商贸有限公司", region=None, uscc_doubt="证照如此")
    unplaced = make_authority(name="某某局")
    unplaced.confirmed, unplaced.region = False, None
    db.session.flush()
    for concern, name in (("no_region", "丁"), ("doubtful_code", "丁"), ("unconfirmed_authority", "某某局")):
        assert (name in shown(officer, concern), name in shown(city, concern)) == (False, True)


def test_another_district_is_left_out(officer):
    make_operator(name="石家庄甲商贸有限公司", uscc_doubt="证照如此", region="130104")
    assert "甲" not in shown(officer, "doubtful_code")
