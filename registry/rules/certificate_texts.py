"""The words of a query certificate (信用查证单), in the language of documents.

It says what was found and within which bounds; that nothing was found is no certificate of good standing (domain.md 9.2).
"""

from collections.abc import Mapping
from typing import Any

TITLE = "信用查证单"
SEARCHED = "因{purpose}，经查询{scope}，截至{known}登记库所载，{name}在{as_of}的情况如下。"
REGISTRATION = "登记状态：{status}。"
NOTHING = "未查询到在该日处于有效状态的信用记录。未查询到不等于守法合规证明。"
RECORD = "{number}．{kind}：{what}。{authority}，{decision}{since}起{until}。"
DECISION = "文号{number}，"
LEDGER = "本查证单所据数据以账本第{seq}号记录为限；账本头{head}。查证单所载为查询时点登记库内容，此后更正的，以更正后的记录为准。"
HEAD = "共{size}条记录，根散列{root}"
NO_HEAD = "尚未签发"
OPEN_END = "，无截止日期"
UNTIL = "至{day}（不含当日）"

KINDS: Mapping[str, str] = {
    "administrative_penalty": "行政处罚",
    "administrative_licence": "行政许可",
    "abnormal_listing": "经营异常名录",
    "household_mark": "个体工商户经营异常状态标记",
    "violation_listing": "严重违法失信名单",
}


def what_of(resource: str, content: Mapping[str, Any]) -> str:
    """What a record is about, in its own words."""
    if resource == "administrative_penalty":
        return f"{content['unlawful_act']}，{content['kinds_printed']}"
    if resource == "administrative_licence":
        return str(content["certificate_name"] or content["document_title"])
    return str(content["reason_text"])
