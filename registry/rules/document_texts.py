"""What documents say, by rule set: titles, standing sentences, articles (domain.md 3.2-3.7, 5, 6; samples of 2014-2018).

Sentences are filled with `str.format`; days are written out. What a case states itself (facts, decision) goes before the
standing sentence. A set without texts of its own has those of the set before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.rules.documents import DocumentKind

K = DocumentKind


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The standing words of one kind. `facts` and `basis` by the code of the reason, `""` where the reason is none of these.

    `decision` is what is decided where the case does not word it; `closing` tells rights and consequences. With `remedies`
    """

    title: str
    decision: str
    facts: Mapping[str, str] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)
    closing: tuple[str, ...] = ()
    remedies: bool = False


REMEDIES = (
    "如不服本决定，可以自收到本决定书之日起{review}日内向{government}申请行政复议，也可以自收到本决定书之日起{court_months}个月内"
    "依法向{court}提起行政诉讼。"
)
"""行政复议法 art. 20, 24; 行政诉讼法 art. 46. The lengths come from the rule set, the bodies from the authority's settings."""

GOVERNMENT = "本级人民政府"
COURT = "有管辖权的人民法院"

_ABNORMAL = "《企业经营异常名录管理办法》"
_HOUSEHOLD = "《个体工商户年度报告办法》"
_VIOLATION = "《市场监督管理严重违法失信名单管理办法》"
_REPAIR = "《市场监督管理信用修复管理办法》"
_LISTED_FACTS = {
    "R1": "经查，你单位截至{report_ends}未按照规定公示{report_year}年度的年度报告。",
    "R2": "经查，你单位未在本机关责令的期限内公示有关企业信息。",
    "R3": "经查实，你单位公示企业信息隐瞒真实情况、弄虚作假。",
    "R4": "经查实，通过你单位登记的住所（经营场所）无法与你单位取得联系。",
}
_LISTED_BASIS = {
    "R1": f"{_ABNORMAL}第四条第一项、第六条",
    "R2": f"{_ABNORMAL}第四条第二项、第七条",
    "R3": f"{_ABNORMAL}第四条第三项、第八条",
    "R4": f"{_ABNORMAL}第四条第四项、第九条",
}
_REMOVED_FACTS = {
    "R1": "你单位已于{cured_on}补报未报年份的年度报告并公示。",
    "R2": "你单位已于{cured_on}履行公示义务。",
    "R3": "你单位已于{cured_on}更正公示信息，并经本机关查实。",
    "R4": "你单位已于{cured_on}办理住所（经营场所）变更登记或者重新取得联系，并经本机关查实。",
}
_REMOVED_BASIS = {
    "R1": f"{_ABNORMAL}第十条、第十一条",
    "R2": f"{_ABNORMAL}第十条、第十二条",
    "R3": f"{_ABNORMAL}第十条、第十三条",
    "R4": f"{_ABNORMAL}第十条、第十四条",
}

