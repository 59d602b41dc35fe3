"""Fields of law that a special report can ask about, and which decisions belong to each.

The cut follows the special reports (信用代证) of other provinces (domain.md 7.2): one field for each department that
decides, and those parts of market regulation that are asked for by themselves. A decision can belong to several fields.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LawField:
    """One field: `code` in addresses, `name` on the document.

    A decision belongs to it when the name of its authority contains one of `authorities`, or its legal basis one of
    `laws`. `collected_from`: words in the name of an authority whose records cover the field; empty means `authorities`.
    """

    code: str
    name: str
    authorities: tuple[str, ...]
    laws: tuple[str, ...]
    collected_from: tuple[str, ...] = ()

    def holds(self, authority: str, legal_basis: str | None) -> bool:
        """Whether a decision of this authority on this basis belongs to the field."""
        return _names_one(self.authorities, authority) or _names_one(self.laws, legal_basis or "")

    def is_collected(self, authorities: Collection[str]) -> bool:
        """Whether a register that takes records from these authorities can say anything about the field."""
        words = self.collected_from or self.authorities
        return any(_names_one(words, authority) for authority in authorities)


_MARKET = ("市场监督管理", "工商行政管理", "质量技术监督", "食品药品监督管理")

FIELDS = (
    LawField("market", "市场监管", _MARKET, ("市场主体登记管理条例", "电子商务法", "反不正当竞争法")),
    LawField("food", "食品安全", (), ("食品安全",), _MARKET),
    LawField("drugs", "药品、医疗器械和化妆品", ("药品监督管理",), ("药品", "医疗器械", "化妆品"), _MARKET),
    LawField("advertising", "广告", (), ("广告",), _MARKET),
    LawField("intellectual_property", "知识产权", ("知识产权",), ("商标", "专利", "著作权"), ("知识产权", *_MARKET)),
    LawField("consumers", "消费者权益保护", (), ("消费者权益",), _MARKET),
    LawField("quality", "产品质量", (), ("产品质量", "标准化法", "计量法", "特种设备"), _MARKET),
    LawField("tax", "税务", ("税务",), ("税收征收管理",)),
    LawField("labour", "人力资源和社会保障", ("人力资源",), ("劳动法", "劳动合同法", "劳动保障监察", "社会保险法")),
    LawField("environment", "生态环境", ("生态环境", "环境保护"), ("环境保护", "污染防治", "污染环境防治")),
    LawField("safety", "安全生产", ("应急管理", "安全生产"), ("安全生产",)),
    LawField("fire", "消防安全", ("消防",), ("消防法",)),
    LawField("transport", "交通运输", ("交通运输",), ("道路运输", "公路法")),
    LawField("construction", "住房和城乡建设", ("住房和城乡建设", "住房城乡建设"), ("建筑法", "建设工程")),
    LawField("land", "自然资源和规划", ("自然资源",), ("土地管理法", "城乡规划法", "矿产资源法")),
    LawField("urban", "城市管理", ("城市管理", "综合行政执法"), ("市容和环境卫生",)),
    LawField("health", "卫生健康", ("卫生健康", "卫生和计划生育"), ("公共场所卫生", "医疗机构管理")),
    LawField("agriculture", "农业农村", ("农业农村", "农业局"), ("农产品质量安全", "种子法", "农药管理")),
    LawField("culture", "文化和旅游", ("文化广电", "文化和旅游"), ("旅游法", "娱乐场所管理")),
    LawField("customs", "海关", ("海关",), ("海关法", "进出口商品检验")),
)
"""All fields, in the order of the form and of the document."""

BY_CODE = {field.code: field for field in FIELDS}


def _names_one(words: Collection[str], text: str) -> bool:
    return any(word in text for word in words)
