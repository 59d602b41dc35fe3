"""Issuing reports: one state of the register on paper, recognised later."""

import threading
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import func, select

from models import AccessLog, CreditReport, LedgerEntry, Operator, db
from models.credit_report import ReportKind
from registry import ledger
from registry.clock import BEIJING, now
from registry.config import Settings
from registry.queries import public_findings
from registry.rules.law_fields import BY_CODE
from registry.rules.operator import OperatorKind
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Regime
from registry.services.credit_reports import IssuedReport, OperatorIsChanging, SpecialQuestion, issue, signer_of
from registry.services.report_checks import Verdict, check_file, check_number
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.unit.reports.samples import text_of, traced

NOON = datetime(2026, 11, 24, 12, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A fixed moment, which passes: the ledger's moments come from the database's own clock."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def settings(app: Flask, database: Any) -> Settings:
    """Settings of the node, with a transaction that is rolled back."""
    found: Settings = app.extensions["registry_settings"]
    return found


def special(*codes: str, from_on: date = date(2023, 11, 24), to_on: date = date(2026, 11, 24)) -> SpecialQuestion:
    return SpecialQuestion([BY_CODE[code] for code in codes], from_on, to_on)


def operator_with_everything() -> Operator:
    authority = make_authority()
    operator = make_operator()
    make_penalty(operator, authority, unlawful_act="虚假宣传的甲")
    make_licence(operator, authority)
    make_abnormal_listing(operator, authority)
    make_violation_listing(operator, authority)
    return operator


def test_a_full_report_is_numbered_entered_and_logged_without_personal_data(settings: Settings) -> None:
    with transaction():
        operator = operator_with_everything()
    newest = db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one()
    with transaction():
        issued = issue(operator.id, settings=settings)
    report = db.session.get_one(CreditReport, issued.report.report_no)
    assert report.report_no.startswith("20261124120000")
    assert len(report.report_no) == 22
    assert (report.kind, report.scope, report.ledger_seq) == (ReportKind.FULL, {}, newest)
    assert report.sha256 == sha256(issued.pdf).digest()
    assert (report.subject_name, report.subject_code) == (operator.name, operator.uscc)
    logged = db.session.execute(
        select(AccessLog.event, AccessLog.operator_id, AccessLog.actor, AccessLog.purpose, AccessLog.at)
    ).all()
    assert [tuple(row) for row in logged] == [("report.full", operator.id, None, report.report_no, NOON)]


def test_a_full_report_says_everything_that_is_public_and_which_kinds_are_not_collected(settings: Settings) -> None:
    with transaction():
        operator = operator_with_everything()
    text = text_of(issue(operator.id, settings=settings).pdf)
    for words in (
        "虚假宣传的甲",
        "食品经营许可证",
        "未依照规定的期限公示年度报告",
        "使用非食品原料生产食品",
        "失信惩戒对象",
    ):
        assert words in text
    assert "未归集" in text
    assert f"http://registry.test/verify/{issue(operator.id, settings=settings).report.report_no}"[:40] in text
    assert "公示至 2027-03-02（不含当日）；依据《市场监督管理信用修复管理办法》" in text


def test_equal_content_has_an_equal_digest_under_another_number(settings: Settings) -> None:
    with transaction():
        operator = operator_with_everything()
    first, second = issue(operator.id, settings=settings).report, issue(operator.id, settings=settings).report
    assert first.report_no != second.report_no
    assert first.content_digest == second.content_digest
    with transaction():
        make_penalty(operator, make_authority(name="石家庄市生态环境局"))
    assert issue(operator.id, settings=settings).report.content_digest != first.content_digest


def test_the_very_bytes_are_recognised_and_no_others(settings: Settings) -> None:
    with transaction():
        issued = issue(make_operator().id, settings=settings)
    assert check_file(sha256(issued.pdf).digest(), now()).verdict is Verdict.VALID
    assert check_file(sha256(issued.pdf + b"\n").digest(), now()).verdict is Verdict.UNKNOWN


def test_a_change_of_the_subject_supersedes_the_report_and_one_elsewhere_does_not(settings: Settings) -> None:
    with transaction():
        operator, other, authority = make_operator(), make_operator(), make_authority()
    with time_machine.travel(now_of_the_database(), tick=True):
        with transaction():
            number = issue(operator.id, settings=settings).report.report_no
        with transaction():
            make_penalty(other, authority, public_until=date(2099, 1, 1))
        assert check_number(number, later()).verdict is Verdict.VALID
        with transaction():
            penalty = make_penalty(operator, authority, public_until=date(2099, 1, 1))
        assert check_number(number, later()).verdict is Verdict.SUPERSEDED
        with transaction():
            second = issue(operator.id, settings=settings).report.report_no
        assert check_number(second, later()).verdict is Verdict.VALID
        with transaction():
            penalty.state, penalty.end_reason, penalty.ended_on = RecordState.ENDED, EndReason.REPAIRED, NOON.date()
            db.session.flush()
            ledger.append("administrative_penalty.ended", record=penalty, actor=ACTOR)
        assert check_number(second, later()).verdict is Verdict.SUPERSEDED


def now_of_the_database() -> datetime:
    """The ledger's moments are the database's own, which no test can move."""
    moment: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return moment


def later() -> datetime:
    return now_of_the_database()


def test_what_ends_at_midnight_is_printed_before_and_not_after(settings: Settings) -> None:
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), unlawful_act="到期的乙", public_until=date(2026, 11, 25))
    with time_machine.travel(datetime(2026, 11, 24, 23, 59, 59, tzinfo=BEIJING), tick=False):
        assert "到期的乙" in text_of(issue(operator.id, settings=settings).pdf)
    with time_machine.travel(datetime(2026, 11, 25, 0, 0, 0, tzinfo=BEIJING), tick=False):
        assert "到期的乙" not in text_of(issue(operator.id, settings=settings).pdf)


