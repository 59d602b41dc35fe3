"""The documents that an authority issues in the procedures of domain.md 5, and how they are numbered."""

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """Kinds of documents; each has a counter of its own for every authority and year (domain.md 5, document numbers)."""

    ORDER_TO_PUBLISH = "order_to_publish"  # 责令公示通知书
    LISTING_DECISION = "listing_decision"  # 列入经营异常名录决定书
    REMOVAL_DECISION = "removal_decision"  # 移出经营异常名录决定书
    REMOVAL_REFUSAL = "removal_refusal"  # 不予移出告知书
    CORRECTION_DECISION = "correction_decision"  # 更正（撤销）决定书
    RESTORATION_DECISION = "restoration_decision"  # 撤销移出决定书
    VIOLATION_NOTICE = "violation_notice"  # 列入严重违法失信名单告知书
    VIOLATION_DECISION = "violation_decision"  # 列入严重违法失信名单决定书
    VIOLATION_REMOVAL = "violation_removal"  # 准予/不予提前移出决定书
    VIOLATION_REVOCATION = "violation_revocation"  # 撤销列入决定书
    SHIELD_DECISION = "shield_decision"  # 临时修复、终止临时修复决定书
    REPAIR_NOTICE = "repair_notice"  # 信用修复告知书
    REPAIR_ACCEPTANCE = "repair_acceptance"  # 受理、不予受理、补正通知书
    REPAIR_DECISION = "repair_decision"  # 准予、不予信用修复决定书
    OBJECTION_ACCEPTANCE = "objection_acceptance"  # 异议受理、不予受理通知书
    OBJECTION_DECISION = "objection_decision"  # 异议处理决定书
    SERVICE_STOP = "service_stop"  # 停止网络服务通知书、解除通知书
    QUERY_CERTIFICATE = "query_certificate"  # 信用查证单


MARKS: dict[DocumentKind, str] = {
    DocumentKind.ORDER_TO_PUBLISH: "异责",
    DocumentKind.LISTING_DECISION: "异入",
    DocumentKind.REMOVAL_DECISION: "异出",
    DocumentKind.REMOVAL_REFUSAL: "异不出",
    DocumentKind.CORRECTION_DECISION: "异更",
    DocumentKind.RESTORATION_DECISION: "异复",
    DocumentKind.VIOLATION_NOTICE: "列严告",
    DocumentKind.VIOLATION_DECISION: "列严",
    DocumentKind.VIOLATION_REMOVAL: "列严出",
    DocumentKind.VIOLATION_REVOCATION: "列严撤",
    DocumentKind.SHIELD_DECISION: "临修",
    DocumentKind.REPAIR_NOTICE: "修告",
    DocumentKind.REPAIR_ACCEPTANCE: "修受",
    DocumentKind.REPAIR_DECISION: "修决",
    DocumentKind.OBJECTION_ACCEPTANCE: "异议受",
    DocumentKind.OBJECTION_DECISION: "异议决",
    DocumentKind.SERVICE_STOP: "停网",
    DocumentKind.QUERY_CERTIFICATE: "查证",
}
"""What stands between the authority's word and the year in a number."""

PATTERN = "{word}{mark}〔{year}〕第{number}号"
"""How a number is printed where the authority has no pattern of its own (setting `document_pattern`)."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number of a document: `number` from the counter, `sub_number` within a batch, 0 where there is none."""

    kind: DocumentKind
    year: int
    number: int
    sub_number: int = 0

    def printed(self, word: str, pattern: str = PATTERN) -> str:
        """As the document bears it: 石西市监异入〔2026〕第12号, or 第12-3号 in a batch. `word`: 部门字号."""
        number = f"{self.number}-{self.sub_number}" if self.sub_number else str(self.number)
        return pattern.format(word=word, mark=MARKS[self.kind], year=self.year, number=number)
