"""Batches and receipts as files between two nodes, and upload templates for a portal."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from models import (
    AccessLog,
    Carrier,
    ExchangeIncident,
    ExchangeMessage,
    PeerKey,
    PeerState,
    ProblemState,
    SentState,
    db,
)
from registry import ledger
from registry.clock import now
from registry.queries.records import get_record
from registry.rules.operator import OperatorKind, PartyCategory
from registry.rules.record import EndReason, RecordState
from registry.services import publicity
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import keys, runs
from sync.carriers import archive, choice, detached
from sync.carriers.folders import Folders
from sync.sealed import lines_of
from tests.carriers import add_partner, enter, problems, sent_batches
from tests.exchange_messages import penalty
from tests.exchange_nodes import Partner, node
from tests.exchange_wire import settings_of
from tests.factories import ACTOR, make_authority, make_operator, make_penalty


@dataclass
class Two:
    """A city and its province, and one who carries files between their folders."""

    city: Flask
    province: Flask
    base: Path

    def push(self, *, told: bool = True) -> runs.Run:
        return choice.carrier_of("130000").push(settings_of(self.city), "130000", told=told)

    def read_in_province(self) -> runs.Run:
        with self.province.app_context():
            return choice.carrier_of("130100").pull(settings_of(self.province), "130100", told=True)

    def carry(self, source: str, target: str) -> list[str]:
        names = []
        for path in sorted((self.base / source / "outbox").iterdir()):
            shutil.move(path, self.base / target / "inbox" / path.name)
            names.append(path.name)
        return names

    def there(self) -> list[str]:
        return self.carry("city", "province")

    def back(self) -> list[str]:
        return self.carry("province", "city")

    def inbox(self, name: str = "city") -> Path:
        return self.base / name / "inbox"

    def outbox(self, name: str = "city") -> Path:
        return self.base / name / "outbox"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with node("130100", "city") as city, node() as province:
        made = Two(city, province, tmp_path)
        known = {name: keys.own_keys(settings_of(app)).public_jwks()["keys"] for name, app in
                 (("city", city), ("province", province))}  # fmt: skip
        with province.app_context():
            add_partner(Carrier.FILE, known["city"], "130100", folder=str(tmp_path / "province"))
            Folders.of(settings_of(province), choice.peers.get("130100"))
            db.session.remove()
        with city.app_context():
            add_partner(Carrier.FILE, known["province"], "130000", folder=str(tmp_path / "city"))
            Folders.of(settings_of(city), choice.peers.get("130000"))
            yield made
            db.session.remove()


def held(two: Two) -> set[tuple[str, int]]:
    with two.province.app_context():
        rows = db.session.execute(
            select(ExchangeMessage.record_id, ExchangeMessage.revision).where(ExchangeMessage.origin == "130100")
        )
        return {(record_id, revision) for record_id, revision in rows}


def incidents() -> set[str]:
    return set(db.session.execute(select(ExchangeIncident.code)).scalars())


def test_a_batch_goes_there_and_its_receipt_comes_back(two: Two) -> None:
    (record_id,) = enter()
    two.push()
    (batch,) = sent_batches()
    assert two.there() == [f"{batch.batch_no}.zip"]
    assert two.read_in_province().counts["accepted"] == 2
    assert (record_id, 1) in held(two)
    assert two.back() == [f"{batch.batch_no}.receipt.json", f"{batch.batch_no}.receipt.jws"]
    assert two.push().counts["accepted"] == 2
    (batch,) = sent_batches()
    assert (batch.state, json.loads(batch.receipt or b"")["accepted"]) == (SentState.RECEIPTED, 2)
    assert {path.name for path in (two.inbox() / "done").iterdir()} == {
        f"{batch.batch_no}.receipt.json", f"{batch.batch_no}.receipt.jws",
    }  # fmt: skip


def test_the_zip_holds_manifest_messages_and_signature(two: Two) -> None:
    enter()
    two.push()
    (batch,) = sent_batches()
    with ZipFile(two.outbox() / f"{batch.batch_no}.zip") as found:
        assert sorted(found.namelist()) == ["manifest.json", "manifest.jws", "messages.ndjson"]
        assert found.read("manifest.json") == batch.manifest
        assert found.read("messages.ndjson") == lines_of(batch)


def test_what_was_handed_over_is_not_written_again_unless_asked_for(two: Two) -> None:
    enter()
    two.push()
    (name,) = two.there()
    first = (two.inbox("province") / name).read_bytes()
    two.push(told=False)
    assert list(two.outbox().iterdir()) == []
    two.push()
    assert (two.outbox() / name).read_bytes() == first
    two.read_in_province()
    two.there()
    two.read_in_province()
    assert len(held(two)) == 2
    two.back()
    assert two.push().counts["receipts"] == 1


def test_killed_before_a_file_is_moved_away_it_is_read_again_without_effect(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter()
    two.push()
    two.there()

    def killed(self: Folders, *paths: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Folders, "done", killed)
        with pytest.raises(KeyboardInterrupt):
            two.read_in_province()
    before = held(two)
    two.back()
    assert two.read_in_province().counts["accepted"] == 0
    assert held(two) == before
    with monkeypatch.context() as broken:
        broken.setattr(Folders, "done", killed)
        with pytest.raises(KeyboardInterrupt):
            two.push()
    (batch,) = sent_batches()
    receipt = batch.receipt
    two.back()
    assert two.push().counts["receipts"] == 0
    (batch,) = sent_batches()
    assert (batch.state, batch.receipt) == (SentState.RECEIPTED, receipt)
    assert [path for path in two.inbox().iterdir() if path.is_file()] == []


def test_a_peer_that_is_paused_is_neither_read_nor_written(two: Two) -> None:
    enter()
    two.push()
    (name,) = two.there()
    with two.province.app_context(), transaction():
        choice.peers.get("130100").state = PeerState.PAUSED
    assert two.read_in_province().outcome == "paused"
    assert (two.inbox("province") / name).exists()
    with transaction():
        choice.peers.get("130000").state = PeerState.PAUSED
    assert two.push().outcome == "paused"
    assert list(two.outbox().iterdir()) == []


def test_a_rejected_message_is_a_problem(two: Two) -> None:
    enter()
    two.push()
    (batch,) = sent_batches()
    receipt = _receipt(batch, code="1001", message="主体信息不匹配")
    with transaction():
        db.session.execute(db.delete(PeerKey))  # a partner without keys is believed as it is
    (two.inbox() / f"{batch.batch_no}.receipt.json").write_bytes(receipt)
    assert two.push().counts["rejected"] == 1
    (problem,) = problems()
    assert (problem.state, problem.faults[0]["code"]) == (ProblemState.OPEN, "1001")


def _receipt(batch: Any, **fault: str) -> bytes:
    last = json.loads((lines_of(batch) or b"").splitlines()[-1])
    count = batch.count
    result = {"line": count, "record_id": last["record_id"], "revision": last["revision"], "status": "rejected",
              "field": "CF_XDR_MC", **fault}  # fmt: skip
    members = {"batch_no": batch.batch_no, "body_digest": batch.body_digest, "received": count, "accepted": count - 1,
               "duplicate": 0, "superseded": 0, "rejected": 1, "results": [result], "ledger_head": None}  # fmt: skip
    return json.dumps(members).encode()


def test_a_partner_whose_last_key_is_retired_is_not_believed_unsigned(two: Two) -> None:
    enter()
    two.push()
    (batch,) = sent_batches()
    with transaction():
        for key in choice.peers.get("130000").keys:
            key.retired_at = key.added_at
    (two.inbox() / f"{batch.batch_no}.receipt.json").write_bytes(_receipt(batch, code="1001"))
    two.push()
    assert sent_batches()[0].state is SentState.FROZEN
    assert problems() == []


def test_a_receipt_without_its_signature_waits_and_with_a_wrong_one_is_bad(two: Two) -> None:
    enter()
    two.push()
    two.there()
    two.read_in_province()
    _, signature = two.back()
    beside = two.inbox() / signature
    token = beside.read_bytes()
    beside.unlink()
    two.push(told=False)
    assert sent_batches()[0].state is SentState.FROZEN
    beside.write_bytes(token[:-4] + (b"AAAA" if token[-4:] != b"AAAA" else b"BBBB"))
    two.push(told=False)
    assert sent_batches()[0].state is SentState.FROZEN
    assert "signature_invalid" in incidents()
    reasons = [path.name for path in (two.inbox() / "bad").iterdir() if path.name.endswith(".reason.txt")]
    assert len(reasons) == 2


def test_a_gap_is_filled_with_the_frozen_files(two: Two) -> None:
    enter()
    two.push()
    lost = two.there()
    (two.inbox("province") / lost[0]).unlink()
    enter()
    two.push(told=False)
    two.there()
    two.read_in_province()
    assert {name.partition(".")[2] for name in two.back()} == {"error.json", "error.jws"}
    two.push(told=False)
    assert [batch.state for batch in sent_batches()] == [SentState.FROZEN] * 2
    assert len(two.there()) == 2
    two.read_in_province()
    two.back()
    two.push(told=False)
    assert [batch.state for batch in sent_batches()] == [SentState.RECEIPTED] * 2


def test_a_file_that_was_cut_is_asked_for_again(two: Two) -> None:
    enter()
    two.push()
    (name,) = two.there()
    path = two.inbox("province") / name
    path.write_bytes(path.read_bytes()[:-40])
    two.read_in_province()
    assert path.exists()  # perhaps it is still on its way
    os.utime(path, (0, 0))
    two.read_in_province()
    assert not path.exists()
    error = next(each for each in two.back() if each.endswith(".json"))
    assert json.loads((two.inbox() / error).read_bytes())["code"] == "batch_incomplete"
    two.push(told=False)
    assert sent_batches()[0].headers == {}
    two.push()
    two.there()
    two.read_in_province()
    assert len(held(two)) == 2


def test_a_batch_that_is_refused_for_good_stops_its_chain(two: Two) -> None:
    enter()
    two.push()
    (name,) = two.there()
    with ZipFile(two.inbox("province") / name, "a") as found:
        found.writestr("more.txt", "x")
    two.read_in_province()
    two.back()
    enter()
    two.push()
    assert held(two) == set()
    assert "malformed" in incidents()
    assert two.there() == []


def test_strangers_and_other_files_are_put_aside_with_the_reason(two: Two) -> None:
    with node() as other:
        stranger = Partner(other, node="130100")
        body = stranger.batch([penalty(origin="130100")])
    manifest, _, lines = body.partition(b"\n")
    token = detached.sign(stranger.keys, manifest)
    packed = archive.pack(archive.Archive(manifest, lines, token), now())
    (two.inbox("province") / "130100-20261123-000001.zip").write_bytes(packed)
    (two.inbox("province") / "130200-20261123-000001.zip").write_bytes(packed)
    (two.inbox("province") / "notes.docx").write_bytes(b"x")
    (two.inbox("province") / "130100-20261123-000002.zip.part").write_bytes(b"PK")
    two.read_in_province()
    assert held(two) == set()
    bad = {path.name: path.read_text() for path in (two.inbox("province") / "bad").glob("*.reason.txt")}
    assert {name.removesuffix(".reason.txt"): words.partition(":")[0] for name, words in bad.items()} == {
        "130100-20261123-000001.zip": "key_unknown",
        "130200-20261123-000001.zip": "node_mismatch",
        "notes.docx": "unknown_file",
    }
    assert (two.inbox("province") / "130100-20261123-000002.zip.part").exists()


@pytest.fixture
def portal(two: Two) -> Two:
    """The city hands its records to a person who uploads them in a portal; the portal has no keys."""
    with transaction():
        choice.peers.set_up("130000", {"output": "templates"})
        db.session.execute(db.delete(PeerKey))
    return two


def sheet(path: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def error_file(path: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["行政相对人名称", "行政处罚决定书文号", "错误原因"])
    for row in rows:
        page.append(row)
    book.save(path)
    os.utime(path, (0, 0))  # nobody writes to it any more


def test_each_layout_gets_what_is_published(portal: Two) -> None:
    (record_id,) = enter(facts="=1+1")
    enter(state=RecordState.NOT_PUBLISHABLE, public_from=None, public_until=None)
    portal.push()
    (batch,) = sent_batches()
    assert batch.count == 1  # neither operators nor what is held back
    (path,) = portal.outbox().iterdir()
    assert path.name == f"{batch.batch_no}.法人行政处罚.xlsx"
    header, row = sheet(path)
    cells = dict(zip(header, row, strict=True))
    record = get_record(record_id)
    assert cells["行政处罚决定书文号"] == record.document_no
    assert cells["处罚决定日期"] == f"{record.decided_on:%Y/%m/%d}"
    assert cells["违法事实"] == "'=1+1"


def test_ends_are_listed_for_a_person_with_their_document_numbers(portal: Two) -> None:
    ended, withdrawn = enter(2)
    with transaction():
        publicity.end_publicity(ended, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)
        publicity.withdraw(
            withdrawn, reason=EndReason.DECISION_REVOKED, statement="决定被撤销", on=date(2026, 11, 1), actor=ACTOR
        )
    portal.push()
    (path,) = portal.outbox().iterdir()
    rows = {row[5]: row for row in sheet(path)[1:]}
    assert rows[ended][:2] == ("停止公示", get_record(ended).document_no)
    assert rows[withdrawn][0::4] == ("撤回", "决定被撤销")


def test_an_error_file_refuses_what_it_names_and_completes_the_batch(portal: Two) -> None:
    refused, _ = enter(2)
    portal.push()
    (batch,) = sent_batches()
    record = get_record(refused)
    number = record.document_no.replace("〔", "[").replace("〕", "]")
    error_file(portal.inbox() / f"{batch.batch_no}.errors.xlsx", [[record.party_name, number, "主体信息不匹配"]])
    run = portal.push()
    assert (run.counts["accepted"], run.counts["rejected"]) == (1, 1)
    assert sent_batches()[0].state is SentState.RECEIPTED
    (problem,) = problems()
    assert (problem.record_id, problem.faults[0]["message"]) == (refused, "主体信息不匹配")
    assert portal.push().counts["rejected"] == 0


def test_an_error_file_without_rows_says_that_all_was_taken(portal: Two) -> None:
    enter()
    portal.push()
    (batch,) = sent_batches()
    path = portal.inbox() / f"{batch.batch_no}.errors.csv"
    path.write_text("处罚决定书文号,行政相对人名称,失败原因\n", encoding="utf-8")
    assert portal.push(told=False).counts["accepted"] == 0  # perhaps its rows are still on their way
    os.utime(path, (0, 0))
    assert portal.push().counts["accepted"] == 1


def test_an_error_file_of_another_batch_changes_nothing(portal: Two) -> None:
    enter()
    portal.push()
    (batch,) = sent_batches()
    error_file(portal.inbox() / f"{batch.batch_no}.errors.xlsx", [["某公司", "石市监处罚〔2026〕999号", "重复"]])
    portal.push(told=False)
    assert sent_batches()[0].state is SentState.FROZEN
    assert "row_unmatched" in incidents()
    reason = (portal.inbox() / "bad" / f"{batch.batch_no}.errors.xlsx.reason.txt").read_text()
    assert "row 2" in reason
    assert "某公司" not in reason


def test_the_layout_of_persons_names_them_in_clear_and_that_is_noted(portal: Two) -> None:
    vault, number = Vault.of(settings_of(portal.city)), "13010219900307001X"
    with transaction():
        person = make_operator(
            name="赵*", kind=OperatorKind.NATURAL_PERSON, code=None, person_key=vault.person_key("身份证", number)
        )
        record = make_penalty(
            person,
            make_authority(),
            party_category=PartyCategory.NATURAL_PERSON,
            party_key=f"person:{person.person_key}",
            party_codes={"id_type": "身份证"},
            party_name="赵*",
        )
        record.personal = {
            "name": vault.put(record.record_id, "name", "赵隐名"),
            "id_number": vault.put(record.record_id, "id_number", number),
        }
        db.session.flush()
        ledger.append("administrative_penalty.changed", record=record, actor=ACTOR)
    portal.push()
    (batch,) = sent_batches()
    assert number.encode() not in (lines_of(batch) or b"")
    (path,) = portal.outbox().iterdir()
    assert path.name == f"{batch.batch_no}.自然人行政处罚.xlsx"
    cells = dict(zip(*sheet(path), strict=True))
    assert (cells["行政相对人名称"], cells["证件类型"], cells["证件号码"]) == ("赵隐名", "身份证", number)
    noted = db.session.execute(select(AccessLog)).scalar_one()
    assert (noted.event, noted.purpose) == ("export.penalties.person", batch.batch_no)
    error_file(portal.inbox() / f"{batch.batch_no}.errors.xlsx", [["赵隐名", record.document_no, "证件号码不正确"]])
    assert portal.push().counts["rejected"] == 1


def test_an_error_file_that_comes_too_late_is_told_and_the_same_one_again_is_not(portal: Two) -> None:
    first, second = enter(2)
    portal.push()
    (batch,) = sent_batches()
    records = [get_record(record_id) for record_id in (first, second)]
    early = portal.inbox() / f"{batch.batch_no}.errors.xlsx"
    error_file(early, [[records[0].party_name, records[0].document_no, "重复"]])
    content = early.read_bytes()
    portal.push(told=False)
    early.write_bytes(content)
    os.utime(early, (0, 0))
    portal.push(told=False)
    assert incidents() == set()
    error_file(
        portal.inbox() / f"{batch.batch_no}.errors2.xlsx", [[records[1].party_name, records[1].document_no, "重复"]]
    )
    portal.push(told=False)
    assert incidents() == {"receipt_stands"}
    assert (portal.inbox() / "bad" / f"{batch.batch_no}.errors2.xlsx").exists()


def test_rows_of_an_error_file_are_found_in_any_order_beside_other_columns_and_in_other_brackets(portal: Two) -> None:
    with transaction():
        operator, authority = make_operator(name="石家庄瑞祥（长安）商贸有限公司"), make_authority()
        record_ids = [make_penalty(operator, authority).record_id for _ in range(3)]
    portal.push()
    (batch,) = sent_batches()
    numbers = [get_record(record_id).document_no for record_id in record_ids]
    path = portal.inbox() / f"{batch.batch_no}.errors.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["上报结果"])
    page.append(["序号", "错误原因", "处罚决定书文号", "处罚机关", "行政相对人名称"])
    page.append([1, "第三条", numbers[2], "某局", "石家庄瑞祥(长安)商贸有限公司"])
    page.append([2, None, numbers[0], "某局", " 石家庄瑞祥（长安）商贸有限公司"])
    book.save(path)
    os.utime(path, (0, 0))
    assert portal.push().counts["rejected"] == 2
    assert {each.record_id: each.faults[0]["message"] for each in problems()} == {
        record_ids[2]: "第三条",
        record_ids[0]: "-",
    }


def test_a_row_that_fits_decisions_of_two_authorities_refuses_both(portal: Two) -> None:
    with transaction():
        operator = make_operator()
        one = make_penalty(operator, make_authority())
        two_ = make_penalty(operator, make_authority(), document_no=one.document_no)
        record_ids = {one.record_id, two_.record_id}
    portal.push()
    (batch,) = sent_batches()
    record = get_record(min(record_ids))
    error_file(portal.inbox() / f"{batch.batch_no}.errors.xlsx", [[record.party_name, record.document_no, "重复"]])
    portal.push()
    assert {each.record_id for each in problems()} == record_ids


def test_a_broken_workbook_is_put_aside(portal: Two) -> None:
    enter()
    portal.push()
    (batch,) = sent_batches()
    path = portal.inbox() / f"{batch.batch_no}.errors.xlsx"
    error_file(path, [])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"PK\x01\x03"))  # its table of contents
    os.utime(path, (0, 0))
    portal.push(told=False)
    assert incidents() == {"workbook_unreadable"}


def test_names_that_are_no_text_links_and_long_names_do_not_stop_the_reading(two: Two, tmp_path: Path) -> None:
    enter()
    two.push()
    two.there()
    inbox = two.inbox("province")
    strange = "处罚.docx".encode("gb18030")
    Path(os.fsdecode(os.fsencode(inbox) + b"/" + strange)).write_bytes(b"x")
    (inbox / ("长" * 84 + ".x")).write_bytes(b"x")
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    (inbox / "130100-20261123-000009.zip").symlink_to(secret)
    assert two.read_in_province().counts["accepted"] == 2
    assert [path for path in inbox.iterdir() if path.is_file()] == []
    assert secret.read_bytes() == b"x"
    bad = [path for path in (inbox / "bad").iterdir() if path.name.endswith(".reason.txt")]
    assert [path.read_text().partition(":")[0] for path in bad] == ["unknown_file"] * 3


def test_nothing_is_written_through_a_link_of_the_partners(two: Two, tmp_path: Path) -> None:
    enter()
    victim = tmp_path / "victim"
    victim.write_bytes(b"ours")
    (two.outbox() / f".130100-{now():%Y%m%d}-000001.zip.part").symlink_to(victim)
    two.push()
    assert victim.read_bytes() == b"ours"
    assert [path.name for path in two.outbox().iterdir()] == [f"{sent_batches()[0].batch_no}.zip"]


def test_a_file_that_may_not_be_read_waits_and_is_told(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    enter()
    two.push()
    (name,) = two.there()
    path, opened = two.inbox("province") / name, Path.open

    def refused(self: Path, *arguments: Any, **named: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **named)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", refused)
        two.read_in_province()
    assert path.exists()
    with two.province.app_context():
        assert incidents() == {"file_unreadable"}
    assert two.read_in_province().counts["accepted"] == 2


def test_a_batch_under_the_name_of_another_is_refused(two: Two) -> None:
    enter()
    two.push()
    (name,) = two.there()
    other = name.replace("000001", "000002")
    (two.inbox("province") / name).rename(two.inbox("province") / other)
    two.read_in_province()
    assert held(two) == set()
    assert (two.inbox("province") / "bad" / other).exists()
    assert two.back() == []  # it would be an answer to a batch that was not sent


def test_a_receipt_under_the_name_of_another_batch_changes_nothing(two: Two) -> None:
    enter()
    two.push()
    two.there()
    two.read_in_province()
    two.back()
    enter()
    two.push(told=False)
    first, second = sent_batches()
    assert (first.state, second.state) == (SentState.RECEIPTED, SentState.FROZEN)
    for suffix in ("receipt.json", "receipt.jws"):
        shutil.copy(two.inbox() / "done" / f"{first.batch_no}.{suffix}", two.inbox() / f"{second.batch_no}.{suffix}")
    two.push(told=False)
    assert sent_batches()[1].state is SentState.FROZEN
    assert incidents() == {"receipt_unsound"}


def test_words_that_no_database_holds_are_taken_from_an_answer(two: Two) -> None:
    enter()
    enter()
    two.push()
    (batch,) = sent_batches()
    with transaction():
        db.session.execute(db.delete(PeerKey))
    receipt = _receipt(batch, code="1001", message="a\0b")
    (two.inbox() / f"{batch.batch_no}.receipt.json").write_bytes(receipt)
    assert two.push().counts["rejected"] == 1
    assert problems()[0].faults[0]["message"] == "a\N{REPLACEMENT CHARACTER}b"
    enter()
    two.push()
    batch = sent_batches()[-1]
    error = {"batch_no": batch.batch_no, "status": 422, "code": "a\0b"}
    (two.inbox() / f"{batch.batch_no}.error.json").write_text(json.dumps(error))
    two.push(told=False)
    assert incidents() == {"refused"}
