"""What a credit report says of an operator, in the words of the document: from public findings, never from tables alone.

Texts are Chinese whatever language the reader's pages are in. A record gets in through a finding that is public on the
day; the row behind it only tells the details.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models import AbnormalListing, HouseholdMark, Licence, Operator, Penalty, PublicFinding, ViolationListing
from registry.queries.records import FindingRecord
from registry.reports.model import (
    ReportItem,
    ReportSection,
    ReportSubject,
    ReportTag,
    SectionKind,
    SpecialField,
    SpecialScope,
    Tone,
)
from registry.reports.wording import moment_words
from registry.rules import regions, rule_sets
from registry.rules.amounts import format_yuan, yuan_to_wan
from registry.rules.law_fields import LawField
from registry.rules.merchant_status import FindingType, title_of_registration_status
from registry.rules.operator import OperatorKind
from registry.rules.rule_sets import Severity

_KINDS = {
    OperatorKind.ENTERPRISE: "企业",
    OperatorKind.HOUSEHOLD: "个体工商户",
    OperatorKind.COOPERATIVE: "农民专业合作社",
    OperatorKind.OTHER_ORGANISATION: "其他组织",
}
_RESPONSIBLE = {
    OperatorKind.ENTERPRISE: "法定代表人（负责人）",
    OperatorKind.HOUSEHOLD: "经营者",
    OperatorKind.COOPERATIVE: "法定代表人",
    OperatorKind.OTHER_ORGANISATION: "负责人",
}
_SEVERITIES = {Severity.MINOR: "轻微", Severity.GENERAL: "一般", Severity.SERIOUS: "严重"}
_SECTIONS = {
    SectionKind.ADMINISTRATION: (FindingType.PENALTY, FindingType.LICENCE),
    SectionKind.SERIOUS_BREACH: (FindingType.VIOLATION_LISTING,),
    SectionKind.ABNORMAL_OPERATION: (FindingType.ABNORMAL_LISTING, FindingType.HOUSEHOLD_MARK),
}
"""The sections that this register collects; the others are printed as 未归集."""
_TAGS = {
    FindingType.VIOLATION_LISTING: ReportTag("失信惩戒对象", Tone.VIOLATION),
    FindingType.ABNORMAL_LISTING: ReportTag("经营异常名录", Tone.ABNORMAL),
    FindingType.HOUSEHOLD_MARK: ReportTag("经营异常状态", Tone.ABNORMAL),
}
_ADVERSE = (
    FindingType.PENALTY,
    FindingType.VIOLATION_LISTING,
    FindingType.ABNORMAL_LISTING,
    FindingType.HOUSEHOLD_MARK,
)
"""What a special report looks for; a licence is no record of a breach."""
_LARGE = Decimal(10_000)
_UNTIL_REMOVED = "不适用（移出前持续公示）"

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """A finding that is public on the day of the report, and the record behind it."""

    finding: PublicFinding
    record: FindingRecord

    @property
    def decided_on(self) -> date:
        """The day by which a special report counts the record."""
        return date.fromisoformat(self.finding.data["decided_on"])

    @property
    def authority(self) -> str:
        """Name of the organ that decided."""
        return str(self.finding.data["authority"]["name"])


def public_records(findings: Iterable[PublicFinding], records: dict[str, FindingRecord]) -> list[PublicRecord]:
    """The findings that have a record of their own, newest decision first; a registration status has none."""
    found = [PublicRecord(each, records[each.record_id]) for each in findings if each.record_id in records]
    return sorted(found, key=lambda each: (-each.decided_on.toordinal(), each.finding.record_id))


def subject_of(operator: Operator, findings: Sequence[PublicFinding], *, with_lists: bool) -> ReportSubject:
    """The registration and the tags. Without lists for a special report, whose scope may leave them out."""
    tags = [ReportTag(title_of_registration_status(operator.registration_status))]
    if with_lists:
        tags += dict.fromkeys(_TAGS[finding.type] for finding in findings if finding.type in _TAGS)
    code_label = "统一社会信用代码" if operator.uscc else "注册号"
    code = operator.uscc or operator.registration_no or ""
    rows = [("名称", operator.name)]
    if operator.former_names:
        rows.append(("曾用名", "、".join(former.name for former in operator.former_names)))
    rows += [(code_label, code)]
    if operator.uscc_doubt:
        rows.append(("代码说明", f"该代码未通过校验，按原件登载：{operator.uscc_doubt}"))
    if operator.uscc and operator.registration_no:
        rows.append(("注册号", operator.registration_no))
    enterprise = operator.kind is OperatorKind.ENTERPRISE
    rows += [
        ("主体类别", _KINDS[operator.kind]),
        ("登记状态", title_of_registration_status(operator.registration_status)),
        ("类型", operator.company_type or ""),
        (_RESPONSIBLE[operator.kind], operator.responsible_person or ""),
        ("注册资本", operator.registered_capital or ("" if enterprise else "不适用")),
        ("成立日期", _day(operator.established_on)),
        ("所属区域", regions.NAMES.get(operator.region or "") or operator.region_text or ""),
        ("住所（经营场所）", operator.address or ""),
        ("行业", operator.industry or ""),
        ("登记机关", operator.registrar_name or ""),
        ("经营范围", operator.business_scope or ""),
    ]
    shops = [
        "　".join(filter(None, (shop.platform, shop.name, shop.url, shop.icp_no))) for shop in operator.online_presences
    ]
    if shops:
        rows.append(("网站或者网店", "\n".join(shops)))
    source = operator.registrar_name or "登记机关"
    return ReportSubject(
        name=operator.name,
        code=code,
        code_label=code_label,
        rows=tuple(rows),
        source=f"{source}（{moment_words(operator.recorded_at)} 更新）",
        tags=tuple(tags),
    )


def sections_of(records: Sequence[PublicRecord]) -> tuple[ReportSection, ...]:
    """The sections of a full report: penalties before licences, otherwise newest first."""
    return tuple(
        ReportSection(kind, tuple(_item(each) for type_ in types for each in records if each.finding.type is type_))
        for kind, types in _SECTIONS.items()
    )


def special_scope(
    records: Sequence[PublicRecord], fields: Sequence[LawField], authorities: Sequence[str], from_on: date, to_on: date
) -> SpecialScope:
    """Records of the chosen fields decided on days from `from_on` to `to_on`, both included.

    `authorities`: names of all organs whose records the register takes in; a field that none of them covers is told as
    not collected.
    """
    asked = [each for each in records if each.finding.type in _ADVERSE and from_on <= each.decided_on <= to_on]
    return SpecialScope(
        tuple(
            SpecialField(
                field.name,
                tuple(_item(each) for each in asked if field.holds(each.authority, each.finding.data["legal_basis"]))
                if field.is_collected(authorities)
                else None,
            )
            for field in fields
        ),
        from_on,
        to_on,
    )


def _item(each: PublicRecord) -> ReportItem:
    """One record in the official order of its kind."""
    record, finding = each.record, each.finding
    kind, title, rows, tone = _particulars(record)
    listed = () if isinstance(record, Licence) else (("公示起始日期", _day(finding.public_from)),)
    source = getattr(record, "source_name", None) or each.authority
    return ReportItem(
        kind=kind,
        title=title,
        rows=(*rows, (_ORGANS[type(record)], each.authority), *listed),
        source=f"{source}（{moment_words(record.recorded_at)} 更新）",
        ends=_ends(record),
        tone=tone,
        under_objection=record.under_objection,
        record_id=record.record_id,
    )


_ORGANS: dict[type, str] = {
    Penalty: "处罚机关",
    Licence: "许可机关",
    AbnormalListing: "作出决定机关",
    HouseholdMark: "标记机关",
    ViolationListing: "作出决定机关",
}


def _particulars(record: FindingRecord) -> tuple[str, str, Rows, Tone]:
    match record:
        case Penalty():
            return "行政处罚", record.document_no, _penalty_rows(record), Tone.NEUTRAL
        case Licence():
            title = record.certificate_name or record.document_title
            return "行政许可", title, _licence_rows(record), Tone.NEUTRAL
        case AbnormalListing():
            rows = (("列入决定书文号", record.decision_no), *_listing_rows(record, "列入"))
            return "列入经营异常名录", record.decision_no, rows, Tone.ABNORMAL
        case HouseholdMark():
            return "标记为经营异常状态", record.reason_text, _listing_rows(record, "标记"), Tone.ABNORMAL
        case ViolationListing():
            rows = (("列入决定书文号", record.decision_no), *_listing_rows(record, "列入"), *_measures(record))
            return "列入严重违法失信名单", record.decision_no, rows, Tone.VIOLATION


def _penalty_rows(record: Penalty) -> Rows:
    rows = [
        ("决定书文号", record.document_no),
        ("违法行为类型", record.unlawful_act),
        ("违法事实", record.facts),
        ("处罚依据", record.legal_basis),
        ("处罚类别", record.kinds_printed),
        ("处罚内容", record.content),
        ("罚款金额", _amount(record.fine)),
        ("没收金额", _amount(record.confiscated)),
    ]
    if record.licence_affected:
        rows.append(("暂扣或者吊销的证照", record.licence_affected))
    if record.severity:
        rows.append(("公示类别", _SEVERITIES[record.severity]))
    if record.restriction_until:
        rows.append(("限制期限至", _day(record.restriction_until)))
    return (*rows, ("处罚决定日期", _day(record.decided_on)))


def _licence_rows(record: Licence) -> Rows:
    return (
        ("许可文书名称", record.document_title),
        ("许可文书号", record.document_no),
        ("许可类别", record.licence_kind),
        ("许可证书名称", record.certificate_name or ""),
        ("许可编号", record.licence_no or ""),
        ("许可内容", record.content),
        ("许可决定日期", _day(record.decided_on)),
        ("有效期", f"{_day(record.valid_from)} 至 {_day(record.valid_until)}"),
    )


def _listing_rows(record: AbnormalListing | HouseholdMark | ViolationListing, verb: str) -> Rows:
    rows = [(f"{verb}事由", record.reason_text)]
    if not isinstance(record, ViolationListing) and record.report_year:
        rows.append(("报告年度", f"{record.report_year}年度"))
    return (*rows, (f"{verb}依据", record.legal_basis), (f"{verb}日期", _day(record.listed_on)))


def _measures(record: ViolationListing) -> Rows:
    named = "\n".join(f"{measure['title']}（{measure['legal_basis']}）" for measure in record.measures)
    return (("管理措施", named),) if named else ()


def _ends(record: FindingRecord) -> str:
    """How the publication ends, with the article that the record's rule set names."""
    rules = rule_sets.get(record.rule_set)
    match record:
        case Licence():
            return f"许可有效期内持续公示，至 {_day(record.valid_until)}（含当日）"
        case Penalty():
            return f"{_until(record.public_until)}；依据{_cited(rules.penalties.source)}"
        case ViolationListing():
            return f"{_until(record.public_until)}，提前移出的除外；依据{_cited(rules.listings.source)}"
        case AbnormalListing():
            return f"公示至移出经营异常名录之日；依据{_law_of(record.legal_basis)}"
        case HouseholdMark():
            return f"公示至恢复正常记载状态之日；依据{_law_of(record.legal_basis)}"


def _until(day: date | None) -> str:
    return f"公示至 {day.isoformat()}（不含当日）" if day else _UNTIL_REMOVED


def _cited(source: str) -> str:
    """Name of the act at the head of a rule set's source; a document number stands for itself."""
    name = source.split(" (")[0].split(" art.")[0]
    return name if name.endswith("号") else f"《{name}》"


def _law_of(legal_basis: str) -> str:
    """The act that a decision rests on, without its article."""
    return legal_basis.partition("》")[0] + "》" if "》" in legal_basis else legal_basis


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount(yuan: Decimal | None) -> str:
    if yuan is None:
        return "不适用"
    return f"{format_yuan(yuan)} 元" + (f"（{yuan_to_wan(yuan)} 万元）" if yuan >= _LARGE else "")
