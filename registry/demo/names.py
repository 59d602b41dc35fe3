"""Names, places and codes for the demo register: invented, but put together as in a real one."""

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from registry.rules import uscc
from registry.rules.operator import OperatorKind

DATA = Path(__file__).parent / "data"

DISTRICTS = {
    "130102": ("长安区", 13), "130104": ("桥西区", 12), "130105": ("新华区", 11), "130108": ("裕华区", 14),
    "130107": ("井陉矿区", 1), "130109": ("藁城区", 7), "130110": ("鹿泉区", 6), "130111": ("栾城区", 5),
    "130121": ("井陉县", 2), "130123": ("正定县", 6), "130125": ("行唐县", 2), "130126": ("灵寿县", 2),
    "130127": ("高邑县", 2), "130128": ("深泽县", 2), "130129": ("赞皇县", 1), "130130": ("无极县", 3),
    "130131": ("平山县", 3), "130132": ("元氏县", 3), "130133": ("赵县", 3), "130181": ("辛集市", 3),
    "130183": ("晋州市", 3), "130184": ("新乐市", 3),
}  # fmt: skip
"""Districts and counties, each with its share of the operators in per cent or so."""

_TRADES = (
    "商贸", "电子商务", "网络科技", "科技", "贸易", "食品", "医药科技", "建材", "装饰工程", "服装", "农业科技", "物流", "汽车销售",
    "文化传播", "广告", "化妆品销售", "母婴用品", "家具", "生物科技", "医疗器械", "农产品开发", "信息技术", "餐饮管理", "鞋业", "电器销售",
)  # fmt: skip
_SHOP_TRADES = (
    "服装店", "百货商店", "食品店", "化妆品店", "母婴用品店", "五金建材门市", "水果店", "烟酒店", "饭店", "电子产品经营部", "日用品商行",
    "药房", "鞋店", "茶叶店", "农资门市", "网店", "便利店", "宠物用品店", "家电维修部", "超市",
)  # fmt: skip
_COOPERATIVE_TRADES = ("种植", "养殖", "果品", "蔬菜种植", "农机服务", "粮食种植")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_GIVEN = (
    "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲建国志文海燕春梅雪峰博宇浩然子涵欣怡嘉慧晨阳鹏飞雨彤思远"
)
_INDUSTRIES = (
    "互联网零售",
    "食品批发",
    "服装零售",
    "医药零售",
    "建材批发",
    "日用品零售",
    "餐饮服务",
    "软件开发",
    "家具零售",
    "农产品批发",
)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _weighted(column: str) -> tuple[list[str], list[int]]:
    with (DATA / "trade_name_characters.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["character"], int(row[column])) for row in csv.DictReader(lines)]
    return [character for character, _ in rows], [weight for _, weight in rows]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an invented operator is."""

    kind: OperatorKind
    name: str
    uscc: str | None
    registration_no: str | None
    region: str
    district: str
    person: str
    trade: str


class Inventor:
    """Draws identities from one seed: the same seed gives the same register."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - invents names, guards nothing
        self._first = _weighted("first")
        self._second = _weighted("second")
        self._names: set[str] = set()
        self._subjects: set[str] = set()

    def person(self) -> str:
        """A person's name of two or three characters."""
        return self.random.choice(_SURNAMES) + "".join(self.random.choices(_GIVEN, k=self.random.choice((1, 2, 2))))

    def industry(self) -> str:
        """An industry's name."""
        return self.random.choice(_INDUSTRIES)

    def identity(self) -> Identity:
        """One more operator, with a name and a code that nobody drawn before has."""
        kind = self.random.choices(
            (OperatorKind.ENTERPRISE, OperatorKind.HOUSEHOLD, OperatorKind.COOPERATIVE), (45, 52, 3)
        )[0]
        region, (district, _) = self.random.choices(
            list(DISTRICTS.items()), [share for _, share in DISTRICTS.values()]
        )[0]
        while True:
            name, trade = self._name(kind, district)
            if name not in self._names:
                break
        self._names.add(name)
        old_household = kind is OperatorKind.HOUSEHOLD and self.random.random() < 0.02
        return Identity(
            kind=kind,
            name=name,
            uscc=None if old_household else self._uscc(kind, region),
            registration_no=self._registration_no(region) if old_household else None,
            region=region,
            district=district,
            person=self.person(),
            trade=trade,
        )

    def former_name(self, identity: Identity) -> str:
        """A name that an operator bore before: of its kind and district, and nobody's now."""
        while True:
            name, _ = self._name(identity.kind, identity.district)
            if name not in self._names:
                self._names.add(name)
                return name

    def _trade_name(self) -> str:
        characters = [
            self.random.choices(*self._first)[0],
            self.random.choices(*self._second)[0],
        ]
        if self.random.random() < 0.15:
            characters.append(self.random.choices(*self._second)[0])
        return "".join(characters)

    def _name(self, kind: OperatorKind, district: str) -> tuple[str, str]:
        own = self._trade_name()
        if kind is OperatorKind.COOPERATIVE:
            trade = self.random.choice(_COOPERATIVE_TRADES)
            return f"{district}{own}{trade}专业合作社", trade
        if kind is OperatorKind.HOUSEHOLD:
            trade = self.random.choice(_SHOP_TRADES)
            tail = "（个体工商户）" if self.random.random() < 0.08 else ""
            return f"{district}{own}{trade}{tail}", trade
        trade = self.random.choice(_TRADES)
        form = self.random.choices(("有限公司", "有限责任公司", "股份有限公司"), (90, 8, 2))[0]
        pattern = self.random.choices(
            ("石家庄{own}{trade}{form}", "石家庄市{own}{trade}{form}", "河北{own}{trade}{form}",
             "{own}（石家庄）{trade}{form}", "{own}{trade}(河北){form}"),
            (48, 12, 32, 5, 3),
        )[0]  # fmt: skip
        return pattern.format(own=own, trade=trade, form=form), trade

    def _uscc(self, kind: OperatorKind, region: str) -> str:
        department = {OperatorKind.ENTERPRISE: "91", OperatorKind.HOUSEHOLD: "92", OperatorKind.COOPERATIVE: "93"}[kind]
        while True:
            subject = "MA" + "".join(self.random.choices(_ALPHABET, k=6))
            if subject not in self._subjects:
                break
        self._subjects.add(subject)
        body = department + region + subject + uscc.organisation_check_character(subject)
        return body + uscc.check_character(body)

    def _registration_no(self, region: str) -> str:
        body = region + "60" + "".join(self.random.choices("0123456789", k=6))
        product = 10
        for digit in body:
            product = ((product + int(digit)) % 10 or 10) * 2 % 11
        return body + str((11 - product) % 10)
