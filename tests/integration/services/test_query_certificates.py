"""Query certificates: numbers only with an entry, each print counted, what is told to whom."""

import re
import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from models import AccessLog, AskedFor, Authority, CertificatePrint, Operator, QueryCertificate, db
from registry.clock import now, today
from registry.ledger import Actor
from registry.rules.record import EndReason
from registry.services import publicity, query_certificates
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_penalty
from tests.unit.reports.samples import text_of

OFFICER = Actor("officer", "zhang")


def entered(app: Flask, operator: Operator, authority: Authority, **asked: object) -> QueryCertificate:
    """A query of today for an authority, unless it says otherwise."""
    values: dict[str, object] = {
        "asked_for": AskedFor.AUTHORITY,
        "as_of": today(),
        "known_at": now(),
        "purpose": "政府采购资格审查",
        "authority": authority,
        "own": {authority.uscc},
        "settings": app.extensions["registry_settings"],
        "actor": OFFICER,
        **asked,
    }
    return query_certificates.enter(operator, **values)  # type: ignore[arg-type]  # as given above


def register() -> tuple[Operator, Authority]:
    """A fine in force, and a stay that was repaired."""
    operator, authority = make_operator(), make_authority()
    make_penalty(operator, authority, document_no="石长市监罚〔2026〕7号")
    repaired = make_abnormal_listing(operator, authority, listed_on=date(2026, 3, 2))
    db.session.flush()
    publicity.end_publicity(repaired.record_id, reason=EndReason.REPAIRED, on=date(2026, 9, 7), actor=OFFICER)
    return operator, authority


@pytest.mark.usefixtures("database")
class TestEntering:
    def test_the_number_counts_the_queries_of_the_day_whoever_asks(self, app):
        with transaction():
            operator, authority = register()
        with transaction():
            first = entered(app, operator, authority)
            second = entered(app, operator, authority, asked_for=AskedFor.PARTY)
        assert re.fullmatch(rf"B{today():%Y%m%d}0001", first.number)
        assert re.fullmatch(rf"P{today():%Y%m%d}0002", second.number)
        lines = db.session.execute(select(AccessLog.purpose).where(AccessLog.event == "certificate.entered")).scalars()
        assert [line.partition(":")[0] for line in lines] == [first.number, second.number]

    def test_a_query_that_is_not_entered_takes_no_number(self, app):
        with transaction():
            operator, authority = register()
        with pytest.raises(query_certificates.NotKnownThen), transaction():
            entered(app, operator, authority, known_at=now().replace(year=2020))
        with transaction():
            assert entered(app, operator, authority).sequence == 1

    def test_it_says_what_was_in_effect_and_names_the_ledger(self, app):
        with transaction():
            operator, authority = register()
        with transaction():
            now_found = entered(app, operator, authority)
            in_march = entered(app, operator, authority, as_of=date(2026, 4, 1))
        said = "".join(now_found.body["paragraphs"])
        assert "石长市监罚〔2026〕7号" in said
        assert "政府采购资格审查" in said
        assert f"账本第{now_found.ledger_seq}号记录" in said
        assert "经营异常名录：" not in said
        assert "经营异常名录：" in "".join(in_march.body["paragraphs"])

    def test_a_party_is_told_what_the_public_sees(self, app):
        with transaction():
            operator, authority = register()
        with transaction():
            told = entered(app, operator, authority, as_of=date(2026, 4, 1), asked_for=AskedFor.PARTY)
        assert "经营异常名录：" not in "".join(told.body["paragraphs"])
        assert "行政处罚：" in "".join(told.body["paragraphs"])

    def test_an_operator_without_records_is_not_called_lawful(self, app):
        with transaction():
            operator, authority = make_operator(), make_authority()
        with transaction():
            found = entered(app, operator, authority)
        assert "未查询到不等于守法合规证明。" in found.body["paragraphs"][2]


@pytest.mark.usefixtures("database")
def test_every_print_is_numbered_and_recorded(app):
    with transaction():
        operator, authority = register()
    with transaction():
        certificate = entered(app, operator, authority)
    settings = app.extensions["registry_settings"]
    for number in (1, 2):
        with transaction():
            printed, pdf = query_certificates.print_out(certificate, settings=settings, actor=OFFICER)
        assert printed.print_no == number
        words = text_of(pdf).replace("\n", "")
        assert f"{certificate.number}-{number:04d}" in words
        assert "信用查证单" in words
    lines = db.session.execute(select(AccessLog.purpose).where(AccessLog.event == "certificate.printed")).scalars()
    assert list(lines) == [f"{certificate.number}-0001", f"{certificate.number}-0002"]


def test_officers_at_once_get_numbers_without_gaps(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        operator, authority = register()
        operator_id, authority_id = operator.id, authority.id

    def ask() -> None:
        with own_app.app_context(), transaction():
            made = entered(
                own_app, db.session.get_one(Operator, operator_id), db.session.get_one(Authority, authority_id)
            )
            query_certificates.print_out(made, settings=own_app.extensions["registry_settings"], actor=OFFICER)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        numbers = db.session.execute(select(QueryCertificate.sequence).order_by(QueryCertificate.sequence)).scalars()
        assert list(numbers) == [1, 2, 3, 4, 5, 6]
        assert len(db.session.execute(select(CertificatePrint)).scalars().all()) == 6
