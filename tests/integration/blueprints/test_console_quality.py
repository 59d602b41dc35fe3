"""The data-quality list: what stands on it and what does not."""

import pytest

from models import db
from registry.rules.roles import Role
from tests.factories import make_authority, make_operator
from tests.integration.blueprints.signed_in import sign_in


@pytest.fixture
def officer(client):
    sign_in(client, "zhang", Role.ENTRY)
    return client


def shown(officer, concern):
    return officer.get(f"/console/quality/list.csv?concern={concern}").get_data(as_text=True)


def test_each_concern_lists_what_it_is_about(officer):
    make_operator(name="石家庄甲商贸有限公司", uscc_doubt="证照如此")
    make_operator(name="石家庄乙商贸有限公司")
    for _ in range(2):
        make_operator(name="石家庄丙商贸有限公司")
    make_operator(name="石家庄丁商贸有限公司", region=None)
    make_authority(name="某某局").confirmed = False
    db.session.flush()
    listed = {
        concern: {name for name in "甲乙丙丁某" if name in shown(officer, concern)}
        for concern in ("doubtful_code", "same_name", "no_region", "unconfirmed_authority")
    }
    assert listed == {
        "doubtful_code": {"甲"},
        "same_name": {"丙"},
        "no_region": {"丁"},
        "unconfirmed_authority": {"某"},
    }
    page = officer.get("/console/quality?concern=same_name").get_data(as_text=True)
    assert page.count("石家庄丙商贸有限公司") == 2


def test_another_district_is_left_out(officer):
    make_operator(name="石家庄甲商贸有限公司", uscc_doubt="证照如此", region="130104")
    assert "甲" not in shown(officer, "doubtful_code")
