"""Announcements over HTTP: what the public reads, before and after a repair, and crafted requests of officers."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from models import Announcement, Authority, db
from registry.clock import today
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.rules.record import EndReason
from registry.rules.roles import Role
from registry.services import announcements, publicity
from registry.services.announcements import Wording
from registry.transaction import transaction
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_operator
from tests.integration.blueprints.signed_in import csrf_of, sign_in

FIRST, SECOND = Actor("officer", "zhang"), Actor("officer", "li")
NAME = "石家庄瑞祥商贸有限公司"
PLACES = ("/", "/announcements", "/announcements?kind=11", "/announcements.atom", "/announcements.atom?kind=11")


def listed(authority: Authority) -> str:
    with transaction():
        operator = make_operator(name=NAME)
        return make_abnormal_listing(operator, authority, listed_on=today() - timedelta(days=30)).record_id


def published(authority: Authority, wording: Wording) -> Announcement:
    with transaction():
        one = announcements.draft(wording, authority=authority, actor=FIRST)
        announcements.publish(one.id, area=[authority.id], seen=1, actor=SECOND)
    return one


def test_an_announcement_is_read_everywhere_until_its_record_is_repaired(client: FlaskClient) -> None:
    authority = make_authority()
    record_id = listed(authority)
    wording = Wording(AnnouncementKind.ABNORMAL_LISTED, f"关于{NAME}的公告", f"{NAME}被列入名录。", [record_id])
    one = published(authority, wording)
    page = client.get(f"/announcements/{one.id}")
    assert page.status_code == 200
    assert f"{NAME}被列入名录。" in page.text
    assert record_id in page.text
    for place in PLACES:
        assert wording.title in client.get(place).text, place
    assert wording.title not in client.get("/announcements?kind=99").text
    with transaction():
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=today(), actor=ACTOR)
    assert client.get(f"/announcements/{one.id}").status_code == 404
    for place in (*PLACES, f"/announcements/{one.id}"):
        assert NAME not in client.get(place).text, place


def test_an_announcement_is_written_without_markup(client: FlaskClient) -> None:
    title = "<script>alert(1)</script>"
    one = published(make_authority(), Wording(AnnouncementKind.OTHER, title, title))
    for place in ("/", "/announcements", "/announcements.atom", f"/announcements/{one.id}"):
        page = client.get(place).text
        assert "&lt;script&gt;alert(1)" in page, place
        assert title not in page, place


def test_pages_go_on_by_key(client: FlaskClient) -> None:
    authority = make_authority()
    for number in range(31):
        published(authority, Wording(AnnouncementKind.OTHER, f"第{number:02}号公告", "内容"))
    first = client.get("/announcements?kind=99").text
    assert "第01号公告" in first
    assert "第00号公告" not in first
    link = first.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(link).text
    assert "第00号公告" in second
    assert "第01号公告" not in second


def test_addresses_that_are_none_of_ours_are_taken_calmly(client: FlaskClient) -> None:
    assert client.get("/announcements?after=2026-99-99.1&kind=xx").status_code == 200
    assert client.get("/announcements?after=2026-01-01.999999999").status_code == 200
    assert client.get("/announcements/99999999999999999999").status_code == 404
    assert client.get("/announcements/0").status_code == 404


FORM = {"kind": "31", "title": "双随机抽查计划", "body": "本月抽查食品经营者。", "records": ""}


def test_two_officers_draft_publish_and_withdraw(client: FlaskClient, app: Flask) -> None:
    authority, second = make_authority(), app.test_client()
    sign_in(client, "zhang", Role.PUBLISH, authority=authority)
    sign_in(second, "li", Role.REVIEW, authority=authority)
    own, others = {"csrf_token": csrf_of(client)}, {"csrf_token": csrf_of(second)}
    room = client.post("/console/announcements", data={**FORM, **own}).location
    assert FORM["title"] not in client.get("/announcements").text
    assert "/publish" not in client.get(room).text
    refused = client.post(f"{room}/publish", data={"revision": 1, **own})
    assert refused.status_code == 422
    assert FORM["title"] not in client.get("/announcements").text
    assert "/publish" in second.get(room).text
    assert second.post(f"{room}/change", data={**FORM, "revision": 1, **others}).status_code == 403
    assert second.post(f"{room}/publish", data={"revision": 0, **others}).status_code == 409
    assert second.post(f"{room}/publish", data={"revision": 1, **others}).status_code == 303
    assert FORM["title"] in client.get("/announcements").text
    assert client.post(f"{room}/change", data={**FORM, "title": "其他", "revision": 2, **own}).status_code == 409
    assert client.post(f"{room}/withdraw", data={"revision": 2, "reason": "  ", **own}).status_code == 422
    assert client.post(f"{room}/withdraw", data={"revision": 2, "reason": "日期有误", **own}).status_code == 303
    assert FORM["title"] not in client.get("/announcements").text
    assert "日期有误" in second.get(room).text


def test_publishing_needs_a_fresh_code(client: FlaskClient) -> None:
    authority = make_authority()
    sign_in(client, "li", Role.PUBLISH, authority=authority, stepped_up=False)
    with transaction():
        wording = Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。")
        one = announcements.draft(wording, authority=authority, actor=FIRST)
    form = {"revision": 1, "csrf_token": csrf_of(client)}
    assert 'name="otp"' in client.get(f"/console/announcements/{one.id}").text
    answer = client.post(f"/console/announcements/{one.id}/publish", data=form)
    assert (answer.status_code, 'name="otp"' in answer.text) == (403, True)
    assert "停机通知" not in client.get("/announcements").text


def test_a_refused_text_is_shown_again_and_nothing_is_kept(client: FlaskClient) -> None:
    authority = make_authority()
    listed(authority)
    sign_in(client, "zhang", Role.PUBLISH, authority=authority)
    form = {**FORM, "kind": "12", "body": f"{NAME}已移出。", "csrf_token": csrf_of(client)}
    answer = client.post("/console/announcements", data=form)
    assert answer.status_code == 422
    assert f"{NAME}已移出。" in answer.text
    assert db.session.query(Announcement).count() == 0
    assert client.post("/console/announcements", data={**form, "kind": "77"}).status_code == 422
    assert client.post("/console/announcements", data={**form, "records": "1 /;"}).status_code == 422


def test_an_officer_of_another_district_finds_nothing(client: FlaskClient) -> None:
    one = published(make_authority(), Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。"))
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    elsewhere.region = "130104"
    sign_in(client, "wang", Role.PUBLISH, authority=elsewhere)
    form = {"revision": one.revision, "reason": "for the test", "csrf_token": csrf_of(client)}
    assert client.get(f"/console/announcements/{one.id}").status_code == 404
    assert client.post(f"/console/announcements/{one.id}/withdraw", data=form).status_code == 404
    assert "停机通知" not in client.get("/console/announcements").text
