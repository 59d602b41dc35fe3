"""Fake or inferior food or drugs sold online, told by the words of a decision."""

import pytest

from registry.rules.listing import ViolationReason
from registry.rules.mandatory_assessment import is_heavier, reason_of_online_sale

FOOD, DRUGS = ViolationReason.FOOD, ViolationReason.DRUGS


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (("销售假药", "当事人在淘宝网店销售假药。", "罚款"), DRUGS),
        (("销售劣药", "通过微信朋友圈向他人销售劣药减肥胶囊。", None), DRUGS),
        (("经营超过保质期的食品", "在抖音直播间销售过期食品。", None), FOOD),
        (("生产销售有毒有害食品", "利用互联网销售添加西布曲明的有毒有害食品。", None), FOOD),
        (("销售假冒注册商标的商品", "在拼多多店铺销售假冒白酒。", None), FOOD),
        (("经营标签不合格的食品", "通过自建网站销售不合格预包装食品。", None), FOOD),
        (("销售app上架假药", "通过app销售未经批准的药品。", None), DRUGS),
        (("经营超过保质期的食品", "当事人在门店内销售过期食品。", None), None),
        (("虚假宣传", "当事人在网店销售食品时虚构交易评价。", None), None),
        (("销售假冒注册商标的商品", "在淘宝网店销售假冒运动鞋。", None), None),
        (("未按规定公示许可信息", "食品经营者未在网站公示食品经营许可。", None), None),
        ((None, "", None), None),
    ],
)
def test_reason_of_online_sale(texts, reason):
    assert reason_of_online_sale(texts) is reason


@pytest.mark.parametrize(
    ("kinds", "heavier"),
    [
        (["fine"], False),
        (["warning", "confiscation_of_gains"], False),
        (["fine", "suspension_of_business"], True),
        (["revocation_of_licence"], True),
    ],
)
def test_is_heavier_by_kind(kinds, heavier):
    assert is_heavier(kinds) is heavier
