"""Whether a penalty has to be assessed for the violation list because fake or inferior food or drugs were sold online.

Source: 石家庄市《关于加强互联网领域侵权假冒行为治理的实施意见》 五(十一) (利用互联网销售假劣食品药品). It opens an assessment and
never lists by itself; where the words of a decision do not tell, an officer opens it and states what was sold.
"""

from collections.abc import Collection
from typing import Any

from registry.rules.listing import ViolationReason
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import SERIOUS_KINDS

_ONLINE = (
    "互联网", "网络", "网店", "网上", "网站", "线上", "电商", "电子商务", "直播", "带货", "小程序", "微信", "朋友圈", "公众号",
    "淘宝", "天猫", "京东", "拼多多", "抖音", "快手", "美团", "饿了么", "外卖平台", "APP",
)  # fmt: skip
_SOLD = ("销售", "售卖", "出售", "经营", "贩卖", "卖", "带货")
_DRUGS = ("药品", "假药", "劣药", "中药", "疫苗", "处方药")
_FOOD = (
    "食品", "食用", "保健品", "饮料", "乳粉", "奶粉", "白酒", "酒", "肉", "茶", "糕点", "调味", "粮", "蔬菜", "水果",
    "蜂蜜", "膳食",
)  # fmt: skip
_FAKE = (
    "假冒", "假药", "劣药", "伪劣", "假劣", "掺杂", "掺假", "以假充真", "以次充好", "冒充", "有毒有害", "有毒、有害", "非食品原料",
    "不符合食品安全标准", "不合格", "腐败变质", "超过保质期", "过期", "病死", "非法添加", "未经批准", "劣质", "变质",
)  # fmt: skip


def reason_of_online_sale(texts: Collection[str | None]) -> ViolationReason | None:
    """The circumstance under which fake or inferior food or drugs sold online are assessed; None where it is no such sale.

    `texts`: unlawful act, facts and content of the decision. What they do not tell an officer can state.
    """
    words = " ".join(text for text in texts if text).upper()

    def told(signs: Collection[str]) -> bool:
        return any(sign in words for sign in signs)

    if not (told(_ONLINE) and told(_SOLD) and told(_FAKE)):
        return None
    if told(_DRUGS):
        return ViolationReason.DRUGS
    return ViolationReason.FOOD if told(_FOOD) else None


def is_heavier(kinds: Collection[Any]) -> bool:
    """Whether a penalty is a heavier one by its kinds alone (decree 44 art. 2 no. 2, 3); a heavy fine is stated by officers."""
    return bool(SERIOUS_KINDS & {PenaltyKind(kind) for kind in kinds})
