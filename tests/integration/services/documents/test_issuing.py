"""Documents are numbered without gaps, fixed when they are issued, and printed once."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from models import Authority, IssuedDocument, db
from registry.config import Settings
from registry.rules import document_texts
from registry.rules.documents import DocumentKind
from registry.services.authorities import set_local
from registry.services.documents.files import document_pdf
from registry.services.documents.issuing import issue
from registry.transaction import transaction
from tests.factories import make_authority

RULES = "samr-2025-12-25"
DAY = date(2026, 7, 10)


def listing(authority: Authority, on: date = DAY, **particulars: object) -> IssuedDocument:
    told = {"party": "石家庄瑞祥商贸有限公司", "party_no": "91130102MA00000018", "reason": "R1", "report_year": 2025}
    return issue(
        DocumentKind.LISTING_DECISION, authority=authority, rule_set=RULES, on=on, particulars={**told, **particulars}
    )


@pytest.mark.usefixtures("database")
def test_each_authority_kind_and_year_counts_for_itself() -> None:
    here, elsewhere = make_authority(), make_authority(name="石家庄市桥西区市场监督管理局")
    assert [listing(here).number, listing(here).number, listing(elsewhere).number] == [1, 2, 1]
    assert listing(here, on=date(2027, 1, 4)).number == 1
    removal = issue(DocumentKind.REMOVAL_DECISION, authority=here, rule_set=RULES, on=DAY, particulars={"party": "甲"})
    assert removal.number == 1


@pytest.mark.usefixtures("database")
def test_the_number_is_printed_as_the_authority_prints_it() -> None:
    authority = make_authority()
    assert listing(authority).printed_no == "石家庄市长安区市场监督管理局异入〔2026〕第1号"
    set_local(authority.uscc, {"document_word": "石长市监", "document_pattern": "{word}{mark}字[{year}]{number}号"})
    assert listing(authority).printed_no == "石长市监异入字[2026]2号"


@pytest.mark.usefixtures("database")
def test_a_listing_decision_says_what_the_law_demands() -> None:
    authority = make_authority()
    set_local(authority.uscc, {"review_government": "石家庄市长安区人民政府", "court": "石家庄市长安区人民法院"})
    words = "".join(listing(authority).body["paragraphs"])
    for expected in (
        "截至2026年6月30日未按照规定公示2025年度的年度报告",
        "《企业经营异常名录管理办法》第四条第一项、第六条",
        "列入经营异常名录",
        "30日内向本机关提出书面申请",
        "60日内向石家庄市长安区人民政府申请行政复议",
        "6个月内依法向石家庄市长安区人民法院提起行政诉讼",
    ):
        assert expected in words
    assert document_texts.GOVERNMENT not in words


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.usefixtures("database")
def test_every_kind_can_be_composed_and_printed(kind: DocumentKind, app: Flask) -> None:
    settings: Settings = app.extensions["registry_settings"]
    document = issue(
        kind,
        authority=make_authority(),
        rule_set=RULES,
        on=DAY,
        particulars={"party": "石家庄瑞祥商贸有限公司", "facts": "经查……", "measures": [], "earliest_on": DAY},
        prepared_by="officer:entry1",
        decided_by="officer:review1",
    )
    pdf = document_pdf(document, settings)
    assert pdf.startswith(b"%PDF-")
    assert document.body["signed"] == {"prepared": "entry1", "decided": "review1"}


@pytest.mark.usefixtures("database")
def test_a_later_wording_changes_nothing_that_was_issued(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = app.extensions["registry_settings"]
    document = listing(make_authority())
    before = document_pdf(document, settings)
    monkeypatch.setattr("registry.services.documents.files.render", lambda *_, **__: b"another")
    assert document_pdf(document, settings) == before
    assert hashlib.sha256(before).digest() == db.session.execute(text("SELECT sha256 FROM document_file")).scalar_one()


def test_the_serving_role_cannot_change_an_issued_document(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            listing(make_authority())
        for statement in ("UPDATE issued_document SET title = 'x'", "DELETE FROM issued_document"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction():
                db.session.execute(text(statement))


def test_many_at_once_leave_no_gap_though_some_are_given_up(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        authority_id = make_authority().id
    together = threading.Barrier(8)

    def decide(number: int) -> None:
        together.wait()
        with own_app.app_context():
            for turn in range(6):
                try:
                    with transaction():
                        listing(db.session.get_one(Authority, authority_id))
                        if (number + turn) % 3 == 0:
                            raise InterruptedError
                except InterruptedError:
                    pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decide, range(8)))
    with own_app.app_context():
        numbers = db.session.execute(select(IssuedDocument.number).order_by(IssuedDocument.number)).scalars().all()
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) == sum((number + turn) % 3 != 0 for number in range(8) for turn in range(6))
