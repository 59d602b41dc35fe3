"""The words of a document, composed once when it is issued.

A body is `{"to": party, "paragraphs": [{"text": …, "title": …}], "signed": {…}}`; it holds every word that is printed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models import Authority
from registry.rules.documents import DocumentKind

TITLES: dict[DocumentKind, str] = {
    DocumentKind.ORDER_TO_PUBLISH: "责令公示通知书",
    DocumentKind.LISTING_DECISION: "列入经营异常名录决定书",
    DocumentKind.REMOVAL_DECISION: "移出经营异常名录决定书",
    DocumentKind.REMOVAL_REFUSAL: "不予移出经营异常名录告知书",
    DocumentKind.CORRECTION_DECISION: "更正（撤销）决定书",
    DocumentKind.RESTORATION_DECISION: "撤销移出决定书",
    DocumentKind.VIOLATION_NOTICE: "列入严重违法失信名单告知书",
    DocumentKind.VIOLATION_DECISION: "列入严重违法失信名单决定书",
    DocumentKind.VIOLATION_REMOVAL: "严重违法失信名单提前移出决定书",
    DocumentKind.VIOLATION_REVOCATION: "撤销列入严重违法失信名单决定书",
    DocumentKind.SHIELD_DECISION: "临时信用修复决定书",
    DocumentKind.REPAIR_NOTICE: "信用修复告知书",
    DocumentKind.REPAIR_ACCEPTANCE: "信用修复申请处理通知书",
    DocumentKind.REPAIR_DECISION: "信用修复决定书",
    DocumentKind.OBJECTION_ACCEPTANCE: "异议申请处理通知书",
    DocumentKind.OBJECTION_DECISION: "异议处理决定书",
    DocumentKind.SERVICE_STOP: "停止网络服务通知书",
    DocumentKind.QUERY_CERTIFICATE: "信用查证单",
}


def compose(
    kind: DocumentKind,
    *,
    authority: Authority,
    printed_no: str,
    rule_set: str,
    on: date,
    particulars: Mapping[str, Any],
) -> tuple[str, dict[str, Any]]:
    """Title and body of a document.

    `particulars` hold `party` (name), `party_no` (code or registration number), `facts`, `basis` (articles as cited),
    `decision`, and what else a kind demands; texts in the language of the documents, which is Chinese.
    """
    del rule_set
    title = str(particulars.get("title") or TITLES[kind])
    texts = [str(particulars[name]) for name in ("facts", "basis", "decision", "remedies") if particulars.get(name)]
    body = {
        "authority": authority.name,
        "number": printed_no,
        "to": particulars.get("party"),
        "to_no": particulars.get("party_no"),
        "paragraphs": [{"text": text} for text in texts],
        "on": on.isoformat(),
    }
    return title, body
