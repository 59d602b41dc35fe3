"""What stands in the register of the browser tests: one operator of each kind of trouble, and officers of one district.

The site runs on the real clock, so days are counted from today.
"""

from dataclasses import dataclass
from datetime import timedelta

from models import Authority, OnlinePresence, Operator
from registry.clock import now, today
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus
from registry.rules.record import EndReason
from registry.rules.roles import Role
from registry.services import announcements, officers, publicity, second_factor
from registry.services.announcements import Wording
from registry.services.personal_values import Vault
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)


@dataclass(frozen=True, slots=True)
class Account:
    """An officer with a password of their own, and the secret that their phone holds."""

    name: str
    password: str
    secret: str


@dataclass(frozen=True, slots=True)
class Register:
    """Addresses that tests go to: codes of operators, names of records. Officers by what they do."""

    listed: str
    clear: str
    household: str
    busy: str
    penalty: str
    licence: str
    mark: str
    violation_listing: str
    withdrawn: str
    ended: str
    announcement: int
    entry: Account
    review: Account
    superior: Account


def fill(vault: Vault) -> Register:
    """Enter everything; commits."""
    day = today()
    with transaction():
        authority = make_authority(name="石家庄市长安区市场监督管理局")
        city = make_authority(name="石家庄市市场监督管理局")
        city.region, authority.parent = "130100", city
        listed = make_operator(
            name="石家庄康源食品销售有限公司",
            established_on=day - timedelta(days=2_000),
            responsible_person="赵晓明",
            address="石家庄市长安区中山东路100号",
            company_type="有限责任公司（自然人独资）",
            registrar_name="石家庄市长安区行政审批局",
            registered_capital="200万元人民币",
            business_scope="预包装食品销售；互联网销售（除销售需要许可的商品）。",
        )
        listed.online_presences.append(
            OnlinePresence(
                type=PresenceType.SHOP,
                name="康源食品旗舰店",
                url="https://shop.example.cn/ky",
                platform="示例商城",
                icp_no=None,
            )
        )
        clear = make_operator(name="石家庄瑞祥商贸有限公司", established_on=day - timedelta(days=900))
        household = make_operator(
            name="石家庄市新华区老张家电维修部",
            kind=OperatorKind.HOUSEHOLD,
            responsible_person="张建国",
            region="130105",
        )
        make_operator(name="石家庄瑞祥商贸有限公司", region="130104")
        make_operator(name="正定县永昌农资有限公司", region="130123", registration_status=RegistrationStatus.REVOKED)
        decided = day - timedelta(days=60)
        penalty = make_penalty(listed, authority, decided_on=decided, public_until=day + timedelta(days=305))
        violation = make_violation_listing(
            listed, authority, listed_on=decided, public_until=day + timedelta(days=1_000)
        )
        make_abnormal_listing(
            listed, authority, listed_on=day - timedelta(days=30), decided_on=day - timedelta(days=30)
        )
        mark = make_household_mark(household, authority, listed_on=day - timedelta(days=120))
        licence = make_licence(listed, authority)
        busy = make_operator(name="石家庄市裕华区万家福连锁超市有限责任公司第三分公司", region="130108")
        for weeks in range(2, 16):
            make_penalty(
                busy,
                authority,
                decided_on=day - timedelta(weeks=weeks),
                public_until=day + timedelta(weeks=50 - weeks),
            )
        withdrawn = make_penalty(clear, authority, decided_on=decided, public_until=day + timedelta(days=305)).record_id
        statement = "处罚决定被依法撤销。"
        publicity.withdraw(withdrawn, statement=statement, reason=EndReason.DECISION_REVOKED, on=day, actor=ACTOR)
        ended = make_penalty(clear, authority, decided_on=decided, public_until=day + timedelta(days=305)).record_id
        publicity.end_publicity(ended, reason=EndReason.REPAIRED, on=day, actor=ACTOR)
    with transaction():  # an announcement rests on records that are public already
        return Register(
            listed=_code(listed),
            clear=_code(clear),
            household=_code(household),
            busy=_code(busy),
            penalty=penalty.record_id,
            licence=licence.record_id,
            mark=mark.record_id,
            violation_listing=violation.record_id,
            withdrawn=withdrawn,
            ended=ended,
            announcement=_announced(authority, penalty.record_id),
            entry=account("luru", [Role.ENTRY], authority, vault),
            review=account("shenhe", [Role.REVIEW], authority, vault),
            superior=account("shangji", [Role.SUPERIOR], city, vault),
        )


def _announced(authority: Authority, record_id: str) -> int:
    one = announcements.draft(
        Wording(
            AnnouncementKind.OTHER,
            "关于近期行政处罚信息公示情况的公告",
            "近期行政处罚信息已依法公示。\n如有异议，可向作出决定的机关提出。",
            [record_id],
        ),
        authority=authority,
        actor=Actor("officer", "nigao"),
    )
    announcements.publish(one.id, area=[authority.id], seen=one.revision, actor=Actor("officer", "fabu"))
    return one.id


def _code(operator: Operator) -> str:
    assert operator.uscc is not None
    return operator.uscc


def account(name: str, roles: list[Role], authority: Authority, vault: Vault) -> Account:
    officer, password = officers.create(name, roles=roles, authority=authority, by="system:test", reason="test")
    officer.must_change = False
    secret = second_factor.begin(officer, vault).secret
    officer.totp_confirmed_at = now()
    return Account(name, password, secret)
