"""Announcements: two persons, whom a text may name, and what the public still sees after a record ended."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from models import AccessLog, Announcement, Authority, db
from registry.app import create_app
from registry.clock import today
from registry.config import Settings
from registry.ledger import Actor
from registry.queries import announcements as queries
from registry.queries.announcements import AnnouncementNotFound
from registry.rules.announcements import NAMELESS, AnnouncementKind
from registry.rules.record import EndReason
from registry.services import announcements, publicity
from registry.services.announcements import (
    AnnouncementMoved,
    NamesSomebody,
    NotThisStep,
    OwnAnnouncement,
    RecordNotPublic,
    Wording,
)
from registry.transaction import transaction
from tests.database import close
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_operator

FIRST, SECOND, THIRD = Actor("officer", "zhang"), Actor("officer", "li"), Actor("officer", "wang")
NAME = "石家庄瑞祥商贸有限公司"
NOTICE = Wording(AnnouncementKind.RANDOM_INSPECTION, "双随机抽查计划", "本月抽查食品经营者。")


@pytest.fixture
def authority(app: Flask, database: Connection) -> Authority:
    """The authority whose announcements these are."""
    return make_authority()


def drafted(authority: Authority, wording: Wording = NOTICE) -> Announcement:
    with transaction():
        return announcements.draft(wording, authority=authority, actor=FIRST)


def published(authority: Authority, wording: Wording = NOTICE) -> Announcement:
    one = drafted(authority, wording)
    with transaction():
        announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=SECOND)
    return one


def listing_of(authority: Authority, name: str = NAME):
    with transaction():
        return make_abnormal_listing(make_operator(name=name), authority, listed_on=today() - timedelta(days=30))


def shown(day: date | None = None) -> list[int]:
    return [each.id for each in queries.page_of(day or today()).entries]


def test_a_draft_is_public_only_when_a_second_person_published_it(authority: Authority) -> None:
    one = drafted(authority)
    assert shown() == []
    with pytest.raises(OwnAnnouncement), transaction():
        announcements.publish(one.id, area=[authority.id], seen=1, actor=FIRST)
    with transaction():
        announcements.publish(one.id, area=[authority.id], seen=1, actor=SECOND)
    assert shown() == [one.id]
    assert (one.published_by, one.published_on) == ("officer:li", today())
    lines = db.session.execute(select(AccessLog.event, AccessLog.actor).order_by(AccessLog.at)).all()
    assert [tuple(line) for line in lines] == [
        ("announcement.drafted", "officer:zhang"),
        ("announcement.published", "officer:li"),
    ]


def test_whoever_changes_a_draft_becomes_its_author(authority: Authority) -> None:
    one = drafted(authority)
    with transaction():
        announcements.change_draft(one.id, NOTICE, area=[authority.id], seen=1, actor=SECOND)
    with pytest.raises(OwnAnnouncement), transaction():
        announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=SECOND)


def test_the_second_of_two_publishers_is_told(authority: Authority) -> None:
    one = drafted(authority)
    with transaction():
        announcements.publish(one.id, area=[authority.id], seen=1, actor=SECOND)
    with pytest.raises(AnnouncementMoved), transaction():
        announcements.publish(one.id, area=[authority.id], seen=1, actor=THIRD)
    with pytest.raises(NotThisStep), transaction():
        announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=THIRD)
    assert one.published_by == "officer:li"


def test_a_text_that_changed_meanwhile_is_not_published_unread(authority: Authority) -> None:
    one = drafted(authority)
    with transaction():
        announcements.change_draft(
            one.id, Wording(NOTICE.kind, "更正", "更正"), area=[authority.id], seen=1, actor=FIRST
        )
    with pytest.raises(AnnouncementMoved), transaction():
        announcements.publish(one.id, area=[authority.id], seen=1, actor=SECOND)


def test_a_withdrawn_announcement_is_gone_and_says_why(authority: Authority) -> None:
    one = published(authority)
    with transaction():
        announcements.withdraw(one.id, reason="日期有误", area=[authority.id], seen=one.revision, actor=FIRST)
    assert shown() == []
    with pytest.raises(AnnouncementNotFound):
        queries.public_one(one.id, today())
    assert one.withdrawal_reason == "日期有误"
    line = db.session.scalars(select(AccessLog).where(AccessLog.event == "announcement.withdrawn")).one()
    assert line.purpose == f"announcement {one.id}: 日期有误"


def test_what_lies_in_another_area_is_not_there(authority: Authority) -> None:
    one = drafted(authority)
    with pytest.raises(AnnouncementNotFound), transaction():
        announcements.publish(one.id, area=[authority.id + 1], seen=1, actor=SECOND)
    assert list(queries.of_area([authority.id + 1], 10)) == []


@pytest.mark.parametrize("kind", sorted(NAMELESS))
def test_a_removal_names_nobody(authority: Authority, kind: AnnouncementKind) -> None:
    listing = listing_of(authority)
    spaced = f"{NAME[:3]} {NAME[3:]}"
    for text in (NAME, spaced, f"代码{listing.operator.uscc}", str(listing.operator.uscc).lower()):
        for title, body in ((text, "已移出。"), ("移出公告", f"{text}已移出。")):
            with pytest.raises(NamesSomebody), transaction():
                announcements.draft(Wording(kind, title, body), authority=authority, actor=FIRST)
    with pytest.raises(NamesSomebody), transaction():
        announcements.draft(
            Wording(kind, "移出公告", "已移出。", [listing.record_id]), authority=authority, actor=FIRST
        )
    assert drafted(authority, Wording(kind, "移出公告", "本月移出3户。")).id


def test_a_text_names_only_operators_whose_records_it_rests_on(authority: Authority) -> None:
    listing, other = listing_of(authority), listing_of(authority, "正定县永昌农资有限公司")
    listed = AnnouncementKind.ABNORMAL_LISTED
    with pytest.raises(NamesSomebody), transaction():
        announcements.draft(Wording(listed, "列入公告", NAME), authority=authority, actor=FIRST)
    with pytest.raises(NamesSomebody), transaction():
        announcements.draft(Wording(listed, "列入公告", NAME, [other.record_id]), authority=authority, actor=FIRST)
    assert drafted(authority, Wording(listed, "列入公告", NAME, [listing.record_id])).id


def test_an_announcement_vanishes_with_any_record_that_it_names(authority: Authority) -> None:
    listing, other = listing_of(authority), listing_of(authority, "正定县永昌农资有限公司")
    wording = Wording(AnnouncementKind.ABNORMAL_LISTED, "列入公告", NAME, [listing.record_id, other.record_id])
    one = published(authority, wording)
    assert shown() == [one.id]
    with transaction():
        publicity.end_publicity(listing.record_id, reason=EndReason.REPAIRED, on=today(), actor=ACTOR)
    assert shown() == []
    with pytest.raises(AnnouncementNotFound):
        queries.public_one(one.id, today())


def test_a_draft_whose_record_ended_meanwhile_is_not_published(authority: Authority) -> None:
    listing = listing_of(authority)
    one = drafted(authority, Wording(AnnouncementKind.ABNORMAL_LISTED, "列入公告", NAME, [listing.record_id]))
    with transaction():
        publicity.end_publicity(listing.record_id, reason=EndReason.REPAIRED, on=today(), actor=ACTOR)
    with pytest.raises(RecordNotPublic), transaction():
        announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=SECOND)


def test_pages_are_walked_by_key_and_narrowed_by_kind(authority: Authority) -> None:
    ids = [published(authority).id for _ in range(3)]
    other = published(authority, Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。")).id
    first = queries.page_of(today(), most=2)
    assert [each.id for each in first.entries] == [other, ids[2]]
    second = queries.page_of(today(), after=first.after, most=2)
    assert [each.id for each in second.entries] == [ids[1], ids[0]]
    assert second.after is None
    assert [each.id for each in queries.page_of(today(), AnnouncementKind.OTHER).entries] == [other]


def test_of_two_who_publish_at_once_one_is_told(own_settings: Settings) -> None:
    own_app = create_app(own_settings)
    try:
        with own_app.app_context():
            with transaction():
                authority = make_authority()
                one = announcements.draft(NOTICE, authority=authority, actor=FIRST)
            number, area = one.id, [authority.id]
            db.session.remove()
        both, told = threading.Barrier(2), []

        def publish(actor: Actor) -> None:
            with own_app.app_context():
                try:
                    both.wait(20)
                    with transaction():
                        announcements.publish(number, area=area, seen=1, actor=actor)
                    told.append("published")
                except AnnouncementMoved:
                    told.append("late")
                finally:
                    db.session.remove()

        officers = [threading.Thread(target=publish, args=(actor,)) for actor in (SECOND, THIRD)]
        for officer in officers:
            officer.start()
        for officer in officers:
            officer.join(60)
        assert sorted(told) == ["late", "published"]
    finally:
        close(own_app)
