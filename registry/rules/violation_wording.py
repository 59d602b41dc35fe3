"""What documents and records of the violation list say, by reason: the circumstance, the articles, the measures.

Source: 市场监督管理严重违法失信名单管理办法 (总局令44号) art. 2, 5-11, 13-21.
"""

from collections.abc import Collection
from typing import Any

from registry.rules.listing import ViolationReason
from registry.rules.measures import MEASURES

DECREE = "《市场监督管理严重违法失信名单管理办法》"

_GRAVE = "性质恶劣、情节严重、社会危害较大，受到较重行政处罚"

REASON_TEXTS: dict[ViolationReason, str] = {
    ViolationReason.FOOD: f"实施食品安全领域违法行为，{_GRAVE}",
    ViolationReason.DRUGS: f"实施药品、医疗器械、化妆品领域违法行为，{_GRAVE}",
    ViolationReason.QUALITY: f"实施质量安全领域违法行为，{_GRAVE}",
    ViolationReason.CONSUMERS: f"实施侵害消费者权益的违法行为，{_GRAVE}",
    ViolationReason.COMPETITION: f"实施破坏公平竞争秩序和扰乱市场秩序的违法行为，{_GRAVE}",
    ViolationReason.LICENSING: f"未依法取得许可从事经营活动或者在许可、登记中弄虚作假等，{_GRAVE}",
    ViolationReason.REFUSAL: "有履行能力但拒不履行、逃避执行市场监督管理部门作出的行政决定，严重影响市场监督管理部门公信力",
    ViolationReason.OTHER: "其他依法列入严重违法失信名单的情形",
}

_ARTICLES = {
    ViolationReason.FOOD: "第五条",
    ViolationReason.DRUGS: "第六条",
    ViolationReason.QUALITY: "第七条",
    ViolationReason.CONSUMERS: "第八条",
    ViolationReason.COMPETITION: "第九条",
    ViolationReason.LICENSING: "第十条",
    ViolationReason.REFUSAL: "第十一条",
}

REMOVAL_BASIS = f"{DECREE}第十六条、第十七条、第十八条"
REVOCATION_BASIS = f"{DECREE}第十九条"
RESTORATION_BASIS = f"{DECREE}第二十条"
FOUND_WRONG = "经核实，列入严重违法失信名单的决定有误，已予撤销。"
ANNULLED = "列入所依据的行政处罚决定已被撤销、确认违法或者宣告无效，列入决定一并撤销。"
"""What the public is told of a listing that was revoked (art. 19)."""


def listing_basis(reason: ViolationReason) -> str:
    """The articles that a listing rests on, as a decision cites them."""
    article = _ARTICLES.get(reason)
    return f"{DECREE}第二条" + (f"、{article}" if article else "")


def measures_of(codes: Collection[str]) -> list[dict[str, Any]]:
    """Measures as a listing holds them, each with its list item and legal basis; all of article 15 where none is named."""
    return [
        {"code": each.code, "title": each.title, "legal_basis": each.legal_basis}
        for each in MEASURES
        if not codes or each.code in codes
    ]
