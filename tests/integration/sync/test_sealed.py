"""What is shared but not public goes over the wire to the byte, and stands in no column of either database in clear."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select

from models import ExchangeMessage, ExchangeProblem, ReceivedBatch, SentBatch, db
from registry import ledger
from registry.ledger import Actor
from registry.rules.operator import OperatorKind, PartyCategory
from registry.rules.record import RecordState
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import outbound, own_messages, peers, pulling, telling
from sync.link import Link
from sync.message import body_digest
from sync.sealed import body_sent, lines_of, message_sent, refused_as, sent_as
from tests.exchange_messages import line, penalty, revised
from tests.exchange_nodes import Partner
from tests.exchange_wire import Pair, lost, pair, settings_of
from tests.factories import ACTOR, make_authority, make_operator, make_penalty

NUMBER, NAME = "130102199003070011", "赵隐名"
REPRESENTATIVE = "130102199003074514"
SAID = {"name": NAME, "id_number": NUMBER}
FOUND = {"code": "other", "field": "CF_XDR_ZJHM", "words": f"证件号码{NUMBER}与姓名不符"}


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def enter(two: Pair, *columns: dict[str, Any]) -> list[str]:
    """Penalties of one person that are not published."""
    vault = Vault.of(two.settings)
    key = vault.person_key("身份证", NUMBER)
    with transaction():
        person = make_operator(name="赵*", kind=OperatorKind.NATURAL_PERSON, code=None, person_key=key)
        person.uscc = None
        authority, record_ids = make_authority(), []
        for each in columns:
            made = make_penalty(
                person, authority, party_category=PartyCategory.NATURAL_PERSON, party_key=f"person:{key}",
                party_codes={"id_type": "身份证"}, party_name="赵*", state=RecordState.NOT_PUBLISHABLE, **each,
            )  # fmt: skip
            made.personal = {name: vault.put(made.record_id, name, value) for name, value in SAID.items()}
            db.session.flush()
            ledger.append("administrative_penalty.changed", record=made, actor=ACTOR)
            record_ids.append(made.record_id)
    return record_ids


def foreign(partner: Partner, **changes: Any) -> dict[str, Any]:
    """A penalty of another city about an operator of this one, with the document of its legal representative."""
    said = {"CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": REPRESENTATIVE}
    given = {"operation": "hold", "publicity": None, "subject": {"region": "130102"}, **changes}
    return penalty(origin=partner.node, data=said, **given)


def said_in_clear(app: Flask, *secrets: str) -> set[str]:
    """Columns of every table of a node that say one of these, also where bytes are compressed."""
    found = set()
    with app.app_context():
        columns = db.session.execute(
            db.text(
                "SELECT c.table_schema, c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')"
            )
        ).all()
        for schema, table, column, kind in columns:
            told = f'"{column}"' if kind == "bytea" else f'"{column}"::text'
            for value in db.session.execute(db.text(f'SELECT {told} FROM "{schema}"."{table}"')).scalars():
                if value is not None and _says(value, secrets):
                    found.add(f"{table}.{column}")
        db.session.remove()
    assert len(columns) > 300
    return found


def _says(value: str | bytes, secrets: tuple[str, ...]) -> bool:
    whole = value.encode() if isinstance(value, str) else bytes(value)
    with suppress(OSError, EOFError):
        whole += gzip.decompress(whole)
    return any(secret.encode() in whole for secret in secrets)


def exchange(two: Pair) -> tuple[str, str, dict[str, Any]]:
    """Everything that a number of a document goes through: taken, refused, relayed, told of, ended. Own, refused, foreign."""
    other = Partner(two.province, "130200")
    record_id, refused = enter(two, {}, {"kinds_printed": "不存在的处罚"})
    run = outbound.push(two.settings, "130000", told=True)
    assert (run.outcome, run.counts["rejected"]) == ("done", 1)
    sent, ended = foreign(other), foreign(other)
    public = foreign(other, operation="publish", publicity={})
    assert other.send(sent, ended, public)["rejected"] == 1
    end = revised(ended, operation="end_publicity", reason="expired")
    assert other.send(end, chain="urgent")["accepted"] == 1
    with two.province.app_context(), transaction():
        telling.tell(record_id, actor=Actor("officer", "jiaohuan"), settings=settings_of(two.province), **FOUND)
    db.session.remove()
    assert pulling.pull(two.settings, "130000", told=True).counts["accepted"] == 3
    return record_id, refused, sent


def test_a_number_of_a_document_stands_nowhere_in_clear(two: Pair) -> None:
    record_id, refused, _ = exchange(two)
    queue = {problem.record_id: problem for problem in db.session.execute(select(ExchangeProblem)).scalars()}
    assert queue.keys() == {record_id, refused}
    assert all(NUMBER.encode() in refused_as(problem) for problem in queue.values())
    assert queue[record_id].faults == [{"code": "other", "field": "CF_XDR_ZJHM", "message": "证件号码***与姓名不符"}]
    for app in (two.city, two.province):
        assert said_in_clear(app, NUMBER, REPRESENTATIVE, NAME) == set()


def test_what_is_looked_for_would_be_found(two: Pair) -> None:
    exchange(two)
    with transaction():
        for row in db.session.execute(select(SentBatch)).scalars():
            row.lines = gzip.compress(lines_of(row) or b"")
        for problem in db.session.execute(select(ExchangeProblem)).scalars():
            problem.content = refused_as(problem)
    assert said_in_clear(two.city, NUMBER) == {"sent_batch.lines", "exchange_problem.content"}


def test_the_bytes_are_those_that_were_sent(two: Pair) -> None:
    record_id, refused, sent = exchange(two)
    own = {row.record_id: sent_as(row) for row in db.session.execute(select(ExchangeMessage)).scalars()}
    assert own[sent["record_id"]] == line(sent)[:-1]
    batch = db.session.execute(select(SentBatch)).scalar_one()
    lines = lines_of(batch) or b""
    assert {own[record_id], own[refused]} <= set(lines.splitlines())
    assert body_digest(lines) == batch.body_digest
    (posted,) = [body for _, address, body, _ in two.wire.seen if address.endswith("/batches")]
    with two.province.app_context():
        came = db.session.execute(select(ReceivedBatch).where(ReceivedBatch.batch_no == batch.batch_no)).scalar_one()
        assert body_sent(came.batch_no, came.body or b"") == posted
        assert gzip.decompress(posted) == b"%b\n%b" % (came.manifest, lines)
        db.session.remove()
    link = Link(two.settings, peers.get("130000"))
    assert link.get(f"/records/{record_id}").body == own[record_id]
    assert own[record_id] in link.get("/snapshot", [("origin", "130100")]).body.splitlines()
    changes = link.get("/changes", [("after", "0")]).body
    assert b'"message": %b}\n' % line(sent)[:-1] in changes


def test_a_batch_goes_again_as_it_was_and_has_one_receipt(two: Pair) -> None:
    enter(two, {})
    two.wire.bends = [lost]
    assert outbound.push(two.settings, "130000", told=True).outcome == "no_answer"
    run = outbound.push(two.settings, "130000", told=True)
    assert (run.counts["accepted"], run.counts["rejected"]) == (1, 0)
    first, second = (body for _, address, body, _ in two.wire.seen if address.endswith("/batches"))
    assert first == second
    batch = db.session.execute(select(SentBatch)).scalar_one()
    assert Link(two.settings, peers.get("130000")).get(f"/batches/{batch.batch_no}").body == batch.receipt


def test_a_withdrawal_leaves_no_number_in_the_message(two: Pair) -> None:
    other = Partner(two.province, "130200")
    sent = foreign(other)
    other.send(sent)
    pulling.pull(two.settings, "130000", told=True)
    for app in (two.city, two.province):
        assert REPRESENTATIVE.encode() in message_of(app, sent)
    other.send(revised(sent, operation="withdraw", reason="corrected", data={}), chain="urgent")
    pulling.pull(two.settings, "130000", told=True)
    for app in (two.city, two.province):
        assert REPRESENTATIVE.encode() not in message_of(app, sent)


def message_of(app: Flask, sent: dict[str, Any]) -> bytes:
    """The current message of a record at a node."""
    db.session.remove()
    with app.app_context():
        found = sent_as(db.session.get_one(ExchangeMessage, sent["record_id"]))
        db.session.remove()
    return found


def test_what_was_kept_before_is_read_as_well(two: Pair) -> None:
    """Rows of a register that did not seal yet."""
    (record_id,) = enter(two, {})
    own_messages.catch_up(two.settings)
    with transaction():
        row = db.session.get_one(ExchangeMessage, record_id)
        row.content = plain = sent_as(row)
    two.wire.bends = [lost]
    outbound.push(two.settings, "130000", told=True)
    with transaction():
        batch = db.session.execute(select(SentBatch)).scalar_one()
        batch.lines = lines_of(batch)
    run = outbound.push(two.settings, "130000", told=True)
    assert (run.counts["accepted"], run.counts["rejected"]) == (1, 0)
    with two.province.app_context():
        assert sent_as(db.session.get_one(ExchangeMessage, record_id)) == plain
        db.session.remove()


def test_a_sealed_message_opens_in_its_own_row_only(two: Pair) -> None:
    first, second = enter(two, {}, {})
    own_messages.catch_up(two.settings)
    content = db.session.get_one(ExchangeMessage, first).content
    assert NUMBER.encode() in message_sent(first, content)
    with pytest.raises(InvalidTag):
        message_sent(second, content)


def test_what_is_public_is_kept_as_it_was_sent(two: Pair) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    own_messages.catch_up(two.settings)
    row = db.session.get_one(ExchangeMessage, record_id)
    assert orjson.loads(row.content)["operation"] == "publish"
