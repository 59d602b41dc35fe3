"""Every period within which somebody has to act: its length, the event it runs from, the article.

What was not found in print, or is a decision of this register, says so in its source.
"""

from registry.rules.rule_sets.vocabulary import Deadline, Event, Unit

_WD = Unit.WORKING_DAYS
_CD = Unit.CALENDAR_DAYS
_MONTHS = Unit.MONTHS

_ABNORMAL = "企业经营异常名录管理办法"
_HOUSEHOLD = "个体工商户年度报告办法"
_VIOLATION = "市场监督管理严重违法失信名单管理办法"
_PUBLICITY = "市场监督管理行政处罚信息公示规定"
_DISCLOSURE = "企业信息公示暂行条例"
_PENALTY_LAW = "行政处罚法"
_TRADE = "网络交易监督管理办法"
_OURS = "decision of this register, to be confirmed"

_PENALTIES = {
    "decide_penalty": Deadline(90, _CD, Event.FILING, f"{_PENALTY_LAW} art. 60"),
    "request_hearing": Deadline(5, _WD, Event.NOTICE, f"{_PENALTY_LAW} art. 64, 85"),
    "serve_penalty": Deadline(7, _WD, Event.DECISION, f"{_PENALTY_LAW} art. 61, 85"),
    "publish_penalty": Deadline(20, _WD, Event.DECISION, f"{_PUBLICITY} art. 9"),
    "push_to_other_province": Deadline(10, _WD, Event.DECISION, f"{_PUBLICITY} art. 10; {_VIOLATION} art. 14"),
    "publish_from_other_province": Deadline(10, _WD, Event.RECEIPT, f"{_PUBLICITY} art. 10; {_VIOLATION} art. 14"),
    "withdraw_penalty": Deadline(3, _WD, Event.REVOCATION, f"{_PUBLICITY} art. 11; {_PENALTY_LAW} art. 48, 85"),
    "correct_penalty": Deadline(3, _WD, Event.VERIFICATION, f"{_PUBLICITY} art. 12, 三日 by analogy with art. 11"),
    "report_upward_alarm": Deadline(5, _WD, Event.DECISION, "two working days before the end of report_upward"),
    "report_upward": Deadline(7, _WD, Event.DECISION, "发改办财金〔2018〕424号"),
}
_LISTS = {
    "list_r1": Deadline(10, _WD, Event.PERIOD_ENDED, f"{_ABNORMAL} art. 6"),
    "order_to_publish": Deadline(10, _CD, Event.ORDER_SERVED, f"{_ABNORMAL} art. 7"),
    "list_r2": Deadline(10, _WD, Event.ORDER_ENDED, f"{_ABNORMAL} art. 7"),
    "list_r3": Deadline(10, _WD, Event.VERIFICATION, f"{_ABNORMAL} art. 8"),
    "list_r4": Deadline(10, _WD, Event.VERIFICATION, f"{_ABNORMAL} art. 9"),
    "remove_abnormal": Deadline(5, _WD, Event.APPLICATION_OR_VERIFICATION, f"{_ABNORMAL} art. 11-14"),
    "mark_household": Deadline(10, _WD, Event.PERIOD_ENDED_OR_VERIFICATION, f"{_HOUSEHOLD}, to be confirmed"),
    "restore_household": Deadline(5, _WD, Event.APPLICATION_OR_VERIFICATION, f"{_HOUSEHOLD} art. 18"),
    "publish_violation": Deadline(20, _WD, Event.DECISION, f"{_VIOLATION} art. 14, to be confirmed"),
    "stop_violation": Deadline(3, _WD, Event.DECISION, f"{_VIOLATION} art. 18, to be confirmed"),
    "revoke_violation": Deadline(3, _WD, Event.REVOCATION, f"{_VIOLATION} art. 19"),
}
_OBJECTIONS = {
    "object": Deadline(30, _CD, Event.PUBLICATION, f"{_ABNORMAL} art. 16; {_HOUSEHOLD} art. 19"),
    "accept_objection": Deadline(5, _WD, Event.RECEIPT, f"{_ABNORMAL} art. 16; {_HOUSEHOLD} art. 19"),
    "verify_objection": Deadline(20, _WD, Event.ACCEPTANCE, f"{_ABNORMAL} art. 16; {_HOUSEHOLD} art. 19"),
    "correct_listing": Deadline(5, _WD, Event.VERIFICATION, f"{_ABNORMAL} art. 16; {_HOUSEHOLD} art. 19"),
    "accept_data_objection": Deadline(5, _WD, Event.RECEIPT, _OURS),
    "decide_data_objection": Deadline(10, _WD, Event.ACCEPTANCE, _OURS),
    "accept_credit_objection": Deadline(3, _WD, Event.RECEIPT, _OURS),
    "decide_credit_objection": Deadline(10, _WD, Event.ACCEPTANCE, _OURS),
    "answer_question": Deadline(20, _WD, Event.RECEIPT, f"{_DISCLOSURE} art. 13"),
    "check_report": Deadline(20, _WD, Event.RECEIPT, f"{_DISCLOSURE} art. 13"),
    "ask_for_review": Deadline(60, _CD, Event.SERVICE, "行政复议法 art. 20"),
    "go_to_court": Deadline(6, _MONTHS, Event.SERVICE, "行政诉讼法 art. 46"),
}
_OPERATORS = {
    "publish_information": Deadline(20, _WD, Event.CREATION, f"{_DISCLOSURE} art. 6, 10"),
    "end_suspension": Deadline(36, _MONTHS, Event.SUSPENSION, "市场主体登记管理条例 art. 30"),
    "mark_undissolved": Deadline(6, _MONTHS, Event.DISSOLUTION, "市场主体登记管理条例实施细则 art. 67"),
    "renew_shown_licence": Deadline(10, _WD, Event.CREATION, f"{_TRADE} art. 12, to be confirmed"),
    "verify_merchants_again": Deadline(6, _MONTHS, Event.VERIFICATION, f"{_TRADE} art. 24"),
    "publish_platform_measure": Deadline(1, _WD, Event.MEASURE, f"{_TRADE} art. 30, to be confirmed"),
}
_COMMON = _PENALTIES | _LISTS | _OBJECTIONS | _OPERATORS


def with_repair(decide_days: int, source: str) -> dict[str, Deadline]:
    """All deadlines of a set whose rules of repair leave so many working days for a decision."""
    return _COMMON | {
        "accept_repair": Deadline(2, _WD, Event.RECEIPT, source),
        "decide_repair": Deadline(decide_days, _WD, Event.ACCEPTANCE, source),
        "stop_after_repair": Deadline(3, _WD, Event.DECISION, source),
        "share_repair": Deadline(3, _WD, Event.DECISION, f"{source}, to be confirmed"),
        "follow_repair": Deadline(3, _WD, Event.RECEIPT, "失信行为纠正后的信用信息修复管理办法(试行), to be confirmed"),
    }


def with_push(deadlines: dict[str, Deadline], source: str) -> dict[str, Deadline]:
    """The same, and a repair goes to the place of registration in another province within its own time (2025)."""
    return deadlines | {"push_repair": Deadline(3, _WD, Event.DECISION, source)}
