"""The rows of the demo register, as the files of the departments would bring them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from registry.demo.names import DISTRICTS, Identity, Inventor
from registry.demo.penalties import (
    ABNORMAL_REASONS,
    GOODS,
    LICENCES,
    OFFENCES,
    PLATFORMS,
    VIOLATION_REASONS,
    Offence,
)
from registry.rules import uscc
from registry.rules.amounts import yuan_to_wan
from registry.rules.measures import MEASURES
from registry.rules.operator import OperatorKind

SEED = 130100
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Organ:
    """A deciding authority of the demo register."""

    name: str
    uscc: str
    regime: str
    region: str
    number: str  # what stands before the year in its document numbers


def _organ(name: str, regime: str, region: str, number: str, serial: int) -> Organ:
    subject = f"000{serial:05d}"
    body = f"11{region}{subject}{uscc.organisation_check_character(subject)}"
    return Organ(name, body + uscc.check_character(body), regime, region, number)


CITY = _organ("石家庄市市场监督管理局", "samr", "130100", "石市监", 1)
ORGANS = {
    region: _organ(f"石家庄市{name}市场监督管理局" if name.endswith("区") else f"{name}市场监督管理局", "samr", region,
                   f"石{name[0]}市监", serial)
    for serial, (region, (name, _)) in enumerate(DISTRICTS.items(), 2)
}  # fmt: skip
OTHERS = (
    _organ("石家庄市农业农村局", "ndrc", "130100", "石农", 90),
    _organ("石家庄市文化广电和旅游局", "ndrc", "130100", "石文", 91),
    _organ("石家庄市卫生健康委员会", "ndrc", "130100", "石卫", 92),
)


@dataclass(slots=True)
class DemoRegister:
    """All rows, drawn from one seed for one day: the same day gives the same register."""

    day: date
    size: int = 20_000
    penalty_count: int = 1_500
    inventor: Inventor = field(default_factory=lambda: Inventor(SEED))
    identities: list[Identity] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identities = [self.inventor.identity() for _ in range(self.size)]

    def operators(self) -> Iterator[Row]:
        """Rows of the registration layout; one in forty has a former name, one in twenty is not simply active."""
        random = self.inventor.random
        statuses = ("存续", "歇业", "吊销未注销", "注销", "迁出")
        for identity in self.identities:
            founded = self.day - timedelta(days=random.randint(120, 7_000))
            enterprise = identity.kind is OperatorKind.ENTERPRISE
            yield {
                "企业名称": identity.name,
                "统一社会信用代码": identity.uscc or "",
                "注册号": identity.registration_no or "",
                "注册日期": founded.isoformat(),
                "企业类型": {
                    OperatorKind.ENTERPRISE: "有限责任公司(自然人投资或控股)",
                    OperatorKind.HOUSEHOLD: "个体工商户",
                    OperatorKind.COOPERATIVE: "农民专业合作社",
                }[identity.kind],
                "法人代表": identity.person,
                "注册资金": f"{random.choice((10, 50, 100, 200, 500, 1000))}万元人民币" if enterprise else "",
                "经营范围": f"{identity.trade}；互联网销售（除销售需要许可的商品）",
                "所在省份": "河北省",
                "地区": f"石家庄市{identity.district}",
                "注册地址": f"石家庄市{identity.district}{random.choice(('中山路', '和平路', '裕华路', '建设大街', '友谊大街', '府前街'))}"
                f"{random.randint(1, 400)}号",
                "登记机关": ORGANS[identity.region].name,
                "登记状态": random.choices(statuses, (950, 12, 14, 20, 4))[0],
                "行业": self.inventor.industry(),
                "曾用名": self.inventor.former_name(identity) if random.random() < 0.025 else "",
            }  # fmt: skip

    def online_presences(self) -> Iterator[Row]:
        """Shops on platforms for three in five, a site of its own for one in twelve."""
        random = self.inventor.random
        for number, identity in enumerate(self.identities):
            key = {"统一社会信用代码": identity.uscc or "", "注册号": identity.registration_no or ""}
            if random.random() < 0.6:
                platform = random.choice(PLATFORMS)
                yield {**key, "类型": "网店", "名称": f"{identity.name[:8]}旗舰店", "平台": platform,
                       "网址": f"https://shop{100_000 + number}.example.cn/", "ICP备案号": ""}  # fmt: skip
            if random.random() < 0.08:
                yield {**key, "类型": "网站", "名称": f"{identity.name}官网", "平台": "",
                       "网址": f"https://www.{number:05d}.example.cn/",
                       "ICP备案号": f"冀ICP备{2015 + number % 11}{number:06d}号"}  # fmt: skip

    def penalties(self) -> Iterator[Row]:
        """Rows of the 双公示 penalty layout for organisations and households, over the last four years."""
        random = self.inventor.random
        punished = random.choices(self.identities[: self.size // 4], k=self.penalty_count)
        serials: dict[tuple[str, int], int] = {}
        for identity in punished:
            offence = random.choice(OFFENCES)
            decided = self.day - timedelta(days=random.randint(0, 1_400))
            organ = random.choice(OTHERS) if random.random() < 0.06 else ORGANS[identity.region]
            serial = serials[organ.uscc, decided.year] = serials.get((organ.uscc, decided.year), 0) + 1
            yield self._penalty(identity, offence, organ, decided, f"{organ.number}罚〔{decided.year}〕{serial}号")

    def licences(self) -> Iterator[Row]:
        """Rows of the 双公示 licence layout."""
        random = self.inventor.random
        for number, identity in enumerate(self.identities[: self.size // 10]):
            title, kind, content = random.choice(LICENCES)
            organ = ORGANS[identity.region]
            decided = self.day - timedelta(days=random.randint(10, 1_700))
            yield {
                **_party(identity),
                "行政许可决定文书名称": f"准予{title[:-1]}决定书",
                "行政许可决定文书号": f"{organ.number}许〔{decided.year}〕{number + 1}号",
                "许可类别": kind,
                "许可证书名称": title,
                "许可编号": f"JY1{identity.region}{number:07d}",
                "许可内容": content,
                "许可决定日期": decided.isoformat(),
                "有效期自": decided.isoformat(),
                "有效期至": (decided + timedelta(days=5 * 365)).isoformat(),
                "许可机关": organ.name,
                "许可机关统一社会信用代码": organ.uscc,
                "当前状态": "1",
                "数据来源单位": organ.name,
                "数据来源单位统一社会信用代码": organ.uscc,
            }

    def abnormal_listings(self) -> Iterator[Row]:
        """Stays on the abnormal list and household marks: in force, removed, and two for one operator."""
        random = self.inventor.random
        pool = self.identities[self.size // 4 : self.size // 2]
        for number, identity in enumerate(random.sample(pool, min(900, len(pool)))):
            reason = random.choices(tuple(ABNORMAL_REASONS), (60, 5, 8, 27))[0]
            organ = ORGANS[identity.region]
            listed = self.day - timedelta(days=random.randint(0, 900))
            removed = listed + timedelta(days=random.randint(5, 400)) if random.random() < 0.4 else None
            if removed is not None and removed > self.day:
                removed = None
            household = identity.kind is OperatorKind.HOUSEHOLD
            yield {
                "统一社会信用代码": identity.uscc or "",
                "注册号": identity.registration_no or "",
                "主体名称": identity.name,
                "列入原因类型": reason,
                "列入原因": ABNORMAL_REASONS[reason],
                "年报年度": str(listed.year - 1) if reason == "R1" else "",
                "列入日期": listed.isoformat(),
                "列入决定书文号": "" if household else f"{organ.number}异入〔{listed.year}〕第{number + 1}号",
                "作出决定机关": organ.name,
                "作出决定机关统一社会信用代码": organ.uscc,
                "移出日期": removed.isoformat() if removed else "",
                "移出原因": "已补报未报年份的年度报告并公示" if removed else "",
            }

    def violation_listings(self) -> Iterator[Row]:
        """Stays on the violation list."""
        random = self.inventor.random
        pool = [i for i in self.identities[: self.size // 4] if i.kind is not OperatorKind.COOPERATIVE]
        for number, identity in enumerate(random.sample(pool, min(120, len(pool)))):
            reason = random.choice(tuple(VIOLATION_REASONS))
            organ = ORGANS[identity.region]
            listed = self.day - timedelta(days=random.randint(0, 1_200))
            removed = listed + timedelta(days=random.randint(370, 500)) if random.random() < 0.2 else None
            if removed is not None and removed > self.day:
                removed = None
            yield {
                "统一社会信用代码": identity.uscc or "",
                "注册号": identity.registration_no or "",
                "主体名称": identity.name,
                "列入原因类型": reason,
                "列入原因": VIOLATION_REASONS[reason],
                "列入依据": "《市场监督管理严重违法失信名单管理办法》第"
                f"{ {'44-5': '五', '44-7': '七', '44-9': '九'}[reason] }条",
                "列入日期": listed.isoformat(),
                "惩戒措施": "；".join(measure.title for measure in MEASURES[1:]),
                "列入决定书文号": f"{organ.number}列严〔{listed.year}〕第{number + 1}号",
                "作出决定机关": organ.name,
                "作出决定机关统一社会信用代码": organ.uscc,
                "移出日期": removed.isoformat() if removed else "",
                "移出原因": "提前移出" if removed else "",
            }

    def _penalty(self, identity: Identity, offence: Offence, organ: Organ, decided: date, number: str) -> Row:
        random = self.inventor.random
        fine = round(random.randint(*offence.fine), -2) if offence.fine else 0
        gains = random.randint(1, 200) * 55 if offence.confiscates else 0
        content = []
        if "警告" in offence.kinds:
            content.append("警告")
        if gains:
            content.append(
                f"没收违法所得{gains}元" if "没收违法所得" in offence.kinds else f"没收侵权商品（货值{gains}元）"
            )
        if fine:
            content.append(f"罚款{fine}元")
        if "吊销" in offence.kinds:
            content.append("吊销《药品经营许可证》")
        if "停产停业" in offence.kinds:
            content.append("责令停业整顿")
        return {
            **_party(identity),
            "行政处罚决定书文号": number,
            "违法行为类型": offence.act,
            "违法事实": offence.facts.format(goods=random.choice(GOODS)) + "。",
            "处罚依据": offence.basis,
            "处罚类别": offence.kinds,
            "处罚内容": "；".join(content) + "。",
            "罚款金额（万元）": yuan_to_wan(fine) if fine else "",
            "没收违法所得、没收非法财物的金额（万元）": yuan_to_wan(gains) if gains else "",
            "暂扣或吊销证照名称及编号": f"药品经营许可证 冀DA{random.randint(1000000, 9999999)}" if "吊销" in offence.kinds else "",
            "处罚决定日期": decided.isoformat(),
            "处罚有效期": "2099/12/31",
            "公示截止期": "",
            "处罚机关": organ.name,
            "处罚机关统一社会信用代码": organ.uscc,
            "数据来源单位": organ.name,
            "数据来源单位统一社会信用代码": organ.uscc,
            "备注": "",
        }  # fmt: skip


def _party(identity: Identity) -> Row:
    household = identity.kind is OperatorKind.HOUSEHOLD
    return {
        "行政相对人名称": identity.name,
        "行政相对人类别": "个体工商户" if household else "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": identity.uscc or uscc.PLACEHOLDER,
        "行政相对人代码_2(工商注册号)": identity.registration_no or "",
        "法定代表人": identity.person,
    }
