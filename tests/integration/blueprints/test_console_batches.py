"""Batches in the console: drawn up from a file, decided by another officer with a fresh code, carried out by the worker."""

import csv
import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints import console_batches
from models import BatchState, ListingBatch, db
from registry.rules.operator import OperatorKind
from registry.rules.roles import Role
from registry.services import listing_batch_run
from registry.transaction import transaction
from tests.factories import make_authority, make_operator
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.matters import DESK
from tests.unit.reports.samples import text_of


@pytest.fixture
def desk(own_app: Flask):
    """Three browsers of one authority: who enters, who reviews, who reviews without a fresh code; codes of two operators."""
    with own_app.app_context():
        with transaction():
            authority = make_authority()
            codes = [
                make_operator(established_on=date(2019, 3, 1)).uscc,
                make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD, established_on=date(2019, 3, 1)).uscc,
                make_operator().uscc,
            ]
        browsers = [Browser(own_app, own_app.response_class, use_cookies=True) for _ in range(3)]
        sign_in(browsers[0], "zhang", Role.ENTRY, Role.REVIEW, authority=authority)
        sign_in(browsers[1], "li", Role.REVIEW, authority=authority)
        sign_in(browsers[2], "wang", Role.REVIEW, authority=authority, stepped_up=False)
    return (*browsers, codes)


def hand_in(browser, codes, *, year="2024", what="list", kinds=("enterprise", "cooperative", "household")):
    content = "\n".join(codes).encode()
    data = {
        "csrf_token": csrf_of(browser),
        "what": what,
        "report_year": year,
        "kinds": list(kinds),
        "file": (io.BytesIO(content), "名单.csv"),
    }
    return browser.post("/console/batches", data=data)


def decide(browser, address, decision="approve", reason="情况属实"):
    return browser.post(f"{address}/{decision}", data={"csrf_token": csrf_of(browser), "reason": reason})


def test_a_batch_is_drawn_up_looked_at_decided_and_carried_out(own_app, desk):
    entry, review, unfresh, codes = desk
    address = hand_in(entry, codes).headers["Location"]
    page = entry.get(address).get_data(as_text=True)
    assert codes[0] in page
    assert "/approve" not in page
    assert decide(entry, address).status_code == 422
    assert decide(unfresh, address).status_code == 403
    with own_app.app_context():
        assert db.session.execute(select(ListingBatch.state)).scalar_one() is BatchState.DRAWN_UP
    assert "/approve" in review.get(address).get_data(as_text=True)
    assert decide(review, address, reason=" ").status_code == 422
    assert decide(review, address).status_code == 303
    assert entry.get(f"{address}/progress").status_code == 200
    assert decide(review, address).status_code == 422
    with own_app.app_context():
        number = db.session.execute(select(ListingBatch.id)).scalar_one()
        listing_batch_run.run(number, DESK)
        batch = db.session.get_one(ListingBatch, number)
        assert (batch.state, batch.done, batch.left_out) == (BatchState.FINISHED, 2, 1)
        printed_no = batch.document.printed_no
    assert entry.get(f"{address}/progress").status_code == 204
    assert printed_no in entry.get(address).get_data(as_text=True)
    page = entry.get(address).get_data(as_text=True)
    assert all(code in page for code in codes)


def test_the_list_is_paged_and_goes_out_as_csv_and_as_numbered_volumes(own_app, desk, monkeypatch):
    entry, review, _, codes = desk
    monkeypatch.setattr(console_batches, "ROWS", 2)
    address = hand_in(entry, codes).headers["Location"]
    first = entry.get(address).get_data(as_text=True)
    assert [code in first for code in codes] == [True, True, False]
    assert f"{address}?after=2#list" in first
    second = entry.get(f"{address}?after=2").get_data(as_text=True)
    assert [code in second for code in codes] == [False, False, True]
    decide(review, address)
    with own_app.app_context():
        batch_id = db.session.execute(select(ListingBatch.id)).scalar_one()
        listing_batch_run.run(batch_id, DESK)
        number = db.session.get_one(ListingBatch, batch_id).document.printed_no
    lines = list(csv.reader(io.StringIO(entry.get(f"{address}/annex.csv").get_data().decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == codes
    assert [line[3] for line in lines[1:]] == [
        number.replace("第1号", "第1-1号"),
        "已标记（无文书）",
        "未处理：成立日期不详",
    ]
    text = text_of(entry.get(f"{address}/annex-1.pdf").get_data())
    assert all(code in text for code in codes)
    assert number in text
    assert "第 1 页 共 1 页" in text
    assert entry.get(f"{address}/annex-2.pdf").status_code == 404


def test_every_volume_of_a_long_annex_is_reached_from_the_page(desk, monkeypatch):
    entry, _, _, codes = desk
    monkeypatch.setattr(console_batches, "volumes_of", lambda _rows: 41)
    address = hand_in(entry, codes).headers["Location"]
    page = entry.get(address).get_data(as_text=True)
    assert [number for number in range(1, 42) if f'href="{address}/annex-{number}.pdf"' not in page] == []
    assert f"{address}/annex-42.pdf" not in page


def test_a_form_without_a_file_a_year_that_is_not_over_and_unknown_codes_are_refused(desk):
    entry, _, _, codes = desk
    assert hand_in(entry, codes, year="").status_code == 422
    assert hand_in(entry, codes, kinds=()).status_code == 422
    assert hand_in(entry, codes, year="2090").status_code == 422
    assert hand_in(entry, ["没有代码"]).status_code == 422


def test_a_batch_of_another_area_is_not_there_and_reviewers_draw_none_up(own_app, desk):
    entry, review, _, codes = desk
    address = hand_in(entry, codes).headers["Location"]
    other = Browser(own_app, own_app.response_class, use_cookies=True)
    with own_app.app_context():
        with transaction():
            authority = make_authority(name="正定县市场监督管理局")
            authority.region = "130123"
        sign_in(other, "zhao", Role.REVIEW, authority=authority)
    assert other.get(address).status_code == 404
    assert decide(other, address).status_code == 404
    assert hand_in(review, codes).status_code == 403