def test_what_is_not_public_is_not_printed(settings: Settings) -> None:
    with transaction():
        operator, authority = make_operator(), make_authority()
        make_penalty(operator, authority, state=RecordState.PENDING, unlawful_act="待公示的丙", public_until=None)
        make_penalty(operator, authority, unlawful_act="到期的丙", public_until=date(2026, 11, 24))
        make_violation_listing(
            operator,
            authority,
            state=RecordState.WITHDRAWN,
            end_reason=EndReason.DECISION_REVOKED,
            end_statement="决定被撤销",
            reason_text="撤销的丙",
        )
    text = text_of(issue(operator.id, settings=settings).pdf)
    for words in ("待公示的丙", "到期的丙", "撤销的丙", "失信惩戒对象"):
        assert words not in text


def test_a_special_report_speaks_of_its_scope_and_never_of_no_violation(settings: Settings) -> None:
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), unlawful_act="市场的丁")
        make_penalty(
            operator,
            make_authority(name="石家庄市生态环境局", regime=Regime.NDRC),
            unlawful_act="环境的丁",
            legal_basis="《中华人民共和国大气污染防治法》第九十九条",
        )
    with transaction():
        issued = issue(operator.id, settings=settings, special=special("environment", "fire"))
    text = text_of(issued.pdf)
    assert "环境的丁" in text
    assert "市场的丁" not in text
    assert "未归集" in text  # no fire brigade hands records in
    assert issued.report.kind is ReportKind.SPECIAL
    assert issued.report.scope == {"fields": ["environment", "fire"], "from": "2023-11-24", "to": "2026-11-24"}


@pytest.mark.parametrize(
    ("from_on", "to_on", "found"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), True),
        (date(2026, 3, 3), date(2026, 11, 24), False),
        (date(2023, 1, 1), date(2026, 3, 1), False),
    ],
)
def test_both_days_of_a_special_report_are_included(
    settings: Settings, from_on: date, to_on: date, found: bool
) -> None:
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), decided_on=date(2026, 3, 2), unlawful_act="边界的戊")
    text = text_of(issue(operator.id, settings=settings, special=special("market", from_on=from_on, to_on=to_on)).pdf)
    assert ("边界的戊" in text) is found
    assert ("未发现记录" in text) is not found
    assert "没有违法" not in text
    assert "无违法违规行为" not in text


