"""Two invented announcements of the demo's city authority, drafted and published by two of its officers."""

from sqlalchemy import exists, select

from models import Announcement, db
from registry.demo.register import CITY
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.services import announcements, authorities
from registry.services.announcements import Wording
from registry.transaction import transaction

_DRAFTS, _PUBLISHES = Actor("officer", "publish"), Actor("officer", "review")
"""Officers whom `demo_access` makes."""

WORDINGS = (
    Wording(
        AnnouncementKind.RANDOM_INSPECTION,
        "关于开展食品经营者双随机抽查的公告（演示）",
        "本机关将于近期对食品经营者开展双随机、一公开抽查。\n抽查结果依法公示。本公告为演示内容，纯属虚构。",
    ),
    Wording(
        AnnouncementKind.ABNORMAL_REMOVED,
        "关于移出经营异常名录情况的公告（演示）",
        "已补报年度报告并公示的经营主体，本机关已依法移出经营异常名录。\n本公告为演示内容，纯属虚构。",
    ),
)


def enter() -> None:
    """Publish WORDINGS unless the city authority has announced something already. Commits."""
    with transaction():
        authority = authorities.get(CITY.uscc)
        if db.session.execute(select(exists().where(Announcement.authority_id == authority.id))).scalar():
            return
        for wording in WORDINGS:
            one = announcements.draft(wording, authority=authority, actor=_DRAFTS)
            announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=_PUBLISHES)