_TEXTS_2021: dict[DocumentKind, DocumentText] = {
    K.ORDER_TO_PUBLISH: DocumentText(
        "责令公示通知书",
        "责令你单位自收到本通知书之日起{order_days}日内通过国家企业信用信息公示系统公示有关企业信息。",
        {"": "经查，你单位未依照规定公示应当公示的企业信息。"},
        {"": f"{_ABNORMAL}第七条"},
        ("逾期未公示的，本机关将依法把你单位列入经营异常名录。",),
    ),
    K.LISTING_DECISION: DocumentText(
        "列入经营异常名录决定书",
        "将你单位列入经营异常名录，并通过国家企业信用信息公示系统公示。",
        _LISTED_FACTS,
        _LISTED_BASIS,
        (
            "你单位对列入经营异常名录有异议的，可以自公示之日起{object_days}日内向本机关提出书面申请并提交相关证明材料。",
            "你单位依法履行有关义务后，可以向本机关申请移出经营异常名录。",
        ),
        remedies=True,
    ),
    K.REMOVAL_DECISION: DocumentText(
        "移出经营异常名录决定书", "将你单位移出经营异常名录。", _REMOVED_FACTS, _REMOVED_BASIS, remedies=True
    ),
    K.REMOVAL_REFUSAL: DocumentText(
        "不予移出经营异常名录告知书",
        "对你单位的移出申请，不予移出经营异常名录。",
        {"": "经审查，你单位尚不符合移出经营异常名录的条件。"},
        _REMOVED_BASIS,
        remedies=True,
    ),
    K.CORRECTION_DECISION: DocumentText(
        "更正（撤销）决定书",
        "撤销将你单位列入经营异常名录的决定，并自公示系统撤回有关信息。",
        {"": "经核实，将你单位列入经营异常名录存在错误。"},
        {"": f"{_ABNORMAL}第十六条"},
        remedies=True,
    ),
    K.RESTORATION_DECISION: DocumentText(
        "撤销移出决定书",
        "撤销将你单位移出经营异常名录的决定，恢复列入状态。",
        {"": "经查实，你单位以隐瞒真实情况、提供虚假材料等手段取得移出，情节严重。"},
        {"": _REPAIR},
        remedies=True,
    ),
    K.VIOLATION_NOTICE: DocumentText(
        "列入严重违法失信名单告知书",
        "拟将你单位列入严重违法失信名单，通过国家企业信用信息公示系统公示，并实施相应管理措施。",
        basis={"": f"{_VIOLATION}第二条、第十三条"},
        closing=(
            "你单位依法享有陈述、申辩的权利；要求听证的，应当自收到本告知书之日起{hearing_days}个工作日内向本机关提出。逾期未提出的，"
            "视为放弃上述权利。",
        ),
    ),
    K.VIOLATION_DECISION: DocumentText(
        "列入严重违法失信名单决定书",
        "将你单位列入严重违法失信名单，通过国家企业信用信息公示系统公示。",
        basis={"": f"{_VIOLATION}第二条、第十三条、第十四条、第十五条"},
        closing=(
            "列入期间实施的管理措施：{measures}。",
            "自列入之日起满{violation_months}个月的，由列入机关移出；列入满{violation_repair_after}个月且符合条件的，可以依法申请提前移出。",
        ),
        remedies=True,
    ),
    K.VIOLATION_REMOVAL: DocumentText(
        "严重违法失信名单提前移出决定书",
        "将你单位移出严重违法失信名单，停止公示，解除相关管理措施。",
        {"": "经审查，你单位列入已满规定期限，已履行义务、消除危害后果并作出信用承诺。"},
        {"": f"{_VIOLATION}第十六条、第十七条、第十八条"},
        remedies=True,
    ),
    K.VIOLATION_REVOCATION: DocumentText(
        "撤销列入严重违法失信名单决定书",
        "撤销将你单位列入严重违法失信名单的决定，停止公示，解除相关管理措施。",
        {"": "列入所依据的行政处罚决定已被撤销、确认违法或者宣告无效。"},
        {"": f"{_VIOLATION}第十九条"},
    ),
    K.SHIELD_DECISION: DocumentText(
        "临时信用修复决定书",
        "自本决定作出之日起暂停公示有关信息，暂停实施相关管理措施；重整计划或者和解协议未能执行的，恢复公示。",
        {"": "人民法院已裁定批准你单位的重整计划或者认可和解协议。"},
        {"": _REPAIR},
    ),
    K.REPAIR_NOTICE: DocumentText(
        "信用修复告知书",
        "现将信用修复的有关事项告知如下：",
        basis={"": _REPAIR},
        closing=(
            "可以申请信用修复的最早日期：{earliest_on}。",
            "申请时应当提交信用修复申请书、守信承诺书和已履行义务的证明材料；办理信用修复不收取任何费用。",
            "本机关自收到申请之日起{accept_days}个工作日内决定是否受理，自受理之日起{decide_days}个工作日内作出决定。",
        ),
    ),
    K.REPAIR_ACCEPTANCE: DocumentText(
        "信用修复申请处理通知书", "对你单位的信用修复申请予以受理。", basis={"": _REPAIR}
    ),
    K.REPAIR_DECISION: DocumentText(
        "信用修复决定书",
        "准予信用修复，终止公示有关信息，停止共享和使用，解除相关管理措施。",
        basis={"": _REPAIR},
        remedies=True,
    ),
    K.OBJECTION_ACCEPTANCE: DocumentText(
        "异议申请处理通知书", "对你（单位）提出的异议予以受理。", basis={"": f"{_ABNORMAL}第十六条"}
    ),
    K.OBJECTION_DECISION: DocumentText(
        "异议处理决定书", "异议的处理结果如上。", basis={"": f"{_ABNORMAL}第十六条"}, remedies=True
    ),
    K.SERVICE_STOP: DocumentText(
        "停止网络服务通知书",
        "请自收到本通知之日起停止为下列主体提供网络服务，并将处理结果书面告知本机关。",
        basis={"": "《关于加强互联网领域侵权假冒行为治理的实施意见》三（五）"},
    ),
    K.QUERY_CERTIFICATE: DocumentText("信用查证单", "查证结果如下："),
}
_HOUSEHOLD_BASIS = {"": f"{_HOUSEHOLD}第十八条、第十九条"}
HOUSEHOLD: dict[DocumentKind, DocumentText] = {
    K.CORRECTION_DECISION: replace(
        _TEXTS_2021[K.CORRECTION_DECISION],
        decision="撤销将你（户）标记为经营异常状态的决定，恢复正常记载状态。",
        facts={"": "经核实，将你（户）标记为经营异常状态存在错误。"},
        basis=_HOUSEHOLD_BASIS,
    ),
}
"""What is different where the party is a household: it is marked, not listed (个体工商户年度报告办法)."""

_BY_SET: dict[str, dict[DocumentKind, DocumentText]] = {
    "samr-2014": {},
    "samr-2021-09-01": _TEXTS_2021,
    "samr-2025-12-25": _TEXTS_2021,
    "ndrc-2019-07-01": _TEXTS_2021,
    "ndrc-2023-05-01": _TEXTS_2021,
    "ndrc-2026-04-01": _TEXTS_2021
    | {
        kind: replace(_TEXTS_2021[kind], basis={"": "《信用修复管理办法》"})
        for kind in (K.REPAIR_NOTICE, K.REPAIR_ACCEPTANCE, K.REPAIR_DECISION)
    },
}


def text_of(kind: DocumentKind, rule_set: str, *, household: bool = False) -> DocumentText:
    """The standing words of a kind under a rule set; procedures of 2014 are not carried out, so its set has today's."""
    if household and kind in HOUSEHOLD:
        return HOUSEHOLD[kind]
    return _BY_SET.get(rule_set, _TEXTS_2021).get(kind, _TEXTS_2021[kind])