def test_a_record_of_two_fields_is_printed_and_counted_once(settings: Settings) -> None:
    with transaction():
        operator = make_operator()
        make_penalty(
            operator, make_authority(), unlawful_act="两域的己", legal_basis="《中华人民共和国广告法》第五十五条"
        )
        make_licence(operator, make_authority())
    text = text_of(issue(operator.id, settings=settings, special=special("market", "advertising")).pdf)
    assert text.count("两域的己") == 1
    assert "发现记录1条，见正文" in text
    assert "食品经营许可证" not in text  # a licence is no record of a breach


def test_tags_of_a_special_report_do_not_tell_of_lists_outside_its_scope(settings: Settings) -> None:
    with transaction():
        operator = make_operator()
        make_violation_listing(operator, make_authority(), reason_text="名单的庚")
        make_authority(name="石家庄市税务局", regime=Regime.NDRC)
    text = text_of(issue(operator.id, settings=settings, special=special("tax")).pdf)
    assert "名单的庚" not in text
    assert "失信惩戒对象" not in text


def test_a_household_without_code_goes_by_its_registration_number(settings: Settings) -> None:
    with transaction():
        operator = make_operator(
            kind=OperatorKind.HOUSEHOLD, name="长安区老陈馒头店", registration_no="130102600123456"
        )
        operator.uscc = None
        make_household_mark(operator, make_authority())
    issued = issue(operator.id, settings=settings)
    text = text_of(issued.pdf)
    assert issued.report.subject_code == "130102600123456"
    assert "注册号" in text
    assert "经营异常状态" in text
    assert "经营者" in text


def test_rare_characters_show(settings: Settings) -> None:
    with transaction():
        operator = make_operator(name="石家庄𠮷祥䶮商贸有限公司", responsible_person="王㛃𬍛")
    drawn = dict(traced(issue(operator.id, settings=settings).pdf))
    for character in "𠮷䶮㛃𬍛":
        assert drawn[character] != 0, f"{character} is an empty box"


def test_the_signature_is_whole_and_covers_the_file(settings: Settings) -> None:
    with transaction():
        issued = issue(make_operator().id, settings=settings)
    (signature,) = PdfFileReader(BytesIO(issued.pdf)).embedded_signatures
    signer = signer_of(settings.key_dir, settings.issuer_name)
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[_as_asn1(signer.certificate)], moment=signer.certificate.not_valid_before_utc),
    )
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"
    assert signature.signer_cert.sha256.hex() == signer.fingerprint


def _as_asn1(certificate: Any) -> Any:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def issue_while(app: Flask, operator_id: int, monkeypatch: pytest.MonkeyPatch, disturb: Any) -> IssuedReport:
    """Issue a report while `disturb` runs to its commit in another connection, each time the findings have been read."""
    read = public_findings.findings_of

    def disturbed(*args: Any) -> Any:
        found = read(*args)
        writer = threading.Thread(target=disturb)
        writer.start()
        writer.join()
        return found

    monkeypatch.setattr(public_findings, "findings_of", disturbed)
    with transaction():
        return issue(operator_id, settings=app.extensions["registry_settings"])


def test_a_decision_that_commits_while_the_content_is_read_is_in_the_report(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context():
        with transaction():
            operator, authority = make_operator(), make_authority()
            operator_id, authority_id = operator.id, authority.id
        done: list[int] = []

        def decide_once() -> None:
            if done:
                return
            done.append(1)
            with own_app.app_context(), transaction():
                make_penalty(
                    db.session.get_one(Operator, operator_id),
                    db.session.get_one(type(authority), authority_id),
                    unlawful_act="竞争中的辛",
                )

        issued = issue_while(own_app, operator_id, monkeypatch, decide_once)
        newest = db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one()
        assert issued.report.ledger_seq == newest
        assert "竞争中的辛" in text_of(issued.pdf)


def test_an_operator_that_never_rests_gets_no_report_rather_than_a_mixed_one(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context():
        with transaction():
            operator_id = make_operator().id
            authority_id = make_authority().id

        def decide() -> None:
            from models import Authority

            with own_app.app_context(), transaction():
                make_penalty(db.session.get_one(Operator, operator_id), db.session.get_one(Authority, authority_id))

        with pytest.raises(OperatorIsChanging):
            issue_while(own_app, operator_id, monkeypatch, decide)
        assert db.session.execute(select(func.count()).select_from(CreditReport)).scalar_one() == 0
