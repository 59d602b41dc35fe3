"""The two public lists: who stands on them, filters with their counts, pages, table and feed."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState
from registry.transaction import transaction
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_operator,
    make_violation_listing,
)

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def november(app: Flask) -> Iterator[None]:
    """The day of all pages here, and no counts left from another test."""
    app.extensions.pop("kept_figures", None)
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


def test_the_abnormal_list_shows_listings_and_marks_and_nothing_else(client: FlaskClient) -> None:
    with transaction():
        authority = make_authority()
        make_abnormal_listing(make_operator(name="石家庄在列商贸有限公司"), authority)
        make_household_mark(make_operator(name="长安区标记小吃店", kind=OperatorKind.HOUSEHOLD), authority)
        make_violation_listing(make_operator(name="石家庄严重商贸有限公司"), authority)
        for state in (RecordState.PENDING, RecordState.SHIELDED):
            make_abnormal_listing(
                make_operator(name=f"石家庄隐藏{state}有限公司"),
                authority,
                state=state,
                end_reason="shielded" if state is RecordState.SHIELDED else None,
            )
    shown = client.get("/lists/abnormal").text
    assert "石家庄在列商贸有限公司" in shown
    assert "长安区标记小吃店" in shown
    assert "石家庄严重商贸有限公司" not in shown
    assert "隐藏" not in shown
    assert "共2条" in shown
    assert "石家庄严重商贸有限公司" in client.get("/lists/violations").text


def test_an_entry_vanishes_at_midnight_without_a_job(client: FlaskClient) -> None:
    with transaction():
        make_violation_listing(make_operator(), make_authority(), public_until=date(2026, 11, 25))
    for suffix in ("", ".csv", ".atom"):
        assert "石家庄瑞祥商贸有限公司" in client.get(f"/lists/violations{suffix}").text
    with time_machine.travel("2026-11-25T00:00:00+08:00", tick=False):
        for suffix in ("", ".csv", ".atom"):
            assert "石家庄瑞祥商贸有限公司" not in client.get(f"/lists/violations{suffix}").text


def test_filters_narrow_and_say_what_another_choice_would_give(client: FlaskClient) -> None:
    with transaction():
        here, there = make_authority(name="甲局"), make_authority(name="乙局")
        make_abnormal_listing(make_operator(name="甲企业公司", region="130102"), here)
        make_abnormal_listing(
            make_operator(name="乙企业公司", region="130104"), there, reason=AbnormalReason.R4, report_year=None
        )
        make_abnormal_listing(make_operator(name="丙企业公司", region="130104"), there, listed_on=date(2026, 9, 1))
    shown = client.get("/lists/abnormal?region=130104").text
    assert "甲企业公司" not in shown
    assert "乙企业公司" in shown
    assert "共2条" in shown
    assert re.search(r"长安区 \(1\)", shown)
    assert re.search(r"桥西区 \(2\)", shown)
    assert "丙企业公司" not in client.get("/lists/abnormal?region=130104&reason=R4").text
    assert "共1条" in client.get(f"/lists/abnormal?authority={here.uscc}").text
    assert "丙企业公司" in client.get("/lists/abnormal?since=2026-09-01&until=2026-09-01").text
    assert "共1条" in client.get("/lists/abnormal?since=2026-09-01").text
    assert "共1条" in client.get("/lists/abnormal?q=丙企").text
    assert "共3条" in client.get("/lists/abnormal?region=x&since=never&after=nothing").text


def test_pages_follow_each_other(client: FlaskClient) -> None:
    with transaction():
        authority = make_authority()
        for number in range(51):
            listed_on = date(2026, 7, 1) + timedelta(days=number % 7)
            make_abnormal_listing(make_operator(name=f"石家庄第{number:02d}号公司"), authority, listed_on=listed_on)
    first = client.get("/lists/abnormal").text
    after = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert after is not None
    second = client.get(after[1].replace("&amp;", "&")).text
    seen = re.findall(r"石家庄第\d\d号公司", first) + re.findall(r"石家庄第\d\d号公司", second)
    assert len(seen) == len(set(seen)) == 51
    assert 'rel="next"' not in second


def test_the_table_is_for_spreadsheets_and_holds_no_formula(client: FlaskClient) -> None:
    with transaction():
        make_violation_listing(make_operator(name="=cmd|公司"), make_authority())
    answer = client.get("/lists/violations.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.cache_control.no_store
    head, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[0] == "名称"
    assert row[0] == "'=cmd|公司"
    assert row[9:11] == ["2026-03-02", "2029-03-02"]


def test_the_feed_is_atom_with_lasting_addresses(client: FlaskClient) -> None:
    with transaction():
        listing = make_violation_listing(make_operator(name="甲<乙>&公司"), make_authority())
    answer = client.get("/lists/violations.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "").startswith("甲<乙>&公司")
    assert (entry.findtext(f"{ATOM}id") or "").endswith(f"/records/{listing.record_id}")
    assert feed.findtext(f"{ATOM}updated") == "2026-03-02T00:00:00+08:00"


def test_natural_persons_are_not_found_by_name(client: FlaskClient) -> None:
    with transaction():
        person = make_operator(name="欧阳某某", kind=OperatorKind.NATURAL_PERSON, code=None, person_key="p" * 64)
        person.uscc = None
        make_violation_listing(person, make_authority())
    assert "欧阳某某" in client.get("/lists/violations").text
    shown = client.get("/lists/violations?q=欧阳某某").text
    assert "共0条" in shown


@pytest.mark.parametrize(
    "address", ["/lists/abnormal?q=%00", "/lists/abnormal?after=2026-99-99.x", "/lists/violations?q=%25_"]
)
def test_odd_addresses_are_answered(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_there_are_two_lists(client: FlaskClient) -> None:
    assert client.get("/lists/other").status_code == 404
