"""Records for tests: a test states only what it is about."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from models import (
    AbnormalListing,
    Authority,
    HouseholdMark,
    InspectionResult,
    Licence,
    Operator,
    Penalty,
    ViolationListing,
    db,
)
from registry import ledger
from registry.clock import now
from registry.ledger import Actor
from registry.ledger.content import TYPE_OF
from registry.queries.exchange_node import this_node
from registry.rules import document_numbers, names, uscc
from registry.rules.inspections import InspectionKind, ResultCode
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.rules.operator import OperatorKind, PartyCategory, RegistrationStatus
from registry.rules.record import RecordState
from registry.rules.rule_sets import Regime, Severity

ACTOR = Actor("system", "test")
_serial = count(1)


def make_uscc(prefix: str = "91", region: str = "130102", serial: int | None = None) -> str:
    """A valid code that no other call gives."""
    subject = f"MA{next(_serial) if serial is None else serial:06d}"
    body = prefix + region + subject + uscc.organisation_check_character(subject)
    return body + uscc.check_character(body)


def _record_id(resource: str) -> str:
    return f"{this_node().node}.{resource}.{uuid4()}"


def _keep(record: Any, verb: str) -> Any:
    db.session.add(record)
    db.session.flush()
    ledger.append(f"{TYPE_OF[type(record)]}.{verb}", record=record, actor=ACTOR)
    return record


def make_authority(*, name: str = "石家庄市长安区市场监督管理局", regime: Regime = Regime.SAMR) -> Authority:
    """An authority with a code of its own."""
    authority = Authority(
        uscc=make_uscc("11"), name=name, regime=regime, region="130102", parent_id=None, settings={}, confirmed=True
    )
    db.session.add(authority)
    db.session.flush()
    return authority


def make_operator(
    *,
    name: str = "石家庄瑞祥商贸有限公司",
    kind: OperatorKind = OperatorKind.ENTERPRISE,
    code: str | None = None,
    registration_status: RegistrationStatus = RegistrationStatus.ACTIVE,
    **columns: Any,
) -> Operator:
    """A registered operator, entered in the ledger."""
    prefix = {OperatorKind.HOUSEHOLD: "92", OperatorKind.COOPERATIVE: "93"}.get(kind, "91")
    operator = Operator(
        record_id=_record_id("operator"),
        recorded_at=now(),
        uscc=code or make_uscc(prefix),
        kind=kind,
        name=name,
        folded_name=names.fold(name),
        initials=names.initials(name),
        search_terms=names.search_terms(name, []),
        registration_status=registration_status,
        region=columns.pop("region", "130102"),
        **columns,
    )
    return _keep(operator, "entered")


def _publicity(day: date, until: date | None, state: RecordState) -> dict[str, Any]:
    shown = state is not RecordState.PENDING and state is not RecordState.NOT_PUBLISHABLE
    return {
        "state": state,
        "rule_set": "samr-2025-12-25",
        "period_basis": "decision_date",
        "period_basis_on": day,
        "public_from": day if shown else None,
        "public_until": until,
        "end_reason": None,
        "end_statement": None,
        "ended_on": None,
        "under_objection": False,
    }


def make_penalty(
    operator: Operator,
    authority: Authority,
    *,
    decided_on: date = date(2026, 3, 2),
    public_until: date | None = date(2027, 3, 2),
    state: RecordState = RecordState.IN_FORCE,
    **columns: Any,
) -> Penalty:
    """A published fine of the general class."""
    number = columns.pop("document_no", f"石长市监罚〔{decided_on.year}〕{next(_serial)}号")
    values: dict[str, Any] = {
        "record_id": _record_id("administrative_penalty"),
        "recorded_at": now(),
        "operator": operator,
        "authority": authority,
        "party_category": PartyCategory.ORGANISATION,
        "party_name": operator.name,
        "party_key": operator.uscc,
        "party_codes": {},
        "document_no": number,
        "document_no_key": document_numbers.normalise(number),
        "source_name": authority.name,
        "source_uscc": authority.uscc,
        "personal": {},
        "unlawful_act": "虚假宣传",
        "facts": "当事人虚构交易评价。",
        "legal_basis": "《中华人民共和国反不正当竞争法》第二十条",
        "kinds": ["fine"],
        "kinds_printed": "罚款",
        "content": "罚款20000元",
        "fine": Decimal("20000.00"),
        "decided_on": decided_on,
        "severity": Severity.GENERAL,
        "published_on": decided_on,
        **_publicity(decided_on, public_until, state),
        **columns,
    }
    return _keep(Penalty(**values), "published")


def make_licence(operator: Operator, authority: Authority, **columns: Any) -> Licence:
    """A valid food licence."""
    number = f"石长市监许〔2026〕{next(_serial)}号"
    values: dict[str, Any] = {
        "record_id": _record_id("administrative_licence"),
        "recorded_at": now(),
        "operator": operator,
        "authority": authority,
        "party_category": PartyCategory.ORGANISATION,
        "party_name": operator.name,
        "party_key": operator.uscc,
        "party_codes": {},
        "document_no": number,
        "document_no_key": document_numbers.normalise(number),
        "source_name": authority.name,
        "source_uscc": authority.uscc,
        "personal": {},
        "document_title": "准予食品经营许可决定书",
        "licence_kind": "普通",
        "certificate_name": "食品经营许可证",
        "licence_no": "JY11301020000001",
        "licence_no_key": "JY11301020000001",
        "content": "预包装食品销售",
        "decided_on": date(2026, 1, 5),
        "valid_from": date(2026, 1, 5),
        "valid_until": date(2031, 1, 4),
        "current_status": "1",
        **_publicity(date(2026, 1, 5), date(2031, 1, 5), columns.pop("state", RecordState.IN_FORCE)),
        **columns,
    }
    return _keep(Licence(**values), "published")


def _listing(operator: Operator, authority: Authority, listed_on: date, resource: str) -> dict[str, Any]:
    return {
        "record_id": _record_id(resource),
        "recorded_at": now(),
        "operator": operator,
        "authority": authority,
        "listed_on": listed_on,
    }


def make_abnormal_listing(
    operator: Operator,
    authority: Authority,
    *,
    reason: AbnormalReason = AbnormalReason.R1,
    report_year: int | None = 2025,
    listed_on: date = date(2026, 7, 8),
    state: RecordState = RecordState.IN_FORCE,
    **columns: Any,
) -> AbnormalListing:
    """A stay on the abnormal list for a missing annual report."""
    values = {
        **_listing(operator, authority, listed_on, "abnormal_listing"),
        "reason": reason,
        "reason_text": "未依照规定的期限公示年度报告",
        "legal_basis": "《企业经营异常名录管理办法》第四条",
        "report_year": report_year,
        "decision_no": f"石长市监异入〔{listed_on.year}〕第{next(_serial)}号",
        "decided_on": listed_on,
        **_publicity(listed_on, None, state),
        **columns,
    }
    return _keep(AbnormalListing(**values), "entered")


def make_household_mark(
    operator: Operator,
    authority: Authority,
    *,
    listed_on: date = date(2026, 7, 8),
    state: RecordState = RecordState.IN_FORCE,
    **columns: Any,
) -> HouseholdMark:
    """A household marked for a missing annual report."""
    values = {
        **_listing(operator, authority, listed_on, "household_mark"),
        "reason": AbnormalReason.R1,
        "reason_text": "未按规定报送年度报告",
        "legal_basis": "《个体工商户年度报告办法》",
        "report_year": 2025,
        **_publicity(listed_on, None, state),
        **columns,
    }
    return _keep(HouseholdMark(**values), "entered")


def make_violation_listing(
    operator: Operator,
    authority: Authority,
    *,
    listed_on: date = date(2026, 3, 2),
    public_until: date | None = date(2029, 3, 2),
    state: RecordState = RecordState.IN_FORCE,
    **columns: Any,
) -> ViolationListing:
    """A stay on the violation list for food offences."""
    number = f"石长市监列严〔{listed_on.year}〕第{next(_serial)}号"
    values = {
        **_listing(operator, authority, listed_on, "violation_listing"),
        "reason": ViolationReason.FOOD,
        "reason_text": "使用非食品原料生产食品",
        "legal_basis": "《市场监督管理严重违法失信名单管理办法》第五条",
        "decision_no": number,
        "decision_no_key": document_numbers.normalise(number),
        "decided_on": listed_on,
        "measures": [{"code": "44-15-2", "title": "列为重点监管对象", "legal_basis": "同办法第十五条第二项"}],
        **_publicity(listed_on, public_until, state),
        **columns,
    }
    return _keep(ViolationListing(**values), "entered")


def make_inspection_result(
    operator: Operator,
    authority: Authority,
    *,
    inspected_on: date = date(2026, 3, 2),
    public_until: date | None = None,
    state: RecordState = RecordState.IN_FORCE,
    **columns: Any,
) -> InspectionResult:
    """A sample of food that failed."""
    values = {
        "record_id": _record_id("inspection_result"),
        "recorded_at": now(),
        "operator": operator,
        "authority": authority,
        "kind": InspectionKind.FOOD_SAMPLING,
        "task": "2026年第一季度食品安全监督抽检",
        "inspected_on": inspected_on,
        "completed_on": inspected_on,
        "result_code": ResultCode.FAILED,
        "result": "苯甲酸及其钠盐项目不合格",
        "linked_record_id": None,
        **_publicity(inspected_on, public_until, state),
        **columns,
    }
    return _keep(InspectionResult(**values), "published")
