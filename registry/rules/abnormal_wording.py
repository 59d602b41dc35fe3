"""What a listing, a mark and their end rest on and say: reason, articles, decision (domain.md 3.2-3.4).

The wording of reasons is that of 企业经营异常名录管理办法 art. 4, of the rules for cooperatives and of those for households.
"""

from registry.rules.abnormal_cases import CorrectionGround, RemovalReason, report_period_ends_on
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.rule_sets import RuleSet

R1, R2, R3, R4 = AbnormalReason

LIST_REASONS = {
    R1: "未按照规定期限公示年度报告",
    R2: "未在责令的期限内公示有关企业信息",
    R3: "公示信息隐瞒真实情况、弄虚作假",
    R4: "通过登记的住所或者经营场所无法联系",
}
MARK_REASONS = {
    R1: "未按规定报送年度报告",
    R2: "未在责令的期限内公示有关信息",
    R3: "年度报告隐瞒真实情况、弄虚作假",
    R4: "通过登记的经营场所和经营者住所无法取得联系",
}
REMOVAL_REASONS = {
    RemovalReason.REPORTED: "已补报未报年份的年度报告并公示",
    RemovalReason.DISCLOSED: "已履行公示义务",
    RemovalReason.INFORMATION_CORRECTED: "已更正公示的信息",
    RemovalReason.ADDRESS_CHANGED: "已依法办理住所或者经营场所变更登记",
    RemovalReason.REACHED: "通过登记的住所或者经营场所可以重新取得联系",
}
CORRECTION_GROUNDS = {
    CorrectionGround.OBJECTION: "经核实异议成立，列入存在错误",
    CorrectionGround.OWN_FINDING: "经自行核查，列入存在错误",
    CorrectionGround.REVIEW: "列入决定经行政复议决定撤销或者变更",
    CorrectionGround.COURT: "列入决定经人民法院判决撤销或者变更",
}
STRUCK_OFF = "注销、吊销或者撤销登记后自动移出"
BECAME_COMPANY = "个体工商户已转型为企业，原标记终止"

_ENTERPRISES = "《企业经营异常名录管理办法》"
_COOPERATIVES = "《农民专业合作社年度报告公示办法》"
HOUSEHOLDS = "《个体工商户年度报告办法》"
_LISTED_BY = {
    R1: "第四条第一项、第六条",
    R2: "第四条第二项、第七条",
    R3: "第四条第三项、第八条",
    R4: "第四条第四项、第九条",
}
_REMOVED_BY = {R1: "第十一条", R2: "第十二条", R3: "第十三条", R4: "第十四条"}
_COOPERATIVE_LISTED_BY = {R1: "第十条", R3: "第十一条", R4: "第十二条"}
_COOPERATIVE_REMOVED_BY = {R1: "第十三条", R3: "第十四条", R4: "第十五条"}


def reason_text(kind: OperatorKind, reason: AbnormalReason) -> str:
    """The reason as the list or the mark words it."""
    return (MARK_REASONS if kind is OperatorKind.HOUSEHOLD else LIST_REASONS)[reason]


def listing_basis(kind: OperatorKind, reason: AbnormalReason) -> str:
    """The articles that a listing or a mark rests on."""
    if kind is OperatorKind.HOUSEHOLD:
        return HOUSEHOLDS
    if kind is OperatorKind.COOPERATIVE and reason in _COOPERATIVE_LISTED_BY:
        return f"{_COOPERATIVES}{_COOPERATIVE_LISTED_BY[reason]}"
    return f"{_ENTERPRISES}{_LISTED_BY[reason]}"


def removal_basis(kind: OperatorKind, reason: AbnormalReason) -> str:
    """The articles that a removal or a recovery rests on."""
    if kind is OperatorKind.HOUSEHOLD:
        return f"{HOUSEHOLDS}第十八条"
    if kind is OperatorKind.COOPERATIVE and reason in _COOPERATIVE_REMOVED_BY:
        return f"{_COOPERATIVES}{_COOPERATIVE_REMOVED_BY[reason]}"
    return f"{_ENTERPRISES}{_REMOVED_BY[reason]}"


def correction_basis(kind: OperatorKind) -> str:
    """The article that a correction rests on."""
    if kind is OperatorKind.HOUSEHOLD:
        return f"{HOUSEHOLDS}第十九条"
    return f"{_COOPERATIVES if kind is OperatorKind.COOPERATIVE else _ENTERPRISES}第十六条"


def unreported_facts(kind: OperatorKind, report_year: int, rule_set: RuleSet) -> str:
    """What was found about an operator whose annual report is missing."""
    who = "该个体工商户" if kind is OperatorKind.HOUSEHOLD else "你单位"
    ends = report_period_ends_on(report_year, rule_set)
    return f"经查，{who}截至{ends.year}年{ends.month}月{ends.day}日未按照规定报送{report_year}年度的年度报告。"
