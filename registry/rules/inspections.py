"""Results of inspections (抽查检查结果): what was inspected, what was found, and which findings are negative.

Source: 企业信息公示暂行条例 art. 14, 15; the results of the public system (国家企业信用信息公示系统, 双随机抽查结果).
"""

from enum import StrEnum


class InspectionKind(StrEnum):
    """Of what sort an inspection was (市场监督管理信用修复管理办法 2025: 双随机、食品抽检、产品质量抽查、认证抽查)."""

    DOUBLE_RANDOM = "double_random"
    FOOD_SAMPLING = "food_sampling"
    PRODUCT_SAMPLING = "product_sampling"
    CERTIFICATION = "certification"


class ResultCode(StrEnum):
    """What an inspection found."""

    NO_PROBLEM = "no_problem"  # 未发现问题
    PASSED = "passed"  # 抽检合格
    NOT_TRADING = "not_trading"  # 未发现开展本次抽查涉及的经营活动
    SET_RIGHT = "set_right"  # 发现问题已责令改正
    TO_BE_HANDLED = "to_be_handled"  # 发现问题待后续处理
    FAILED = "failed"  # 抽检不合格
    FALSE_INFORMATION = "false_information"  # 公示信息隐瞒真实情况、弄虚作假
    UNREACHABLE = "unreachable"  # 通过登记的住所（经营场所）无法联系
    NOT_COOPERATING = "not_cooperating"  # 不配合检查情节严重


HARMLESS = frozenset({ResultCode.NO_PROBLEM, ResultCode.PASSED, ResultCode.NOT_TRADING})
"""Findings that nobody needs to repair."""


def is_negative(code: ResultCode) -> bool:
    """Whether a result ends with the penalty or listing that it led to, or can be repaired."""
    return code not in HARMLESS
